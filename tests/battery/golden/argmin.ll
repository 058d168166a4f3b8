; Place of an extremum, with vectors along the last parallel axis:  out[p] = epilogue(the place r of the first minimum of prologue(p, r)); NaN wins
;
; Parallel axes p: 5; 8 consecutive indices of the last make one vector, 1 vector(s) side by side one strip; workers share the
; strips. Reduced axes r: 3, from the first to the last, so that an equal value further on changes nothing.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[5], written
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
  %j.best0 = phi <8 x float> [ splat (float 0x7FF0000000000000), %j.enter ], [ %x0, %j.latch ]
  %j.best1 = phi <8 x i32> [ splat (i32 0), %j.enter ], [ %x0.place, %j.latch ]
  %j.more = icmp slt i64 %j, 3
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %number = add i64 %j, 0
  %here.one = trunc i64 %number to i32
  %here.first = insertelement <8 x i32> poison, i32 %here.one, i64 0
  %here = shufflevector <8 x i32> %here.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %x0.0.at.step0 = mul nsw i64 %j, 5
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.step0
  %x0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x0.wins.beyond = fcmp ult <8 x float> %x0.0, %j.best0
  %x0.wins.number = fcmp ord <8 x float> %j.best0, zeroinitializer
  %x0.wins = and <8 x i1> %x0.wins.beyond, %x0.wins.number
  %x0 = select <8 x i1> %x0.wins, <8 x float> %x0.0, <8 x float> %j.best0
  %x0.place = select <8 x i1> %x0.wins, <8 x i32> %here, <8 x i32> %j.best1
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 1
  br label %j.head
