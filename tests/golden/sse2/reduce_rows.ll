; Reduce, with vectors along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 3; workers share them. Reduced axes r: 16; 4 consecutive indices of the last make one vector, and
; 4 vector(s) are folded at a time, each into a part of its own. At the end the lanes are folded, as a tree.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[48]
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
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.part0 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0, %j.latch ]
  %j.part1 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x1, %j.latch ]
  %j.part2 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x2, %j.latch ]
  %j.part3 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x3, %j.latch ]
  %j.more = icmp slt i64 %j, 16
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x0.0.at.step0 = mul nsw i64 %i, 16
  %x0.0.at.sum1 = add nsw i64 %x0.0.at.step0, %j
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.sum1
  %x0.0 = load <4 x float>, ptr %x0.0.at, align 4
  %x0 = fadd <4 x float> %j.part0, %x0.0
  %j.1 = add nsw i64 %j, 4
  %x1.0.at.step0 = mul nsw i64 %i, 16
  %x1.0.at.sum1 = add nsw i64 %x1.0.at.step0, %j.1
  %x1.0.at = getelementptr float, ptr %a0, i64 %x1.0.at.sum1
  %x1.0 = load <4 x float>, ptr %x1.0.at, align 4
  %x1 = fadd <4 x float> %j.part1, %x1.0
  %j.2 = add nsw i64 %j, 8
  %x2.0.at.step0 = mul nsw i64 %i, 16
  %x2.0.at.sum1 = add nsw i64 %x2.0.at.step0, %j.2
  %x2.0.at = getelementptr float, ptr %a0, i64 %x2.0.at.sum1
  %x2.0 = load <4 x float>, ptr %x2.0.at, align 4
  %x2 = fadd <4 x float> %j.part2, %x2.0
  %j.3 = add nsw i64 %j, 12
  %x3.0.at.step0 = mul nsw i64 %i, 16
  %x3.0.at.sum1 = add nsw i64 %x3.0.at.step0, %j.3
  %x3.0.at = getelementptr float, ptr %a0, i64 %x3.0.at.sum1
  %x3.0 = load <4 x float>, ptr %x3.0.at, align 4
  %x3 = fadd <4 x float> %j.part3, %x3.0
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 16
  br label %j.head
j.end:
  %part0.to1 = fadd <4 x float> %j.part0, %j.part1
  %part0.to2 = fadd <4 x float> %part0.to1, %j.part2
  %part0.to3 = fadd <4 x float> %part0.to2, %j.part3
  %result.low2 = shufflevector <4 x float> %part0.to3, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %result.high2 = shufflevector <4 x float> %part0.to3, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %result.of2 = fadd <2 x float> %result.low2, %result.high2
  %result.low1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 0>
  %result.high1 = shufflevector <2 x float> %result.of2, <2 x float> poison, <1 x i32> <i32 1>
  %result.of1 = fadd <1 x float> %result.low1, %result.high1
  %result = extractelement <1 x float> %result.of1, i64 0
  %result.vector = insertelement <4 x float> zeroinitializer, float %result, i64 0
  %y.out0 = getelementptr float, ptr %a1, i64 %i
  %y.out0.first = extractelement <4 x float> %result.vector, i64 0
  store float %y.out0.first, ptr %y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
