; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 16; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[16]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; bool[16], written
  %a2 = load ptr, ptr %a2.at
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
  %i.more = icmp slt i64 %i, 16
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %i.v0.at = getelementptr float, ptr %a0, i64 %i
  %i.v0 = load <8 x float>, ptr %i.v0.at, align 4
  %i.v1.at = getelementptr float, ptr %a1, i64 %i
  %i.v1 = load <8 x float>, ptr %i.v1.at, align 4
  %i.v2 = fcmp ole <8 x float> %i.v0, %i.v1
  %i.v.out0 = getelementptr i8, ptr %a2, i64 %i
  %i.v.out0.bytes = zext <8 x i1> %i.v2 to <8 x i8>
  store <8 x i8> %i.v.out0.bytes, ptr %i.v.out0, align 1
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 8
  br label %i.head
i.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
