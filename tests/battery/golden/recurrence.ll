; Scan:  out[p, j] = epilogue(s[j]),  s[j] = a[p, j] * s[j - 1] + b[p, j],  one after another
;
; The space (i, j, k) has the extents 3 x 5 x 1; the scanned index j of the formula is j. 1 consecutive k make one vector, 1 vector(s)
; side by side one strip; workers share the strips.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[15]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[15], written
  %a2 = load ptr, ptr %a2.at
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
  %j.state0 = phi <1 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0, %j.latch ]
  %j.more = icmp slt i64 %j, 5
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x0.0.at.step0 = mul nsw i64 %i, 5
  %x0.0.at.sum1 = add nsw i64 %x0.0.at.step0, %j
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.sum1
  %x0.0.scalar = load float, ptr %x0.0.at, align 4
  %x0.0.first = insertelement <1 x float> poison, float %x0.0.scalar, i64 0
  %x0.0 = shufflevector <1 x float> %x0.0.first, <1 x float> poison, <1 x i32> zeroinitializer
  %x0.1.at.step0 = mul nsw i64 %i, 5
  %x0.1.at.sum1 = add nsw i64 %x0.1.at.step0, %j
  %x0.1.at = getelementptr float, ptr %a1, i64 %x0.1.at.sum1
  %x0.1.scalar = load float, ptr %x0.1.at, align 4
  %x0.1.first = insertelement <1 x float> poison, float %x0.1.scalar, i64 0
  %x0.1 = shufflevector <1 x float> %x0.1.first, <1 x float> poison, <1 x i32> zeroinitializer
  %x0.kept = fmul <1 x float> %x0.0, %j.state0
  %x0 = fadd <1 x float> %x0.kept, %x0.1
  %x0.y.out0.step0 = mul nsw i64 %i, 5
  %x0.y.out0.sum1 = add nsw i64 %x0.y.out0.step0, %j
  %x0.y.out0 = getelementptr float, ptr %a2, i64 %x0.y.out0.sum1
  %x0.y.out0.first = extractelement <1 x float> %x0, i64 0
  store float %x0.y.out0.first, ptr %x0.y.out0, align 4
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 1
  br label %j.head
j.end:
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