j.end:
  %place0 = sext <8 x i32> %j.best1 to <8 x i64>
  %y0.out0 = getelementptr i64, ptr %a1, i64 0
  call void @llvm.masked.store.v8i64.p0(<8 x i64> %place0, ptr align 8 %y0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8i64.p0(<8 x i64>, ptr, <8 x i1>)

; Place of an extremum, with vectors along the last reduced axis:  out[p] = epilogue(the place r of the first minimum of prologue(p, r)); NaN wins
;
; Parallel axes p: 3; workers share them. Reduced axes r: 5; 8 consecutive indices of the last make one vector. Each lane
; keeps the first of its best values; at the end the lanes are compared, as a tree, and of equal values the one at the first place wins.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[3], written
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
  ; the last 5 along this axis
  %rest.number = add i64 0, 0
  %rest.here.one = trunc i64 %rest.number to i32
  %rest.here.first = insertelement <8 x i32> poison, i32 %rest.here.one, i64 0
  %rest.here = shufflevector <8 x i32> %rest.here.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %rest.at = add <8 x i32> %rest.here, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %rest.0.at.step0 = mul nsw i64 %i, 5
  %rest.0.at = getelementptr float, ptr %a0, i64 %rest.0.at.step0
  %rest.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %rest.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> %rest.0, <8 x float> splat (float 0x7FF0000000000000)
  %rest.wins.beyond = fcmp ult <8 x float> %rest.kept, splat (float 0x7FF0000000000000)
  %rest.wins.number = fcmp ord <8 x float> splat (float 0x7FF0000000000000), zeroinitializer
  %rest.wins = and <8 x i1> %rest.wins.beyond, %rest.wins.number
  %rest = select <8 x i1> %rest.wins, <8 x float> %rest.kept, <8 x float> splat (float 0x7FF0000000000000)
  %rest.place = select <8 x i1> %rest.wins, <8 x i32> %rest.at, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %found.of4.low = shufflevector <8 x float> %rest, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %found.of4.low.at = shufflevector <8 x i32> %rest.place, <8 x i32> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %found.of4.high = shufflevector <8 x float> %rest, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %found.of4.high.at = shufflevector <8 x i32> %rest.place, <8 x i32> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %found.of4.more.beyond = fcmp ult <4 x float> %found.of4.high, %found.of4.low
  %found.of4.more.number = fcmp ord <4 x float> %found.of4.low, zeroinitializer
  %found.of4.more = and <4 x i1> %found.of4.more.beyond, %found.of4.more.number
  %found.of4.less.beyond = fcmp ult <4 x float> %found.of4.low, %found.of4.high
  %found.of4.less.number = fcmp ord <4 x float> %found.of4.high, zeroinitializer
  %found.of4.less = and <4 x i1> %found.of4.less.beyond, %found.of4.less.number
  %found.of4.before = icmp slt <4 x i32> %found.of4.high.at, %found.of4.low.at
  %found.of4.equal = xor <4 x i1> %found.of4.less, splat (i1 true)
  %found.of4.first = and <4 x i1> %found.of4.equal, %found.of4.before
  %found.of4.wins = or <4 x i1> %found.of4.more, %found.of4.first
  %found.of4 = select <4 x i1> %found.of4.wins, <4 x float> %found.of4.high, <4 x float> %found.of4.low
  %found.of4.at = select <4 x i1> %found.of4.wins, <4 x i32> %found.of4.high.at, <4 x i32> %found.of4.low.at
  %found.of2.low = shufflevector <4 x float> %found.of4, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.low.at = shufflevector <4 x i32> %found.of4.at, <4 x i32> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.high = shufflevector <4 x float> %found.of4, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.high.at = shufflevector <4 x i32> %found.of4.at, <4 x i32> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.more.beyond = fcmp ult <2 x float> %found.of2.high, %found.of2.low
  %found.of2.more.number = fcmp ord <2 x float> %found.of2.low, zeroinitializer
  %found.of2.more = and <2 x i1> %found.of2.more.beyond, %found.of2.more.number
  %found.of2.less.beyond = fcmp ult <2 x float> %found.of2.low, %found.of2.high
  %found.of2.less.number = fcmp ord <2 x float> %found.of2.high, zeroinitializer
  %found.of2.less = and <2 x i1> %found.of2.less.beyond, %found.of2.less.number
  %found.of2.before = icmp slt <2 x i32> %found.of2.high.at, %found.of2.low.at
  %found.of2.equal = xor <2 x i1> %found.of2.less, splat (i1 true)
  %found.of2.first = and <2 x i1> %found.of2.equal, %found.of2.before
  %found.of2.wins = or <2 x i1> %found.of2.more, %found.of2.first
  %found.of2 = select <2 x i1> %found.of2.wins, <2 x float> %found.of2.high, <2 x float> %found.of2.low
  %found.of2.at = select <2 x i1> %found.of2.wins, <2 x i32> %found.of2.high.at, <2 x i32> %found.of2.low.at
  %found.of1.low = shufflevector <2 x float> %found.of2, <2 x float> poison, <1 x i32> <i32 0>
  %found.of1.low.at = shufflevector <2 x i32> %found.of2.at, <2 x i32> poison, <1 x i32> <i32 0>
  %found.of1.high = shufflevector <2 x float> %found.of2, <2 x float> poison, <1 x i32> <i32 1>
  %found.of1.high.at = shufflevector <2 x i32> %found.of2.at, <2 x i32> poison, <1 x i32> <i32 1>
  %found.of1.more.beyond = fcmp ult <1 x float> %found.of1.high, %found.of1.low
  %found.of1.more.number = fcmp ord <1 x float> %found.of1.low, zeroinitializer
  %found.of1.more = and <1 x i1> %found.of1.more.beyond, %found.of1.more.number
  %found.of1.less.beyond = fcmp ult <1 x float> %found.of1.low, %found.of1.high
  %found.of1.less.number = fcmp ord <1 x float> %found.of1.high, zeroinitializer
  %found.of1.less = and <1 x i1> %found.of1.less.beyond, %found.of1.less.number
  %found.of1.before = icmp slt <1 x i32> %found.of1.high.at, %found.of1.low.at
  %found.of1.equal = xor <1 x i1> %found.of1.less, splat (i1 true)
  %found.of1.first = and <1 x i1> %found.of1.equal, %found.of1.before
  %found.of1.wins = or <1 x i1> %found.of1.more, %found.of1.first
  %found.of1 = select <1 x i1> %found.of1.wins, <1 x float> %found.of1.high, <1 x float> %found.of1.low
  %found.of1.at = select <1 x i1> %found.of1.wins, <1 x i32> %found.of1.high.at, <1 x i32> %found.of1.low.at
  %found.place = extractelement <1 x i32> %found.of1.at, i64 0
  %result = sext i32 %found.place to i64
  %result.vector = insertelement <8 x i64> zeroinitializer, i64 %result, i64 0
  %y.out0 = getelementptr i64, ptr %a1, i64 %i
  %y.out0.first = extractelement <8 x i64> %result.vector, i64 0
  store i64 %y.out0.first, ptr %y.out0, align 8
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)

