; Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 3 x 8; 4 consecutive j make one vector. Values are compared by integer keys; NaN is the greatest value. All vectors of a
; line are in registers; each of its elements is compared with them, and the lanes count. Workers share the lines p.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[24], written
  %a1 = load ptr, ptr %a1.at
  ; of one line: the keys, the ranks, and the indices in their order
  %keys = alloca <4 x i32>, i64 2, align 64
  %ranks = alloca <4 x i32>, i64 2, align 64
  %order = alloca i64, i64 8, align 64
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
  %v0.x.at.step0 = mul nsw i64 %i, 8
  %v0.x.at = getelementptr float, ptr %a0, i64 %v0.x.at.step0
  %v0.x = load <4 x float>, ptr %v0.x.at, align 4
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v0.key.plus = fadd <4 x float> %v0.x, zeroinitializer
  %v0.key.nan = fcmp uno <4 x float> %v0.x, zeroinitializer
  %v0.key.one = select <4 x i1> %v0.key.nan, <4 x float> splat (float 0x7FF8000000000000), <4 x float> %v0.key.plus
  %v0.key.bits = bitcast <4 x float> %v0.key.one to <4 x i32>
  %v0.key.sign = ashr <4 x i32> %v0.key.bits, splat (i32 31)
  %v0.key.flip = or <4 x i32> %v0.key.sign, splat (i32 -2147483648)
  %v0.key = xor <4 x i32> %v0.key.bits, %v0.key.flip
  %v0.at = getelementptr <4 x i32>, ptr %keys, i64 0
  store <4 x i32> %v0.key, ptr %v0.at
  %v1.x.at.step0 = mul nsw i64 %i, 8
  %v1.x.at.sum1 = add nsw i64 %v1.x.at.step0, 4
  %v1.x.at = getelementptr float, ptr %a0, i64 %v1.x.at.sum1
  %v1.x = load <4 x float>, ptr %v1.x.at, align 4
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v1.key.plus = fadd <4 x float> %v1.x, zeroinitializer
  %v1.key.nan = fcmp uno <4 x float> %v1.x, zeroinitializer
  %v1.key.one = select <4 x i1> %v1.key.nan, <4 x float> splat (float 0x7FF8000000000000), <4 x float> %v1.key.plus
  %v1.key.bits = bitcast <4 x float> %v1.key.one to <4 x i32>
  %v1.key.sign = ashr <4 x i32> %v1.key.bits, splat (i32 31)
  %v1.key.flip = or <4 x i32> %v1.key.sign, splat (i32 -2147483648)
  %v1.key = xor <4 x i32> %v1.key.bits, %v1.key.flip
  %v1.at = getelementptr <4 x i32>, ptr %keys, i64 1
  store <4 x i32> %v1.key, ptr %v1.at
  br label %rival.enter
rival.enter:
  br label %rival.head
rival.head:
  %rival = phi i64 [ 0, %rival.enter ], [ %rival.next, %rival.latch ]
  %rival.rank0 = phi <4 x i32> [ zeroinitializer, %rival.enter ], [ %v0.rank, %rival.latch ]
  %rival.rank1 = phi <4 x i32> [ zeroinitializer, %rival.enter ], [ %v1.rank, %rival.latch ]
  %rival.more = icmp slt i64 %rival, 8
  br i1 %rival.more, label %rival.body, label %rival.end
rival.body:
  %key.at = getelementptr i32, ptr %keys, i64 %rival
  %key.one = load i32, ptr %key.at, align 4
  %key.first = insertelement <4 x i32> poison, i32 %key.one, i64 0
  %key = shufflevector <4 x i32> %key.first, <4 x i32> poison, <4 x i32> zeroinitializer
  %rival.one = trunc i64 %rival to i32
  %rival.first = insertelement <4 x i32> poison, i32 %rival.one, i64 0
  %rival.all = shufflevector <4 x i32> %rival.first, <4 x i32> poison, <4 x i32> zeroinitializer
  %v0.less = icmp ult <4 x i32> %key, %v0.key
  %v0.same = icmp eq <4 x i32> %key, %v0.key
  %v0.first = icmp ult <4 x i32> %rival.all, <i32 0, i32 1, i32 2, i32 3>
  %v0.tie = and <4 x i1> %v0.same, %v0.first
  %v0.before = or <4 x i1> %v0.less, %v0.tie
  %v0.one = zext <4 x i1> %v0.before to <4 x i32>
  %v0.rank = add <4 x i32> %rival.rank0, %v0.one
  %v1.less = icmp ult <4 x i32> %key, %v1.key
  %v1.same = icmp eq <4 x i32> %key, %v1.key
  %v1.first = icmp ult <4 x i32> %rival.all, <i32 4, i32 5, i32 6, i32 7>
  %v1.tie = and <4 x i1> %v1.same, %v1.first
  %v1.before = or <4 x i1> %v1.less, %v1.tie
  %v1.one = zext <4 x i1> %v1.before to <4 x i32>
  %v1.rank = add <4 x i32> %rival.rank1, %v1.one
  br label %rival.latch
rival.latch:
  %rival.next = add nsw i64 %rival, 1
  br label %rival.head
rival.end:
  %ranks0.at = getelementptr <4 x i32>, ptr %ranks, i64 0
  store <4 x i32> %rival.rank0, ptr %ranks0.at
  %ranks1.at = getelementptr <4 x i32>, ptr %ranks, i64 1
  store <4 x i32> %rival.rank1, ptr %ranks1.at
  br label %element.enter
element.enter:
  br label %element.head
element.head:
  %element = phi i64 [ 0, %element.enter ], [ %element.next, %element.latch ]
  %element.more = icmp slt i64 %element, 8
  br i1 %element.more, label %element.body, label %element.end
element.body:
  %rank.at = getelementptr i32, ptr %ranks, i64 %element
  %rank = load i32, ptr %rank.at, align 4
  %slot = getelementptr i64, ptr %order, i32 %rank
  store i64 %element, ptr %slot, align 8
  br label %element.latch
element.latch:
  %element.next = add nsw i64 %element, 1
  br label %element.head
element.end:
  br label %place.enter
place.enter:
  br label %place.head
place.head:
  %place = phi i64 [ 0, %place.enter ], [ %place.next, %place.latch ]
  %place.more = icmp slt i64 %place, 8
  br i1 %place.more, label %place.body, label %place.end
place.body:
  %place.v.from = getelementptr i64, ptr %order, i64 %place
  %place.v.index = load <4 x i64>, ptr %place.v.from, align 8
  %place.v.out0.step0 = mul nsw i64 %i, 8
  %place.v.out0.sum1 = add nsw i64 %place.v.out0.step0, %place
  %place.v.out0 = getelementptr i64, ptr %a1, i64 %place.v.out0.sum1
  store <4 x i64> %place.v.index, ptr %place.v.out0, align 8
  br label %place.latch
place.latch:
  %place.next = add nsw i64 %place, 4
  br label %place.head
place.end:
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
