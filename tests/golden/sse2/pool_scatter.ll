; The gradient of max-pooling:
;   out[n, h, w, c] = epilogue(sum of g[n, i, j, c] over the windows (i, j) whose first maximum of x is pixel (h, w))
;
; Image 1 x 1 x 5 x 4 (n, h, w, c), 1 x 2 windows of 1 x 3 pixels, stride 1 x 2, padding 0 x 0, clipped to the image.
; A band of 4 rows of pixels takes all windows that reach into it, in order, and adds g to the sum of the first maximum; what falls into other rows is
; dropped: the bands there do it too. So each pixel is written once, and the order of its additions does not depend on the number of workers.
; 4 consecutive channels make one vector. Workers share the bands (n, band).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[1]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[20]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[20], written
  %a2 = load ptr, ptr %a2.at
  ; of one vector of channels: the sums of the band's rows, and of 0 more above and below that its windows reach into
  %sums = alloca <4 x float>, i64 20, align 64
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
  %band = urem i64 %item, 1
  %n = udiv i64 %item, 1
  ; its rows of pixels, %low .. %high
  %low = mul nsw i64 %band, 4
  %low.next = add nsw i64 %low, 4
  %high = call i64 @llvm.smin.i64(i64 %low.next, i64 1)
  %top = sub nsw i64 %low, 0
  ; and the rows of windows that reach into them, %first .. %end
  %first.ahead = add nsw i64 %low, 0
  %first.seen = call i64 @llvm.smax.i64(i64 %first.ahead, i64 0)
  %first = udiv i64 %first.seen, 1
  %last.ahead = add nsw i64 %high, -1
  %last = udiv i64 %last.ahead, 1
  %last.next = add nsw i64 %last, 1
  %end = call i64 @llvm.smin.i64(i64 %last.next, i64 1)
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ 0, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, 4
  br i1 %c.more, label %c.body, label %c.end
c.body:
  br label %c.v.clear.enter
c.v.clear.enter:
  br label %c.v.clear.head
c.v.clear.head:
  %c.v.clear = phi i64 [ 0, %c.v.clear.enter ], [ %c.v.clear.next, %c.v.clear.latch ]
  %c.v.clear.more = icmp slt i64 %c.v.clear, 20
  br i1 %c.v.clear.more, label %c.v.clear.body, label %c.v.clear.end
c.v.clear.body:
  %c.v.clear.at = getelementptr <4 x float>, ptr %sums, i64 %c.v.clear
  store <4 x float> zeroinitializer, ptr %c.v.clear.at
  br label %c.v.clear.latch
c.v.clear.latch:
  %c.v.clear.next = add nsw i64 %c.v.clear, 1
  br label %c.v.clear.head
c.v.clear.end:
  br label %c.v.i.enter
c.v.i.enter:
  br label %c.v.i.head
c.v.i.head:
  %c.v.i = phi i64 [ %first, %c.v.i.enter ], [ %c.v.i.next, %c.v.i.latch ]
  %c.v.i.more = icmp slt i64 %c.v.i, %end
  br i1 %c.v.i.more, label %c.v.i.body, label %c.v.i.end
c.v.i.body:
  %c.v.h.scaled = mul nsw i64 %c.v.i, 1
  %c.v.h0 = add nsw i64 %c.v.h.scaled, 0
  %c.v.sums0.row = sub nsw i64 %c.v.h0, %top
  %c.v.sums0.number = mul nsw i64 %c.v.sums0.row, 5
  %c.v.sums0 = getelementptr <4 x float>, ptr %sums, i64 %c.v.sums0.number
  br label %c.v.j.enter
c.v.j.enter:
  br label %c.v.j.head
c.v.j.head:
  %c.v.j = phi i64 [ 0, %c.v.j.enter ], [ %c.v.j.next, %c.v.j.latch ]
  %c.v.j.more = icmp slt i64 %c.v.j, 2
  br i1 %c.v.j.more, label %c.v.j.body, label %c.v.j.end
