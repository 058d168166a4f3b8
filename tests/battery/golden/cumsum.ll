; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j],  one after another
;
; The space (i, j) has the extents 3 x 5; the scanned index j of the formula is i. 8 consecutive j make one vector, 1 vector(s)
; side by side one strip; workers share the strips.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[15], written
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
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.state0 = phi <8 x float> [ splat (float 0x0000000000000000), %i.enter ], [ %x0, %i.latch ]
  %i.more = icmp slt i64 %i, 3
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %x0.0.at.step0 = mul nsw i64 %i, 5
  %x0.0.at = getelementptr float, ptr %a0, i64 %x0.0.at.step0
  %x0.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %x0.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %x0 = fadd <8 x float> %i.state0, %x0.0
  %x0.y.out0.step0 = mul nsw i64 %i, 5
  %x0.y.out0 = getelementptr float, ptr %a1, i64 %x0.y.out0.step0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %x0, ptr align 4 %x0.y.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j]
;
; The space (i, j) has the extents 3 x 5; the scanned index j of the formula is j. 8 consecutive j make one vector: its lanes are summed up
; by adding the lane 1, 2, 4, ... places before, and then the sum of all vectors before is added. Workers share the rows.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[15], written
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
  %j.before0 = phi <8 x float> [ splat (float 0x0000000000000000), %j.enter ], [ %v.total, %j.latch ]
  %j.more = icmp slt i64 %j, 0
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %v.0.at.step0 = mul nsw i64 %i, 5
  %v.0.at.sum1 = add nsw i64 %v.0.at.step0, %j
  %v.0.at = getelementptr float, ptr %a0, i64 %v.0.at.sum1
  %v.0 = load <8 x float>, ptr %v.0.at, align 4
  %v.moved1 = shufflevector <8 x float> %v.0, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6>
  %v.of2 = fadd <8 x float> %v.moved1, %v.0
  %v.moved2 = shufflevector <8 x float> %v.of2, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5>
  %v.of4 = fadd <8 x float> %v.moved2, %v.of2
  %v.moved4 = shufflevector <8 x float> %v.of4, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 8, i32 8, i32 0, i32 1, i32 2, i32 3>
  %v.of8 = fadd <8 x float> %v.moved4, %v.of4
  %v.sum = fadd <8 x float> %j.before0, %v.of8
  %v.y.out0.step0 = mul nsw i64 %i, 5
  %v.y.out0.sum1 = add nsw i64 %v.y.out0.step0, %j
  %v.y.out0 = getelementptr float, ptr %a1, i64 %v.y.out0.sum1
  store <8 x float> %v.sum, ptr %v.y.out0, align 4
  %v.total = shufflevector <8 x float> %v.sum, <8 x float> poison, <8 x i32> splat (i32 7)
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 8
  br label %j.head
j.end:
  ; the last 5 along this axis
  %t.0.at.step0 = mul nsw i64 %i, 5
  %t.0.at = getelementptr float, ptr %a0, i64 %t.0.at.step0
  %t.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %t.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %t.moved1 = shufflevector <8 x float> %t.0, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6>
  %t.of2 = fadd <8 x float> %t.moved1, %t.0
  %t.moved2 = shufflevector <8 x float> %t.of2, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5>
  %t.of4 = fadd <8 x float> %t.moved2, %t.of2
  %t.moved4 = shufflevector <8 x float> %t.of4, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 8, i32 8, i32 0, i32 1, i32 2, i32 3>
  %t.of8 = fadd <8 x float> %t.moved4, %t.of4
  %t.sum = fadd <8 x float> %j.before0, %t.of8
  %t.y.out0.step0 = mul nsw i64 %i, 5
  %t.y.out0 = getelementptr float, ptr %a1, i64 %t.y.out0.step0
  call void @llvm.masked.store.v8f32.p0(<8 x float> %t.sum, ptr align 4 %t.y.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  %t.total = shufflevector <8 x float> %t.sum, <8 x float> poison, <8 x i32> splat (i32 7)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

; Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j]
;
; The space (i) has the extents 15; the scanned index j of the formula is i. 8 consecutive i make one vector: its lanes are summed up
; by adding the lane 1, 2, 4, ... places before, and then the sum of all vectors before is added. Workers share the rows.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[15]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[15], written
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
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.before0 = phi <8 x float> [ splat (float 0x0000000000000000), %i.enter ], [ %v.total, %i.latch ]
  %i.more = icmp slt i64 %i, 8
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %v.0.at = getelementptr float, ptr %a0, i64 %i
  %v.0 = load <8 x float>, ptr %v.0.at, align 4
  %v.moved1 = shufflevector <8 x float> %v.0, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6>
  %v.of2 = fadd <8 x float> %v.moved1, %v.0
  %v.moved2 = shufflevector <8 x float> %v.of2, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5>
  %v.of4 = fadd <8 x float> %v.moved2, %v.of2
  %v.moved4 = shufflevector <8 x float> %v.of4, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 8, i32 8, i32 0, i32 1, i32 2, i32 3>
  %v.of8 = fadd <8 x float> %v.moved4, %v.of4
  %v.sum = fadd <8 x float> %i.before0, %v.of8
  %v.y.out0 = getelementptr float, ptr %a1, i64 %i
  store <8 x float> %v.sum, ptr %v.y.out0, align 4
  %v.total = shufflevector <8 x float> %v.sum, <8 x float> poison, <8 x i32> splat (i32 7)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 8
  br label %i.head
i.end:
  ; the last 7 along this axis
  %t.0.at = getelementptr float, ptr %a0, i64 8
  %t.0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %t.0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>, <8 x float> zeroinitializer)
  %t.moved1 = shufflevector <8 x float> %t.0, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6>
  %t.of2 = fadd <8 x float> %t.moved1, %t.0
  %t.moved2 = shufflevector <8 x float> %t.of2, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 0, i32 1, i32 2, i32 3, i32 4, i32 5>
  %t.of4 = fadd <8 x float> %t.moved2, %t.of2
  %t.moved4 = shufflevector <8 x float> %t.of4, <8 x float> zeroinitializer, <8 x i32> <i32 8, i32 8, i32 8, i32 8, i32 0, i32 1, i32 2, i32 3>
  %t.of8 = fadd <8 x float> %t.moved4, %t.of4
  %t.sum = fadd <8 x float> %i.before0, %t.of8
  %t.y.out0 = getelementptr float, ptr %a1, i64 8
  call void @llvm.masked.store.v8f32.p0(<8 x float> %t.sum, ptr align 4 %t.y.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false>)
  %t.total = shufflevector <8 x float> %t.sum, <8 x float> poison, <8 x i32> splat (i32 7)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)
