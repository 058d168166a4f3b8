; The gradient of a convolution's 3 x 3 kernels by Winograd's method:  out = epilogue(G^T [sum over tiles of gradients[tile] * inputs[tile]] G)
;
; 32 input channels c, 32 output channels o. The 64 tiles are given as 36 points each, in panels (winograd_points): inputs [c / 8][36][tile][8], gradients
; [o / 16][36][tile][16]. Workers share blocks of 32 c and a panel of o, at most 1 workers at once, each with memory of its own for m; for each
;   products  m[p][c][o] = sum over tiles of inputs[p][tile][c] * gradients[p][tile][o]: 36 matrix products, 64 tiles at a time, 4 c x 2 vectors of o in registers
;   weights   (G^T m G)[3 x 3] through the epilogue, vectors run along o
; Called as kernel(args, worker, workers, slot) by each worker; args holds the buffers' pointers.
; m[c][o] = sum over tiles of x[tile][c] * y[tile][o] for 4 c and 2 vectors of o.
define internal void @product_2(ptr %x, ptr %y, ptr %m, i64 %tiles) noinline {
entry:
  br label %loop
loop:
  %tile = phi i64 [ 0, %entry ], [ %tile.next, %loop ]
  %sum.0.0 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.0.0, %loop ]
  %sum.0.1 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.0.1, %loop ]
  %sum.1.0 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.1.0, %loop ]
  %sum.1.1 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.1.1, %loop ]
  %sum.2.0 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.2.0, %loop ]
  %sum.2.1 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.2.1, %loop ]
  %sum.3.0 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.3.0, %loop ]
  %sum.3.1 = phi <8 x float> [ zeroinitializer, %entry ], [ %step3.3.1, %loop ]
  %x.tile.at = mul nsw i64 %tile, 8
  %y.tile.at = mul nsw i64 %tile, 16
  %x.tile = getelementptr float, ptr %x, i64 %x.tile.at
  %y.tile = getelementptr float, ptr %y, i64 %y.tile.at
  %y0.0.at = getelementptr float, ptr %y.tile, i64 0
  %y0.0 = load <8 x float>, ptr %y0.0.at, align 4
  %y0.1.at = getelementptr float, ptr %y.tile, i64 8
  %y0.1 = load <8 x float>, ptr %y0.1.at, align 4
  %x0.0.at = getelementptr float, ptr %x.tile, i64 0
  %x0.0.scalar = load float, ptr %x0.0.at, align 4
  %x0.0.first = insertelement <8 x float> poison, float %x0.0.scalar, i64 0
  %x0.0 = shufflevector <8 x float> %x0.0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.0, <8 x float> %y0.0, <8 x float> %sum.0.0)
  %step0.0.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.0, <8 x float> %y0.1, <8 x float> %sum.0.1)
  %x0.1.at = getelementptr float, ptr %x.tile, i64 1
  %x0.1.scalar = load float, ptr %x0.1.at, align 4
  %x0.1.first = insertelement <8 x float> poison, float %x0.1.scalar, i64 0
  %x0.1 = shufflevector <8 x float> %x0.1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.1, <8 x float> %y0.0, <8 x float> %sum.1.0)
  %step0.1.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.1, <8 x float> %y0.1, <8 x float> %sum.1.1)
  %x0.2.at = getelementptr float, ptr %x.tile, i64 2
  %x0.2.scalar = load float, ptr %x0.2.at, align 4
  %x0.2.first = insertelement <8 x float> poison, float %x0.2.scalar, i64 0
  %x0.2 = shufflevector <8 x float> %x0.2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.2, <8 x float> %y0.0, <8 x float> %sum.2.0)
  %step0.2.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.2, <8 x float> %y0.1, <8 x float> %sum.2.1)
  %x0.3.at = getelementptr float, ptr %x.tile, i64 3
  %x0.3.scalar = load float, ptr %x0.3.at, align 4
  %x0.3.first = insertelement <8 x float> poison, float %x0.3.scalar, i64 0
  %x0.3 = shufflevector <8 x float> %x0.3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.3, <8 x float> %y0.0, <8 x float> %sum.3.0)
  %step0.3.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x0.3, <8 x float> %y0.1, <8 x float> %sum.3.1)
  %y1.0.at = getelementptr float, ptr %y.tile, i64 16
  %y1.0 = load <8 x float>, ptr %y1.0.at, align 4
  %y1.1.at = getelementptr float, ptr %y.tile, i64 24
  %y1.1 = load <8 x float>, ptr %y1.1.at, align 4
  %x1.0.at = getelementptr float, ptr %x.tile, i64 8
  %x1.0.scalar = load float, ptr %x1.0.at, align 4
  %x1.0.first = insertelement <8 x float> poison, float %x1.0.scalar, i64 0
  %x1.0 = shufflevector <8 x float> %x1.0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.0, <8 x float> %y1.0, <8 x float> %step0.0.0)
  %step1.0.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.0, <8 x float> %y1.1, <8 x float> %step0.0.1)
  %x1.1.at = getelementptr float, ptr %x.tile, i64 9
  %x1.1.scalar = load float, ptr %x1.1.at, align 4
  %x1.1.first = insertelement <8 x float> poison, float %x1.1.scalar, i64 0
  %x1.1 = shufflevector <8 x float> %x1.1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.1, <8 x float> %y1.0, <8 x float> %step0.1.0)
  %step1.1.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.1, <8 x float> %y1.1, <8 x float> %step0.1.1)
  %x1.2.at = getelementptr float, ptr %x.tile, i64 10
  %x1.2.scalar = load float, ptr %x1.2.at, align 4
  %x1.2.first = insertelement <8 x float> poison, float %x1.2.scalar, i64 0
  %x1.2 = shufflevector <8 x float> %x1.2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.2, <8 x float> %y1.0, <8 x float> %step0.2.0)
  %step1.2.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.2, <8 x float> %y1.1, <8 x float> %step0.2.1)
  %x1.3.at = getelementptr float, ptr %x.tile, i64 11
  %x1.3.scalar = load float, ptr %x1.3.at, align 4
  %x1.3.first = insertelement <8 x float> poison, float %x1.3.scalar, i64 0
  %x1.3 = shufflevector <8 x float> %x1.3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.3, <8 x float> %y1.0, <8 x float> %step0.3.0)
  %step1.3.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x1.3, <8 x float> %y1.1, <8 x float> %step0.3.1)
  %y2.0.at = getelementptr float, ptr %y.tile, i64 32
  %y2.0 = load <8 x float>, ptr %y2.0.at, align 4
  %y2.1.at = getelementptr float, ptr %y.tile, i64 40
  %y2.1 = load <8 x float>, ptr %y2.1.at, align 4
  %x2.0.at = getelementptr float, ptr %x.tile, i64 16
  %x2.0.scalar = load float, ptr %x2.0.at, align 4
  %x2.0.first = insertelement <8 x float> poison, float %x2.0.scalar, i64 0
  %x2.0 = shufflevector <8 x float> %x2.0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.0, <8 x float> %y2.0, <8 x float> %step1.0.0)
  %step2.0.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.0, <8 x float> %y2.1, <8 x float> %step1.0.1)
  %x2.1.at = getelementptr float, ptr %x.tile, i64 17
  %x2.1.scalar = load float, ptr %x2.1.at, align 4
  %x2.1.first = insertelement <8 x float> poison, float %x2.1.scalar, i64 0
  %x2.1 = shufflevector <8 x float> %x2.1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.1, <8 x float> %y2.0, <8 x float> %step1.1.0)
  %step2.1.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.1, <8 x float> %y2.1, <8 x float> %step1.1.1)
  %x2.2.at = getelementptr float, ptr %x.tile, i64 18
  %x2.2.scalar = load float, ptr %x2.2.at, align 4
  %x2.2.first = insertelement <8 x float> poison, float %x2.2.scalar, i64 0
  %x2.2 = shufflevector <8 x float> %x2.2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.2, <8 x float> %y2.0, <8 x float> %step1.2.0)
  %step2.2.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.2, <8 x float> %y2.1, <8 x float> %step1.2.1)
  %x2.3.at = getelementptr float, ptr %x.tile, i64 19
  %x2.3.scalar = load float, ptr %x2.3.at, align 4
  %x2.3.first = insertelement <8 x float> poison, float %x2.3.scalar, i64 0
  %x2.3 = shufflevector <8 x float> %x2.3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.3, <8 x float> %y2.0, <8 x float> %step1.3.0)
  %step2.3.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x2.3, <8 x float> %y2.1, <8 x float> %step1.3.1)
  %y3.0.at = getelementptr float, ptr %y.tile, i64 48
  %y3.0 = load <8 x float>, ptr %y3.0.at, align 4
  %y3.1.at = getelementptr float, ptr %y.tile, i64 56
  %y3.1 = load <8 x float>, ptr %y3.1.at, align 4
  %x3.0.at = getelementptr float, ptr %x.tile, i64 24
  %x3.0.scalar = load float, ptr %x3.0.at, align 4
  %x3.0.first = insertelement <8 x float> poison, float %x3.0.scalar, i64 0
  %x3.0 = shufflevector <8 x float> %x3.0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.0, <8 x float> %y3.0, <8 x float> %step2.0.0)
  %step3.0.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.0, <8 x float> %y3.1, <8 x float> %step2.0.1)
  %x3.1.at = getelementptr float, ptr %x.tile, i64 25
  %x3.1.scalar = load float, ptr %x3.1.at, align 4
  %x3.1.first = insertelement <8 x float> poison, float %x3.1.scalar, i64 0
  %x3.1 = shufflevector <8 x float> %x3.1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.1, <8 x float> %y3.0, <8 x float> %step2.1.0)
  %step3.1.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.1, <8 x float> %y3.1, <8 x float> %step2.1.1)
  %x3.2.at = getelementptr float, ptr %x.tile, i64 26
  %x3.2.scalar = load float, ptr %x3.2.at, align 4
  %x3.2.first = insertelement <8 x float> poison, float %x3.2.scalar, i64 0
  %x3.2 = shufflevector <8 x float> %x3.2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.2, <8 x float> %y3.0, <8 x float> %step2.2.0)
  %step3.2.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.2, <8 x float> %y3.1, <8 x float> %step2.2.1)
  %x3.3.at = getelementptr float, ptr %x.tile, i64 27
  %x3.3.scalar = load float, ptr %x3.3.at, align 4
  %x3.3.first = insertelement <8 x float> poison, float %x3.3.scalar, i64 0
  %x3.3 = shufflevector <8 x float> %x3.3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.3, <8 x float> %y3.0, <8 x float> %step2.3.0)
  %step3.3.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> %x3.3, <8 x float> %y3.1, <8 x float> %step2.3.1)
  %tile.next = add nsw i64 %tile, 4
  %tile.more = icmp slt i64 %tile.next, %tiles
  br i1 %tile.more, label %loop, label %done
