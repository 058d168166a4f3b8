; The gradient of max-pooling over windows that tile the image:
;   out[n, h, w, c] = epilogue(g[n, i, j, c] if pixel (h, w) is the first maximum of x in its window (i, j), else 0)
;
; Image 1 x 1 x 4 x 4 (n, h, w, c), 1 x 2 windows of 1 x 2 pixels. Each window is looked at once and writes all its pixels; pixels of no
; window, at the lower and right edges, get 0. 4 consecutive channels make one vector. Workers share the rows of windows (n, i).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[1]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[16], written
  %a2 = load ptr, ptr %a2.at
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
  %i = urem i64 %item, 1
  %n = udiv i64 %item, 1
  %h.scaled = mul nsw i64 %i, 1
  %h0 = add nsw i64 %h.scaled, 0
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.more = icmp slt i64 %j, 2
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %w.scaled = mul nsw i64 %j, 2
  %w0 = add nsw i64 %w.scaled, 0
  %w1 = add nsw i64 %w.scaled, 1
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ 0, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, 4
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %c.v.x0.at.step0 = mul nsw i64 %n, 16
  %c.v.x0.at.step1 = mul nsw i64 %h0, 4
  %c.v.x0.at.sum1 = add nsw i64 %c.v.x0.at.step0, %c.v.x0.at.step1
  %c.v.x0.at.sum2 = add nsw i64 %c.v.x0.at.sum1, %w0
  %c.v.x0.at.step3 = mul nsw i64 %c, 4
  %c.v.x0.at.sum3 = add nsw i64 %c.v.x0.at.sum2, %c.v.x0.at.step3
  %c.v.x0.at = getelementptr float, ptr %a1, i64 %c.v.x0.at.sum3
  %c.v.x0.lanes = getelementptr float, ptr %c.v.x0.at, <4 x i64> <i64 0, i64 4, i64 8, i64 12>
  %c.v.x0 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x0.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  %c.v.x1.at.step0 = mul nsw i64 %n, 16
  %c.v.x1.at.step1 = mul nsw i64 %h0, 4
  %c.v.x1.at.sum1 = add nsw i64 %c.v.x1.at.step0, %c.v.x1.at.step1
  %c.v.x1.at.sum2 = add nsw i64 %c.v.x1.at.sum1, %w1
  %c.v.x1.at.step3 = mul nsw i64 %c, 4
  %c.v.x1.at.sum3 = add nsw i64 %c.v.x1.at.sum2, %c.v.x1.at.step3
  %c.v.x1.at = getelementptr float, ptr %a1, i64 %c.v.x1.at.sum3
  %c.v.x1.lanes = getelementptr float, ptr %c.v.x1.at, <4 x i64> <i64 0, i64 4, i64 8, i64 12>
  %c.v.x1 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x1.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins1.greater = fcmp ugt <4 x float> %c.v.x1, %c.v.x0
  %c.v.wins1.open = fcmp ord <4 x float> %c.v.x0, zeroinitializer
  %c.v.wins1 = and <4 x i1> %c.v.wins1.greater, %c.v.wins1.open
  %c.v.first1 = select <4 x i1> %c.v.wins1, <4 x i32> splat (i32 1), <4 x i32> splat (i32 0)
  %c.v.g.at = getelementptr float, ptr %a0, i64 0
  %c.v.g.scalar = load float, ptr %c.v.g.at, align 4
  %c.v.g.first = insertelement <4 x float> poison, float %c.v.g.scalar, i64 0
  %c.v.g = shufflevector <4 x float> %c.v.g.first, <4 x float> poison, <4 x i32> zeroinitializer
  %c.v.is0 = icmp eq <4 x i32> %c.v.first1, splat (i32 0)
  %c.v.g0 = select <4 x i1> %c.v.is0, <4 x float> %c.v.g, <4 x float> zeroinitializer
  %c.v.y0.out0.step0 = mul nsw i64 %n, 16
  %c.v.y0.out0.step1 = mul nsw i64 %h0, 4
  %c.v.y0.out0.sum1 = add nsw i64 %c.v.y0.out0.step0, %c.v.y0.out0.step1
  %c.v.y0.out0.sum2 = add nsw i64 %c.v.y0.out0.sum1, %w0
  %c.v.y0.out0.step3 = mul nsw i64 %c, 4
  %c.v.y0.out0.sum3 = add nsw i64 %c.v.y0.out0.sum2, %c.v.y0.out0.step3
  %c.v.y0.out0 = getelementptr float, ptr %a2, i64 %c.v.y0.out0.sum3
  %c.v.y0.out0.lanes = getelementptr float, ptr %c.v.y0.out0, <4 x i64> <i64 0, i64 4, i64 8, i64 12>
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %c.v.g0, <4 x ptr> align 4 %c.v.y0.out0.lanes, <4 x i1> splat (i1 true))
  %c.v.is1 = icmp eq <4 x i32> %c.v.first1, splat (i32 1)
  %c.v.g1 = select <4 x i1> %c.v.is1, <4 x float> %c.v.g, <4 x float> zeroinitializer
  %c.v.y1.out0.step0 = mul nsw i64 %n, 16
  %c.v.y1.out0.step1 = mul nsw i64 %h0, 4
  %c.v.y1.out0.sum1 = add nsw i64 %c.v.y1.out0.step0, %c.v.y1.out0.step1
  %c.v.y1.out0.sum2 = add nsw i64 %c.v.y1.out0.sum1, %w1
  %c.v.y1.out0.step3 = mul nsw i64 %c, 4
  %c.v.y1.out0.sum3 = add nsw i64 %c.v.y1.out0.sum2, %c.v.y1.out0.step3
  %c.v.y1.out0 = getelementptr float, ptr %a2, i64 %c.v.y1.out0.sum3
  %c.v.y1.out0.lanes = getelementptr float, ptr %c.v.y1.out0, <4 x i64> <i64 0, i64 4, i64 8, i64 12>
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %c.v.g1, <4 x ptr> align 4 %c.v.y1.out0.lanes, <4 x i1> splat (i1 true))
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 4
  br label %c.head
c.end:
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 1
  br label %j.head
j.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr>, <4 x i1>, <4 x float>)
declare void @llvm.masked.scatter.v4f32.v4p0(<4 x float>, <4 x ptr>, <4 x i1>)
