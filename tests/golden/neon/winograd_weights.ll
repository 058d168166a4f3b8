; The weights of a convolution by Winograd's method (winograd):  out[panel][6 u + v][c][lane] = (G g G^T)[u, v],  g = source[o = panel * 16 + lane, c]
;
; 32 x 32 kernels (c, o) of 3 x 3. 4 consecutive o make one vector; lanes behind the last o hold numbers that nobody uses. The 36 matrices of a panel
; lie 516 elements apart, a vector more than they have, so that they do not share a few sets of the caches. Workers share the rows (panel, c).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[9216]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[37152], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 64
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 64
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %c = urem i64 %item, 32
  %panel = udiv i64 %item, 32
  %begin = mul nsw i64 %panel, 16
  %behind = add nsw i64 %begin, 16
  %end = call i64 @llvm.smin.i64(i64 %behind, i64 32)
  %panel.at = mul nsw i64 %panel, 18576
  %c.at = mul nsw i64 %c, 16
  %row.at = add nsw i64 %panel.at, %c.at
  %row = getelementptr float, ptr %a1, i64 %row.at
  br label %o.enter
o.enter:
  br label %o.head
o.head:
  %o = phi i64 [ %begin, %o.enter ], [ %o.next, %o.latch ]
  %o.more = icmp slt i64 %o, %end
  br i1 %o.more, label %o.body, label %o.end
