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
  %y2.numerator = call <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float> %result.vector)
  %y2 = fdiv <8 x float> %y2.numerator, splat (float 0x4014000000000000)
  %y.out0 = getelementptr float, ptr %a1, i64 %i
  %y.out0.first = extractelement <8 x float> %y2, i64 0
  store float %y.out0.first, ptr %y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)

; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 4; workers share them. Reduced axes r: 5; 8 consecutive indices of the last make one vector, and
; 1 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[20]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[4], written
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
  ; the last 5 indices
  %rest0.0.at.step0 = mul nsw i64 %i, 5
  %rest0.0.at = getelementptr float, ptr %a0, i64 %rest0.0.at.step0
  %rest0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %rest0.1.at = getelementptr float, ptr %a1, i64 %i
  %rest0.1.scalar = load float, ptr %rest0.1.at, align 4
  %rest0.1.first = insertelement <8 x float> poison, float %rest0.1.scalar, i64 0
  %rest0.1 = shufflevector <8 x float> %rest0.1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %rest0.2 = fsub <8 x float> %rest0.0, %rest0.1
  %rest0.3 = fmul <8 x float> %rest0.2, %rest0.2
  %rest0.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> %rest0.3, <8 x float> splat (float 0x0000000000000000)
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
  %y3.numerator = call <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float> %result.vector)
  %y3 = fdiv <8 x float> %y3.numerator, splat (float 0x4014000000000000)
  %y5 = fadd <8 x float> %y3, splat (float 0x3EE4F8B580000000)
  %y6 = call <8 x float> @llvm.sqrt.v8f32(<8 x float> %y5)
  %y7.numerator = call <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float> splat (float 0x3FF0000000000000))
  %y7 = fdiv <8 x float> %y7.numerator, %y6
  %y.out0 = getelementptr float, ptr %a2, i64 %i
  %y.out0.first = extractelement <8 x float> %y7, i64 0
  store float %y.out0.first, ptr %y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare <8 x float> @llvm.sqrt.v8f32(<8 x float>)

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
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[4]
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[5]
  %a3 = load ptr, ptr %a3.at
  %a4.at = getelementptr ptr, ptr %args, i64 4    ; float32[5]
  %a4 = load ptr, ptr %a4.at
  %a5.at = getelementptr ptr, ptr %args, i64 5    ; float32[20], written
  %a5 = load ptr, ptr %a5.at
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
  %j.t3.at = getelementptr float, ptr %a2, i64 %i
  %j.t3.scalar = load float, ptr %j.t3.at, align 4
  %j.t3.first = insertelement <8 x float> poison, float %j.t3.scalar, i64 0
  %j.t3 = shufflevector <8 x float> %j.t3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %j.t4 = fmul <8 x float> %j.t2, %j.t3
  %j.t5.at = getelementptr float, ptr %a3, i64 0
  %j.t5 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %j.t5.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %j.t6 = fmul <8 x float> %j.t4, %j.t5
  %j.t7.at = getelementptr float, ptr %a4, i64 0
  %j.t7 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %j.t7.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %j.t8 = fadd <8 x float> %j.t6, %j.t7
  %j.t.out0.step0 = mul nsw i64 %i, 5
  %j.t.out0 = getelementptr float, ptr %a5, i64 %j.t.out0.step0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %j.t8, ptr align 4 %j.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)
