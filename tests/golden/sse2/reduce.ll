; Reduce, with vectors along the last parallel axis:  out[p] = epilogue(sum over r of prologue(p, r))
;
; Parallel axes p: 4; 4 consecutive indices of the last make one vector, 1 vector(s) side by side one strip; workers share the
; strips. Reduced axes r: 6; 2 index(es) of the last are folded at a time, each into a part of its own.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4], written
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
  %j.part0 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0.0, %j.latch ]
  %j.part1 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %x0.1, %j.latch ]
  %j.more = icmp slt i64 %j, 6
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %j.1 = add nsw i64 %j, 1
  %x0.0.0.at.step0 = mul nsw i64 %j, 4
  %x0.0.0.at = getelementptr float, ptr %a0, i64 %x0.0.0.at.step0
  %x0.0.0 = load <4 x float>, ptr %x0.0.0.at, align 4
  %x0.0 = fadd <4 x float> %j.part0, %x0.0.0
  %x0.1.0.at = getelementptr float, ptr %x0.0.0.at, i64 4
  %x0.1.0 = load <4 x float>, ptr %x0.1.0.at, align 4
  %x0.1 = fadd <4 x float> %j.part1, %x0.1.0
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 2
  br label %j.head
j.end:
  %part0.to1 = fadd <4 x float> %j.part0, %j.part1
  %y0.out0 = getelementptr float, ptr %a1, i64 0
  store <4 x float> %part0.to1, ptr %y0.out0, align 4
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
