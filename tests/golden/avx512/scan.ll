; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j],  one after another
;
; The space (i, j) has the extents 6 x 16; the scanned index j of the formula is i. 16 consecutive j make one vector, 1 vector(s)
; side by side one strip; workers share the strips.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[96]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[96], written
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
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.state0 = phi <16 x float> [ splat (float 0x0000000000000000), %i.enter ], [ %x0, %i.latch ]
  %i.more = icmp slt i64 %i, 6
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %x0.0.at.step0 = mul nsw i64 %i, 16
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.step0
  %x0.0 = load <16 x float>, ptr %x0.0.at, align 4
  %x0 = fadd <16 x float> %i.state0, %x0.0
  %x0.y.out0.step0 = mul nsw i64 %i, 16
  %x0.y.out0 = getelementptr float, ptr %a1, i64 %x0.y.out0.step0
  store <16 x float> %x0, ptr %x0.y.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
