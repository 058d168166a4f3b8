; Radix sort:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
;
; The space p, j has the extents 3 x 1000; 4 consecutive j make one vector. Values become unsigned integer keys of the same order; NaN is the greatest value.
; A line is a list of pairs (key, j). Digit by digit of 8 bits, from the least significant, it is distributed to a second list: first all pairs with
; digit 0, then all with 1, ..., each in the order that they had. So after the last digit it is sorted, and equal keys are in their old order.
; Workers share the 3 groups of lines, each of which has two lists in the scratch buffer.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[3000]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; int64[3000], written
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; int64[6000], written
  %a2 = load ptr, ptr %a2.at
  ; for each digit, how many keys have which value of it
  %counts = alloca i64, i64 1024, align 64
  %share.before = mul i64 %worker, 3
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 3
  %share.last = udiv i64 %share.after, %workers
  br label %slot.enter
slot.enter:
  br label %slot.head
slot.head:
  %slot = phi i64 [ %share.first, %slot.enter ], [ %slot.next, %slot.latch ]
  %slot.more = icmp slt i64 %slot, %share.last
  br i1 %slot.more, label %slot.body, label %slot.end
slot.body:
  %slot.first = mul nsw i64 %slot, 2000
  %list = getelementptr { i32, i32 }, ptr %a2, i64 %slot.first
  %other = getelementptr { i32, i32 }, ptr %list, i64 1000
  %lines.before = mul nsw i64 %slot, 3
  %lines.first = udiv i64 %lines.before, 3
  %lines.after = add nsw i64 %lines.before, 3
  %lines.last = udiv i64 %lines.after, 3
  br label %line.enter
line.enter:
  br label %line.head
line.head:
  %line = phi i64 [ %lines.first, %line.enter ], [ %line.next, %line.latch ]
  %line.more = icmp slt i64 %line, %lines.last
  br i1 %line.more, label %line.body, label %line.end
line.body:
  %i = add i64 %line, 0
  br label %fill.enter
fill.enter:
  br label %fill.head
fill.head:
  %fill = phi i64 [ 0, %fill.enter ], [ %fill.next, %fill.latch ]
  %fill.more = icmp slt i64 %fill, 1000
  br i1 %fill.more, label %fill.body, label %fill.end
fill.body:
  %fill.v.x.at.step0 = mul nsw i64 %i, 1000
  %fill.v.x.at.sum1 = add nsw i64 %fill.v.x.at.step0, %fill
  %fill.v.x.at = getelementptr float, ptr %a0, i64 %fill.v.x.at.sum1
  %fill.v.x = load <4 x float>, ptr %fill.v.x.at, align 4
  ; -0.0 as 0.0, one NaN, which is positive; then the bits of positive values with the sign set, and those of negative values inverted
  %fill.v.key.plus = fadd <4 x float> %fill.v.x, zeroinitializer
  %fill.v.key.nan = fcmp uno <4 x float> %fill.v.x, zeroinitializer
  %fill.v.key.one = select <4 x i1> %fill.v.key.nan, <4 x float> splat (float 0x7FF8000000000000), <4 x float> %fill.v.key.plus
  %fill.v.key.bits = bitcast <4 x float> %fill.v.key.one to <4 x i32>
  %fill.v.key.sign = ashr <4 x i32> %fill.v.key.bits, splat (i32 31)
  %fill.v.key.flip = or <4 x i32> %fill.v.key.sign, splat (i32 -2147483648)
  %fill.v.key = xor <4 x i32> %fill.v.key.bits, %fill.v.key.flip
  %fill.v.one = trunc i64 %fill to i32
  %fill.v.first = insertelement <4 x i32> poison, i32 %fill.v.one, i64 0
  %fill.v.all = shufflevector <4 x i32> %fill.v.first, <4 x i32> poison, <4 x i32> zeroinitializer
  %fill.v.number = add <4 x i32> %fill.v.all, <i32 0, i32 1, i32 2, i32 3>
  %fill.v.pairs = shufflevector <4 x i32> %fill.v.key, <4 x i32> %fill.v.number, <8 x i32> <i32 0, i32 4, i32 1, i32 5, i32 2, i32 6, i32 3, i32 7>
  %fill.v.at = getelementptr { i32, i32 }, ptr %list, i64 %fill
  store <8 x i32> %fill.v.pairs, ptr %fill.v.at, align 4
  br label %fill.latch
