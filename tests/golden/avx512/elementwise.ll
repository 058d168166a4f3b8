; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 3 x 19; 16 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[57]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[19]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[57], written
  %a2 = load ptr, ptr %a2.at
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
  %j.more = icmp slt i64 %j, 16
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %j.v0.at.step0 = mul nsw i64 %i, 19
  %j.v0.at.sum1 = add nsw i64 %j.v0.at.step0, %j
  %j.v0.at = getelementptr float, ptr %a0, i64 %j.v0.at.sum1
  %j.v0 = load <16 x float>, ptr %j.v0.at, align 4
  %j.v2 = fmul <16 x float> %j.v0, splat (float 0x4000000000000000)
  %j.v3.at = getelementptr float, ptr %a1, i64 %j
  %j.v3 = load <16 x float>, ptr %j.v3.at, align 4
  %j.v4 = fadd <16 x float> %j.v2, %j.v3
  %j.v5.off = fcmp ole <16 x float> %j.v4, zeroinitializer
  %j.v5 = select <16 x i1> %j.v5.off, <16 x float> zeroinitializer, <16 x float> %j.v4
  %j.v.out0.step0 = mul nsw i64 %i, 19
  %j.v.out0.sum1 = add nsw i64 %j.v.out0.step0, %j
  %j.v.out0 = getelementptr float, ptr %a2, i64 %j.v.out0.sum1
  store <16 x float> %j.v5, ptr %j.v.out0, align 4
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 16
  br label %j.head
j.end:
  ; the last 3 along this axis
  %j.t0.at.step0 = mul nsw i64 %i, 19
  %j.t0.at.sum1 = add nsw i64 %j.t0.at.step0, 16
  %j.t0.at = getelementptr float, ptr %a0, i64 %j.t0.at.sum1
  %j.t0 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %j.t0.at, <16 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %j.t2 = fmul <16 x float> %j.t0, splat (float 0x4000000000000000)
  %j.t3.at = getelementptr float, ptr %a1, i64 16
  %j.t3 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %j.t3.at, <16 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %j.t4 = fadd <16 x float> %j.t2, %j.t3
  %j.t5.off = fcmp ole <16 x float> %j.t4, zeroinitializer
  %j.t5 = select <16 x i1> %j.t5.off, <16 x float> zeroinitializer, <16 x float> %j.t4
  %j.t.out0.step0 = mul nsw i64 %i, 19
  %j.t.out0.sum1 = add nsw i64 %j.t.out0.step0, 16
  %j.t.out0 = getelementptr float, ptr %a2, i64 %j.t.out0.sum1
  call void @llvm.masked.store.v16f32.p0(<16 x float> %j.t5, ptr align 4 %j.t.out0, <16 x i1> <i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>)
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  ret void
}
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare void @llvm.masked.store.v16f32.p0(<16 x float>, ptr, <16 x i1>)
