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
  ; %i.v1 = cos(%i.v0) = sin(|%i.v0| + pi/2)
  %i.v1.a = call <8 x float> @llvm.fabs.v8f32(<8 x float> %i.v0)
  %i.v1.near.shifted = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.a, <8 x float> splat (float 0x3FE45F3060000000), <8 x float> splat (float 0x4168000000000000))
  %i.v1.near.n = fsub <8 x float> %i.v1.near.shifted, splat (float 0x4168000000000000)
  ; two parts of n pi/2 are taken from a without rounding; what the third loses in rounding goes with the rest
  %i.v1.near.r1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBFF9200000000000), <8 x float> %i.v1.a)
  %i.v1.near.r2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBF3FB40000000000), <8 x float> %i.v1.near.r1)
  %i.v1.near.r3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBE74440000000000), <8 x float> %i.v1.near.r2)
  %i.v1.near.taken = fsub <8 x float> %i.v1.near.r2, %i.v1.near.r3
  %i.v1.near.rest2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBE74440000000000), <8 x float> %i.v1.near.taken)
  %i.v1.near.rest3 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBD868C0000000000), <8 x float> %i.v1.near.rest2)
  %i.v1.near.rest4 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.near.n, <8 x float> splat (float 0xBC91A62640000000), <8 x float> %i.v1.near.rest3)
  %i.v1.near.r = fadd <8 x float> %i.v1.near.r3, %i.v1.near.rest4
  %i.v1.near.quadrant = bitcast <8 x float> %i.v1.near.shifted to <8 x i32>
  %i.v1.beyond = fcmp ogt <8 x float> %i.v1.a, splat (float 0x40C0000000000000)
  %i.v1.finite = fcmp olt <8 x float> %i.v1.a, splat (float 0x7FF0000000000000)
  %i.v1.far = and <8 x i1> %i.v1.beyond, %i.v1.finite
  %i.v1.any = call i1 @llvm.vector.reduce.or.v8i1(<8 x i1> %i.v1.far)
  br label %i.v1.enter
i.v1.enter:
  br i1 %i.v1.any, label %i.v1.lanes, label %i.v1.reduced
i.v1.lanes:
  %i.v1.lane = phi i64 [ 0, %i.v1.enter ], [ %i.v1.lane.next, %i.v1.lanes ]
  %i.v1.far.r = phi <8 x float> [ %i.v1.near.r, %i.v1.enter ], [ %i.v1.far.r.next, %i.v1.lanes ]
  %i.v1.far.quadrant = phi <8 x i32> [ %i.v1.near.quadrant, %i.v1.enter ], [ %i.v1.far.quadrant.next, %i.v1.lanes ]
  %i.v1.lane.a = extractelement <8 x float> %i.v1.a, i64 %i.v1.lane
  %i.v1.lane.far = extractelement <8 x i1> %i.v1.far, i64 %i.v1.lane
  %i.v1.lane.near.r = extractelement <8 x float> %i.v1.far.r, i64 %i.v1.lane
  %i.v1.lane.near.quadrant = extractelement <8 x i32> %i.v1.far.quadrant, i64 %i.v1.lane
  ; a = mantissa 2^(exponent - 150)
  %i.v1.lane.bits = bitcast float %i.v1.lane.a to i32
  %i.v1.lane.exponent = lshr i32 %i.v1.lane.bits, 23
  %i.v1.lane.fraction = and i32 %i.v1.lane.bits, 8388607
  %i.v1.lane.mantissa = or i32 %i.v1.lane.fraction, 8388608
  ; turns = a 2/pi mod 4 as a fixed-point number with 2 integer bits; of 2/pi, only the bits that matter to it take part
  %i.v1.lane.skip = sub i32 280, %i.v1.lane.exponent
  %i.v1.lane.skip.wide = zext i32 %i.v1.lane.skip to i256
  %i.v1.lane.window = lshr i256 u0xA2F9836E4E441529FC2757D1F534DDC0DB6295993C439041FE5163ABDEBBC561, %i.v1.lane.skip.wide
  %i.v1.lane.factor = trunc i256 %i.v1.lane.window to i128
  %i.v1.lane.mantissa.wide = zext i32 %i.v1.lane.mantissa to i128
  %i.v1.lane.turns = mul i128 %i.v1.lane.factor, %i.v1.lane.mantissa.wide
  ; the nearest quadrant, and the signed distance from it in units of 2^-128 quadrants
  %i.v1.lane.rounded = add i128 %i.v1.lane.turns, 42535295865117307932921825928971026432
  %i.v1.lane.upper = lshr i128 %i.v1.lane.rounded, 126
  %i.v1.lane.quadrant = trunc i128 %i.v1.lane.upper to i32
  %i.v1.lane.signed = shl i128 %i.v1.lane.turns, 2
  %i.v1.lane.distance = call i128 @llvm.abs.i128(i128 %i.v1.lane.signed, i1 false)
  ; its first 64 bits times pi/2 (63 bits after the point), then to floating point
  %i.v1.lane.zeros = call i128 @llvm.ctlz.i128(i128 %i.v1.lane.distance, i1 false)
  %i.v1.lane.normal = shl i128 %i.v1.lane.distance, %i.v1.lane.zeros
  %i.v1.lane.first = lshr i128 %i.v1.lane.normal, 64
  %i.v1.lane.first.narrow = trunc i128 %i.v1.lane.first to i64
  %i.v1.lane.first.wide = zext i64 %i.v1.lane.first.narrow to i128
  %i.v1.lane.product = mul i128 %i.v1.lane.first.wide, 14488038916154245685
  %i.v1.lane.product.upper = lshr i128 %i.v1.lane.product, 64
  %i.v1.lane.digits = trunc i128 %i.v1.lane.product.upper to i64
  %i.v1.lane.large = uitofp i64 %i.v1.lane.digits to double
  %i.v1.lane.zeros.narrow = trunc i128 %i.v1.lane.zeros to i64
  %i.v1.lane.scale.exponent = sub i64 960, %i.v1.lane.zeros.narrow
  %i.v1.lane.scale.bits = shl i64 %i.v1.lane.scale.exponent, 52
  %i.v1.lane.scale = bitcast i64 %i.v1.lane.scale.bits to double
  %i.v1.lane.magnitude = fmul double %i.v1.lane.large, %i.v1.lane.scale
  %i.v1.lane.minus = fneg double %i.v1.lane.magnitude
  %i.v1.lane.below = icmp slt i128 %i.v1.lane.signed, 0
  %i.v1.lane.r.double = select i1 %i.v1.lane.below, double %i.v1.lane.minus, double %i.v1.lane.magnitude
  %i.v1.lane.r = fptrunc double %i.v1.lane.r.double to float
  %i.v1.lane.chosen.r = select i1 %i.v1.lane.far, float %i.v1.lane.r, float %i.v1.lane.near.r
  %i.v1.lane.chosen.quadrant = select i1 %i.v1.lane.far, i32 %i.v1.lane.quadrant, i32 %i.v1.lane.near.quadrant
  %i.v1.far.r.next = insertelement <8 x float> %i.v1.far.r, float %i.v1.lane.chosen.r, i64 %i.v1.lane
  %i.v1.far.quadrant.next = insertelement <8 x i32> %i.v1.far.quadrant, i32 %i.v1.lane.chosen.quadrant, i64 %i.v1.lane
  %i.v1.lane.next = add nuw nsw i64 %i.v1.lane, 1
  %i.v1.lane.last = icmp eq i64 %i.v1.lane.next, 8
  br i1 %i.v1.lane.last, label %i.v1.reduced, label %i.v1.lanes
