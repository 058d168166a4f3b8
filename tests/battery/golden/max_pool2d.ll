; Max-pooling:  out[n, i, j, c] = epilogue(max over h, w of x[n, h, w, c] in window (i, j))
;
; Output 2 x 3 x 3 x 4 (n, i, j, c). Windows of 3 x 3 pixels, stride 2 x 2, padding 1 x 1, clipped to the image of 6 x 5.
; 4 consecutive channels make one vector. Workers share the rows of windows (n, i). NaN is the maximum.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[240]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[72], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 6
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 6
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %i = urem i64 %item, 3
  %n = udiv i64 %item, 3
  ; the rows of the windows' pixels
  %h.scaled = mul nsw i64 %i, 2
  %h0.free = add nsw i64 %h.scaled, -1
  %h0.low = call i64 @llvm.smax.i64(i64 %h0.free, i64 0)
  %h0 = call i64 @llvm.smin.i64(i64 %h0.low, i64 5)
  %h1.free = add nsw i64 %h.scaled, 0
  %h1.low = call i64 @llvm.smax.i64(i64 %h1.free, i64 0)
  %h1 = call i64 @llvm.smin.i64(i64 %h1.low, i64 5)
  %h2.free = add nsw i64 %h.scaled, 1
  %h2.low = call i64 @llvm.smax.i64(i64 %h2.free, i64 0)
  %h2 = call i64 @llvm.smin.i64(i64 %h2.low, i64 5)
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.more = icmp slt i64 %j, 3
  br i1 %j.more, label %j.body, label %j.end
