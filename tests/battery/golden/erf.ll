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
  ; %i.v1 = erf(%i.v0): a + a S(a^2) for small a = |x|, else 1 - e^C(a)
  %i.v1.a = call <8 x float> @llvm.fabs.v8f32(<8 x float> %i.v0)
  %i.v1.z = fmul <8 x float> %i.v1.a, %i.v1.a
  %i.v1.s.5 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3F1496A3A0000000), <8 x float> %i.v1.z, <8 x float> splat (float 0xBF4A3F7020000000))
  %i.v1.s.4 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.5, <8 x float> %i.v1.z, <8 x float> splat (float 0x3F75405B20000000))
  %i.v1.s.3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.4, <8 x float> %i.v1.z, <8 x float> splat (float 0xBF9B7F90E0000000))
  %i.v1.s.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.3, <8 x float> %i.v1.z, <8 x float> splat (float 0x3FBCE2CF80000000))
  %i.v1.s.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.2, <8 x float> %i.v1.z, <8 x float> splat (float 0xBFD81273E0000000))
  %i.v1.s = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.1, <8 x float> %i.v1.z, <8 x float> splat (float 0x3FC06EBA80000000))
  %i.v1.small = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.a, <8 x float> %i.v1.s, <8 x float> %i.v1.a)
  %i.v1.b.above = fcmp ogt <8 x float> %i.v1.a, splat (float 0x4010000000000000)
  %i.v1.b = select <8 x i1> %i.v1.b.above, <8 x float> splat (float 0x4010000000000000), <8 x float> %i.v1.a
  %i.v1.c.5 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3F2852CCA0000000), <8 x float> %i.v1.b, <8 x float> splat (float 0xBF6814C8E0000000))
  %i.v1.c.4 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.5, <8 x float> %i.v1.b, <8 x float> splat (float 0x3F96541FE0000000))
  %i.v1.c.3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.4, <8 x float> %i.v1.b, <8 x float> splat (float 0xBFBA60A700000000))
  %i.v1.c.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.3, <8 x float> %i.v1.b, <8 x float> splat (float 0xBFE46C5860000000))
  %i.v1.c.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.2, <8 x float> %i.v1.b, <8 x float> splat (float 0xBFF2085B20000000))
  %i.v1.c = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.1, <8 x float> %i.v1.b, <8 x float> splat (float 0xBF372E9DC0000000))
  ; n = round(x / ln 2), r = x - n ln 2 (Cody and Waite: ln 2 in two parts), e^r = 1 + (r + r^2 Q(r))
  %i.v1.p.shifted = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %i.v1.p.n = fsub <8 x float> %i.v1.p.shifted, splat (float 0x4168000000000000)
  %i.v1.p.high = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.n, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %i.v1.c)
  %i.v1.p.r = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.n, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %i.v1.p.high)
  %i.v1.p.q.3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3F56A24340000000), <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3F81239E20000000))
  %i.v1.p.q.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.3, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FA5558F20000000))
  %i.v1.p.q.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.2, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FC5554920000000))
  %i.v1.p.q = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.q.1, <8 x float> %i.v1.p.r, <8 x float> splat (float 0x3FDFFFFFC0000000))
  %i.v1.p.r2 = fmul <8 x float> %i.v1.p.r, %i.v1.p.r
  %i.v1.p.rest = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.p.r2, <8 x float> %i.v1.p.q, <8 x float> %i.v1.p.r)
  %i.v1.p = fadd <8 x float> %i.v1.p.rest, splat (float 0x3FF0000000000000)
  ; the integer's low bits, moved up, add to the exponent
  %i.v1.gap.n = bitcast <8 x float> %i.v1.p.shifted to <8 x i32>
  %i.v1.gap.exponent = shl <8 x i32> %i.v1.gap.n, splat (i32 23)
  %i.v1.gap.x = bitcast <8 x float> %i.v1.p to <8 x i32>
  %i.v1.gap.bits = add <8 x i32> %i.v1.gap.x, %i.v1.gap.exponent
  %i.v1.gap = bitcast <8 x i32> %i.v1.gap.bits to <8 x float>
  %i.v1.large = fsub <8 x float> splat (float 0x3FF0000000000000), %i.v1.gap
  ; NaN takes the small branch, which keeps it
  %i.v1.is.small = fcmp ult <8 x float> %i.v1.a, splat (float 0x3FF0000000000000)
  %i.v1.magnitude = select <8 x i1> %i.v1.is.small, <8 x float> %i.v1.small, <8 x float> %i.v1.large
  %i.v1 = call <8 x float> @llvm.copysign.v8f32(<8 x float> %i.v1.magnitude, <8 x float> %i.v0)
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
declare <8 x float> @llvm.copysign.v8f32(<8 x float>, <8 x float>)
declare <8 x float> @llvm.fabs.v8f32(<8 x float>)
declare <8 x float> @llvm.fmuladd.v8f32(<8 x float>, <8 x float>, <8 x float>)
