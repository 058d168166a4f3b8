; Convolution:  out[n, y, x, o] = epilogue(sum over kh, kw, c of left[n, y*stride + kh*dilation, x*stride + kw*dilation, c] * right[kh, kw, c, o])
;
; Its gradients are the same nest of loops with other strides. Neighbouring axes that every operand walks as one are one.
; The space is 2 x 8, the sum has 6 x 3 terms. A tile has 2 rows and 1 vectors of 8 lanes;
; right is packed into panels. Workers share blocks of 1 tiles.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
; A tile of 2 rows and 1 vectors.
;   tile.left, tile.right  the operands at the tile's first element
;   i, j  where in the space that element lies
define internal void @tile_2_by_1(ptr %args, ptr %tile.left, ptr %tile.right, i64 %i, i64 %j) noinline {
tile:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[144]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[16], written
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[144]
  %a3 = load ptr, ptr %a3.at
  br label %sum0
sum0:
  %sum0.at = phi i64 [ 0, %tile ], [ %sum0.next, %sum0 ]
  %sum0.left = phi ptr [ %tile.left, %tile ], [ %sum0.left.next, %sum0 ]
  %sum0.right = phi ptr [ %tile.right, %tile ], [ %sum0.right.next, %sum0 ]
  %sum0.0.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step2.0.0, %sum0 ]
  %sum0.1.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step2.1.0, %sum0 ]
  %step0.right0.at = getelementptr float, ptr %sum0.right, i64 0
  %step0.right0 = load <8 x float>, ptr %step0.right0.at, align 4
  %step0.left0.at = getelementptr float, ptr %sum0.left, i64 0
  %step0.left0.scalar = load float, ptr %step0.left0.at, align 4
  %step0.left0.first = insertelement <8 x float> poison, float %step0.left0.scalar, i64 0
  %step0.left0 = shufflevector <8 x float> %step0.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left0, <8 x float> %step0.right0, <8 x float> %sum0.0.0)
  %step0.left1.at = getelementptr float, ptr %sum0.left, i64 1
  %step0.left1.scalar = load float, ptr %step0.left1.at, align 4
  %step0.left1.first = insertelement <8 x float> poison, float %step0.left1.scalar, i64 0
  %step0.left1 = shufflevector <8 x float> %step0.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left1, <8 x float> %step0.right0, <8 x float> %sum0.1.0)
  %step1.right0.at = getelementptr float, ptr %sum0.right, i64 8
  %step1.right0 = load <8 x float>, ptr %step1.right0.at, align 4
  %step1.left0.at = getelementptr float, ptr %sum0.left, i64 1
  %step1.left0.scalar = load float, ptr %step1.left0.at, align 4
  %step1.left0.first = insertelement <8 x float> poison, float %step1.left0.scalar, i64 0
  %step1.left0 = shufflevector <8 x float> %step1.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left0, <8 x float> %step1.right0, <8 x float> %step0.0.0)
  %step1.left1.at = getelementptr float, ptr %sum0.left, i64 2
  %step1.left1.scalar = load float, ptr %step1.left1.at, align 4
  %step1.left1.first = insertelement <8 x float> poison, float %step1.left1.scalar, i64 0
  %step1.left1 = shufflevector <8 x float> %step1.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left1, <8 x float> %step1.right0, <8 x float> %step0.1.0)
  %step2.right0.at = getelementptr float, ptr %sum0.right, i64 16
  %step2.right0 = load <8 x float>, ptr %step2.right0.at, align 4
  %step2.left0.at = getelementptr float, ptr %sum0.left, i64 2
  %step2.left0.scalar = load float, ptr %step2.left0.at, align 4
  %step2.left0.first = insertelement <8 x float> poison, float %step2.left0.scalar, i64 0
  %step2.left0 = shufflevector <8 x float> %step2.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left0, <8 x float> %step2.right0, <8 x float> %step1.0.0)
  %step2.left1.at = getelementptr float, ptr %sum0.left, i64 3
  %step2.left1.scalar = load float, ptr %step2.left1.at, align 4
  %step2.left1.first = insertelement <8 x float> poison, float %step2.left1.scalar, i64 0
  %step2.left1 = shufflevector <8 x float> %step2.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left1, <8 x float> %step2.right0, <8 x float> %step1.1.0)
  %sum0.left.next = getelementptr float, ptr %sum0.left, i64 4
  %sum0.right.next = getelementptr float, ptr %sum0.right, i64 24
  %sum0.next = add nsw i64 %sum0.at, 1
  %sum0.more = icmp slt i64 %sum0.next, 6
  br i1 %sum0.more, label %sum0, label %sum0.end
sum0.end:
  %j.0 = add nsw i64 %j, 0
  %row0.i = add nsw i64 %i, 0
  %r0.0.out0.step1 = mul nsw i64 %j.0, 2
  %r0.0.out0.sum1 = add nsw i64 %row0.i, %r0.0.out0.step1
  %r0.0.out0 = getelementptr float, ptr %a2, i64 %r0.0.out0.sum1
  %r0.0.out0.lanes = getelementptr float, ptr %r0.0.out0, <8 x i64> <i64 0, i64 2, i64 4, i64 6, i64 8, i64 10, i64 12, i64 14>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step2.0.0, <8 x ptr> align 4 %r0.0.out0.lanes, <8 x i1> splat (i1 true))
  %row1.i = add nsw i64 %i, 1
  %r1.0.out0.step1 = mul nsw i64 %j.0, 2
  %r1.0.out0.sum1 = add nsw i64 %row1.i, %r1.0.out0.step1
  %r1.0.out0 = getelementptr float, ptr %a2, i64 %r1.0.out0.sum1
  %r1.0.out0.lanes = getelementptr float, ptr %r1.0.out0, <8 x i64> <i64 0, i64 2, i64 4, i64 6, i64 8, i64 10, i64 12, i64 14>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step2.1.0, <8 x ptr> align 4 %r1.0.out0.lanes, <8 x i1> splat (i1 true))
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[144]
  %a3 = load ptr, ptr %a3.at
  %share.before = mul i64 %worker, 1
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 1
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %block = udiv i64 %item, 1
  %panel = urem i64 %item, 1
  %j = mul nsw i64 %panel, 8
  %block.first = mul nsw i64 %block, 1
  %block.next = add nsw i64 %block.first, 1
  %block.last = call i64 @llvm.smin.i64(i64 %block.next, i64 1)
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %block.first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %block.last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %tile.i = add i64 %tile, 0
  %i = mul nsw i64 %tile.i, 2
  %left = getelementptr float, ptr %a0, i64 %i
  %right.step0 = mul nsw i64 %j, 18
  %right = getelementptr float, ptr %a3, i64 %right.step0
  call void @tile_2_by_1(ptr %args, ptr %left, ptr %right, i64 %i, i64 %j)
  br label %tile.latch
tile.latch:
  %tile.next = add nsw i64 %tile, 1
  br label %tile.head
tile.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare void @llvm.masked.scatter.v8f32.v8p0(<8 x float>, <8 x ptr>, <8 x i1>)
declare i64 @llvm.smin.i64(i64, i64)