; Place of an extremum, with vectors along the last reduced axis:  out[p] = epilogue(the place r of the first minimum of prologue(p, r)); NaN wins
;
; Parallel axes p: 1; workers share them. Reduced axes r: 15; 8 consecutive indices of the last make one vector. Each lane
; keeps the first of its best values; at the end the lanes are compared, as a tree, and of equal values the one at the first place wins.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[1], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 1
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 1
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
  %j.best0 = phi <8 x float> [ splat (float 0x7FF0000000000000), %j.enter ], [ %x, %j.latch ]
  %j.best1 = phi <8 x i32> [ <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>, %j.enter ], [ %x.place, %j.latch ]
  %j.more = icmp slt i64 %j, 8
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x.number = add i64 %j, 0
  %x.here.one = trunc i64 %x.number to i32
  %x.here.first = insertelement <8 x i32> poison, i32 %x.here.one, i64 0
  %x.here = shufflevector <8 x i32> %x.here.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %x.at = add <8 x i32> %x.here, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %x.0.at = getelementptr float, ptr %a0, i64 %j
  %x.0 = load <8 x float>, ptr %x.0.at, align 4
  %x.wins.beyond = fcmp ult <8 x float> %x.0, %j.best0
  %x.wins.number = fcmp ord <8 x float> %j.best0, zeroinitializer
  %x.wins = and <8 x i1> %x.wins.beyond, %x.wins.number
  %x = select <8 x i1> %x.wins, <8 x float> %x.0, <8 x float> %j.best0
  %x.place = select <8 x i1> %x.wins, <8 x i32> %x.at, <8 x i32> %j.best1
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 8
  br label %j.head
