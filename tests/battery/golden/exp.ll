; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 16; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[16]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16], written
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
  %i.more = icmp slt i64 %i, 16
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %i.v0.at = getelementptr float, ptr %a0, i64 %i
  %i.v0 = load <8 x float>, ptr %i.v0.at, align 4
  ; %i.v1 = exp(%i.v0) = 2^n e^r
  %i.v1.capped.above = fcmp ogt <8 x float> %i.v0, splat (float 0x4056400000000000)
  %i.v1.capped = select <8 x i1> %i.v1.capped.above, <8 x float> splat (float 0x4056400000000000), <8 x float> %i.v0
  %i.v1.x.below = fcmp olt <8 x float> %i.v1.capped, splat (float 0xC05A000000000000)
  %i.v1.x = select <8 x i1> %i.v1.x.below, <8 x float> splat (float 0xC05A000000000000), <8 x float> %i.v1.capped
  ; n = round(x / ln 2), r = x - n ln 2 (Cody and Waite: ln 2 in two parts), e^r = 1 + (r + r^2 Q(r))
  %i.v1.p.shifted = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.x, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %i.v1.p.n = fsub <8 x float> %i.v1.p.shifted, splat (float 0x4168000000000000)
  %i.v1.p.high = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.n, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %i.v1.x)
  %i.v1.p.r = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.n, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %i.v1.p.high)
  %i.v1.p.q.3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3F56A24340000000), <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3F81239E20000000))
  %i.v1.p.q.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.3, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FA5558F20000000))
  %i.v1.p.q.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.2, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FC5554920000000))
  %i.v1.p.q = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.1, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FDFFFFFC0000000))
  %i.v1.p.r2 = fmul <8 x float> %i.v1.p.r, %i.v1.p.r
  %i.v1.p.rest = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.r2, <8 x float> %i.v1.p.q, <8 x float> %i.v1.p.r)
  %i.v1.p = fadd <8 x float> %i.v1.p.rest, splat (float 0x3FF0000000000000)
  %i.v1.bits = bitcast <8 x float> %i.v1.p.shifted to <8 x i32>
  ; 2^n as two factors, for one alone would be no normal number at either end; n + 2 bias is positive
  %i.v1.n = sub <8 x i32> %i.v1.bits, splat (i32 1262485250)
  %i.v1.n1 = lshr <8 x i32> %i.v1.n, splat (i32 1)
  %i.v1.n2 = sub <8 x i32> %i.v1.n, %i.v1.n1
  %i.v1.bits1 = shl <8 x i32> %i.v1.n1, splat (i32 23)
  %i.v1.bits2 = shl <8 x i32> %i.v1.n2, splat (i32 23)
  %i.v1.factor1 = bitcast <8 x i32> %i.v1.bits1 to <8 x float>
  %i.v1.factor2 = bitcast <8 x i32> %i.v1.bits2 to <8 x float>
  %i.v1.part = fmul <8 x float> %i.v1.p, %i.v1.factor1
  %i.v1 = fmul <8 x float> %i.v1.part, %i.v1.factor2
  %i.v.out0 = getelementptr float, ptr %a1, i64 %i
  store <8 x float> %i.v1, ptr %i.v.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 8
  br label %i.head
i.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.fmuladd.v8f32(<8 x float>, <8 x float>, <8 x float>)
