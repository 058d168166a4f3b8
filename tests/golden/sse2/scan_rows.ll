; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j]
;
; The space (i, j) has the extents 3 x 7; the scanned index j of the formula is j. 4 consecutive j make one vector: its lanes are summed up
; by adding the lane 1, 2, 4, ... places before, and then the sum of all vectors before is added. Workers share the rows.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[21]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[21], written
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
  %j.before0 = phi <4 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %v.total, %j.latch ]
  %j.more = icmp slt i64 %j, 4
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %v.0.at.step0 = mul nsw i64 %i, 7
  %v.0.at.sum1 = add nsw i64 %v.0.at.step0, %j
  %v.0.at = getelementptr float, ptr %a0, i64 %v.0.at.sum1
  %v.0 = load <4 x float>, ptr %v.0.at, align 4
  %v.moved1 = shufflevector <4 x float> %v.0, <4 x float> zeroinitializer, <4 x i32> <i32 4, i32 0, i32 1, i32 2>
  %v.of2 = fadd <4 x float> %v.moved1, %v.0
  %v.moved2 = shufflevector <4 x float> %v.of2, <4 x float> zeroinitializer, <4 x i32> <i32 4, i32 4, i32 0, i32 1>
  %v.of4 = fadd <4 x float> %v.moved2, %v.of2
  %v.sum = fadd <4 x float> %j.before0, %v.of4
  %v.y.out0.step0 = mul nsw i64 %i, 7
  %v.y.out0.sum1 = add nsw i64 %v.y.out0.step0, %j
  %v.y.out0 = getelementptr float, ptr %a1, i64 %v.y.out0.sum1
  store <4 x float> %v.sum, ptr %v.y.out0, align 4
  %v.total = shufflevector <4 x float> %v.sum, <4 x float> poison, <4 x i32> splat (i32 3)
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 4
  br label %j.head
j.end:
  ; the last 3 along this axis
  %t.0.at.step0 = mul nsw i64 %i, 7
  %t.0.at.sum1 = add nsw i64 %t.0.at.step0, 4
  %t.0.at = getelementptr float, ptr %a0, i64 %t.0.at.sum1
  %t.0 = call <4 x float> @llvm.masked.load.v4f32.p0(ptr align 4 %t.0.at, <4 x i1> <i1 true, i1 true, i1 true, i1 false>, <4 x float> zeroinitializer)
  %t.moved1 = shufflevector <4 x float> %t.0, <4 x float> zeroinitializer, <4 x i32> <i32 4, i32 0, i32 1, i32 2>
  %t.of2 = fadd <4 x float> %t.moved1, %t.0
  %t.moved2 = shufflevector <4 x float> %t.of2, <4 x float> zeroinitializer, <4 x i32> <i32 4, i32 4, i32 0, i32 1>
  %t.of4 = fadd <4 x float> %t.moved2, %t.of2
  %t.sum = fadd <4 x float> %j.before0, %t.of4
  %t.y.out0.step0 = mul nsw i64 %i, 7
  %t.y.out0.sum1 = add nsw i64 %t.y.out0.step0, 4
  %t.y.out0 = getelementptr float, ptr %a1, i64 %t.y.out0.sum1
  call void @llvm.masked.store.v4f32.p0(<4 x float> %t.sum, ptr align 4 %t.y.out0, <4 x i1> <i1 true, i1 true, i1 true, i1 false>)
  %t.total = shufflevector <4 x float> %t.sum, <4 x float> poison, <4 x i32> splat (i32 3)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <4 x float> @llvm.masked.load.v4f32.p0(ptr, <4 x i1>, <4 x float>)
declare void @llvm.masked.store.v4f32.p0(<4 x float>, ptr, <4 x i1>)
