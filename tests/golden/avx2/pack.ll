; Packing: copy the right operand of a contraction into panels, so that it is read in one stream later.
;
;   panels[batch][p][k][lane] = source[batch, n = p * 8 + lane, k]
;
; The space is 2 x 8, k runs over 4. Workers share the runs of the innermost k in each panel.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define internal void @transpose_8x4(ptr %source, ptr %target) noinline {
  %x.0.0.at = getelementptr float, ptr %source, i64 0
  %x.0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.1.at = getelementptr float, ptr %source, i64 4
  %x.0.1 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.1.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.2.at = getelementptr float, ptr %source, i64 8
  %x.0.2 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.2.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.3.at = getelementptr float, ptr %source, i64 12
  %x.0.3 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.3.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.4.at = getelementptr float, ptr %source, i64 16
  %x.0.4 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.4.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.5.at = getelementptr float, ptr %source, i64 20
  %x.0.5 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.5.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.6.at = getelementptr float, ptr %source, i64 24
  %x.0.6 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.6.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x.0.7.at = getelementptr float, ptr %source, i64 28
  %x.0.7 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x.0.7.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  ; swap blocks of 4 x 4
  %x.1.0 = shufflevector <8 x float> %x.0.0, <8 x float> %x.0.4, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.4 = shufflevector <8 x float> %x.0.0, <8 x float> %x.0.4, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.1 = shufflevector <8 x float> %x.0.1, <8 x float> %x.0.5, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.5 = shufflevector <8 x float> %x.0.1, <8 x float> %x.0.5, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.2 = shufflevector <8 x float> %x.0.2, <8 x float> %x.0.6, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.6 = shufflevector <8 x float> %x.0.2, <8 x float> %x.0.6, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.3 = shufflevector <8 x float> %x.0.3, <8 x float> %x.0.7, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.7 = shufflevector <8 x float> %x.0.3, <8 x float> %x.0.7, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  ; swap blocks of 2 x 2
  %x.2.0 = shufflevector <8 x float> %x.1.0, <8 x float> %x.1.2, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.2 = shufflevector <8 x float> %x.1.0, <8 x float> %x.1.2, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.1 = shufflevector <8 x float> %x.1.1, <8 x float> %x.1.3, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.3 = shufflevector <8 x float> %x.1.1, <8 x float> %x.1.3, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.4 = shufflevector <8 x float> %x.1.4, <8 x float> %x.1.6, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.6 = shufflevector <8 x float> %x.1.4, <8 x float> %x.1.6, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.5 = shufflevector <8 x float> %x.1.5, <8 x float> %x.1.7, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.7 = shufflevector <8 x float> %x.1.5, <8 x float> %x.1.7, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  ; swap blocks of 1 x 1
  %x.3.0 = shufflevector <8 x float> %x.2.0, <8 x float> %x.2.1, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.1 = shufflevector <8 x float> %x.2.0, <8 x float> %x.2.1, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.2 = shufflevector <8 x float> %x.2.2, <8 x float> %x.2.3, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.3 = shufflevector <8 x float> %x.2.2, <8 x float> %x.2.3, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.4 = shufflevector <8 x float> %x.2.4, <8 x float> %x.2.5, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.5 = shufflevector <8 x float> %x.2.4, <8 x float> %x.2.5, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.6 = shufflevector <8 x float> %x.2.6, <8 x float> %x.2.7, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.7 = shufflevector <8 x float> %x.2.6, <8 x float> %x.2.7, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to0 = getelementptr float, ptr %target, i64 0
  store <8 x float> %x.3.0, ptr %to0, align 4
  %to1 = getelementptr float, ptr %target, i64 8
  store <8 x float> %x.3.1, ptr %to1, align 4
  %to2 = getelementptr float, ptr %target, i64 16
  store <8 x float> %x.3.2, ptr %to2, align 4
  %to3 = getelementptr float, ptr %target, i64 24
  store <8 x float> %x.3.3, ptr %to3, align 4
  ret void
}
; Part of a panel of which 8 lanes are there.
define internal void @pack_8(ptr %source, ptr %target, i64 %length) noinline {
entry:
  br label %lane.enter
lane.enter:
  br label %lane.head
lane.head:
  %lane = phi i64 [ 0, %lane.enter ], [ %lane.next, %lane.latch ]
  %lane.more = icmp slt i64 %lane, 8
  br i1 %lane.more, label %lane.body, label %lane.end
lane.body:
  %lane.from = mul nsw i64 %lane, 4
  %lane.source = getelementptr float, ptr %source, i64 %lane.from
  %lane.target = getelementptr float, ptr %target, i64 %lane
  %lane.whole = and i64 %length, -8
  %lane.has.tail = icmp slt i64 %lane.whole, %length
  br i1 %lane.has.tail, label %lane.tail, label %lane.done
lane.tail:
  %lane.tail.source = getelementptr float, ptr %lane.source, i64 %lane.whole
  %lane.tail.to = mul nsw i64 %lane.whole, 8
  %lane.tail.target = getelementptr float, ptr %lane.target, i64 %lane.tail.to
  call void @transpose_8x4(ptr %lane.tail.source, ptr %lane.tail.target)
  br label %lane.done
lane.done:
  br label %lane.latch
lane.latch:
  %lane.next = add nsw i64 %lane, 8
  br label %lane.head
lane.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[64]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[64], written
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
  %lane = mul nsw i64 %panel, 8
  %source.step0 = mul nsw i64 %i, 32
  %source.step1 = mul nsw i64 %lane, 4
  %source.sum1 = add nsw i64 %source.step0, %source.step1
  %source = getelementptr float, ptr %a0, i64 %source.sum1
  %target.step0 = mul nsw i64 %i, 32
  %target.step1 = mul nsw i64 %lane, 4
  %target.sum1 = add nsw i64 %target.step0, %target.step1
  %target = getelementptr float, ptr %a1, i64 %target.sum1
  call void @pack_8(ptr %source, ptr %target, i64 4)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