j.body:
  ; their columns
  %w.scaled = mul nsw i64 %j, 2
  %w0.free = add nsw i64 %w.scaled, -1
  %w0.low = call i64 @llvm.smax.i64(i64 %w0.free, i64 0)
  %w0 = call i64 @llvm.smin.i64(i64 %w0.low, i64 4)
  %w1.free = add nsw i64 %w.scaled, 0
  %w1.low = call i64 @llvm.smax.i64(i64 %w1.free, i64 0)
  %w1 = call i64 @llvm.smin.i64(i64 %w1.low, i64 4)
  %w2.free = add nsw i64 %w.scaled, 1
  %w2.low = call i64 @llvm.smax.i64(i64 %w2.free, i64 0)
  %w2 = call i64 @llvm.smin.i64(i64 %w2.low, i64 4)
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ 0, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, 4
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %c.v.x0.at.step0 = mul nsw i64 %n, 120
  %c.v.x0.at.step1 = mul nsw i64 %h0, 5
  %c.v.x0.at.sum1 = add nsw i64 %c.v.x0.at.step0, %c.v.x0.at.step1
  %c.v.x0.at.sum2 = add nsw i64 %c.v.x0.at.sum1, %w0
  %c.v.x0.at.step3 = mul nsw i64 %c, 30
  %c.v.x0.at.sum3 = add nsw i64 %c.v.x0.at.sum2, %c.v.x0.at.step3
  %c.v.x0.at = getelementptr float, ptr %a0, i64 %c.v.x0.at.sum3
  %c.v.x0.lanes = getelementptr float, ptr %c.v.x0.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x0 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x0.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  %c.v.x1.at.step0 = mul nsw i64 %n, 120
  %c.v.x1.at.step1 = mul nsw i64 %h0, 5
  %c.v.x1.at.sum1 = add nsw i64 %c.v.x1.at.step0, %c.v.x1.at.step1
  %c.v.x1.at.sum2 = add nsw i64 %c.v.x1.at.sum1, %w1
  %c.v.x1.at.step3 = mul nsw i64 %c, 30
  %c.v.x1.at.sum3 = add nsw i64 %c.v.x1.at.sum2, %c.v.x1.at.step3
  %c.v.x1.at = getelementptr float, ptr %a0, i64 %c.v.x1.at.sum3
  %c.v.x1.lanes = getelementptr float, ptr %c.v.x1.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x1 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x1.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins1.greater = fcmp ugt <4 x float> %c.v.x1, %c.v.x0
  %c.v.wins1.open = fcmp ord <4 x float> %c.v.x0, zeroinitializer
  %c.v.wins1 = and <4 x i1> %c.v.wins1.greater, %c.v.wins1.open
  %c.v.best1 = select <4 x i1> %c.v.wins1, <4 x float> %c.v.x1, <4 x float> %c.v.x0
  %c.v.x2.at.step0 = mul nsw i64 %n, 120
  %c.v.x2.at.step1 = mul nsw i64 %h0, 5
  %c.v.x2.at.sum1 = add nsw i64 %c.v.x2.at.step0, %c.v.x2.at.step1
  %c.v.x2.at.sum2 = add nsw i64 %c.v.x2.at.sum1, %w2
  %c.v.x2.at.step3 = mul nsw i64 %c, 30
  %c.v.x2.at.sum3 = add nsw i64 %c.v.x2.at.sum2, %c.v.x2.at.step3
  %c.v.x2.at = getelementptr float, ptr %a0, i64 %c.v.x2.at.sum3
  %c.v.x2.lanes = getelementptr float, ptr %c.v.x2.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x2 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x2.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins2.greater = fcmp ugt <4 x float> %c.v.x2, %c.v.best1
  %c.v.wins2.open = fcmp ord <4 x float> %c.v.best1, zeroinitializer
  %c.v.wins2 = and <4 x i1> %c.v.wins2.greater, %c.v.wins2.open
  %c.v.best2 = select <4 x i1> %c.v.wins2, <4 x float> %c.v.x2, <4 x float> %c.v.best1
  %c.v.x3.at.step0 = mul nsw i64 %n, 120
  %c.v.x3.at.step1 = mul nsw i64 %h1, 5
  %c.v.x3.at.sum1 = add nsw i64 %c.v.x3.at.step0, %c.v.x3.at.step1
  %c.v.x3.at.sum2 = add nsw i64 %c.v.x3.at.sum1, %w0
  %c.v.x3.at.step3 = mul nsw i64 %c, 30
  %c.v.x3.at.sum3 = add nsw i64 %c.v.x3.at.sum2, %c.v.x3.at.step3
  %c.v.x3.at = getelementptr float, ptr %a0, i64 %c.v.x3.at.sum3
  %c.v.x3.lanes = getelementptr float, ptr %c.v.x3.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x3 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x3.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins3.greater = fcmp ugt <4 x float> %c.v.x3, %c.v.best2
  %c.v.wins3.open = fcmp ord <4 x float> %c.v.best2, zeroinitializer
  %c.v.wins3 = and <4 x i1> %c.v.wins3.greater, %c.v.wins3.open
  %c.v.best3 = select <4 x i1> %c.v.wins3, <4 x float> %c.v.x3, <4 x float> %c.v.best2
  %c.v.x4.at.step0 = mul nsw i64 %n, 120
  %c.v.x4.at.step1 = mul nsw i64 %h1, 5
  %c.v.x4.at.sum1 = add nsw i64 %c.v.x4.at.step0, %c.v.x4.at.step1
  %c.v.x4.at.sum2 = add nsw i64 %c.v.x4.at.sum1, %w1
  %c.v.x4.at.step3 = mul nsw i64 %c, 30
  %c.v.x4.at.sum3 = add nsw i64 %c.v.x4.at.sum2, %c.v.x4.at.step3
  %c.v.x4.at = getelementptr float, ptr %a0, i64 %c.v.x4.at.sum3
  %c.v.x4.lanes = getelementptr float, ptr %c.v.x4.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x4 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x4.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins4.greater = fcmp ugt <4 x float> %c.v.x4, %c.v.best3
  %c.v.wins4.open = fcmp ord <4 x float> %c.v.best3, zeroinitializer
  %c.v.wins4 = and <4 x i1> %c.v.wins4.greater, %c.v.wins4.open
  %c.v.best4 = select <4 x i1> %c.v.wins4, <4 x float> %c.v.x4, <4 x float> %c.v.best3
  %c.v.x5.at.step0 = mul nsw i64 %n, 120
  %c.v.x5.at.step1 = mul nsw i64 %h1, 5
  %c.v.x5.at.sum1 = add nsw i64 %c.v.x5.at.step0, %c.v.x5.at.step1
  %c.v.x5.at.sum2 = add nsw i64 %c.v.x5.at.sum1, %w2
  %c.v.x5.at.step3 = mul nsw i64 %c, 30
  %c.v.x5.at.sum3 = add nsw i64 %c.v.x5.at.sum2, %c.v.x5.at.step3
  %c.v.x5.at = getelementptr float, ptr %a0, i64 %c.v.x5.at.sum3
  %c.v.x5.lanes = getelementptr float, ptr %c.v.x5.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x5 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x5.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins5.greater = fcmp ugt <4 x float> %c.v.x5, %c.v.best4
  %c.v.wins5.open = fcmp ord <4 x float> %c.v.best4, zeroinitializer
  %c.v.wins5 = and <4 x i1> %c.v.wins5.greater, %c.v.wins5.open
  %c.v.best5 = select <4 x i1> %c.v.wins5, <4 x float> %c.v.x5, <4 x float> %c.v.best4
  %c.v.x6.at.step0 = mul nsw i64 %n, 120
  %c.v.x6.at.step1 = mul nsw i64 %h2, 5
  %c.v.x6.at.sum1 = add nsw i64 %c.v.x6.at.step0, %c.v.x6.at.step1
  %c.v.x6.at.sum2 = add nsw i64 %c.v.x6.at.sum1, %w0
  %c.v.x6.at.step3 = mul nsw i64 %c, 30
  %c.v.x6.at.sum3 = add nsw i64 %c.v.x6.at.sum2, %c.v.x6.at.step3
  %c.v.x6.at = getelementptr float, ptr %a0, i64 %c.v.x6.at.sum3
  %c.v.x6.lanes = getelementptr float, ptr %c.v.x6.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x6 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x6.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins6.greater = fcmp ugt <4 x float> %c.v.x6, %c.v.best5
  %c.v.wins6.open = fcmp ord <4 x float> %c.v.best5, zeroinitializer
  %c.v.wins6 = and <4 x i1> %c.v.wins6.greater, %c.v.wins6.open
  %c.v.best6 = select <4 x i1> %c.v.wins6, <4 x float> %c.v.x6, <4 x float> %c.v.best5
  %c.v.x7.at.step0 = mul nsw i64 %n, 120
  %c.v.x7.at.step1 = mul nsw i64 %h2, 5
  %c.v.x7.at.sum1 = add nsw i64 %c.v.x7.at.step0, %c.v.x7.at.step1
  %c.v.x7.at.sum2 = add nsw i64 %c.v.x7.at.sum1, %w1
  %c.v.x7.at.step3 = mul nsw i64 %c, 30
  %c.v.x7.at.sum3 = add nsw i64 %c.v.x7.at.sum2, %c.v.x7.at.step3
  %c.v.x7.at = getelementptr float, ptr %a0, i64 %c.v.x7.at.sum3
  %c.v.x7.lanes = getelementptr float, ptr %c.v.x7.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x7 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x7.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins7.greater = fcmp ugt <4 x float> %c.v.x7, %c.v.best6
  %c.v.wins7.open = fcmp ord <4 x float> %c.v.best6, zeroinitializer
  %c.v.wins7 = and <4 x i1> %c.v.wins7.greater, %c.v.wins7.open
  %c.v.best7 = select <4 x i1> %c.v.wins7, <4 x float> %c.v.x7, <4 x float> %c.v.best6
  %c.v.x8.at.step0 = mul nsw i64 %n, 120
  %c.v.x8.at.step1 = mul nsw i64 %h2, 5
  %c.v.x8.at.sum1 = add nsw i64 %c.v.x8.at.step0, %c.v.x8.at.step1
  %c.v.x8.at.sum2 = add nsw i64 %c.v.x8.at.sum1, %w2
  %c.v.x8.at.step3 = mul nsw i64 %c, 30
  %c.v.x8.at.sum3 = add nsw i64 %c.v.x8.at.sum2, %c.v.x8.at.step3
  %c.v.x8.at = getelementptr float, ptr %a0, i64 %c.v.x8.at.sum3
  %c.v.x8.lanes = getelementptr float, ptr %c.v.x8.at, <4 x i64> <i64 0, i64 30, i64 60, i64 90>
  %c.v.x8 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x8.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins8.greater = fcmp ugt <4 x float> %c.v.x8, %c.v.best7
  %c.v.wins8.open = fcmp ord <4 x float> %c.v.best7, zeroinitializer
  %c.v.wins8 = and <4 x i1> %c.v.wins8.greater, %c.v.wins8.open
  %c.v.best8 = select <4 x i1> %c.v.wins8, <4 x float> %c.v.x8, <4 x float> %c.v.best7
  %c.v.y.out0.step0 = mul nsw i64 %n, 36
  %c.v.y.out0.step1 = mul nsw i64 %i, 3
  %c.v.y.out0.sum1 = add nsw i64 %c.v.y.out0.step0, %c.v.y.out0.step1
  %c.v.y.out0.sum2 = add nsw i64 %c.v.y.out0.sum1, %j
  %c.v.y.out0.step3 = mul nsw i64 %c, 9
  %c.v.y.out0.sum3 = add nsw i64 %c.v.y.out0.sum2, %c.v.y.out0.step3
  %c.v.y.out0 = getelementptr float, ptr %a1, i64 %c.v.y.out0.sum3
  %c.v.y.out0.lanes = getelementptr float, ptr %c.v.y.out0, <4 x i64> <i64 0, i64 9, i64 18, i64 27>
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %c.v.best8, <4 x ptr> align 4 %c.v.y.out0.lanes, <4 x i1> splat (i1 true))
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
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