done:
  %m.first.0.0.at = getelementptr float, ptr %m, i64 0
  store <8 x float> %step3.0.0, ptr %m.first.0.0.at, align 4
  %m.first.0.1.at = getelementptr float, ptr %m, i64 8
  store <8 x float> %step3.0.1, ptr %m.first.0.1.at, align 4
  %m.first.1.0.at = getelementptr float, ptr %m, i64 16
  store <8 x float> %step3.1.0, ptr %m.first.1.0.at, align 4
  %m.first.1.1.at = getelementptr float, ptr %m, i64 24
  store <8 x float> %step3.1.1, ptr %m.first.1.1.at, align 4
  %m.first.2.0.at = getelementptr float, ptr %m, i64 32
  store <8 x float> %step3.2.0, ptr %m.first.2.0.at, align 4
  %m.first.2.1.at = getelementptr float, ptr %m, i64 40
  store <8 x float> %step3.2.1, ptr %m.first.2.1.at, align 4
  %m.first.3.0.at = getelementptr float, ptr %m, i64 48
  store <8 x float> %step3.3.0, ptr %m.first.3.0.at, align 4
  %m.first.3.1.at = getelementptr float, ptr %m, i64 56
  store <8 x float> %step3.3.1, ptr %m.first.3.1.at, align 4
  ret void
}
; The 36 products of the input channels first .. last with a panel of 16 output channels.
define internal void @products_body(ptr %inputs, ptr %gradients, ptr %m, i64 %first, i64 %last) noinline {
entry:
  br label %from.enter
from.enter:
  br label %from.head
from.head:
  %from = phi i64 [ 0, %from.enter ], [ %from.next, %from.latch ]
  %from.more = icmp slt i64 %from, 64
  br i1 %from.more, label %from.body, label %from.end
from.body:
  br label %point.enter
point.enter:
  br label %point.head
point.head:
  %point = phi i64 [ 0, %point.enter ], [ %point.next, %point.latch ]
  %point.more = icmp slt i64 %point, 36
  br i1 %point.more, label %point.body, label %point.end
point.body:
  %tiles.before = mul nsw i64 %point, 65
  %tile = add nsw i64 %tiles.before, %from
  %y.at = mul nsw i64 %tile, 16
  %y = getelementptr float, ptr %gradients, i64 %y.at
  %point.m.at = mul nsw i64 %point, 520
  %point.m = getelementptr float, ptr %m, i64 %point.m.at
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ %first, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, %last
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %c.panel = udiv i64 %c, 8
  %c.lane = urem i64 %c, 8
  %c.before = mul nsw i64 %c.panel, 2340
  %c.tile = add nsw i64 %c.before, %tile
  %c.tile.at = mul nsw i64 %c.tile, 8
  %x.at = add nsw i64 %c.tile.at, %c.lane
  %x = getelementptr float, ptr %inputs, i64 %x.at
  %row = sub nsw i64 %c, %first
  %row.at = mul nsw i64 %row, 16
  %row.m = getelementptr float, ptr %point.m, i64 %row.at
  call void @product_2(ptr %x, ptr %y, ptr %row.m, i64 64)
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 4
  br label %c.head
c.end:
  br label %point.latch
point.latch:
  %point.next = add nsw i64 %point, 1
  br label %point.head
point.end:
  br label %from.latch
from.latch:
  %from.next = add nsw i64 %from, 64
  br label %from.head
from.end:
  ret void
}
; The weights between the input channels first .. last and 16 output channels from %o on.
define internal void @weights_body(ptr %args, ptr %m, i64 %first, i64 %last, i64 %o) noinline {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[41472]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[32768]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[9216], written
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[74880]
  %a3 = load ptr, ptr %a3.at
  %a4.at = getelementptr ptr, ptr %args, i64 4    ; float32[74880]
  %a4 = load ptr, ptr %a4.at
  %a5.at = getelementptr ptr, ptr %args, i64 5    ; float32[18720], written
  %a5 = load ptr, ptr %a5.at
  %results = alloca [9 x <8 x float>], align 64
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ %first, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, %last
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %number = sub nsw i64 %c, %first
  %c.m.at = mul nsw i64 %number, 16
  %c.m = getelementptr float, ptr %m, i64 %c.m.at
  br label %lane.enter
lane.enter:
  br label %lane.head
lane.head:
  %lane = phi i64 [ 0, %lane.enter ], [ %lane.next, %lane.latch ]
  %lane.more = icmp slt i64 %lane, 16
  br i1 %lane.more, label %lane.body, label %lane.end
lane.body:
  %lane.v.m = getelementptr float, ptr %c.m, i64 %lane
  %lane.v.m00.at = getelementptr float, ptr %lane.v.m, i64 0
  %lane.v.m00 = load <8 x float>, ptr %lane.v.m00.at, align 4
  %lane.v.m01.at = getelementptr float, ptr %lane.v.m, i64 520
  %lane.v.m01 = load <8 x float>, ptr %lane.v.m01.at, align 4
  %lane.v.m02.at = getelementptr float, ptr %lane.v.m, i64 1040
  %lane.v.m02 = load <8 x float>, ptr %lane.v.m02.at, align 4
  %lane.v.m03.at = getelementptr float, ptr %lane.v.m, i64 1560
  %lane.v.m03 = load <8 x float>, ptr %lane.v.m03.at, align 4
  %lane.v.m04.at = getelementptr float, ptr %lane.v.m, i64 2080
  %lane.v.m04 = load <8 x float>, ptr %lane.v.m04.at, align 4
  %lane.v.m05.at = getelementptr float, ptr %lane.v.m, i64 2600
  %lane.v.m05 = load <8 x float>, ptr %lane.v.m05.at, align 4
  %lane.v.m10.at = getelementptr float, ptr %lane.v.m, i64 3120
  %lane.v.m10 = load <8 x float>, ptr %lane.v.m10.at, align 4
  %lane.v.m11.at = getelementptr float, ptr %lane.v.m, i64 3640
  %lane.v.m11 = load <8 x float>, ptr %lane.v.m11.at, align 4
  %lane.v.m12.at = getelementptr float, ptr %lane.v.m, i64 4160
  %lane.v.m12 = load <8 x float>, ptr %lane.v.m12.at, align 4
  %lane.v.m13.at = getelementptr float, ptr %lane.v.m, i64 4680
  %lane.v.m13 = load <8 x float>, ptr %lane.v.m13.at, align 4
  %lane.v.m14.at = getelementptr float, ptr %lane.v.m, i64 5200
  %lane.v.m14 = load <8 x float>, ptr %lane.v.m14.at, align 4
  %lane.v.m15.at = getelementptr float, ptr %lane.v.m, i64 5720
  %lane.v.m15 = load <8 x float>, ptr %lane.v.m15.at, align 4
  %lane.v.m20.at = getelementptr float, ptr %lane.v.m, i64 6240
  %lane.v.m20 = load <8 x float>, ptr %lane.v.m20.at, align 4
  %lane.v.m21.at = getelementptr float, ptr %lane.v.m, i64 6760
  %lane.v.m21 = load <8 x float>, ptr %lane.v.m21.at, align 4
  %lane.v.m22.at = getelementptr float, ptr %lane.v.m, i64 7280
  %lane.v.m22 = load <8 x float>, ptr %lane.v.m22.at, align 4
  %lane.v.m23.at = getelementptr float, ptr %lane.v.m, i64 7800
  %lane.v.m23 = load <8 x float>, ptr %lane.v.m23.at, align 4
  %lane.v.m24.at = getelementptr float, ptr %lane.v.m, i64 8320
  %lane.v.m24 = load <8 x float>, ptr %lane.v.m24.at, align 4
  %lane.v.m25.at = getelementptr float, ptr %lane.v.m, i64 8840
  %lane.v.m25 = load <8 x float>, ptr %lane.v.m25.at, align 4
  %lane.v.m30.at = getelementptr float, ptr %lane.v.m, i64 9360
  %lane.v.m30 = load <8 x float>, ptr %lane.v.m30.at, align 4
  %lane.v.m31.at = getelementptr float, ptr %lane.v.m, i64 9880
  %lane.v.m31 = load <8 x float>, ptr %lane.v.m31.at, align 4
  %lane.v.m32.at = getelementptr float, ptr %lane.v.m, i64 10400
  %lane.v.m32 = load <8 x float>, ptr %lane.v.m32.at, align 4
  %lane.v.m33.at = getelementptr float, ptr %lane.v.m, i64 10920
  %lane.v.m33 = load <8 x float>, ptr %lane.v.m33.at, align 4
  %lane.v.m34.at = getelementptr float, ptr %lane.v.m, i64 11440
  %lane.v.m34 = load <8 x float>, ptr %lane.v.m34.at, align 4
  %lane.v.m35.at = getelementptr float, ptr %lane.v.m, i64 11960
  %lane.v.m35 = load <8 x float>, ptr %lane.v.m35.at, align 4
  %lane.v.m40.at = getelementptr float, ptr %lane.v.m, i64 12480
  %lane.v.m40 = load <8 x float>, ptr %lane.v.m40.at, align 4
  %lane.v.m41.at = getelementptr float, ptr %lane.v.m, i64 13000
  %lane.v.m41 = load <8 x float>, ptr %lane.v.m41.at, align 4
  %lane.v.m42.at = getelementptr float, ptr %lane.v.m, i64 13520
  %lane.v.m42 = load <8 x float>, ptr %lane.v.m42.at, align 4
  %lane.v.m43.at = getelementptr float, ptr %lane.v.m, i64 14040
  %lane.v.m43 = load <8 x float>, ptr %lane.v.m43.at, align 4
  %lane.v.m44.at = getelementptr float, ptr %lane.v.m, i64 14560
  %lane.v.m44 = load <8 x float>, ptr %lane.v.m44.at, align 4
  %lane.v.m45.at = getelementptr float, ptr %lane.v.m, i64 15080
  %lane.v.m45 = load <8 x float>, ptr %lane.v.m45.at, align 4
  %lane.v.m50.at = getelementptr float, ptr %lane.v.m, i64 15600
  %lane.v.m50 = load <8 x float>, ptr %lane.v.m50.at, align 4
  %lane.v.m51.at = getelementptr float, ptr %lane.v.m, i64 16120
  %lane.v.m51 = load <8 x float>, ptr %lane.v.m51.at, align 4
  %lane.v.m52.at = getelementptr float, ptr %lane.v.m, i64 16640
  %lane.v.m52 = load <8 x float>, ptr %lane.v.m52.at, align 4
  %lane.v.m53.at = getelementptr float, ptr %lane.v.m, i64 17160
  %lane.v.m53 = load <8 x float>, ptr %lane.v.m53.at, align 4
  %lane.v.m54.at = getelementptr float, ptr %lane.v.m, i64 17680
  %lane.v.m54 = load <8 x float>, ptr %lane.v.m54.at, align 4
  %lane.v.m55.at = getelementptr float, ptr %lane.v.m, i64 18200
  %lane.v.m55 = load <8 x float>, ptr %lane.v.m55.at, align 4
  %lane.v.g.column0..even.a = fadd <8 x float> %lane.v.m10, %lane.v.m20
  %lane.v.g.column0..odd.a = fsub <8 x float> %lane.v.m10, %lane.v.m20
  %lane.v.g.column0..even.b = fadd <8 x float> %lane.v.m30, %lane.v.m40
  %lane.v.g.column0..odd.b = fsub <8 x float> %lane.v.m30, %lane.v.m40
  %lane.v.g.column0..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m00
  %lane.v.g.column0..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column0..even.a, <8 x float> %lane.v.g.column0..0)
  %lane.v.g.column0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column0..even.b, <8 x float> %lane.v.g.column0..0a)
  %lane.v.g.column0..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column0..odd.a
  %lane.v.g.column0.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column0..odd.b, <8 x float> %lane.v.g.column0..1)
  %lane.v.g.column0..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column0..even.a, <8 x float> %lane.v.m50)
  %lane.v.g.column0.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column0..even.b, <8 x float> %lane.v.g.column0..2)
  %lane.v.g.column1..even.a = fadd <8 x float> %lane.v.m11, %lane.v.m21
  %lane.v.g.column1..odd.a = fsub <8 x float> %lane.v.m11, %lane.v.m21
  %lane.v.g.column1..even.b = fadd <8 x float> %lane.v.m31, %lane.v.m41
  %lane.v.g.column1..odd.b = fsub <8 x float> %lane.v.m31, %lane.v.m41
  %lane.v.g.column1..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m01
  %lane.v.g.column1..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column1..even.a, <8 x float> %lane.v.g.column1..0)
  %lane.v.g.column1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column1..even.b, <8 x float> %lane.v.g.column1..0a)
  %lane.v.g.column1..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column1..odd.a
  %lane.v.g.column1.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column1..odd.b, <8 x float> %lane.v.g.column1..1)
  %lane.v.g.column1..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column1..even.a, <8 x float> %lane.v.m51)
  %lane.v.g.column1.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column1..even.b, <8 x float> %lane.v.g.column1..2)
  %lane.v.g.column2..even.a = fadd <8 x float> %lane.v.m12, %lane.v.m22
  %lane.v.g.column2..odd.a = fsub <8 x float> %lane.v.m12, %lane.v.m22
  %lane.v.g.column2..even.b = fadd <8 x float> %lane.v.m32, %lane.v.m42
  %lane.v.g.column2..odd.b = fsub <8 x float> %lane.v.m32, %lane.v.m42
  %lane.v.g.column2..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m02
  %lane.v.g.column2..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column2..even.a, <8 x float> %lane.v.g.column2..0)
  %lane.v.g.column2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column2..even.b, <8 x float> %lane.v.g.column2..0a)
  %lane.v.g.column2..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column2..odd.a
  %lane.v.g.column2.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column2..odd.b, <8 x float> %lane.v.g.column2..1)
  %lane.v.g.column2..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column2..even.a, <8 x float> %lane.v.m52)
  %lane.v.g.column2.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column2..even.b, <8 x float> %lane.v.g.column2..2)
  %lane.v.g.column3..even.a = fadd <8 x float> %lane.v.m13, %lane.v.m23
  %lane.v.g.column3..odd.a = fsub <8 x float> %lane.v.m13, %lane.v.m23
  %lane.v.g.column3..even.b = fadd <8 x float> %lane.v.m33, %lane.v.m43
  %lane.v.g.column3..odd.b = fsub <8 x float> %lane.v.m33, %lane.v.m43
  %lane.v.g.column3..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m03
  %lane.v.g.column3..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column3..even.a, <8 x float> %lane.v.g.column3..0)
  %lane.v.g.column3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column3..even.b, <8 x float> %lane.v.g.column3..0a)
  %lane.v.g.column3..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column3..odd.a
  %lane.v.g.column3.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column3..odd.b, <8 x float> %lane.v.g.column3..1)
  %lane.v.g.column3..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column3..even.a, <8 x float> %lane.v.m53)
  %lane.v.g.column3.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column3..even.b, <8 x float> %lane.v.g.column3..2)
  %lane.v.g.column4..even.a = fadd <8 x float> %lane.v.m14, %lane.v.m24
  %lane.v.g.column4..odd.a = fsub <8 x float> %lane.v.m14, %lane.v.m24
  %lane.v.g.column4..even.b = fadd <8 x float> %lane.v.m34, %lane.v.m44
  %lane.v.g.column4..odd.b = fsub <8 x float> %lane.v.m34, %lane.v.m44
  %lane.v.g.column4..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m04
  %lane.v.g.column4..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column4..even.a, <8 x float> %lane.v.g.column4..0)
  %lane.v.g.column4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column4..even.b, <8 x float> %lane.v.g.column4..0a)
  %lane.v.g.column4..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column4..odd.a
  %lane.v.g.column4.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column4..odd.b, <8 x float> %lane.v.g.column4..1)
  %lane.v.g.column4..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column4..even.a, <8 x float> %lane.v.m54)
  %lane.v.g.column4.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column4..even.b, <8 x float> %lane.v.g.column4..2)
  %lane.v.g.column5..even.a = fadd <8 x float> %lane.v.m15, %lane.v.m25
  %lane.v.g.column5..odd.a = fsub <8 x float> %lane.v.m15, %lane.v.m25
  %lane.v.g.column5..even.b = fadd <8 x float> %lane.v.m35, %lane.v.m45
  %lane.v.g.column5..odd.b = fsub <8 x float> %lane.v.m35, %lane.v.m45
  %lane.v.g.column5..0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.m05
  %lane.v.g.column5..0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g.column5..even.a, <8 x float> %lane.v.g.column5..0)
  %lane.v.g.column5.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g.column5..even.b, <8 x float> %lane.v.g.column5..0a)
  %lane.v.g.column5..1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g.column5..odd.a
  %lane.v.g.column5.1 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g.column5..odd.b, <8 x float> %lane.v.g.column5..1)
  %lane.v.g.column5..2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g.column5..even.a, <8 x float> %lane.v.m55)
  %lane.v.g.column5.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g.column5..even.b, <8 x float> %lane.v.g.column5..2)
  %lane.v.g0.even.a = fadd <8 x float> %lane.v.g.column1.0, %lane.v.g.column2.0
  %lane.v.g0.odd.a = fsub <8 x float> %lane.v.g.column1.0, %lane.v.g.column2.0
  %lane.v.g0.even.b = fadd <8 x float> %lane.v.g.column3.0, %lane.v.g.column4.0
  %lane.v.g0.odd.b = fsub <8 x float> %lane.v.g.column3.0, %lane.v.g.column4.0
  %lane.v.g0.0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.g.column0.0
  %lane.v.g0.0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g0.even.a, <8 x float> %lane.v.g0.0)
  %lane.v.g00 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g0.even.b, <8 x float> %lane.v.g0.0a)
  %lane.v.g0.1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g0.odd.a
  %lane.v.g01 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g0.odd.b, <8 x float> %lane.v.g0.1)
  %lane.v.g0.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g0.even.a, <8 x float> %lane.v.g.column5.0)
  %lane.v.g02 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g0.even.b, <8 x float> %lane.v.g0.2)
  %lane.v.g1.even.a = fadd <8 x float> %lane.v.g.column1.1, %lane.v.g.column2.1
  %lane.v.g1.odd.a = fsub <8 x float> %lane.v.g.column1.1, %lane.v.g.column2.1
  %lane.v.g1.even.b = fadd <8 x float> %lane.v.g.column3.1, %lane.v.g.column4.1
  %lane.v.g1.odd.b = fsub <8 x float> %lane.v.g.column3.1, %lane.v.g.column4.1
  %lane.v.g1.0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.g.column0.1
  %lane.v.g1.0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g1.even.a, <8 x float> %lane.v.g1.0)
  %lane.v.g10 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g1.even.b, <8 x float> %lane.v.g1.0a)
  %lane.v.g1.1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g1.odd.a
  %lane.v.g11 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g1.odd.b, <8 x float> %lane.v.g1.1)
  %lane.v.g1.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g1.even.a, <8 x float> %lane.v.g.column5.1)
  %lane.v.g12 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g1.even.b, <8 x float> %lane.v.g1.2)
  %lane.v.g2.even.a = fadd <8 x float> %lane.v.g.column1.2, %lane.v.g.column2.2
  %lane.v.g2.odd.a = fsub <8 x float> %lane.v.g.column1.2, %lane.v.g.column2.2
  %lane.v.g2.even.b = fadd <8 x float> %lane.v.g.column3.2, %lane.v.g.column4.2
  %lane.v.g2.odd.b = fsub <8 x float> %lane.v.g.column3.2, %lane.v.g.column4.2
  %lane.v.g2.0 = fmul <8 x float> splat (float 0x3FE948B100000000), %lane.v.g.column0.2
  %lane.v.g2.0a = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFE0DB20A0000000), <8 x float> %lane.v.g2.even.a, <8 x float> %lane.v.g2.0)
  %lane.v.g20 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC0DB20A0000000), <8 x float> %lane.v.g2.even.b, <8 x float> %lane.v.g2.0a)
  %lane.v.g2.1 = fmul <8 x float> splat (float 0xBFD948B100000000), %lane.v.g2.odd.a
  %lane.v.g21 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FC948B100000000), <8 x float> %lane.v.g2.odd.b, <8 x float> %lane.v.g2.1)
  %lane.v.g2.2 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0xBFD2F684C0000000), <8 x float> %lane.v.g2.even.a, <8 x float> %lane.v.g.column5.2)
  %lane.v.g22 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3FD2F684C0000000), <8 x float> %lane.v.g2.even.b, <8 x float> %lane.v.g2.2)
  %lane.v.g00.to = getelementptr <8 x float>, ptr %results, i64 0
  store <8 x float> %lane.v.g00, ptr %lane.v.g00.to
  %lane.v.g01.to = getelementptr <8 x float>, ptr %results, i64 1
  store <8 x float> %lane.v.g01, ptr %lane.v.g01.to
  %lane.v.g02.to = getelementptr <8 x float>, ptr %results, i64 2
  store <8 x float> %lane.v.g02, ptr %lane.v.g02.to
  %lane.v.g10.to = getelementptr <8 x float>, ptr %results, i64 3
  store <8 x float> %lane.v.g10, ptr %lane.v.g10.to
  %lane.v.g11.to = getelementptr <8 x float>, ptr %results, i64 4
  store <8 x float> %lane.v.g11, ptr %lane.v.g11.to
  %lane.v.g12.to = getelementptr <8 x float>, ptr %results, i64 5
  store <8 x float> %lane.v.g12, ptr %lane.v.g12.to
  %lane.v.g20.to = getelementptr <8 x float>, ptr %results, i64 6
  store <8 x float> %lane.v.g20, ptr %lane.v.g20.to
  %lane.v.g21.to = getelementptr <8 x float>, ptr %results, i64 7
  store <8 x float> %lane.v.g21, ptr %lane.v.g21.to
  %lane.v.g22.to = getelementptr <8 x float>, ptr %results, i64 8
  store <8 x float> %lane.v.g22, ptr %lane.v.g22.to
  %lane.v.o = add nsw i64 %o, %lane
  br label %lane.v.row.enter
