; Reduce, with vectors along the last parallel axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 5; 8 consecutive indices of the last make one vector, 1 vector(s) side by side one strip; workers share the
; strips. Reduced axes r: 3; 1 index(es) of the last are folded at a time, each into a part of its own.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[5], written
  %a1 = load ptr, ptr %a1.at
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
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.part0 = phi <8 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0.0, %j.latch ]
  %j.more = icmp slt i64 %j, 3
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x0.0.0.at.step0 = mul nsw i64 %j, 5
  %x0.0.0.at = getelementptr float, ptr %a0, i64 %x0.0.0.at.step0
  %x0.0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x0.0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x0.0 = fadd <8 x float> %j.part0, %x0.0.0
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 1
  br label %j.head
j.end:
  %y0.out0 = getelementptr float, ptr %a1, i64 0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %j.part0, ptr align 4 %y0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 3; workers share them. Reduced axes r: 5; 8 consecutive indices of the last make one vector, and
; 1 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[3], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 3
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 3
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

; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 1; workers share them. Reduced axes r: 15; 8 consecutive indices of the last make one vector, and
; 1 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[1], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 1
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 1
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.part0 = phi <8 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0, %j.latch ]
  %j.more = icmp slt i64 %j, 8
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x0.0.at = getelementptr float, ptr %a0, i64 %j
  %x0.0 = load <8 x float>, ptr %x0.0.at, align 4
  %x0 = fadd <8 x float> %j.part0, %x0.0
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 8
  br label %j.head
j.end:
  ; the last 7 indices
  %rest0.0.at = getelementptr float, ptr %a0, i64 8
  %rest0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> zeroinitializer)
  %rest0.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> %rest0.0, <8 x float> splat (float 0x0000000000000000)
  %rest0.sum = fadd <8 x float> %j.part0, %rest0.kept
  %result.low4 = shufflevector <8 x float> %rest0.sum, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %result.high4 = shufflevector <8 x float> %rest0.sum, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %result.of4 = fadd <4 x float> %result.low4, %result.high4
  %result.low2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %result.high2 = shufflevector <4 x float> %result.of4, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %result.of2 = fadd <2 x float> %result.low2, %result.high2
  %result.low1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 0>
  %result.high1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 1>
  %result.of1 = fadd <1 x float> %result.low1, %result.high1
  %result = extractelement <1 x float> %result.of1, i64 0
  %result.vector = insertelement <8 x float> zeroinitializer, float %result, i64 0
  %y.out0 = getelementptr float, ptr %a1, i64 0
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
