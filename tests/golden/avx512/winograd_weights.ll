; The weights of a convolution by Winograd's method (winograd):  out[panel][6 u + v][c][lane] = (G g G^T)[u, v],  g = source[o = panel * 32 + lane, c]
;
; 32 x 32 kernels (o, c) of 3 x 3. 16 consecutive o make one vector; behind the last o, weights are 0. Workers share the vectors (o, c).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[9216]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[36864], written
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
  %vector = udiv i64 %item, 32
  %o = mul nsw i64 %vector, 16
  %source.step0 = mul nsw i64 %o, 288
  %source.step1 = mul nsw i64 %c, 9
  %source.sum1 = add nsw i64 %source.step0, %source.step1
  %source = getelementptr float, ptr %a0, i64 %source.sum1
  %g00.at = getelementptr float, ptr %source, i64 0
  %g00.lanes = getelementptr float, ptr %g00.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g00 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g00.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g01.at = getelementptr float, ptr %source, i64 1
  %g01.lanes = getelementptr float, ptr %g01.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g01 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g01.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g02.at = getelementptr float, ptr %source, i64 2
  %g02.lanes = getelementptr float, ptr %g02.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g02 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g02.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g10.at = getelementptr float, ptr %source, i64 3
  %g10.lanes = getelementptr float, ptr %g10.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g10 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g10.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g11.at = getelementptr float, ptr %source, i64 4
  %g11.lanes = getelementptr float, ptr %g11.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g11 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g11.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g12.at = getelementptr float, ptr %source, i64 5
  %g12.lanes = getelementptr float, ptr %g12.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g12 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g12.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g20.at = getelementptr float, ptr %source, i64 6
  %g20.lanes = getelementptr float, ptr %g20.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g20 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g20.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g21.at = getelementptr float, ptr %source, i64 7
  %g21.lanes = getelementptr float, ptr %g21.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g21 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g21.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %g22.at = getelementptr float, ptr %source, i64 8
  %g22.lanes = getelementptr float, ptr %g22.at, <16 x i64> <i64 0, i64 288, i64 576, i64 864, i64 1152, i64 1440, i64 1728, i64 2016, i64 2304, i64 2592, i64 2880, i64 3168, i64 3456, i64 3744, i64 4032, i64 4320>
  %g22 = call <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr> align 4 %g22.lanes, <16 x i1> splat (i1 true), <16 x float> zeroinitializer)
  %u.column0.0 = fmul <16 x float> splat (float 0x3FE948B100000000), %g00
  %u.column0..even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %g20, <16 x float> %g00)
  %u.column0..plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %g10, <16 x float> %u.column0..even1)
  %u.column0..minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %g10, <16 x float> %u.column0..even1)
  %u.column0.1 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column0..plus1
  %u.column0.2 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column0..minus1
  %u.column0..even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %g20, <16 x float> %g00)
  %u.column0..plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %g10, <16 x float> %u.column0..even2)
  %u.column0..minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %g10, <16 x float> %u.column0..even2)
  %u.column0.3 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column0..plus3
  %u.column0.4 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column0..minus3
  %u.column0.5 = fadd <16 x float> %g20, zeroinitializer
  %u.column1.0 = fmul <16 x float> splat (float 0x3FE948B100000000), %g01
  %u.column1..even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %g21, <16 x float> %g01)
  %u.column1..plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %g11, <16 x float> %u.column1..even1)
  %u.column1..minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %g11, <16 x float> %u.column1..even1)
  %u.column1.1 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column1..plus1
  %u.column1.2 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column1..minus1
  %u.column1..even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %g21, <16 x float> %g01)
  %u.column1..plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %g11, <16 x float> %u.column1..even2)
  %u.column1..minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %g11, <16 x float> %u.column1..even2)
  %u.column1.3 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column1..plus3
  %u.column1.4 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column1..minus3
  %u.column1.5 = fadd <16 x float> %g21, zeroinitializer
  %u.column2.0 = fmul <16 x float> splat (float 0x3FE948B100000000), %g02
  %u.column2..even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %g22, <16 x float> %g02)
  %u.column2..plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %g12, <16 x float> %u.column2..even1)
  %u.column2..minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %g12, <16 x float> %u.column2..even1)
  %u.column2.1 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column2..plus1
  %u.column2.2 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u.column2..minus1
  %u.column2..even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %g22, <16 x float> %g02)
  %u.column2..plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %g12, <16 x float> %u.column2..even2)
  %u.column2..minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %g12, <16 x float> %u.column2..even2)
  %u.column2.3 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column2..plus3
  %u.column2.4 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u.column2..minus3
  %u.column2.5 = fadd <16 x float> %g22, zeroinitializer
  %u00 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.0
  %u0.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.0, <16 x float> %u.column0.0)
  %u0.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.0, <16 x float> %u0.even1)
  %u0.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.0, <16 x float> %u0.even1)
  %u01 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u0.plus1
  %u02 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u0.minus1
  %u0.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.0, <16 x float> %u.column0.0)
  %u0.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.0, <16 x float> %u0.even2)
  %u0.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.0, <16 x float> %u0.even2)
  %u03 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u0.plus3
  %u04 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u0.minus3
  %u05 = fadd <16 x float> %u.column2.0, zeroinitializer
  %u10 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.1
  %u1.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.1, <16 x float> %u.column0.1)
  %u1.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.1, <16 x float> %u1.even1)
  %u1.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.1, <16 x float> %u1.even1)
  %u11 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u1.plus1
  %u12 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u1.minus1
  %u1.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.1, <16 x float> %u.column0.1)
  %u1.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.1, <16 x float> %u1.even2)
  %u1.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.1, <16 x float> %u1.even2)
  %u13 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u1.plus3
  %u14 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u1.minus3
  %u15 = fadd <16 x float> %u.column2.1, zeroinitializer
  %u20 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.2
  %u2.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.2, <16 x float> %u.column0.2)
  %u2.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.2, <16 x float> %u2.even1)
  %u2.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.2, <16 x float> %u2.even1)
  %u21 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u2.plus1
  %u22 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u2.minus1
  %u2.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.2, <16 x float> %u.column0.2)
  %u2.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.2, <16 x float> %u2.even2)
  %u2.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.2, <16 x float> %u2.even2)
  %u23 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u2.plus3
  %u24 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u2.minus3
  %u25 = fadd <16 x float> %u.column2.2, zeroinitializer
  %u30 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.3
  %u3.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.3, <16 x float> %u.column0.3)
  %u3.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.3, <16 x float> %u3.even1)
  %u3.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.3, <16 x float> %u3.even1)
  %u31 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u3.plus1
  %u32 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u3.minus1
  %u3.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.3, <16 x float> %u.column0.3)
  %u3.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.3, <16 x float> %u3.even2)
  %u3.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.3, <16 x float> %u3.even2)
  %u33 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u3.plus3
  %u34 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u3.minus3
  %u35 = fadd <16 x float> %u.column2.3, zeroinitializer
  %u40 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.4
  %u4.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.4, <16 x float> %u.column0.4)
  %u4.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.4, <16 x float> %u4.even1)
  %u4.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.4, <16 x float> %u4.even1)
  %u41 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u4.plus1
  %u42 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u4.minus1
  %u4.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.4, <16 x float> %u.column0.4)
  %u4.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.4, <16 x float> %u4.even2)
  %u4.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.4, <16 x float> %u4.even2)
  %u43 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u4.plus3
  %u44 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u4.minus3
  %u45 = fadd <16 x float> %u.column2.4, zeroinitializer
  %u50 = fmul <16 x float> splat (float 0x3FE948B100000000), %u.column0.5
  %u5.even1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE2000000000000), <16 x float> %u.column2.5, <16 x float> %u.column0.5)
  %u5.plus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %u.column1.5, <16 x float> %u5.even1)
  %u5.minus1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %u.column1.5, <16 x float> %u5.even1)
  %u51 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u5.plus1
  %u52 = fmul <16 x float> splat (float 0xBFE0DB20A0000000), %u5.minus1
  %u5.even2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x4002000000000000), <16 x float> %u.column2.5, <16 x float> %u.column0.5)
  %u5.plus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %u.column1.5, <16 x float> %u5.even2)
  %u5.minus3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %u.column1.5, <16 x float> %u5.even2)
  %u53 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u5.plus3
  %u54 = fmul <16 x float> splat (float 0x3FC0DB20A0000000), %u5.minus3
  %u55 = fadd <16 x float> %u.column2.5, zeroinitializer
  %panel = udiv i64 %o, 32
  %lane = urem i64 %o, 32
  %panel.at = mul nsw i64 %panel, 36864
  %c.at = mul nsw i64 %c, 32
  %row.at = add nsw i64 %panel.at, %c.at
  %lane.at = add nsw i64 %row.at, %lane
  %target = getelementptr float, ptr %a1, i64 %lane.at
  %u00.at = getelementptr float, ptr %target, i64 0
  store <16 x float> %u00, ptr %u00.at, align 4
  %u01.at = getelementptr float, ptr %target, i64 1024
  store <16 x float> %u01, ptr %u01.at, align 4
  %u02.at = getelementptr float, ptr %target, i64 2048
  store <16 x float> %u02, ptr %u02.at, align 4
  %u03.at = getelementptr float, ptr %target, i64 3072
  store <16 x float> %u03, ptr %u03.at, align 4
  %u04.at = getelementptr float, ptr %target, i64 4096
  store <16 x float> %u04, ptr %u04.at, align 4
  %u05.at = getelementptr float, ptr %target, i64 5120
  store <16 x float> %u05, ptr %u05.at, align 4
  %u10.at = getelementptr float, ptr %target, i64 6144
  store <16 x float> %u10, ptr %u10.at, align 4
  %u11.at = getelementptr float, ptr %target, i64 7168
  store <16 x float> %u11, ptr %u11.at, align 4
  %u12.at = getelementptr float, ptr %target, i64 8192
  store <16 x float> %u12, ptr %u12.at, align 4
  %u13.at = getelementptr float, ptr %target, i64 9216
  store <16 x float> %u13, ptr %u13.at, align 4
  %u14.at = getelementptr float, ptr %target, i64 10240
  store <16 x float> %u14, ptr %u14.at, align 4
  %u15.at = getelementptr float, ptr %target, i64 11264
  store <16 x float> %u15, ptr %u15.at, align 4
  %u20.at = getelementptr float, ptr %target, i64 12288
  store <16 x float> %u20, ptr %u20.at, align 4
  %u21.at = getelementptr float, ptr %target, i64 13312
  store <16 x float> %u21, ptr %u21.at, align 4
  %u22.at = getelementptr float, ptr %target, i64 14336
  store <16 x float> %u22, ptr %u22.at, align 4
  %u23.at = getelementptr float, ptr %target, i64 15360
  store <16 x float> %u23, ptr %u23.at, align 4
  %u24.at = getelementptr float, ptr %target, i64 16384
  store <16 x float> %u24, ptr %u24.at, align 4
  %u25.at = getelementptr float, ptr %target, i64 17408
  store <16 x float> %u25, ptr %u25.at, align 4
  %u30.at = getelementptr float, ptr %target, i64 18432
  store <16 x float> %u30, ptr %u30.at, align 4
  %u31.at = getelementptr float, ptr %target, i64 19456
  store <16 x float> %u31, ptr %u31.at, align 4
  %u32.at = getelementptr float, ptr %target, i64 20480
  store <16 x float> %u32, ptr %u32.at, align 4
  %u33.at = getelementptr float, ptr %target, i64 21504
  store <16 x float> %u33, ptr %u33.at, align 4
  %u34.at = getelementptr float, ptr %target, i64 22528
  store <16 x float> %u34, ptr %u34.at, align 4
  %u35.at = getelementptr float, ptr %target, i64 23552
  store <16 x float> %u35, ptr %u35.at, align 4
  %u40.at = getelementptr float, ptr %target, i64 24576
  store <16 x float> %u40, ptr %u40.at, align 4
  %u41.at = getelementptr float, ptr %target, i64 25600
  store <16 x float> %u41, ptr %u41.at, align 4
  %u42.at = getelementptr float, ptr %target, i64 26624
  store <16 x float> %u42, ptr %u42.at, align 4
  %u43.at = getelementptr float, ptr %target, i64 27648
  store <16 x float> %u43, ptr %u43.at, align 4
  %u44.at = getelementptr float, ptr %target, i64 28672
  store <16 x float> %u44, ptr %u44.at, align 4
  %u45.at = getelementptr float, ptr %target, i64 29696
  store <16 x float> %u45, ptr %u45.at, align 4
  %u50.at = getelementptr float, ptr %target, i64 30720
  store <16 x float> %u50, ptr %u50.at, align 4
  %u51.at = getelementptr float, ptr %target, i64 31744
  store <16 x float> %u51, ptr %u51.at, align 4
  %u52.at = getelementptr float, ptr %target, i64 32768
  store <16 x float> %u52, ptr %u52.at, align 4
  %u53.at = getelementptr float, ptr %target, i64 33792
  store <16 x float> %u53, ptr %u53.at, align 4
  %u54.at = getelementptr float, ptr %target, i64 34816
  store <16 x float> %u54, ptr %u54.at, align 4
  %u55.at = getelementptr float, ptr %target, i64 35840
  store <16 x float> %u55, ptr %u55.at, align 4
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.masked.gather.v16f32.v16p0(<16 x ptr>, <16 x i1>, <16 x float>)
