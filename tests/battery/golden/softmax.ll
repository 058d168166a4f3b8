; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(max over r of prologue(p, r))
;
; Parallel axes p: 4; workers share them. Reduced axes r: 5; 8 consecutive indices of the last make one vector, and
; 1 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[20]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  ; the last 5 indices
  %rest0.0.at.step0 = mul nsw i64 %i, 5
  %rest0.0.at = getelementptr float, ptr %a0, i64 %rest0.0.at.step0
  %rest0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %rest0.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> %rest0.0, <8 x float> splat (float 0xFFF0000000000000)
  %result.low4 = shufflevector <8 x float> %rest0.kept, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %result.high4 = shufflevector <8 x float> %rest0.kept, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  ; y where either is NaN; then x where x is: cheaper than llvm.maximum, which orders the zeros too
  %result.of4.wins = fcmp ogt <4 x float> %result.low4, %result.high4
  %result.of4.number = select <4 x i1> %result.of4.wins, <4 x float> %result.low4, <4 x float> %result.high4
  %result.of4.nan = fcmp uno <4 x float> %result.low4, zeroinitializer
  %result.of4 = select <4 x i1> %result.of4.nan, <4 x float> %result.low4, <4 x float> %result.of4.number
  %result.low2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %result.high2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  ; y where either is NaN; then x where x is: cheaper than llvm.maximum, which orders the zeros too
  %result.of2.wins = fcmp ogt <2 x float> %result.low2, %result.high2
  %result.of2.number = select <2 x i1> %result.of2.wins, <2 x float> %result.low2, <2 x float> %result.high2
  %result.of2.nan = fcmp uno <2 x float> %result.low2, zeroinitializer
  %result.of2 = select <2 x i1> %result.of2.nan, <2 x float> %result.low2, <2 x float> %result.of2.number
  %result.low1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 0>
  %result.high1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 1>
  ; y where either is NaN; then x where x is: cheaper than llvm.maximum, which orders the zeros too
  %result.of1.wins = fcmp ogt <1 x float> %result.low1, %result.high1
  %result.of1.number = select <1 x i1> %result.of1.wins, <1 x float> %result.low1, <1 x float> %result.high1
  %result.of1.nan = fcmp uno <1 x float> %result.low1, zeroinitializer
  %result.of1 = select <1 x i1> %result.of1.nan, <1 x float> %result.low1, <1 x float> %result.of1.number
  %result = extractelement <1 x float> %result.of1, i64 0
  %result.vector = insertelement <8 x float> zeroinitializer, float %result, i64 0
  %y.out0 = getelementptr float, ptr %a1, i64 %i
  %y.out0.first = extractelement <8 x float> %result.vector, i64 0
  store float %y.out0.first, ptr %y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)

; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 4 x 5; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[20]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[20], written
  %a2 = load ptr, ptr %a2.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  ; the last 5 along this axis
  %j.t0.at.step0 = mul nsw i64 %i, 5
  %j.t0.at = getelementptr float, ptr %a0, i64 %j.t0.at.step0
  %j.t0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %j.t0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %j.t1.at = getelementptr float, ptr %a1, i64 %i
  %j.t1.scalar = load float, ptr %j.t1.at, align 4
  %j.t1.first = insertelement <8 x float> poison, float %j.t1.scalar, i64 0
  %j.t1 = shufflevector <8 x float> %j.t1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %j.t2 = fsub <8 x float> %j.t0, %j.t1
  ; %j.t3 = exp(%j.t2) = 2^n e^r
  %j.t3.capped.above = fcmp ogt <8 x float> %j.t2, splat (float 0x4056400000000000)
  %j.t3.capped = select <8 x i1> %j.t3.capped.above, <8 x float> splat (float 0x4056400000000000), <8 x float> %j.t2
  %j.t3.x.below = fcmp olt <8 x float> %j.t3.capped, splat (float 0xC05A000000000000)
  %j.t3.x = select <8 x i1> %j.t3.x.below, <8 x float> splat (float 0xC05A000000000000), <8 x float> %j.t3.capped
  ; n = round(x / ln 2), r = x - n ln 2 (Cody and Waite: ln 2 in two parts), e^r = 1 + (r + r^2 Q(r))
  %j.t3.p.shifted = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.x, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %j.t3.p.n = fsub <8 x float> %j.t3.p.shifted, splat (float 0x4168000000000000)
  %j.t3.p.high = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.n, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %j.t3.x)
  %j.t3.p.r = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.n, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %j.t3.p.high)
  %j.t3.p.q.3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3F56A24340000000), <8 x float> %j.t3.p.r, <8 x float> splat (float 0x3F81239E20000000))
  %j.t3.p.q.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.q.3, <8 x float> %j.t3.p.r, <8 x float> splat (float 0x3FA5558F20000000))
  %j.t3.p.q.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.q.2, <8 x float> %j.t3.p.r, <8 x float> splat (float 0x3FC5554920000000))
  %j.t3.p.q = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.q.1, <8 x float> %j.t3.p.r, <8 x float> splat (float 0x3FDFFFFFC0000000))
  %j.t3.p.r2 = fmul <8 x float> %j.t3.p.r, %j.t3.p.r
  %j.t3.p.rest = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %j.t3.p.r2, <8 x float> %j.t3.p.q, <8 x float> %j.t3.p.r)
  %j.t3.p = fadd <8 x float> %j.t3.p.rest, splat (float 0x3FF0000000000000)
  %j.t3.bits = bitcast <8 x float> %j.t3.p.shifted to <8 x i32>
  ; 2^n as two factors, for one alone would be no normal number at either end; n + 2 bias is positive
  %j.t3.n = sub <8 x i32> %j.t3.bits, splat (i32 1262485250)
  %j.t3.n1 = lshr <8 x i32> %j.t3.n, splat (i32 1)
  %j.t3.n2 = sub <8 x i32> %j.t3.n, %j.t3.n1
  %j.t3.bits1 = shl <8 x i32> %j.t3.n1, splat (i32 23)
  %j.t3.bits2 = shl <8 x i32> %j.t3.n2, splat (i32 23)
  %j.t3.factor1 = bitcast <8 x i32> %j.t3.bits1 to <8 x float>
  %j.t3.factor2 = bitcast <8 x i32> %j.t3.bits2 to <8 x float>
  %j.t3.part = fmul <8 x float> %j.t3.p, %j.t3.factor1
  %j.t3 = fmul <8 x float> %j.t3.part, %j.t3.factor2
  %j.t.out0.step0 = mul nsw i64 %i, 5
  %j.t.out0 = getelementptr float, ptr %a2, i64 %j.t.out0.step0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %j.t3, ptr align 4 %j.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.fmuladd.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 4; workers share them. Reduced axes r: 5; 8 consecutive indices of the last make one vector, and
; 1 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[20]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  ; the last 5 indices
  %rest0.0.at.step0 = mul nsw i64 %i, 5
  %rest0.0.at = getelementptr float, ptr %a0, i64 %rest0.0.at.step0
  %rest0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %rest0.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> %rest0.0, <8 x float> splat (float 0x0000000000000000)
  %result.low4 = shufflevector <8 x float> %rest0.kept, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %result.high4 = shufflevector <8 x float> %rest0.kept, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %result.of4 = fadd <4 x float> %result.low4, %result.high4
  %result.low2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %result.high2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %result.of2 = fadd <2 x float> %result.low2, %result.high2
  %result.low1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 0>
  %result.high1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 1>
  %result.of1 = fadd <1 x float> %result.low1, %result.high1
  %result = extractelement <1 x float> %result.of1, i64 0
  %result.vector = insertelement <8 x float> zeroinitializer, float %result, i64 0
  %y.out0 = getelementptr float, ptr %a1, i64 %i
  %y.out0.first = extractelement <8 x float> %result.vector, i64 0
  store float %y.out0.first, ptr %y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)

; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 4 x 5; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[20]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[20], written
  %a2 = load ptr, ptr %a2.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  ; the last 5 along this axis
  %j.t0.at.step0 = mul nsw i64 %i, 5
  %j.t0.at = getelementptr float, ptr %a0, i64 %j.t0.at.step0
  %j.t0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %j.t0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %j.t1.at = getelementptr float, ptr %a1, i64 %i
  %j.t1.scalar = load float, ptr %j.t1.at, align 4
  %j.t1.first = insertelement <8 x float> poison, float %j.t1.scalar, i64 0
  %j.t1 = shufflevector <8 x float> %j.t1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %j.t2.numerator = call <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float> %j.t0)
  %j.t2 = fdiv <8 x float> %j.t2.numerator, %j.t1
  %j.t.out0.step0 = mul nsw i64 %i, 5
  %j.t.out0 = getelementptr float, ptr %a2, i64 %j.t.out0.step0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %j.t2, ptr align 4 %j.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)
