; Last writer:  out[i, h, k] = the last j with index[i, j, k] = h; -1 where there is none
;
; out is 1 x 6 x 8; there are 3 j. An index is in the range -6 .. 5; negative ones count from the end. The first that is found
; outside, by any worker, is recorded in the status (code, index, 0, 0), if that is still empty, and writes nothing.
; Each worker owns a range of places h, and looks at all indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; int64[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[48], written
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; int64[4], written
  %a2 = load ptr, ptr %a2.at
  %share.before = mul i64 %worker, 6
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 6
  %share.last = udiv i64 %share.after, %workers
  %low = mul i64 %share.first, 1
  %high.whole = mul i64 %share.last, 1
  %high = call i64 @llvm.smin.i64(i64 %high.whole, i64 6)
  %owned = sub i64 %high, %low
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, 1
  br i1 %i.more, label %i.body, label %i.end
i.body:
  br label %h.enter
h.enter:
  br label %h.head
h.head:
  %h = phi i64 [ %low, %h.enter ], [ %h.next, %h.latch ]
  %h.more = icmp slt i64 %h, %high
  br i1 %h.more, label %h.body, label %h.end
h.body:
  br label %k.enter
k.enter:
  br label %k.head
k.head:
  %k = phi i64 [ 0, %k.enter ], [ %k.next, %k.latch ]
  %k.more = icmp slt i64 %k, 8
  br i1 %k.more, label %k.body, label %k.end
k.body:
  %k.v.out.step0 = mul nsw i64 %h, 8
  %k.v.out.sum1 = add nsw i64 %k.v.out.step0, %k
  %k.v.out = getelementptr i64, ptr %a1, i64 %k.v.out.sum1
  store <4 x i64> splat (i64 -1), ptr %k.v.out, align 8
  br label %k.latch
k.latch:
  %k.next = add nsw i64 %k, 4
  br label %k.head
k.end:
  br label %h.latch
h.latch:
  %h.next = add nsw i64 %h, 1
  br label %h.head
h.end:
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.more = icmp slt i64 %j, 3
  br i1 %j.more, label %j.body, label %j.end
j.body:
  br label %n.enter
n.enter:
  br label %n.head
n.head:
  %n = phi i64 [ 0, %n.enter ], [ %n.next, %n.latch ]
  %n.more = icmp slt i64 %n, 8
  br i1 %n.more, label %n.body, label %n.end
n.body:
  %n.v.index.at.step0 = mul nsw i64 %j, 8
  %n.v.index.at.sum1 = add nsw i64 %n.v.index.at.step0, %n
  %n.v.index.at = getelementptr i64, ptr %a0, i64 %n.v.index.at.sum1
  %n.v.index = load i64, ptr %n.v.index.at, align 8
  %n.v.h.negative = icmp slt i64 %n.v.index, 0
  %n.v.h.from.end = add i64 %n.v.index, 6
  %n.v.h = select i1 %n.v.h.negative, i64 %n.v.h.from.end, i64 %n.v.index
  %n.v.h.inside = icmp ult i64 %n.v.h, 6
  br i1 %n.v.h.inside, label %n.v.inside, label %n.v.outside
n.v.outside:
  ; whoever writes the code first also writes the index
  %n.v.outside.claim = cmpxchg ptr %a2, i64 0, i64 1 monotonic monotonic, align 8
  %n.v.outside.claimed = extractvalue { i64, i1 } %n.v.outside.claim, 1
  br i1 %n.v.outside.claimed, label %n.v.outside.first, label %n.v.outside.noted
n.v.outside.first:
  %n.v.outside.offender = getelementptr i64, ptr %a2, i64 1
  store i64 %n.v.index, ptr %n.v.outside.offender, align 8
  br label %n.v.outside.noted
n.v.outside.noted:
  br label %n.v.next
n.v.inside:
  %n.v.row = sub i64 %n.v.h, %low
  %n.v.mine = icmp ult i64 %n.v.row, %owned
  br i1 %n.v.mine, label %n.v.write, label %n.v.next
n.v.write:
  %n.v.out.step0 = mul nsw i64 %n.v.h, 8
  %n.v.out.sum1 = add nsw i64 %n.v.out.step0, %n
  %n.v.out = getelementptr i64, ptr %a1, i64 %n.v.out.sum1
  store i64 %j, ptr %n.v.out, align 8
  br label %n.v.next
n.v.next:
  br label %n.latch
n.latch:
  %n.next = add nsw i64 %n, 1
  br label %n.head
n.end:
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
declare i64 @llvm.smin.i64(i64, i64)