lane.v.row.enter:
  br label %lane.v.row.head
lane.v.row.head:
  %lane.v.row = phi i64 [ 0, %lane.v.row.enter ], [ %lane.v.row.next, %lane.v.row.latch ]
  %lane.v.row.more = icmp slt i64 %lane.v.row, 3
  br i1 %lane.v.row.more, label %lane.v.row.body, label %lane.v.row.end
lane.v.row.body:
  %lane.v.row.first = mul nsw i64 %lane.v.row, 3
  br label %lane.v.column.enter
lane.v.column.enter:
  br label %lane.v.column.head
lane.v.column.head:
  %lane.v.column = phi i64 [ 0, %lane.v.column.enter ], [ %lane.v.column.next, %lane.v.column.latch ]
  %lane.v.column.more = icmp slt i64 %lane.v.column, 3
  br i1 %lane.v.column.more, label %lane.v.column.body, label %lane.v.column.end
lane.v.column.body:
  %lane.v.weight = add nsw i64 %lane.v.row.first, %lane.v.column
  %lane.v.value.at = getelementptr <8 x float>, ptr %results, i64 %lane.v.weight
  %lane.v.value = load <8 x float>, ptr %lane.v.value.at
  %lane.v.e.out0.step0 = mul nsw i64 %lane.v.row, 96
  %lane.v.e.out0.step1 = mul nsw i64 %lane.v.column, 32
  %lane.v.e.out0.sum1 = add nsw i64 %lane.v.e.out0.step0, %lane.v.e.out0.step1
  %lane.v.e.out0.step2 = mul nsw i64 %c, 288
  %lane.v.e.out0.sum2 = add nsw i64 %lane.v.e.out0.sum1, %lane.v.e.out0.step2
  %lane.v.e.out0.sum3 = add nsw i64 %lane.v.e.out0.sum2, %lane.v.o
  %lane.v.e.out0 = getelementptr float, ptr %a2, i64 %lane.v.e.out0.sum3
  store <8 x float> %lane.v.value, ptr %lane.v.e.out0, align 4
  br label %lane.v.column.latch
