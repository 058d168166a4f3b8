; Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 3 x 8; 16 consecutive j make one vector. Values are compared by integer keys; NaN is the greatest value. All vectors of a
; line are in registers; each of its elements is compared with them, and the lanes count. Workers share the lines p.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[24], written
  %a1 = load ptr, ptr %a1.at
  ; of one line: the keys, the ranks, and the indices in their order
  %keys = alloca <16 x i32>, i64 1, align 64
  %ranks = alloca <16 x i32>, i64 1, align 64
  %order = alloca i64, i64 16, align 64
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
  %v0.x = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v0.x.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v0.key.plus = fadd <16 x float> %v0.x, zeroinitializer
  %v0.key.nan = fcmp uno <16 x float> %v0.x, zeroinitializer
  %v0.key.one = select <16 x i1> %v0.key.nan, <16 x float> splat (float 0x7FF8000000000000), <16 x float> %v0.key.plus
  %v0.key.bits = bitcast <16 x float> %v0.key.one to <16 x i32>
  %v0.key.sign = ashr <16 x i32> %v0.key.bits, splat (i32 31)
  %v0.key.flip = or <16 x i32> %v0.key.sign, splat (i32 -2147483648)
  %v0.key = xor <16 x i32> %v0.key.bits, %v0.key.flip
  %v0.at = getelementptr <16 x i32>, ptr %keys, i64 0
  store <16 x i32> %v0.key, ptr %v0.at
  br label %rival.enter
rival.enter:
  br label %rival.head
rival.head:
  %rival = phi i64 [ 0, %rival.enter ], [ %rival.next, %rival.latch ]
  %rival.rank0 = phi <16 x i32> [ zeroinitializer, %rival.enter ], [ %v0.rank, %rival.latch ]
  %rival.more = icmp slt i64 %rival, 8
  br i1 %rival.more, label %rival.body, label %rival.end
rival.body:
  %key.at = getelementptr i32, ptr %keys, i64 %rival
  %key.one = load i32, ptr %key.at, align 4
  %key.first = insertelement <16 x i32> poison, i32 %key.one, i64 0
  %key = shufflevector <16 x i32> %key.first, <16 x i32> poison, <16 x i32> zeroinitializer
  %rival.one = trunc i64 %rival to i32
  %rival.first = insertelement <16 x i32> poison, i32 %rival.one, i64 0
  %rival.all = shufflevector <16 x i32> %rival.first, <16 x i32> poison, <16 x i32> zeroinitializer
  %v0.less = icmp ult <16 x i32> %key, %v0.key
  %v0.same = icmp eq <16 x i32> %key, %v0.key
  %v0.first = icmp ult <16 x i32> %rival.all, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v0.tie = and <16 x i1> %v0.same, %v0.first
  %v0.before = or <16 x i1> %v0.less, %v0.tie
  %v0.one = zext <16 x i1> %v0.before to <16 x i32>
  %v0.rank = add <16 x i32> %rival.rank0, %v0.one
  br label %rival.latch
rival.latch:
  %rival.next = add nsw i64 %rival, 1
  br label %rival.head
rival.end:
  %ranks0.at = getelementptr <16 x i32>, ptr %ranks, i64 0
  store <16 x i32> %rival.rank0, ptr %ranks0.at
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
  ; the last 8 along this axis
  %place.t.from = getelementptr i64, ptr %order, i64 0
  %place.t.index = call <16 x i64> @llvm.masked.load.v16i64.p0(ptr align 8 %place.t.from, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x i64> zeroinitializer)
  %place.t.out0.step0 = mul nsw i64 %i, 8
  %place.t.out0 = getelementptr i64, ptr %a1, i64 %place.t.out0.step0
  call void @llvm.masked.store.v16i64.p0(<16 x i64> %place.t.index, ptr align 8 %place.t.out0, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare <16 x i64> @llvm.masked.load.v16i64.p0(ptr, <16 x i1>, <16 x i64>)
declare void @llvm.masked.store.v16i64.p0(<16 x i64>, ptr, <16 x i1>)