fill.latch:
  %fill.next = add nsw i64 %fill, 4
  br label %fill.head
fill.end:
  br label %clear.enter
clear.enter:
  br label %clear.head
clear.head:
  %clear = phi i64 [ 0, %clear.enter ], [ %clear.next, %clear.latch ]
  %clear.more = icmp slt i64 %clear, 1024
  br i1 %clear.more, label %clear.body, label %clear.end
clear.body:
  %clear.at = getelementptr i64, ptr %counts, i64 %clear
  store <8 x i64> zeroinitializer, ptr %clear.at
  br label %clear.latch
clear.latch:
  %clear.next = add nsw i64 %clear, 8
  br label %clear.head
clear.end:
  br label %tally.enter
tally.enter:
  br label %tally.head
tally.head:
  %tally = phi i64 [ 0, %tally.enter ], [ %tally.next, %tally.latch ]
  %tally.more = icmp slt i64 %tally, 1000
  br i1 %tally.more, label %tally.body, label %tally.end
tally.body:
  %tally.at = getelementptr { i32, i32 }, ptr %list, i64 %tally
  %tally.key = load i32, ptr %tally.at, align 4
  %counts0 = getelementptr i64, ptr %counts, i64 0
  %digit0.shifted = lshr i32 %tally.key, 0
  %digit0 = and i32 %digit0.shifted, 255
  %digit0.slot = getelementptr i64, ptr %counts0, i32 %digit0
  %count0 = load i64, ptr %digit0.slot, align 8
  %more0 = add i64 %count0, 1
  store i64 %more0, ptr %digit0.slot, align 8
  %counts1 = getelementptr i64, ptr %counts, i64 256
  %digit1.shifted = lshr i32 %tally.key, 8
  %digit1 = and i32 %digit1.shifted, 255
  %digit1.slot = getelementptr i64, ptr %counts1, i32 %digit1
  %count1 = load i64, ptr %digit1.slot, align 8
  %more1 = add i64 %count1, 1
  store i64 %more1, ptr %digit1.slot, align 8
  %counts2 = getelementptr i64, ptr %counts, i64 512
  %digit2.shifted = lshr i32 %tally.key, 16
  %digit2 = and i32 %digit2.shifted, 255
  %digit2.slot = getelementptr i64, ptr %counts2, i32 %digit2
  %count2 = load i64, ptr %digit2.slot, align 8
  %more2 = add i64 %count2, 1
  store i64 %more2, ptr %digit2.slot, align 8
  %counts3 = getelementptr i64, ptr %counts, i64 768
  %digit3.shifted = lshr i32 %tally.key, 24
  %digit3 = and i32 %digit3.shifted, 255
  %digit3.slot = getelementptr i64, ptr %counts3, i32 %digit3
  %count3 = load i64, ptr %digit3.slot, align 8
  %more3 = add i64 %count3, 1
  store i64 %more3, ptr %digit3.slot, align 8
  br label %tally.latch
tally.latch:
  %tally.next = add nsw i64 %tally, 1
  br label %tally.head
tally.end:
  br label %digit.enter
digit.enter:
  br label %digit.head
digit.head:
  %digit = phi i64 [ 0, %digit.enter ], [ %digit.next, %digit.latch ]
  %digit.list0 = phi ptr [ %list, %digit.enter ], [ %list.now, %digit.latch ]
  %digit.list1 = phi ptr [ %other, %digit.enter ], [ %other.now, %digit.latch ]
  %digit.more = icmp slt i64 %digit, 4
  br i1 %digit.more, label %digit.body, label %digit.end
digit.body:
  %digit.first = shl i64 %digit, 8
  %starts = getelementptr i64, ptr %counts, i64 %digit.first
  %digit.wide = shl i64 %digit, 3
  %shift = trunc i64 %digit.wide to i32
  ; nothing moves where all have the same digit
  %some = load i32, ptr %digit.list0, align 4
  %some.digit.shifted = lshr i32 %some, %shift
  %some.digit = and i32 %some.digit.shifted, 255
  %some.digit.slot = getelementptr i64, ptr %starts, i32 %some.digit
  %some.count = load i64, ptr %some.digit.slot, align 8
  %equal = icmp eq i64 %some.count, 1000
  br i1 %equal, label %stay, label %start