lane.v.column.latch:
  %lane.v.column.next = add nsw i64 %lane.v.column, 1
  br label %lane.v.column.head
lane.v.column.end:
  br label %lane.v.row.latch
lane.v.row.latch:
  %lane.v.row.next = add nsw i64 %lane.v.row, 1
  br label %lane.v.row.head
lane.v.row.end:
  br label %lane.latch
lane.latch:
  %lane.next = add nsw i64 %lane, 8
  br label %lane.head
lane.end:
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 1
  br label %c.head
c.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers, i64 %slot) {
entry:
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[74880]
  %a3 = load ptr, ptr %a3.at
  %a4.at = getelementptr ptr, ptr %args, i64 4    ; float32[74880]
  %a4 = load ptr, ptr %a4.at
  %a5.at = getelementptr ptr, ptr %args, i64 5    ; float32[18720], written
  %a5 = load ptr, ptr %a5.at
  %slot.at = mul nsw i64 %slot, 18720
  %m = getelementptr float, ptr %a5, i64 %slot.at
  %share.before = mul i64 %worker, 2
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 2
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %panel = udiv i64 %item, 1
  %block = urem i64 %item, 1
  %panel.at = mul nsw i64 %panel, 37440
  %gradients = getelementptr float, ptr %a4, i64 %panel.at
  %o = mul nsw i64 %panel, 16
  %first = mul nsw i64 %block, 32
  %next = add nsw i64 %first, 32
  %last = call i64 @llvm.smin.i64(i64 %next, i64 32)
  call void @products_body(ptr %a3, ptr %gradients, ptr %m, i64 %first, i64 %last)
  call void @weights_body(ptr %args, ptr %m, i64 %first, i64 %last, i64 %o)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare i64 @llvm.smin.i64(i64, i64)