c.v.j.body:
  %c.v.w.scaled = mul nsw i64 %c.v.j, 2
  %c.v.w0 = add nsw i64 %c.v.w.scaled, 0
  %c.v.w1 = add nsw i64 %c.v.w.scaled, 1
  %c.v.w2 = add nsw i64 %c.v.w.scaled, 2
  %c.v.x0.at.step0 = mul nsw i64 %n, 20
  %c.v.x0.at.step1 = mul nsw i64 %c.v.h0, 5
  %c.v.x0.at.sum1 = add nsw i64 %c.v.x0.at.step0, %c.v.x0.at.step1
  %c.v.x0.at.sum2 = add nsw i64 %c.v.x0.at.sum1, %c.v.w0
  %c.v.x0.at.step3 = mul nsw i64 %c, 5
  %c.v.x0.at.sum3 = add nsw i64 %c.v.x0.at.sum2, %c.v.x0.at.step3
  %c.v.x0.at = getelementptr float, ptr %a1, i64 %c.v.x0.at.sum3
  %c.v.x0.lanes = getelementptr float, ptr %c.v.x0.at, <4 x i64> <i64 0, i64 5, i64 10, i64 15>
  %c.v.x0 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x0.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  %c.v.x1.at.step0 = mul nsw i64 %n, 20
  %c.v.x1.at.step1 = mul nsw i64 %c.v.h0, 5
  %c.v.x1.at.sum1 = add nsw i64 %c.v.x1.at.step0, %c.v.x1.at.step1
  %c.v.x1.at.sum2 = add nsw i64 %c.v.x1.at.sum1, %c.v.w1
  %c.v.x1.at.step3 = mul nsw i64 %c, 5
  %c.v.x1.at.sum3 = add nsw i64 %c.v.x1.at.sum2, %c.v.x1.at.step3
  %c.v.x1.at = getelementptr float, ptr %a1, i64 %c.v.x1.at.sum3
  %c.v.x1.lanes = getelementptr float, ptr %c.v.x1.at, <4 x i64> <i64 0, i64 5, i64 10, i64 15>
  %c.v.x1 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x1.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins1.greater = fcmp ugt <4 x float> %c.v.x1, %c.v.x0
  %c.v.wins1.open = fcmp ord <4 x float> %c.v.x0, zeroinitializer
  %c.v.wins1 = and <4 x i1> %c.v.wins1.greater, %c.v.wins1.open
  %c.v.best1 = select <4 x i1> %c.v.wins1, <4 x float> %c.v.x1, <4 x float> %c.v.x0
  %c.v.x2.at.step0 = mul nsw i64 %n, 20
  %c.v.x2.at.step1 = mul nsw i64 %c.v.h0, 5
  %c.v.x2.at.sum1 = add nsw i64 %c.v.x2.at.step0, %c.v.x2.at.step1
  %c.v.x2.at.sum2 = add nsw i64 %c.v.x2.at.sum1, %c.v.w2
  %c.v.x2.at.step3 = mul nsw i64 %c, 5
  %c.v.x2.at.sum3 = add nsw i64 %c.v.x2.at.sum2, %c.v.x2.at.step3
  %c.v.x2.at = getelementptr float, ptr %a1, i64 %c.v.x2.at.sum3
  %c.v.x2.lanes = getelementptr float, ptr %c.v.x2.at, <4 x i64> <i64 0, i64 5, i64 10, i64 15>
  %c.v.x2 = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %c.v.x2.lanes, <4 x i1> splat (i1 true), <4 x float> zeroinitializer)
  ; greater, or NaN, unless NaN has won already
  %c.v.wins2.greater = fcmp ugt <4 x float> %c.v.x2, %c.v.best1
  %c.v.wins2.open = fcmp ord <4 x float> %c.v.best1, zeroinitializer
  %c.v.wins2 = and <4 x i1> %c.v.wins2.greater, %c.v.wins2.open
  %c.v.first1 = select <4 x i1> %c.v.wins1, <4 x i32> splat (i32 1), <4 x i32> splat (i32 0)
  %c.v.first2 = select <4 x i1> %c.v.wins2, <4 x i32> splat (i32 2), <4 x i32> %c.v.first1
  %c.v.g.at = getelementptr float, ptr %a0, i64 0
  %c.v.g.scalar = load float, ptr %c.v.g.at, align 4
  %c.v.g.first = insertelement <4 x float> poison, float %c.v.g.scalar, i64 0
  %c.v.g = shufflevector <4 x float> %c.v.g.first, <4 x float> poison, <4 x i32> zeroinitializer
  %c.v.sum0.is = icmp eq <4 x i32> %c.v.first2, splat (i32 0)
  %c.v.sum0.g = select <4 x i1> %c.v.sum0.is, <4 x float> %c.v.g, <4 x float> zeroinitializer
  %c.v.sum0.at = getelementptr <4 x float>, ptr %c.v.sums0, i64 %c.v.w0
  %c.v.sum0.old = load <4 x float>, ptr %c.v.sum0.at
  %c.v.sum0 = fadd <4 x float> %c.v.sum0.old, %c.v.sum0.g
  store <4 x float> %c.v.sum0, ptr %c.v.sum0.at
  %c.v.sum1.is = icmp eq <4 x i32> %c.v.first2, splat (i32 1)
  %c.v.sum1.g = select <4 x i1> %c.v.sum1.is, <4 x float> %c.v.g, <4 x float> zeroinitializer
  %c.v.sum1.at = getelementptr <4 x float>, ptr %c.v.sums0, i64 %c.v.w1
  %c.v.sum1.old = load <4 x float>, ptr %c.v.sum1.at
  %c.v.sum1 = fadd <4 x float> %c.v.sum1.old, %c.v.sum1.g
  store <4 x float> %c.v.sum1, ptr %c.v.sum1.at
  %c.v.sum2.is = icmp eq <4 x i32> %c.v.first2, splat (i32 2)
  %c.v.sum2.g = select <4 x i1> %c.v.sum2.is, <4 x float> %c.v.g, <4 x float> zeroinitializer
  %c.v.sum2.at = getelementptr <4 x float>, ptr %c.v.sums0, i64 %c.v.w2
  %c.v.sum2.old = load <4 x float>, ptr %c.v.sum2.at
  %c.v.sum2 = fadd <4 x float> %c.v.sum2.old, %c.v.sum2.g
  store <4 x float> %c.v.sum2, ptr %c.v.sum2.at
  br label %c.v.j.latch
