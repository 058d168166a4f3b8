; Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 5 x 3; 8 consecutive j make one vector. Values are compared by integer keys; NaN is the greatest value. All vectors of a
; line are in registers; each of its elements is compared with them, and the lanes count. Workers share the lines p.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[15], written
  %a1 = load ptr, ptr %a1.at
  ; of one line: the keys, the ranks, and the indices in their order
  %keys = alloca <8 x i32>, i64 1, align 64
  %ranks = alloca <8 x i32>, i64 1, align 64
  %order = alloca i64, i64 8, align 64
  %share.before = mul i64 %worker, 5
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 5
  %share.last = udiv i64 %share.after, %workers
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ %share.first, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, %share.last
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %v0.x.at = getelementptr float, ptr %a0, i64 %i
  %v0.x.lanes = getelementptr float, ptr %v0.x.at, <8 x i64> <i64 0, i64 5, i64 10, i64 15, i64 20, i64 25, i64 30, i64 35>
  %v0.x = call <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr> align 4 %v0.x.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v0.key.plus = fadd <8 x float> %v0.x, zeroinitializer
  %v0.key.nan = fcmp uno <8 x float> %v0.x, zeroinitializer
  %v0.key.one = select <8 x i1> %v0.key.nan, <8 x float> splat (float 0x7FF8000000000000), <8 x float> %v0.key.plus
  %v0.key.bits = bitcast <8 x float> %v0.key.one to <8 x i32>
  %v0.key.sign = ashr <8 x i32> %v0.key.bits, splat (i32 31)
  %v0.key.flip = or <8 x i32> %v0.key.sign, splat (i32 -2147483648)
  %v0.key = xor <8 x i32> %v0.key.bits, %v0.key.flip
  %v0.at = getelementptr <8 x i32>, ptr %keys, i64 0
  store <8 x i32> %v0.key, ptr %v0.at
  br label %rival.enter
rival.enter:
  br label %rival.head
rival.head:
  %rival = phi i64 [ 0, %rival.enter ], [ %rival.next, %rival.latch ]
  %rival.rank0 = phi <8 x i32> [ zeroinitializer, %rival.enter ], [ %v0.rank, %rival.latch ]
  %rival.more = icmp slt i64 %rival, 3
  br i1 %rival.more, label %rival.body, label %rival.end
rival.body:
  %key.at = getelementptr i32, ptr %keys, i64 %rival
  %key.one = load i32, ptr %key.at, align 4
  %key.first = insertelement <8 x i32> poison, i32 %key.one, i64 0
  %key = shufflevector <8 x i32> %key.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %rival.one = trunc i64 %rival to i32
  %rival.first = insertelement <8 x i32> poison, i32 %rival.one, i64 0
  %rival.all = shufflevector <8 x i32> %rival.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %v0.less = icmp ult <8 x i32> %key, %v0.key
  %v0.same = icmp eq <8 x i32> %key, %v0.key
  %v0.first = icmp ult <8 x i32> %rival.all, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v0.tie = and <8 x i1> %v0.same, %v0.first
  %v0.before = or <8 x i1> %v0.less, %v0.tie
  %v0.one = zext <8 x i1> %v0.before to <8 x i32>
  %v0.rank = add <8 x i32> %rival.rank0, %v0.one
  br label %rival.latch
rival.latch:
  %rival.next = add nsw i64 %rival, 1
  br label %rival.head
rival.end:
  %ranks0.at = getelementptr <8 x i32>, ptr %ranks, i64 0
  store <8 x i32> %rival.rank0, ptr %ranks0.at
  br label %element.enter
element.enter:
  br label %element.head
