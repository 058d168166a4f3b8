; Place of an extremum, with vectors along the last parallel axis:  out[p] = epilogue(the place r of the first maximum of prologue(p, r)); NaN wins
;
; Parallel axes p: 4; 4 consecutive indices of the last make one vector, 1 vector(s) side by side one strip; workers share the
; strips. Reduced axes r: 6, from the first to the last, so that an equal value further on changes nothing.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[24]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[4], written
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
  %j.best0 = phi <4 x float> [ splat (float 0xFFF0000000000000), %j.enter ], [ %x0, %j.latch ]
  %j.best1 = phi <4 x i32> [ splat (i32 0), %j.enter ], [ %x0.place, %j.latch ]
  %j.more = icmp slt i64 %j, 6
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %number = add i64 %j, 0
  %here.one = trunc i64 %number to i32
  %here.first = insertelement <4 x i32> poison, i32 %here.one, i64 0
  %here = shufflevector <4 x i32> %here.first, <4 x i32> poison, <4 x i32> zeroinitializer
  %x0.0.at.step0 = mul nsw i64 %j, 4
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.step0
  %x0.0 = load <4 x float>, ptr %x0.0.at, align 4
  %x0.wins.beyond = fcmp ugt <4 x float> %x0.0, %j.best0
  %x0.wins.number = fcmp ord <4 x float> %j.best0, zeroinitializer
  %x0.wins = and <4 x i1> %x0.wins.beyond, %x0.wins.number
  %x0 = select <4 x i1> %x0.wins, <4 x float> %x0.0, <4 x float> %j.best0
  %x0.place = select <4 x i1> %x0.wins, <4 x i32> %here, <4 x i32> %j.best1
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 1
  br label %j.head
j.end:
  %place0 = sext <4 x i32> %j.best1 to <4 x i64>
  %y0.out0 = getelementptr i64, ptr %a1, i64 0
  store <4 x i64> %place0, ptr %y0.out0, align 8
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
