; Place of an extremum, with vectors along the last reduced axis:  out[p] = epilogue(the place r of the first maximum of prologue(p, r)); NaN wins
;
; Parallel axes p: 3; workers share them. Reduced axes r: 16; 4 consecutive indices of the last make one vector. Each lane
; keeps the first of its best values; at the end the lanes are compared, as a tree, and of equal values the one at the first place wins.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[48]
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
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ 0, %j.enter ], [ %j.next, %j.latch ]
  %j.best0 = phi <4 x float> [ splat (float 0xFFF0000000000000), %j.enter ], [ %x, %j.latch ]
  %j.best1 = phi <4 x i32> [ <i32 0, i32 1, i32 2, i32 3>, %j.enter ], [ %x.place, %j.latch ]
  %j.more = icmp slt i64 %j, 16
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %x.number = add i64 %j, 0
  %x.here.one = trunc i64 %x.number to i32
  %x.here.first = insertelement <4 x i32> poison, i32 %x.here.one, i64 0
  %x.here = shufflevector <4 x i32> %x.here.first, <4 x i32> poison, <4 x i32> zeroinitializer
  %x.at = add <4 x i32> %x.here, <i32 0, i32 1, i32 2, i32 3>
  %x.0.at.step0 = mul nsw i64 %i, 16
  %x.0.at.sum1 = add nsw i64 %x.0.at.step0, %j
  %x.0.at = getelementptr float, ptr %a0, i64 %x.0.at.sum1
  %x.0 = load <4 x float>, ptr %x.0.at, align 4
  %x.wins.beyond = fcmp ugt <4 x float> %x.0, %j.best0
  %x.wins.number = fcmp ord <4 x float> %j.best0, zeroinitializer
  %x.wins = and <4 x i1> %x.wins.beyond, %x.wins.number
  %x = select <4 x i1> %x.wins, <4 x float> %x.0, <4 x float> %j.best0
  %x.place = select <4 x i1> %x.wins, <4 x i32> %x.at, <4 x i32> %j.best1
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 4
  br label %j.head
j.end:
  %found.of2.low = shufflevector <4 x float> %j.best0, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.low.at = shufflevector <4 x i32> %j.best1, <4 x i32> poison, <2 x i32> <i32 0, i32 1>
  %found.of2.high = shufflevector <4 x float> %j.best0, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.high.at = shufflevector <4 x i32> %j.best1, <4 x i32> poison, <2 x i32> <i32 2, i32 3>
  %found.of2.more.beyond = fcmp ugt <2 x float> %found.of2.high, %found.of2.low
  %found.of2.more.number = fcmp ord <2 x float> %found.of2.low, zeroinitializer
  %found.of2.more = and <2 x i1> %found.of2.more.beyond, %found.of2.more.number
  %found.of2.less.beyond = fcmp ugt <2 x float> %found.of2.low, %found.of2.high
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
  %found.of1.more.beyond = fcmp ugt <1 x float> %found.of1.high, %found.of1.low
  %found.of1.more.number = fcmp ord <1 x float> %found.of1.low, zeroinitializer
  %found.of1.more = and <1 x i1> %found.of1.more.beyond, %found.of1.more.number
  %found.of1.less.beyond = fcmp ugt <1 x float> %found.of1.low, %found.of1.high
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
  %result.vector = insertelement <4 x i64> zeroinitializer, i64 %result, i64 0
  %y.out0 = getelementptr i64, ptr %a1, i64 %i
  %y.out0.first = extractelement <4 x i64> %result.vector, i64 0
  store i64 %y.out0.first, ptr %y.out0, align 8
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