o.body:
  %source.step0 = mul nsw i64 %c, 9
  %source.step1 = mul nsw i64 %o, 288
  %source.sum1 = add nsw i64 %source.step0, %source.step1
  %source = getelementptr float, ptr %a0, i64 %source.sum1
  %kernel0 = getelementptr float, ptr %source, i64 0
  %kernel1 = getelementptr float, ptr %source, i64 288
  %kernel2 = getelementptr float, ptr %source, i64 576
  %kernel3 = getelementptr float, ptr %source, i64 864
  %taps0.0.0.at = getelementptr float, ptr %kernel0, i64 0
  %taps0.0.0 = load <4 x float>, ptr %taps0.0.0.at, align 4
  %taps0.0.1.at = getelementptr float, ptr %kernel1, i64 0
  %taps0.0.1 = load <4 x float>, ptr %taps0.0.1.at, align 4
  %taps0.0.2.at = getelementptr float, ptr %kernel2, i64 0
  %taps0.0.2 = load <4 x float>, ptr %taps0.0.2.at, align 4
  %taps0.0.3.at = getelementptr float, ptr %kernel3, i64 0
  %taps0.0.3 = load <4 x float>, ptr %taps0.0.3.at, align 4
  ; swap blocks of 2 x 2
  %taps0.1.0 = shufflevector <4 x float> %taps0.0.0, <4 x float> %taps0.0.2, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps0.1.2 = shufflevector <4 x float> %taps0.0.0, <4 x float> %taps0.0.2, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %taps0.1.1 = shufflevector <4 x float> %taps0.0.1, <4 x float> %taps0.0.3, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps0.1.3 = shufflevector <4 x float> %taps0.0.1, <4 x float> %taps0.0.3, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %taps0.2.0 = shufflevector <4 x float> %taps0.1.0, <4 x float> %taps0.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps0.2.1 = shufflevector <4 x float> %taps0.1.0, <4 x float> %taps0.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %taps0.2.2 = shufflevector <4 x float> %taps0.1.2, <4 x float> %taps0.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps0.2.3 = shufflevector <4 x float> %taps0.1.2, <4 x float> %taps0.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %g00 = bitcast <4 x float> %taps0.2.0 to <4 x float>
  %g01 = bitcast <4 x float> %taps0.2.1 to <4 x float>
  %g02 = bitcast <4 x float> %taps0.2.2 to <4 x float>
  %g10 = bitcast <4 x float> %taps0.2.3 to <4 x float>
  %taps4.0.0.at = getelementptr float, ptr %kernel0, i64 4
  %taps4.0.0 = load <4 x float>, ptr %taps4.0.0.at, align 4
  %taps4.0.1.at = getelementptr float, ptr %kernel1, i64 4
  %taps4.0.1 = load <4 x float>, ptr %taps4.0.1.at, align 4
  %taps4.0.2.at = getelementptr float, ptr %kernel2, i64 4
  %taps4.0.2 = load <4 x float>, ptr %taps4.0.2.at, align 4
  %taps4.0.3.at = getelementptr float, ptr %kernel3, i64 4
  %taps4.0.3 = load <4 x float>, ptr %taps4.0.3.at, align 4
  ; swap blocks of 2 x 2
  %taps4.1.0 = shufflevector <4 x float> %taps4.0.0, <4 x float> %taps4.0.2, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps4.1.2 = shufflevector <4 x float> %taps4.0.0, <4 x float> %taps4.0.2, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %taps4.1.1 = shufflevector <4 x float> %taps4.0.1, <4 x float> %taps4.0.3, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps4.1.3 = shufflevector <4 x float> %taps4.0.1, <4 x float> %taps4.0.3, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %taps4.2.0 = shufflevector <4 x float> %taps4.1.0, <4 x float> %taps4.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps4.2.1 = shufflevector <4 x float> %taps4.1.0, <4 x float> %taps4.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %taps4.2.2 = shufflevector <4 x float> %taps4.1.2, <4 x float> %taps4.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps4.2.3 = shufflevector <4 x float> %taps4.1.2, <4 x float> %taps4.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %g11 = bitcast <4 x float> %taps4.2.0 to <4 x float>
  %g12 = bitcast <4 x float> %taps4.2.1 to <4 x float>
  %g20 = bitcast <4 x float> %taps4.2.2 to <4 x float>
  %g21 = bitcast <4 x float> %taps4.2.3 to <4 x float>
  %taps8.0.0.at = getelementptr float, ptr %kernel0, i64 5
  %taps8.0.0 = load <4 x float>, ptr %taps8.0.0.at, align 4
  %taps8.0.1.at = getelementptr float, ptr %kernel1, i64 5
  %taps8.0.1 = load <4 x float>, ptr %taps8.0.1.at, align 4
  %taps8.0.2.at = getelementptr float, ptr %kernel2, i64 5
  %taps8.0.2 = load <4 x float>, ptr %taps8.0.2.at, align 4
  %taps8.0.3.at = getelementptr float, ptr %kernel3, i64 5
  %taps8.0.3 = load <4 x float>, ptr %taps8.0.3.at, align 4
  ; swap blocks of 2 x 2
  %taps8.1.0 = shufflevector <4 x float> %taps8.0.0, <4 x float> %taps8.0.2, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps8.1.2 = shufflevector <4 x float> %taps8.0.0, <4 x float> %taps8.0.2, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  %taps8.1.1 = shufflevector <4 x float> %taps8.0.1, <4 x float> %taps8.0.3, <4 x i32> <i32 0, i32 1, i32 4, i32 5>
  %taps8.1.3 = shufflevector <4 x float> %taps8.0.1, <4 x float> %taps8.0.3, <4 x i32> <i32 2, i32 3, i32 6, i32 7>
  ; swap blocks of 1 x 1
  %taps8.2.0 = shufflevector <4 x float> %taps8.1.0, <4 x float> %taps8.1.1, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps8.2.1 = shufflevector <4 x float> %taps8.1.0, <4 x float> %taps8.1.1, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %taps8.2.2 = shufflevector <4 x float> %taps8.1.2, <4 x float> %taps8.1.3, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
  %taps8.2.3 = shufflevector <4 x float> %taps8.1.2, <4 x float> %taps8.1.3, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
  %g22 = bitcast <4 x float> %taps8.2.3 to <4 x float>
  %u.column0.0 = fmul <4 x float> splat (float 0x3FE948B100000000), %g00
  %u.column0..even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %g20, <4 x float> %g00)
  %u.column0..plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %g10, <4 x float> %u.column0..even1)
  %u.column0..minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %g10, <4 x float> %u.column0..even1)
  %u.column0.1 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column0..plus1
  %u.column0.2 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column0..minus1
  %u.column0..even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %g20, <4 x float> %g00)
  %u.column0..plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %g10, <4 x float> %u.column0..even2)
  %u.column0..minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %g10, <4 x float> %u.column0..even2)
  %u.column0.3 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column0..plus3
  %u.column0.4 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column0..minus3
  %u.column0.5 = fadd <4 x float> %g20, zeroinitializer
  %u.column1.0 = fmul <4 x float> splat (float 0x3FE948B100000000), %g01
  %u.column1..even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %g21, <4 x float> %g01)
  %u.column1..plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %g11, <4 x float> %u.column1..even1)
  %u.column1..minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %g11, <4 x float> %u.column1..even1)
  %u.column1.1 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column1..plus1
  %u.column1.2 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column1..minus1
  %u.column1..even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %g21, <4 x float> %g01)
  %u.column1..plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %g11, <4 x float> %u.column1..even2)
  %u.column1..minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %g11, <4 x float> %u.column1..even2)
  %u.column1.3 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column1..plus3
  %u.column1.4 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column1..minus3
  %u.column1.5 = fadd <4 x float> %g21, zeroinitializer
  %u.column2.0 = fmul <4 x float> splat (float 0x3FE948B100000000), %g02
  %u.column2..even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %g22, <4 x float> %g02)
  %u.column2..plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %g12, <4 x float> %u.column2..even1)
  %u.column2..minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %g12, <4 x float> %u.column2..even1)
  %u.column2.1 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column2..plus1
  %u.column2.2 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u.column2..minus1
  %u.column2..even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %g22, <4 x float> %g02)
  %u.column2..plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %g12, <4 x float> %u.column2..even2)
  %u.column2..minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %g12, <4 x float> %u.column2..even2)
  %u.column2.3 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column2..plus3
  %u.column2.4 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u.column2..minus3
  %u.column2.5 = fadd <4 x float> %g22, zeroinitializer
  %u00 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.0
  %u0.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.0, <4 x float> %u.column0.0)
  %u0.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.0, <4 x float> %u0.even1)
  %u0.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.0, <4 x float> %u0.even1)
  %u01 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u0.plus1
  %u02 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u0.minus1
  %u0.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.0, <4 x float> %u.column0.0)
  %u0.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.0, <4 x float> %u0.even2)
  %u0.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.0, <4 x float> %u0.even2)
  %u03 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u0.plus3
  %u04 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u0.minus3
  %u05 = fadd <4 x float> %u.column2.0, zeroinitializer
  %u10 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.1
  %u1.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.1, <4 x float> %u.column0.1)
  %u1.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.1, <4 x float> %u1.even1)
  %u1.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.1, <4 x float> %u1.even1)
  %u11 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u1.plus1
  %u12 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u1.minus1
  %u1.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.1, <4 x float> %u.column0.1)
  %u1.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.1, <4 x float> %u1.even2)
  %u1.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.1, <4 x float> %u1.even2)
  %u13 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u1.plus3
  %u14 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u1.minus3
  %u15 = fadd <4 x float> %u.column2.1, zeroinitializer
  %u20 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.2
  %u2.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.2, <4 x float> %u.column0.2)
  %u2.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.2, <4 x float> %u2.even1)
  %u2.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.2, <4 x float> %u2.even1)
  %u21 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u2.plus1
  %u22 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u2.minus1
  %u2.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.2, <4 x float> %u.column0.2)
  %u2.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.2, <4 x float> %u2.even2)
  %u2.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.2, <4 x float> %u2.even2)
  %u23 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u2.plus3
  %u24 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u2.minus3
  %u25 = fadd <4 x float> %u.column2.2, zeroinitializer
  %u30 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.3
  %u3.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.3, <4 x float> %u.column0.3)
  %u3.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.3, <4 x float> %u3.even1)
  %u3.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.3, <4 x float> %u3.even1)
  %u31 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u3.plus1
  %u32 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u3.minus1
  %u3.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.3, <4 x float> %u.column0.3)
  %u3.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.3, <4 x float> %u3.even2)
  %u3.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.3, <4 x float> %u3.even2)
  %u33 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u3.plus3
  %u34 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u3.minus3
  %u35 = fadd <4 x float> %u.column2.3, zeroinitializer
  %u40 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.4
  %u4.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.4, <4 x float> %u.column0.4)
  %u4.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.4, <4 x float> %u4.even1)
  %u4.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.4, <4 x float> %u4.even1)
  %u41 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u4.plus1
  %u42 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u4.minus1
  %u4.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.4, <4 x float> %u.column0.4)
  %u4.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.4, <4 x float> %u4.even2)
  %u4.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.4, <4 x float> %u4.even2)
  %u43 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u4.plus3
  %u44 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u4.minus3
  %u45 = fadd <4 x float> %u.column2.4, zeroinitializer
  %u50 = fmul <4 x float> splat (float 0x3FE948B100000000), %u.column0.5
  %u5.even1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE2000000000000), <4 x float> %u.column2.5, <4 x float> %u.column0.5)
  %u5.plus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FE8000000000000), <4 x float> %u.column1.5, <4 x float> %u5.even1)
  %u5.minus1 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFE8000000000000), <4 x float> %u.column1.5, <4 x float> %u5.even1)
  %u51 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u5.plus1
  %u52 = fmul <4 x float> splat (float 0xBFE0DB20A0000000), %u5.minus1
  %u5.even2 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x4002000000000000), <4 x float> %u.column2.5, <4 x float> %u.column0.5)
  %u5.plus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0x3FF8000000000000), <4 x float> %u.column1.5, <4 x float> %u5.even2)
  %u5.minus3 = call <4 x float> @llvm.fma.v4f32(<4 x float> splat (float 0xBFF8000000000000), <4 x float> %u.column1.5, <4 x float> %u5.even2)
  %u53 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u5.plus3
  %u54 = fmul <4 x float> splat (float 0x3FC0DB20A0000000), %u5.minus3
  %u55 = fadd <4 x float> %u.column2.5, zeroinitializer
  %lane = sub nsw i64 %o, %begin
  %target = getelementptr float, ptr %row, i64 %lane
  %u00.at = getelementptr float, ptr %target, i64 0
  store <4 x float> %u00, ptr %u00.at, align 4
  %u01.at = getelementptr float, ptr %target, i64 516
  store <4 x float> %u01, ptr %u01.at, align 4
  %u02.at = getelementptr float, ptr %target, i64 1032
  store <4 x float> %u02, ptr %u02.at, align 4
  %u03.at = getelementptr float, ptr %target, i64 1548
  store <4 x float> %u03, ptr %u03.at, align 4
  %u04.at = getelementptr float, ptr %target, i64 2064
  store <4 x float> %u04, ptr %u04.at, align 4
  %u05.at = getelementptr float, ptr %target, i64 2580
  store <4 x float> %u05, ptr %u05.at, align 4
  %u10.at = getelementptr float, ptr %target, i64 3096
  store <4 x float> %u10, ptr %u10.at, align 4
  %u11.at = getelementptr float, ptr %target, i64 3612
  store <4 x float> %u11, ptr %u11.at, align 4
  %u12.at = getelementptr float, ptr %target, i64 4128
  store <4 x float> %u12, ptr %u12.at, align 4
  %u13.at = getelementptr float, ptr %target, i64 4644
  store <4 x float> %u13, ptr %u13.at, align 4
  %u14.at = getelementptr float, ptr %target, i64 5160
  store <4 x float> %u14, ptr %u14.at, align 4
  %u15.at = getelementptr float, ptr %target, i64 5676
  store <4 x float> %u15, ptr %u15.at, align 4
  %u20.at = getelementptr float, ptr %target, i64 6192
  store <4 x float> %u20, ptr %u20.at, align 4
  %u21.at = getelementptr float, ptr %target, i64 6708
  store <4 x float> %u21, ptr %u21.at, align 4
  %u22.at = getelementptr float, ptr %target, i64 7224
  store <4 x float> %u22, ptr %u22.at, align 4
  %u23.at = getelementptr float, ptr %target, i64 7740
  store <4 x float> %u23, ptr %u23.at, align 4
  %u24.at = getelementptr float, ptr %target, i64 8256
  store <4 x float> %u24, ptr %u24.at, align 4
  %u25.at = getelementptr float, ptr %target, i64 8772
  store <4 x float> %u25, ptr %u25.at, align 4
  %u30.at = getelementptr float, ptr %target, i64 9288
  store <4 x float> %u30, ptr %u30.at, align 4
  %u31.at = getelementptr float, ptr %target, i64 9804
  store <4 x float> %u31, ptr %u31.at, align 4
  %u32.at = getelementptr float, ptr %target, i64 10320
  store <4 x float> %u32, ptr %u32.at, align 4
  %u33.at = getelementptr float, ptr %target, i64 10836
  store <4 x float> %u33, ptr %u33.at, align 4
  %u34.at = getelementptr float, ptr %target, i64 11352
  store <4 x float> %u34, ptr %u34.at, align 4
  %u35.at = getelementptr float, ptr %target, i64 11868
  store <4 x float> %u35, ptr %u35.at, align 4
  %u40.at = getelementptr float, ptr %target, i64 12384
  store <4 x float> %u40, ptr %u40.at, align 4
  %u41.at = getelementptr float, ptr %target, i64 12900
  store <4 x float> %u41, ptr %u41.at, align 4
  %u42.at = getelementptr float, ptr %target, i64 13416
  store <4 x float> %u42, ptr %u42.at, align 4
  %u43.at = getelementptr float, ptr %target, i64 13932
  store <4 x float> %u43, ptr %u43.at, align 4
  %u44.at = getelementptr float, ptr %target, i64 14448
  store <4 x float> %u44, ptr %u44.at, align 4
  %u45.at = getelementptr float, ptr %target, i64 14964
  store <4 x float> %u45, ptr %u45.at, align 4
  %u50.at = getelementptr float, ptr %target, i64 15480
  store <4 x float> %u50, ptr %u50.at, align 4
  %u51.at = getelementptr float, ptr %target, i64 15996
  store <4 x float> %u51, ptr %u51.at, align 4
  %u52.at = getelementptr float, ptr %target, i64 16512
  store <4 x float> %u52, ptr %u52.at, align 4
  %u53.at = getelementptr float, ptr %target, i64 17028
  store <4 x float> %u53, ptr %u53.at, align 4
  %u54.at = getelementptr float, ptr %target, i64 17544
  store <4 x float> %u54, ptr %u54.at, align 4
  %u55.at = getelementptr float, ptr %target, i64 18060
  store <4 x float> %u55, ptr %u55.at, align 4
  br label %o.latch
o.latch:
  %o.next = add nsw i64 %o, 4
  br label %o.head
o.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <4 x float> @llvm.fma.v4f32(<4 x float>, <4 x float>, <4 x float>)
declare i64 @llvm.smin.i64(i64, i64)