element.head:
  %element = phi i64 [ 0, %element.enter ], [ %element.next, %element.latch ]
  %element.more = icmp slt i64 %element, 3
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
  ; the last 3 along this axis
  %place.t.from = getelementptr i64, ptr %order, i64 0
  %place.t.index = call <8 x i64> @llvm.masked.load.v8i64.p0(ptr align 8 %place.t.from, <8 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false>, <8 x i64> zeroinitializer)
  %place.t.out0.step0 = mul nsw i64 %i, 3
  %place.t.out0 = getelementptr i64, ptr %a1, i64 %place.t.out0.step0
  call void @llvm.masked.store.v8i64.p0(<8 x i64> %place.t.index, ptr align 8 %place.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.gather.v8f32.v8p0(<8 x ptr>, <8 x i1>, <8 x float>)
declare <8 x i64> @llvm.masked.load.v8i64.p0(ptr, <8 x i1>, <8 x i64>)
declare void @llvm.masked.store.v8i64.p0(<8 x i64>, ptr, <8 x i1>)

; Transposition:  out[..., i, ..., j] = epilogue(x[..., i, ..., j]), where x is contiguous along i and out along j
;
; The space (i, j) has the extents 3 x 5. A block of 4 x 4 elements is 4 vectors along i, which are transposed in registers to
; 4 vectors along j. Workers share the strips of blocks along i.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; int64[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[15], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 2
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 2
  %share.last = udiv i64 %share.after, %workers
  br label %strip.enter
strip.enter:
  br label %strip.head
strip.head:
  %strip = phi i64 [ %share.first, %strip.enter ], [ %strip.next, %strip.latch ]
  %strip.more = icmp slt i64 %strip, %share.last
  br i1 %strip.more, label %strip.body, label %strip.end
strip.body:
  %j = mul nsw i64 %strip, 4
  %narrow = icmp eq i64 %strip, 1
  br i1 %narrow, label %last, label %whole
whole:
  ; the last 3 along this axis
  %i.t.at.step0 = mul nsw i64 %j, 3
  %i.t.at = getelementptr i64, ptr %a0, i64 %i.t.at.step0
  %i.t.0.0.at = getelementptr i64, ptr %i.t.at, i64 0
  %i.t.0.0 = call <4 x i64> @llvm.masked.load.v4i64.p0(ptr align 8 %i.t.0.0.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x i64> zeroinitializer)
  %i.t.0.1.at = getelementptr i64, ptr %i.t.at, i64 3
  %i.t.0.1 = call <4 x i64> @llvm.masked.load.v4i64.p0(ptr align 8 %i.t.0.1.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x i64> zeroinitializer)
  %i.t.0.2.at = getelementptr i64, ptr %i.t.at, i64 6
  %i.t.0.2 = call <4 x i64> @llvm.masked.load.v4i64.p0(ptr align 8 %i.t.0.2.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x i64> zeroinitializer)
  %i.t.0.3.at = getelementptr i64, ptr %i.t.at, i64 9
  %i.t.0.3 = call <4 x i64> @llvm.masked.load.v4i64.p0(ptr align 8 %i.t.0.3.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x i64> zeroinitializer)
  ; swap blocks of 2 x 2
  %i.t.1.0 = shufflevector <4 x i64> %i.t.0.0, <4 x i64> %i.t.0.2, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %i.t.1.2 = shufflevector <4 x i64> %i.t.0.0, <4 x i64> %i.t.0.2, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %i.t.1.1 = shufflevector <4 x i64> %i.t.0.1, <4 x i64> %i.t.0.3, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %i.t.1.3 = shufflevector <4 x i64> %i.t.0.1, <4 x i64> %i.t.0.3, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %i.t.2.0 = shufflevector <4 x i64> %i.t.1.0, <4 x i64> %i.t.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %i.t.2.1 = shufflevector <4 x i64> %i.t.1.0, <4 x i64> %i.t.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %i.t.2.2 = shufflevector <4 x i64> %i.t.1.2, <4 x i64> %i.t.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %i.t.2.3 = shufflevector <4 x i64> %i.t.1.2, <4 x i64> %i.t.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %i.t.row0 = add nsw i64 0, 0
  %i.t.y0.out0.step0 = mul nsw i64 %i.t.row0, 5
  %i.t.y0.out0.sum1 = add nsw i64 %i.t.y0.out0.step0, %j
  %i.t.y0.out0 = getelementptr i64, ptr %a1, i64 %i.t.y0.out0.sum1
  store <4 x i64> %i.t.2.0, ptr %i.t.y0.out0, align 8
  %i.t.row1 = add nsw i64 0, 1
  %i.t.y1.out0.step0 = mul nsw i64 %i.t.row1, 5
  %i.t.y1.out0.sum1 = add nsw i64 %i.t.y1.out0.step0, %j
  %i.t.y1.out0 = getelementptr i64, ptr %a1, i64 %i.t.y1.out0.sum1
  store <4 x i64> %i.t.2.1, ptr %i.t.y1.out0, align 8
  %i.t.row2 = add nsw i64 0, 2
  %i.t.y2.out0.step0 = mul nsw i64 %i.t.row2, 5
  %i.t.y2.out0.sum1 = add nsw i64 %i.t.y2.out0.step0, %j
  %i.t.y2.out0 = getelementptr i64, ptr %a1, i64 %i.t.y2.out0.sum1
  store <4 x i64> %i.t.2.2, ptr %i.t.y2.out0, align 8
  br label %both
last:
  ; 1 column(s)
  ; the last 3 along this axis
  %last.i.t.at.step0 = mul nsw i64 %j, 3
  %last.i.t.at = getelementptr i64, ptr %a0, i64 %last.i.t.at.step0
  %last.i.t.0.0.at = getelementptr i64, ptr %last.i.t.at, i64 0
  %last.i.t.0.0 = call <4 x i64> @llvm.masked.load.v4i64.p0(ptr align 8 %last.i.t.0.0.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x i64> zeroinitializer)
  ; swap blocks of 2 x 2
  %last.i.t.1.0 = shufflevector <4 x i64> %last.i.t.0.0, <4 x i64> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %last.i.t.1.2 = shufflevector <4 x i64> %last.i.t.0.0, <4 x i64> zeroinitializer, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %last.i.t.1.1 = shufflevector <4 x i64> zeroinitializer, <4 x i64> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %last.i.t.1.3 = shufflevector <4 x i64> zeroinitializer, <4 x i64> zeroinitializer, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %last.i.t.2.0 = shufflevector <4 x i64> %last.i.t.1.0, <4 x i64> %last.i.t.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %last.i.t.2.1 = shufflevector <4 x i64> %last.i.t.1.0, <4 x i64> %last.i.t.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %last.i.t.2.2 = shufflevector <4 x i64> %last.i.t.1.2, <4 x i64> %last.i.t.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %last.i.t.2.3 = shufflevector <4 x i64> %last.i.t.1.2, <4 x i64> %last.i.t.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %last.i.t.row0 = add nsw i64 0, 0
  %last.i.t.y0.out0.step0 = mul nsw i64 %last.i.t.row0, 5
  %last.i.t.y0.out0.sum1 = add nsw i64 %last.i.t.y0.out0.step0, %j
  %last.i.t.y0.out0 = getelementptr i64, ptr %a1, i64 %last.i.t.y0.out0.sum1
  %last.i.t.y0.out0.first = extractelement <4 x i64> %last.i.t.2.0, i64 0
  store i64 %last.i.t.y0.out0.first, ptr %last.i.t.y0.out0, align 8
  %last.i.t.row1 = add nsw i64 0, 1
  %last.i.t.y1.out0.step0 = mul nsw i64 %last.i.t.row1, 5
  %last.i.t.y1.out0.sum1 = add nsw i64 %last.i.t.y1.out0.step0, %j
  %last.i.t.y1.out0 = getelementptr i64, ptr %a1, i64 %last.i.t.y1.out0.sum1
  %last.i.t.y1.out0.first = extractelement <4 x i64> %last.i.t.2.1, i64 0
  store i64 %last.i.t.y1.out0.first, ptr %last.i.t.y1.out0, align 8
  %last.i.t.row2 = add nsw i64 0, 2
  %last.i.t.y2.out0.step0 = mul nsw i64 %last.i.t.row2, 5
  %last.i.t.y2.out0.sum1 = add nsw i64 %last.i.t.y2.out0.step0, %j
  %last.i.t.y2.out0 = getelementptr i64, ptr %a1, i64 %last.i.t.y2.out0.sum1
  %last.i.t.y2.out0.first = extractelement <4 x i64> %last.i.t.2.2, i64 0
  store i64 %last.i.t.y2.out0.first, ptr %last.i.t.y2.out0, align 8
  br label %both
both:
  br label %strip.latch
strip.latch:
  %strip.next = add nsw i64 %strip, 1
  br label %strip.head
strip.end:
  ret void
}
declare <4 x i64> @llvm.masked.load.v4i64.p0(ptr, <4 x i1>, <4 x i64>)

; Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 3 x 5; 8 consecutive j make one vector. Values are compared by integer keys; NaN is the greatest value. All vectors of a
; line are in registers; each of its elements is compared with them, and the lanes count. Workers share the lines p.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[15], written
  %a1 = load ptr, ptr %a1.at
  ; of one line: the keys, the ranks, and the indices in their order
  %keys = alloca <8 x i32>, i64 1, align 64
  %ranks = alloca <8 x i32>, i64 1, align 64
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
  %v0.x.at.step0 = mul nsw i64 %i, 5
  %v0.x.at = getelementptr float, ptr %a0, i64 %v0.x.at.step0
  %v0.x = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v0.x.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v0.key.plus = fadd <8 x float> %v0.x, zeroinitializer
  %v0.key.nan = fcmp uno <8 x float> %v0.x, zeroinitializer
  %v0.key.one = select <8 x i1> %v0.key.nan, <8 x float> splat (float 0x7FF8000000000000), <8 x float> %v0.key.plus
  %v0.key.bits = bitcast <8 x float> %v0.key.one to <8 x i32>
  %v0.key.sign = ashr <8 x i32> %v0.key.bits, splat (i32 31)
  %v0.key.flip = or <8 x i32> %v0.key.sign, splat (i32 -2147483648)
  %v0.key = xor <8 x i32> %v0.key.bits, %v0.key.flip
  %v0.at = getelementptr <8 x i32>, ptr %keys, i64 0
  store <8 x i32> %v0.key, ptr %v0.at
  br label %rival.enter
rival.enter:
  br label %rival.head
rival.head:
  %rival = phi i64 [ 0, %rival.enter ], [ %rival.next, %rival.latch ]
  %rival.rank0 = phi <8 x i32> [ zeroinitializer, %rival.enter ], [ %v0.rank, %rival.latch ]
  %rival.more = icmp slt i64 %rival, 5
  br i1 %rival.more, label %rival.body, label %rival.end
rival.body:
  %key.at = getelementptr i32, ptr %keys, i64 %rival
  %key.one = load i32, ptr %key.at, align 4
  %key.first = insertelement <8 x i32> poison, i32 %key.one, i64 0
  %key = shufflevector <8 x i32> %key.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %rival.one = trunc i64 %rival to i32
  %rival.first = insertelement <8 x i32> poison, i32 %rival.one, i64 0
  %rival.all = shufflevector <8 x i32> %rival.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %v0.less = icmp ult <8 x i32> %key, %v0.key
  %v0.same = icmp eq <8 x i32> %key, %v0.key
  %v0.first = icmp ult <8 x i32> %rival.all, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v0.tie = and <8 x i1> %v0.same, %v0.first
  %v0.before = or <8 x i1> %v0.less, %v0.tie
  %v0.one = zext <8 x i1> %v0.before to <8 x i32>
  %v0.rank = add <8 x i32> %rival.rank0, %v0.one
  br label %rival.latch
rival.latch:
  %rival.next = add nsw i64 %rival, 1
  br label %rival.head
rival.end:
  %ranks0.at = getelementptr <8 x i32>, ptr %ranks, i64 0
  store <8 x i32> %rival.rank0, ptr %ranks0.at
  br label %element.enter
element.enter:
  br label %element.head
element.head:
  %element = phi i64 [ 0, %element.enter ], [ %element.next, %element.latch ]
  %element.more = icmp slt i64 %element, 5
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
  ; the last 5 along this axis
  %place.t.from = getelementptr i64, ptr %order, i64 0
  %place.t.index = call <8 x i64> @llvm.masked.load.v8i64.p0(ptr align 8 %place.t.from, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x i64> zeroinitializer)
  %place.t.out0.step0 = mul nsw i64 %i, 5
  %place.t.out0 = getelementptr i64, ptr %a1, i64 %place.t.out0.step0
  call void @llvm.masked.store.v8i64.p0(<8 x i64> %place.t.index, ptr align 8 %place.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare <8 x i64> @llvm.masked.load.v8i64.p0(ptr, <8 x i1>, <8 x i64>)
declare void @llvm.masked.store.v8i64.p0(<8 x i64>, ptr, <8 x i1>)

; Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 15; 8 consecutive j make one vector. Values are compared by integer keys; NaN is the greatest value. All vectors of a
; line are in registers; each of its elements is compared with them, and the lanes count. Workers share the lines p.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[15], written
  %a1 = load ptr, ptr %a1.at
  ; of one line: the keys, the ranks, and the indices in their order
  %keys = alloca <8 x i32>, i64 2, align 64
  %ranks = alloca <8 x i32>, i64 2, align 64
  %order = alloca i64, i64 16, align 64
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
  %v0.x.at = getelementptr float, ptr %a0, i64 0
  %v0.x = load <8 x float>, ptr %v0.x.at, align 4
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v0.key.plus = fadd <8 x float> %v0.x, zeroinitializer
  %v0.key.nan = fcmp uno <8 x float> %v0.x, zeroinitializer
  %v0.key.one = select <8 x i1> %v0.key.nan, <8 x float> splat (float 0x7FF8000000000000), <8 x float> %v0.key.plus
  %v0.key.bits = bitcast <8 x float> %v0.key.one to <8 x i32>
  %v0.key.sign = ashr <8 x i32> %v0.key.bits, splat (i32 31)
  %v0.key.flip = or <8 x i32> %v0.key.sign, splat (i32 -2147483648)
  %v0.key = xor <8 x i32> %v0.key.bits, %v0.key.flip
  %v0.at = getelementptr <8 x i32>, ptr %keys, i64 0
  store <8 x i32> %v0.key, ptr %v0.at
  %v1.x.at = getelementptr float, ptr %a0, i64 8
  %v1.x = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v1.x.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> zeroinitializer)
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %v1.key.plus = fadd <8 x float> %v1.x, zeroinitializer
  %v1.key.nan = fcmp uno <8 x float> %v1.x, zeroinitializer
  %v1.key.one = select <8 x i1> %v1.key.nan, <8 x float> splat (float 0x7FF8000000000000), <8 x float> %v1.key.plus
  %v1.key.bits = bitcast <8 x float> %v1.key.one to <8 x i32>
  %v1.key.sign = ashr <8 x i32> %v1.key.bits, splat (i32 31)
  %v1.key.flip = or <8 x i32> %v1.key.sign, splat (i32 -2147483648)
  %v1.key = xor <8 x i32> %v1.key.bits, %v1.key.flip
  %v1.at = getelementptr <8 x i32>, ptr %keys, i64 1
  store <8 x i32> %v1.key, ptr %v1.at
  br label %rival.enter
rival.enter:
  br label %rival.head
rival.head:
  %rival = phi i64 [ 0, %rival.enter ], [ %rival.next, %rival.latch ]
  %rival.rank0 = phi <8 x i32> [ zeroinitializer, %rival.enter ], [ %v0.rank, %rival.latch ]
  %rival.rank1 = phi <8 x i32> [ zeroinitializer, %rival.enter ], [ %v1.rank, %rival.latch ]
  %rival.more = icmp slt i64 %rival, 15
  br i1 %rival.more, label %rival.body, label %rival.end
rival.body:
  %key.at = getelementptr i32, ptr %keys, i64 %rival
  %key.one = load i32, ptr %key.at, align 4
  %key.first = insertelement <8 x i32> poison, i32 %key.one, i64 0
  %key = shufflevector <8 x i32> %key.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %rival.one = trunc i64 %rival to i32
  %rival.first = insertelement <8 x i32> poison, i32 %rival.one, i64 0
  %rival.all = shufflevector <8 x i32> %rival.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %v0.less = icmp ult <8 x i32> %key, %v0.key
  %v0.same = icmp eq <8 x i32> %key, %v0.key
  %v0.first = icmp ult <8 x i32> %rival.all, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v0.tie = and <8 x i1> %v0.same, %v0.first
  %v0.before = or <8 x i1> %v0.less, %v0.tie
  %v0.one = zext <8 x i1> %v0.before to <8 x i32>
  %v0.rank = add <8 x i32> %rival.rank0, %v0.one
  %v1.less = icmp ult <8 x i32> %key, %v1.key
  %v1.same = icmp eq <8 x i32> %key, %v1.key
  %v1.first = icmp ult <8 x i32> %rival.all, <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v1.tie = and <8 x i1> %v1.same, %v1.first
  %v1.before = or <8 x i1> %v1.less, %v1.tie
  %v1.one = zext <8 x i1> %v1.before to <8 x i32>
  %v1.rank = add <8 x i32> %rival.rank1, %v1.one
  br label %rival.latch
rival.latch:
  %rival.next = add nsw i64 %rival, 1
  br label %rival.head
rival.end:
  %ranks0.at = getelementptr <8 x i32>, ptr %ranks, i64 0
  store <8 x i32> %rival.rank0, ptr %ranks0.at
  %ranks1.at = getelementptr <8 x i32>, ptr %ranks, i64 1
  store <8 x i32> %rival.rank1, ptr %ranks1.at
  br label %element.enter
element.enter:
  br label %element.head
element.head:
  %element = phi i64 [ 0, %element.enter ], [ %element.next, %element.latch ]
  %element.more = icmp slt i64 %element, 15
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
  %place.v.index = load <8 x i64>, ptr %place.v.from, align 8
  %place.v.out0 = getelementptr i64, ptr %a1, i64 %place
  store <8 x i64> %place.v.index, ptr %place.v.out0, align 8
  br label %place.latch
place.latch:
  %place.next = add nsw i64 %place, 8
  br label %place.head
place.end:
  ; the last 7 along this axis
  %place.t.from = getelementptr i64, ptr %order, i64 8
  %place.t.index = call <8 x i64> @llvm.masked.load.v8i64.p0(ptr align 8 %place.t.from, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x i64> zeroinitializer)
  %place.t.out0 = getelementptr i64, ptr %a1, i64 8
  call void @llvm.masked.store.v8i64.p0(<8 x i64> %place.t.index, ptr align 8 %place.t.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare <8 x i64> @llvm.masked.load.v8i64.p0(ptr, <8 x i1>, <8 x i64>)
declare void @llvm.masked.store.v8i64.p0(<8 x i64>, ptr, <8 x i1>)