start:
  ; counts become starts: where the first pair with each digit goes
  br label %value.enter
value.enter:
  br label %value.head
value.head:
  %value = phi i64 [ 0, %value.enter ], [ %value.next, %value.latch ]
  %value.before0 = phi i64 [ 0, %value.enter ], [ %value.sum, %value.latch ]
  %value.more = icmp slt i64 %value, 256
  br i1 %value.more, label %value.body, label %value.end
value.body:
  %value.at = getelementptr i64, ptr %starts, i64 %value
  %value.count = load i64, ptr %value.at, align 8
  store i64 %value.before0, ptr %value.at, align 8
  %value.sum = add i64 %value.before0, %value.count
  br label %value.latch
value.latch:
  %value.next = add nsw i64 %value, 1
  br label %value.head
value.end:
  br label %move.enter
move.enter:
  br label %move.head
move.head:
  %move = phi i64 [ 0, %move.enter ], [ %move.next, %move.latch ]
  %move.more = icmp slt i64 %move, 1000
  br i1 %move.more, label %move.body, label %move.end
move.body:
  %move.at = getelementptr { i32, i32 }, ptr %digit.list0, i64 %move
  %move.pair = load { i32, i32 }, ptr %move.at, align 4
  %move.key = extractvalue { i32, i32 } %move.pair, 0
  %move.digit.shifted = lshr i32 %move.key, %shift
  %move.digit = and i32 %move.digit.shifted, 255
  %move.digit.slot = getelementptr i64, ptr %starts, i32 %move.digit
  %move.to = load i64, ptr %move.digit.slot, align 8
  %move.following = add i64 %move.to, 1
  store i64 %move.following, ptr %move.digit.slot, align 8
  %move.place = getelementptr { i32, i32 }, ptr %digit.list1, i64 %move.to
  store { i32, i32 } %move.pair, ptr %move.place, align 4
  br label %move.latch
move.latch:
  %move.next = add nsw i64 %move, 1
  br label %move.head
move.end:
  br label %moved
stay:
  br label %moved
moved:
  %list.now = phi ptr [ %digit.list0, %stay ], [ %digit.list1, %move.end ]
  %other.now = phi ptr [ %digit.list1, %stay ], [ %digit.list0, %move.end ]
  br label %digit.latch
digit.latch:
  %digit.next = add nsw i64 %digit, 1
  br label %digit.head
digit.end:
  br label %place.enter
place.enter:
  br label %place.head
place.head:
  %place = phi i64 [ 0, %place.enter ], [ %place.next, %place.latch ]
  %place.more = icmp slt i64 %place, 1000
  br i1 %place.more, label %place.body, label %place.end
place.body:
  %place.v.at = getelementptr { i32, i32 }, ptr %digit.list0, i64 %place
  %place.v.pairs = load <8 x i32>, ptr %place.v.at, align 4
  %place.v.number = shufflevector <8 x i32> %place.v.pairs, <8 x i32> poison, <4 x i32> <i32 1, i32 3, i32 5, i32 7>
  %place.v.index = zext <4 x i32> %place.v.number to <4 x i64>
  %place.v.out0.step0 = mul nsw i64 %i, 1000
  %place.v.out0.sum1 = add nsw i64 %place.v.out0.step0, %place
  %place.v.out0 = getelementptr i64, ptr %a1, i64 %place.v.out0.sum1
  store <4 x i64> %place.v.index, ptr %place.v.out0, align 8
  br label %place.latch
place.latch:
  %place.next = add nsw i64 %place, 4
  br label %place.head
place.end:
  br label %line.latch
line.latch:
  %line.next = add nsw i64 %line, 1
  br label %line.head
line.end:
  br label %slot.latch
slot.latch:
  %slot.next = add nsw i64 %slot, 1
  br label %slot.head
slot.end:
  ret void
}