c.v.j.latch:
  %c.v.j.next = add nsw i64 %c.v.j, 1
  br label %c.v.j.head
c.v.j.end:
  br label %c.v.i.latch
c.v.i.latch:
  %c.v.i.next = add nsw i64 %c.v.i, 1
  br label %c.v.i.head
c.v.i.end:
  br label %c.v.h.enter
c.v.h.enter:
  br label %c.v.h.head
c.v.h.head:
  %c.v.h = phi i64 [ %low, %c.v.h.enter ], [ %c.v.h.next, %c.v.h.latch ]
  %c.v.h.more = icmp slt i64 %c.v.h, %high
  br i1 %c.v.h.more, label %c.v.h.body, label %c.v.h.end
c.v.h.body:
  %c.v.sums.row = sub nsw i64 %c.v.h, %top
  %c.v.sums.number = mul nsw i64 %c.v.sums.row, 5
  %c.v.sums = getelementptr <4 x float>, ptr %sums, i64 %c.v.sums.number
  br label %c.v.w.enter
c.v.w.enter:
  br label %c.v.w.head
c.v.w.head:
  %c.v.w = phi i64 [ 0, %c.v.w.enter ], [ %c.v.w.next, %c.v.w.latch ]
  %c.v.w.more = icmp slt i64 %c.v.w, 5
  br i1 %c.v.w.more, label %c.v.w.body, label %c.v.w.end
c.v.w.body:
  %c.v.sum.at = getelementptr <4 x float>, ptr %c.v.sums, i64 %c.v.w
  %c.v.sum = load <4 x float>, ptr %c.v.sum.at
  %c.v.y.out0.step0 = mul nsw i64 %n, 20
  %c.v.y.out0.step1 = mul nsw i64 %c.v.h, 5
  %c.v.y.out0.sum1 = add nsw i64 %c.v.y.out0.step0, %c.v.y.out0.step1
  %c.v.y.out0.sum2 = add nsw i64 %c.v.y.out0.sum1, %c.v.w
  %c.v.y.out0.step3 = mul nsw i64 %c, 5
  %c.v.y.out0.sum3 = add nsw i64 %c.v.y.out0.sum2, %c.v.y.out0.step3
  %c.v.y.out0 = getelementptr float, ptr %a2, i64 %c.v.y.out0.sum3
  %c.v.y.out0.lanes = getelementptr float, ptr %c.v.y.out0, <4 x i64> <i64 0, i64 5, i64 10, i64 15>
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %c.v.sum, <4 x ptr> align 4 %c.v.y.out0.lanes, <4 x i1> splat (i1 true))
  br label %c.v.w.latch
c.v.w.latch:
  %c.v.w.next = add nsw i64 %c.v.w, 1
  br label %c.v.w.head
c.v.w.end:
  br label %c.v.h.latch
c.v.h.latch:
  %c.v.h.next = add nsw i64 %c.v.h, 1
  br label %c.v.h.head
c.v.h.end:
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 4
  br label %c.head
c.end:
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
