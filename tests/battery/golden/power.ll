; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 16; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[16]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[16], written
  %a2 = load ptr, ptr %a2.at
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
  %i.v1.at = getelementptr float, ptr %a1, i64 %i
  %i.v1 = load <8 x float>, ptr %i.v1.at, align 4
  ; %i.v2 = %i.v0 ^ %i.v1: e^(y log |x|), with its sign and special cases
  %i.v2.a = call <8 x float> @llvm.fabs.v8f32(<8 x float> %i.v0)
  %i.v2.magnitude.a = fpext <8 x float> %i.v2.a to <8 x double>
  %i.v2.magnitude.y = fpext <8 x float> %i.v1 to <8 x double>
  ; %i.v2.magnitude.log = log(%i.v2.magnitude.a) = e ln 2 + log m, x = m 2^e
  ; a subnormal is first multiplied by 2^52
  %i.v2.magnitude.log.tiny = fcmp olt <8 x double> %i.v2.magnitude.a, splat (double 0x0010000000000000)
  %i.v2.magnitude.log.raised = fmul <8 x double> %i.v2.magnitude.a, splat (double 0x4330000000000000)
  %i.v2.magnitude.log.normal = select <8 x i1> %i.v2.magnitude.log.tiny, <8 x double> %i.v2.magnitude.log.raised, <8 x double> %i.v2.magnitude.a
  ; x / sqrt(1/2) has the exponent e, biased; its mantissa bits and those of sqrt(1/2) add up to m
  %i.v2.magnitude.log.bits = bitcast <8 x double> %i.v2.magnitude.log.normal to <8 x i64>
  %i.v2.magnitude.log.ratio = add <8 x i64> %i.v2.magnitude.log.bits, splat (i64 2638147582215219)
  %i.v2.magnitude.log.fraction = and <8 x i64> %i.v2.magnitude.log.ratio, splat (i64 4503599627370495)
  %i.v2.magnitude.log.m.bits = add <8 x i64> %i.v2.magnitude.log.fraction, splat (i64 4604544271217802189)
  %i.v2.magnitude.log.m = bitcast <8 x i64> %i.v2.magnitude.log.m.bits to <8 x double>
  ; e as a float: the mantissa bits of 2^52 + e + 1023
  %i.v2.magnitude.log.biased = lshr <8 x i64> %i.v2.magnitude.log.ratio, splat (i64 52)
  %i.v2.magnitude.log.e.bits = or <8 x i64> %i.v2.magnitude.log.biased, splat (i64 4841369599423283200)
  %i.v2.magnitude.log.e.raised = bitcast <8 x i64> %i.v2.magnitude.log.e.bits to <8 x double>
  %i.v2.magnitude.log.e.bias = select <8 x i1> %i.v2.magnitude.log.tiny, <8 x double> splat (double 0x4330000000000433), <8 x double> splat (double 0x43300000000003FF)
  %i.v2.magnitude.log.e = fsub <8 x double> %i.v2.magnitude.log.e.raised, %i.v2.magnitude.log.e.bias
  %i.v2.magnitude.log.f = fadd <8 x double> %i.v2.magnitude.log.m, splat (double 0xBFF0000000000000)
  %i.v2.magnitude.log.f2 = fadd <8 x double> %i.v2.magnitude.log.m, splat (double 0x3FF0000000000000)
  %i.v2.magnitude.log.s = fdiv <8 x double> %i.v2.magnitude.log.f, %i.v2.magnitude.log.f2
  %i.v2.magnitude.log.z = fmul <8 x double> %i.v2.magnitude.log.s, %i.v2.magnitude.log.s
  %i.v2.magnitude.log.l.5 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> splat (double 0x3FC2F05634234922), <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FC39A1BABB1677B))
  %i.v2.magnitude.log.l.4 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.l.5, <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FC74663EE86A1B3))
  %i.v2.magnitude.log.l.3 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.l.4, <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FCC71C52095C72B))
  %i.v2.magnitude.log.l.2 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.l.3, <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FD24924941F126B))
  %i.v2.magnitude.log.l.1 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.l.2, <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FD999999997FDB7))
  %i.v2.magnitude.log.l = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.l.1, <8 x double> %i.v2.magnitude.log.z, <8 x double> splat (double 0x3FE5555555555592))
  %i.v2.magnitude.log.zl = fmul <8 x double> %i.v2.magnitude.log.z, %i.v2.magnitude.log.l
  ; log m = f - (h - s (h + z L)), h = f^2 / 2: what is rounded is small beside f
  %i.v2.magnitude.log.half = fmul <8 x double> %i.v2.magnitude.log.f, splat (double 0x3FE0000000000000)
  %i.v2.magnitude.log.h = fmul <8 x double> %i.v2.magnitude.log.half, %i.v2.magnitude.log.f
  %i.v2.magnitude.log.sum = fadd <8 x double> %i.v2.magnitude.log.h, %i.v2.magnitude.log.zl
  %i.v2.magnitude.log.e.low = fmul <8 x double> %i.v2.magnitude.log.e, splat (double 0x3DEA39EF35793C76)
  %i.v2.magnitude.log.series = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.s, <8 x double> %i.v2.magnitude.log.sum, <8 x double> %i.v2.magnitude.log.e.low)
  %i.v2.magnitude.log.bend = fsub <8 x double> %i.v2.magnitude.log.h, %i.v2.magnitude.log.series
  %i.v2.magnitude.log.log.m = fsub <8 x double> %i.v2.magnitude.log.f, %i.v2.magnitude.log.bend
  %i.v2.magnitude.log.finite = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.log.e, <8 x double> splat (double 0x3FE62E42FEE00000), <8 x double> %i.v2.magnitude.log.log.m)
  ; what is not a positive finite number
  %i.v2.magnitude.log.zero = fcmp oeq <8 x double> %i.v2.magnitude.a, zeroinitializer
  %i.v2.magnitude.log.none = select <8 x i1> %i.v2.magnitude.log.zero, <8 x double> splat (double 0xFFF0000000000000), <8 x double> splat (double 0x7FF8000000000000)
  %i.v2.magnitude.log.positive = fcmp ogt <8 x double> %i.v2.magnitude.a, zeroinitializer
  %i.v2.magnitude.log.real = select <8 x i1> %i.v2.magnitude.log.positive, <8 x double> %i.v2.magnitude.log.finite, <8 x double> %i.v2.magnitude.log.none
  %i.v2.magnitude.log.infinite = fcmp oeq <8 x double> %i.v2.magnitude.a, splat (double 0x7FF0000000000000)
  %i.v2.magnitude.log = select <8 x i1> %i.v2.magnitude.log.infinite, <8 x double> %i.v2.magnitude.a, <8 x double> %i.v2.magnitude.log.real
  %i.v2.magnitude.product = fmul <8 x double> %i.v2.magnitude.y, %i.v2.magnitude.log
  ; %i.v2.magnitude.exp = exp(%i.v2.magnitude.product) = 2^n e^r
  %i.v2.magnitude.exp.capped.above = fcmp ogt <8 x double> %i.v2.magnitude.product, splat (double 0x4086300000000000)
  %i.v2.magnitude.exp.capped = select <8 x i1> %i.v2.magnitude.exp.capped.above, <8 x double> splat (double 0x4086300000000000), <8 x double> %i.v2.magnitude.product
  %i.v2.magnitude.exp.x.below = fcmp olt <8 x double> %i.v2.magnitude.exp.capped, splat (double 0xC087500000000000)
  %i.v2.magnitude.exp.x = select <8 x i1> %i.v2.magnitude.exp.x.below, <8 x double> splat (double 0xC087500000000000), <8 x double> %i.v2.magnitude.exp.capped
  ; n = round(x / ln 2), r = x - n ln 2 (Cody and Waite: ln 2 in two parts), e^r = 1 + (r + r^2 Q(r))
  %i.v2.magnitude.exp.p.shifted = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.x, <8 x double> splat (double 0x3FF71547652B82FE), <8 x double> splat (double 0x4338000000000000))
  %i.v2.magnitude.exp.p.n = fsub <8 x double> %i.v2.magnitude.exp.p.shifted, splat (double 0x4338000000000000)
  %i.v2.magnitude.exp.p.high = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.n, <8 x double> splat (double 0xBFE62E42FEE00000), <8 x double> %i.v2.magnitude.exp.x)
  %i.v2.magnitude.exp.p.r = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.n, <8 x double> splat (double 0xBDEA39EF35793C76), <8 x double> %i.v2.magnitude.exp.p.high)
  %i.v2.magnitude.exp.p.q.8 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> splat (double 0x3E5AD7F6D7C81CBD), <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3E928AD72D156311))
  %i.v2.magnitude.exp.p.q.7 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.8, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3EC71DF2552ADA84))
  %i.v2.magnitude.exp.p.q.6 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.7, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3EFA0199A0C610B6))
  %i.v2.magnitude.exp.p.q.5 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.6, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3F2A01A012A57CE4))
  %i.v2.magnitude.exp.p.q.4 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.5, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3F56C16C1842A147))
  %i.v2.magnitude.exp.p.q.3 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.4, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3F81111111127BE4))
  %i.v2.magnitude.exp.p.q.2 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.3, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3FA555555555087C))
  %i.v2.magnitude.exp.p.q.1 = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.2, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3FC55555555554FA))
  %i.v2.magnitude.exp.p.q = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.q.1, <8 x double> %i.v2.magnitude.exp.p.r, <8 x double> splat (double 0x3FE000000000000A))
  %i.v2.magnitude.exp.p.r2 = fmul <8 x double> %i.v2.magnitude.exp.p.r, %i.v2.magnitude.exp.p.r
  %i.v2.magnitude.exp.p.rest = call <8 x double> @llvm.fmuladd.v8f64(<8 x double> %i.v2.magnitude.exp.p.r2, <8 x double> %i.v2.magnitude.exp.p.q, <8 x double> %i.v2.magnitude.exp.p.r)
  %i.v2.magnitude.exp.p = fadd <8 x double> %i.v2.magnitude.exp.p.rest, splat (double 0x3FF0000000000000)
  %i.v2.magnitude.exp.bits = bitcast <8 x double> %i.v2.magnitude.exp.p.shifted to <8 x i64>
  ; 2^n as two factors, for one alone would be no normal number at either end; n + 2 bias is positive
  %i.v2.magnitude.exp.n = sub <8 x i64> %i.v2.magnitude.exp.bits, splat (i64 4843621399236966402)
  %i.v2.magnitude.exp.n1 = lshr <8 x i64> %i.v2.magnitude.exp.n, splat (i64 1)
  %i.v2.magnitude.exp.n2 = sub <8 x i64> %i.v2.magnitude.exp.n, %i.v2.magnitude.exp.n1
  %i.v2.magnitude.exp.bits1 = shl <8 x i64> %i.v2.magnitude.exp.n1, splat (i64 52)
  %i.v2.magnitude.exp.bits2 = shl <8 x i64> %i.v2.magnitude.exp.n2, splat (i64 52)
  %i.v2.magnitude.exp.factor1 = bitcast <8 x i64> %i.v2.magnitude.exp.bits1 to <8 x double>
  %i.v2.magnitude.exp.factor2 = bitcast <8 x i64> %i.v2.magnitude.exp.bits2 to <8 x double>
  %i.v2.magnitude.exp.part = fmul <8 x double> %i.v2.magnitude.exp.p, %i.v2.magnitude.exp.factor1
  %i.v2.magnitude.exp = fmul <8 x double> %i.v2.magnitude.exp.part, %i.v2.magnitude.exp.factor2
  %i.v2.magnitude = fptrunc <8 x double> %i.v2.magnitude.exp to <8 x float>
  ; 1 where y = 0 or |x| = 1
  %i.v2.unit = fcmp oeq <8 x float> %i.v2.a, splat (float 0x3FF0000000000000)
  %i.v2.none = fcmp oeq <8 x float> %i.v1, zeroinitializer
  %i.v2.one = or <8 x i1> %i.v2.unit, %i.v2.none
  %i.v2.value = select <8 x i1> %i.v2.one, <8 x float> splat (float 0x3FF0000000000000), <8 x float> %i.v2.magnitude
  ; the sign of x where y is odd: an integer whose half is none
  %i.v2.integer.rint = call <8 x float> @llvm.rint.v8f32(<8 x float> %i.v1)
  %i.v2.integer = fcmp oeq <8 x float> %i.v2.integer.rint, %i.v1
  %i.v2.half = fmul <8 x float> %i.v1, splat (float 0x3FE0000000000000)
  %i.v2.even.rint = call <8 x float> @llvm.rint.v8f32(<8 x float> %i.v2.half)
  %i.v2.even = fcmp oeq <8 x float> %i.v2.even.rint, %i.v2.half
  %i.v2.odd = icmp ugt <8 x i1> %i.v2.integer, %i.v2.even
  %i.v2.mirrored = call <8 x float> @llvm.copysign.v8f32(<8 x float> %i.v2.value, <8 x float> %i.v0)
  %i.v2.signed = select <8 x i1> %i.v2.odd, <8 x float> %i.v2.mirrored, <8 x float> %i.v2.value
  ; NaN where a negative number has an exponent that is no integer
  %i.v2.negative = fcmp olt <8 x float> %i.v0, zeroinitializer
  %i.v2.bounded = fcmp olt <8 x float> %i.v2.a, splat (float 0x7FF0000000000000)
  %i.v2.root = xor <8 x i1> %i.v2.integer, splat (i1 true)
  %i.v2.negative.bounded = and <8 x i1> %i.v2.negative, %i.v2.bounded
  %i.v2.invalid = and <8 x i1> %i.v2.negative.bounded, %i.v2.root
  %i.v2 = select <8 x i1> %i.v2.invalid, <8 x float> splat (float 0x7FF8000000000000), <8 x float> %i.v2.signed
  %i.v.out0 = getelementptr float, ptr %a2, i64 %i
  store <8 x float> %i.v2, ptr %i.v.out0, align 4
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
declare <8 x double> @llvm.fmuladd.v8f64(<8 x double>, <8 x double>, <8 x double>)
declare <8 x float> @llvm.rint.v8f32(<8 x float>)