i.v1.reduced:
  %i.v1.r = phi <8 x float> [ %i.v1.near.r, %i.v1.enter ], [ %i.v1.far.r.next, %i.v1.lanes ]
  %i.v1.quadrant = phi <8 x i32> [ %i.v1.near.quadrant, %i.v1.enter ], [ %i.v1.far.quadrant.next, %i.v1.lanes ]
  %i.v1.next = add <8 x i32> %i.v1.quadrant, splat (i32 1)
  %i.v1.r2 = fmul <8 x float> %i.v1.r, %i.v1.r
  %i.v1.s.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0xBF29943840000000), <8 x float> %i.v1.r2, <8 x float> splat (float 0x3F811073A0000000))
  %i.v1.s = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s.1, <8 x float> %i.v1.r2, <8 x float> splat (float 0xBFC5555460000000))
  %i.v1.c.2 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3EF99EB4A0000000), <8 x float> %i.v1.r2, <8 x float> splat (float 0xBF56C0C320000000))
  %i.v1.c.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.2, <8 x float> %i.v1.r2, <8 x float> splat (float 0x3FA55554A0000000))
  %i.v1.c = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.c.1, <8 x float> %i.v1.r2, <8 x float> splat (float 0xBFE0000000000000))
  %i.v1.r3 = fmul <8 x float> %i.v1.r2, %i.v1.r
  %i.v1.sin = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.r3, <8 x float> %i.v1.s, <8 x float> %i.v1.r)
  %i.v1.cos = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.r2, <8 x float> %i.v1.c, <8 x float> splat (float 0x3FF0000000000000))
  ; odd quadrants are cosines, and the upper two are negative
  %i.v1.odd = trunc <8 x i32> %i.v1.next to <8 x i1>
  %i.v1.value = select <8 x i1> %i.v1.odd, <8 x float> %i.v1.cos, <8 x float> %i.v1.sin
  %i.v1.upper = shl <8 x i32> %i.v1.next, splat (i32 30)
  %i.v1.minus = and <8 x i32> %i.v1.upper, splat (i32 -2147483648)
  %i.v1.sign = xor <8 x i32> %i.v1.minus, zeroinitializer
  %i.v1.plain = bitcast <8 x float> %i.v1.value to <8 x i32>
  %i.v1.signed = xor <8 x i32> %i.v1.plain, %i.v1.sign
  %i.v1 = bitcast <8 x i32> %i.v1.signed to <8 x float>
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
declare i128 @llvm.abs.i128(i128, i1)
declare i128 @llvm.ctlz.i128(i128, i1)
declare <8 x float> @llvm.fabs.v8f32(<8 x float>)
declare <8 x float> @llvm.fmuladd.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare i1 @llvm.vector.reduce.or.v8i1(<8 x i1>)
