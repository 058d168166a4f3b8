; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j]
;
; The space (i, j) has the extents 3 x 19; the scanned index j of the formula is j. 16 consecutive j make one vector: its lanes are summed up
; by adding the lane 1, 2, 4, ... places before, and then the sum of all vectors before is added. Workers share the rows.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[57]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[57], written
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
  %j.before0 = phi <16 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %v.total, %j.latch ]
  %j.more = icmp slt i64 %j, 16
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %v.0.at.step0 = mul nsw i64 %i, 19
  %v.0.at.sum1 = add nsw i64 %v.0.at.step0, %j
  %v.0.at = getelementptr float, ptr %a0, i64 %v.0.at.sum1
  %v.0 = load <16 x float>, ptr %v.0.at, align 4
  %v.moved1 = shufflevector <16 x float> %v.0, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14>
  %v.of2 = fadd <16 x float> %v.moved1, %v.0
  %v.moved2 = shufflevector <16 x float> %v.of2, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13>
  %v.of4 = fadd <16 x float> %v.moved2, %v.of2
  %v.moved4 = shufflevector <16 x float> %v.of4, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11>
  %v.of8 = fadd <16 x float> %v.moved4, %v.of4
  %v.moved8 = shufflevector <16 x float> %v.of8, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v.of16 = fadd <16 x float> %v.moved8, %v.of8
  %v.sum = fadd <16 x float> %j.before0, %v.of16
  %v.y.out0.step0 = mul nsw i64 %i, 19
  %v.y.out0.sum1 = add nsw i64 %v.y.out0.step0, %j
  %v.y.out0 = getelementptr float, ptr %a1, i64 %v.y.out0.sum1
  store <16 x float> %v.sum, ptr %v.y.out0, align 4
  %v.total = shufflevector <16 x float> %v.sum, <16 x float> poison, <16 x i32> splat (i32 15)
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 16
  br label %j.head
j.end:
  ; the last 3 along this axis
  %t.0.at.step0 = mul nsw i64 %i, 19
  %t.0.at.sum1 = add nsw i64 %t.0.at.step0, 16
  %t.0.at = getelementptr float, ptr %a0, i64 %t.0.at.sum1
  %t.0 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %t.0.at, <16 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %t.moved1 = shufflevector <16 x float> %t.0, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14>
  %t.of2 = fadd <16 x float> %t.moved1, %t.0
  %t.moved2 = shufflevector <16 x float> %t.of2, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13>
  %t.of4 = fadd <16 x float> %t.moved2, %t.of2
  %t.moved4 = shufflevector <16 x float> %t.of4, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11>
  %t.of8 = fadd <16 x float> %t.moved4, %t.of4
  %t.moved8 = shufflevector <16 x float> %t.of8, <16 x float> zeroinitializer, <16 x i32> <i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 16, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %t.of16 = fadd <16 x float> %t.moved8, %t.of8
  %t.sum = fadd <16 x float> %j.before0, %t.of16
  %t.y.out0.step0 = mul nsw i64 %i, 19
  %t.y.out0.sum1 = add nsw i64 %t.y.out0.step0, 16
  %t.y.out0 = getelementptr float, ptr %a1, i64 %t.y.out0.sum1
  call void @llvm.masked.store.v16f32.p0(<16 x float> %t.sum, ptr align 4 %t.y.out0, <16 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  %t.total = shufflevector <16 x float> %t.sum, <16 x float> poison, <16 x i32> splat (i32 15)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare void @llvm.masked.store.v16f32.p0(<16 x float>, ptr, <16 x i1>)