j.end:
  ; the last 7 along this axis
  %rest.number = add i64 8, 0
  %rest.here.one = trunc i64 %rest.number to i32
  %rest.here.first = insertelement <8 x i32> poison, i32 %rest.here.one, i64 0
  %rest.here = shufflevector <8 x i32> %rest.here.first, <8 x i32> poison, <8 x i32> zeroinitializer
  %rest.at = add <8 x i32> %rest.here, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %rest.0.at = getelementptr float, ptr %a0, i64 8
  %rest.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %rest.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> zeroinitializer)
  %rest.kept = select <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> %rest.0, <8 x float> splat (float 0x7FF0000000000000)
  %rest.wins.beyond = fcmp ult <8 x float> %rest.kept, %j.best0
  %rest.wins.number = fcmp ord <8 x float> %j.best0, zeroinitializer
  %rest.wins = and <8 x i1> %rest.wins.beyond, %rest.wins.number
  %rest = select <8 x i1> %rest.wins, <8 x float> %rest.kept, <8 x float> %j.best0
  %rest.place = select <8 x i1> %rest.wins, <8 x i32> %rest.at, <8 x i32> %j.best1
  %found.of4.low = shufflevector <8 x float> %rest, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %found.of4.low.at = shufflevector <8 x i32> %rest.place, <8 x i32> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %found.of4.high = shufflevector <8 x float> %rest, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %found.of4.high.at = shufflevector <8 x i32> %rest.place, <8 x i32> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %found.of4.more.beyond = fcmp ult <4 x float> %found.of4.high, %found.of4.low
  %found.of4.more.number = fcmp ord <4 x float> %found.of4.low, zeroinitializer
  %found.of4.more = and <4 x i1> %found.of4.more.beyond, %found.of4.more.number
  %found.of4.less.beyond = fcmp ult <4 x float> %found.of4.low, %found.of4.high
  %found.of4.less.number = fcmp ord <4 x float> %found.of4.high, zeroinitializer
  %found.of4.less = and <4 x i1> %found.of4.less.beyond, %found.of4.less.number
  %found.of4.before = icmp slt <4 x i32> %found.of4.high.at, %found.of4.low.at
  %found.of4.equal = xor <4 x i1> %found.of4.less, splat (i1 true)
  %found.of4.first = and <4 x i1> %found.of4.equal, %found.of4.before
  %found.of4.wins = or <4 x i1> %found.of4.more, %found.of4.first
  %found.of4 = select <4 x i1> %found.of4.wins, <4 x float> %found.of4.high, <4 x float> %found.of4.low
  %found.of4.at = select <4 x i1> %found.of4.wins, <4 x i32> %found.of4.high.at, <4 x i32> %found.of4.low.at
  %found.of2.low = shufflevector <4 x float> %found.of4, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.low.at = shufflevector <4 x i32> %found.of4.at, <4 x i32> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.high = shufflevector <4 x float> %found.of4, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.high.at = shufflevector <4 x i32> %found.of4.at, <4 x i32> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.more.beyond = fcmp ult <2 x float> %found.of2.high, %found.of2.low
  %found.of2.more.number = fcmp ord <2 x float> %found.of2.low, zeroinitializer
  %found.of2.more = and <2 x i1> %found.of2.more.beyond, %found.of2.more.number
  %found.of2.less.beyond = fcmp ult <2 x float> %found.of2.low, %found.of2.high
  %found.of2.less.number = fcmp ord <2 x float> %found.of2.high, zeroinitializer
  %found.of2.less = and <2 x i1> %found.of2.less.beyond, %found.of2.less.number
  %found.of2.before = icmp slt <2 x i32> %found.of2.high.at, %found.of2.low.at
  %found.of2.equal = xor <2 x i1> %found.of2.less, splat (i1 true)
  %found.of2.first = and <2 x i1> %found.of2.equal, %found.of2.before
  %found.of2.wins = or <2 x i1> %found.of2.more, %found.of2.first
  %found.of2 = select <2 x i1> %found.of2.wins, <2 x float> %found.of2.high, <2 x float> %found.of2.low
  %found.of2.at = select <2 x i1> %found.of2.wins, <2 x i32> %found.of2.high.at, <2 x i32> %found.of2.low.at
  %found.of1.low = shufflevector <2 x float> %found.of2, <2 x float> poison, <1 x i32> <i32 0>
  %found.of1.low.at = shufflevector <2 x i32> %found.of2.at, <2 x i32> poison, <1 x i32> <i32 0>
  %found.of1.high = shufflevector <2 x float> %found.of2, <2 x float> poison, <1 x i32> <i32 1>
  %found.of1.high.at = shufflevector <2 x i32> %found.of2.at, <2 x i32> poison, <1 x i32> <i32 1>
  %found.of1.more.beyond = fcmp ult <1 x float> %found.of1.high, %found.of1.low
  %found.of1.more.number = fcmp ord <1 x float> %found.of1.low, zeroinitializer
  %found.of1.more = and <1 x i1> %found.of1.more.beyond, %found.of1.more.number
  %found.of1.less.beyond = fcmp ult <1 x float> %found.of1.low, %found.of1.high
  %found.of1.less.number = fcmp ord <1 x float> %found.of1.high, zeroinitializer
  %found.of1.less = and <1 x i1> %found.of1.less.beyond, %found.of1.less.number
  %found.of1.before = icmp slt <1 x i32> %found.of1.high.at, %found.of1.low.at
  %found.of1.equal = xor <1 x i1> %found.of1.less, splat (i1 true)
  %found.of1.first = and <1 x i1> %found.of1.equal, %found.of1.before
  %found.of1.wins = or <1 x i1> %found.of1.more, %found.of1.first
  %found.of1 = select <1 x i1> %found.of1.wins, <1 x float> %found.of1.high, <1 x float> %found.of1.low
  %found.of1.at = select <1 x i1> %found.of1.wins, <1 x i32> %found.of1.high.at, <1 x i32> %found.of1.low.at
  %found.place = extractelement <1 x i32> %found.of1.at, i64 0
  %result = sext i32 %found.place to i64
  %result.vector = insertelement <8 x i64> zeroinitializer, i64 %result, i64 0
  %y.out0 = getelementptr i64, ptr %a1, i64 0
  %y.out0.first = extractelement <8 x i64> %result.vector, i64 0
  store i64 %y.out0.first, ptr %y.out0, align 8
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
