; Packing: copy the right operand of a contraction into panels, so that it is read in one stream later.
;
;   panels[batch][p][k][lane] = source[batch, n = p * 4 + lane, k]
;
; The space is 2 x 4, k runs over 4. Workers share the runs of the innermost k in each panel.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define internal void @transpose_4x4(ptr %source, ptr %target) noinline {
  %x.0.0.at = getelementptr float, ptr %source, i64 0
  %x.0.0 = load <4 x float>, ptr %x.0.0.at, align 4
  %x.0.1.at = getelementptr float, ptr %source, i64 4
  %x.0.1 = load <4 x float>, ptr %x.0.1.at, align 4
  %x.0.2.at = getelementptr float, ptr %source, i64 8
  %x.0.2 = load <4 x float>, ptr %x.0.2.at, align 4
  %x.0.3.at = getelementptr float, ptr %source, i64 12
  %x.0.3 = load <4 x float>, ptr %x.0.3.at, align 4
  ; swap blocks of 2 x 2
  %x.1.0 = shufflevector <4 x float> %x.0.0, <4 x float> %x.0.2, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %x.1.2 = shufflevector <4 x float> %x.0.0, <4 x float> %x.0.2, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %x.1.1 = shufflevector <4 x float> %x.0.1, <4 x float> %x.0.3, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %x.1.3 = shufflevector <4 x float> %x.0.1, <4 x float> %x.0.3, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %x.2.0 = shufflevector <4 x float> %x.1.0, <4 x float> %x.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %x.2.1 = shufflevector <4 x float> %x.1.0, <4 x float> %x.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %x.2.2 = shufflevector <4 x float> %x.1.2, <4 x float> %x.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %x.2.3 = shufflevector <4 x float> %x.1.2, <4 x float> %x.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %to0 = getelementptr float, ptr %target, i64 0
  store <4 x float> %x.2.0, ptr %to0, align 4
  %to1 = getelementptr float, ptr %target, i64 4
  store <4 x float> %x.2.1, ptr %to1, align 4
  %to2 = getelementptr float, ptr %target, i64 8
  store <4 x float> %x.2.2, ptr %to2, align 4
  %to3 = getelementptr float, ptr %target, i64 12
  store <4 x float> %x.2.3, ptr %to3, align 4
  ret void
}
; Part of a panel of which 4 lanes are there.
define internal void @pack_4(ptr %source, ptr %target, i64 %length) noinline {
entry:
  br label %lane.enter
lane.enter:
  br label %lane.head
lane.head:
  %lane = phi i64 [ 0, %lane.enter ], [ %lane.next, %lane.latch ]
  %lane.more = icmp slt i64 %lane, 4
  br i1 %lane.more, label %lane.body, label %lane.end
lane.body:
  %lane.from = mul nsw i64 %lane, 4
  %lane.source = getelementptr float, ptr %source, i64 %lane.from
  %lane.target = getelementptr float, ptr %target, i64 %lane
  %lane.whole = and i64 %length, -4
  br label %lane.k.enter
lane.k.enter:
  br label %lane.k.head
lane.k.head:
  %lane.k = phi i64 [ 0, %lane.k.enter ], [ %lane.k.next, %lane.k.latch ]
  %lane.k.more = icmp slt i64 %lane.k, %lane.whole
  br i1 %lane.k.more, label %lane.k.body, label %lane.k.end
lane.k.body:
  %lane.k.source = getelementptr float, ptr %lane.source, i64 %lane.k
  %lane.k.to = mul nsw i64 %lane.k, 4
  %lane.k.target = getelementptr float, ptr %lane.target, i64 %lane.k.to
  call void @transpose_4x4(ptr %lane.k.source, ptr %lane.k.target)
  br label %lane.k.latch
lane.k.latch:
  %lane.k.next = add nsw i64 %lane.k, 4
  br label %lane.k.head
lane.k.end:
  br label %lane.latch
lane.latch:
  %lane.next = add nsw i64 %lane, 4
  br label %lane.head
lane.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[32]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[32], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 2
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 2
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %panel = urem i64 %item, 1
  %i = udiv i64 %item, 1
  %lane = mul nsw i64 %panel, 4
  %source.step0 = mul nsw i64 %i, 16
  %source.step1 = mul nsw i64 %lane, 4
  %source.sum1 = add nsw i64 %source.step0, %source.step1
  %source = getelementptr float, ptr %a0, i64 %source.sum1
  %target.step0 = mul nsw i64 %i, 16
  %target.step1 = mul nsw i64 %lane, 4
  %target.sum1 = add nsw i64 %target.step0, %target.step1
  %target = getelementptr float, ptr %a1, i64 %target.sum1
  call void @pack_4(ptr %source, ptr %target, i64 4)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
