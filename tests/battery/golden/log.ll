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
  ; %i.v1 = log(%i.v0) = e ln 2 + log m, x = m 2^e
  ; a subnormal is first multiplied by 2^23
  %i.v1.tiny = fcmp olt <8 x float> %i.v0, splat (float 0x3810000000000000)
  %i.v1.raised = fmul <8 x float> %i.v0, splat (float 0x4160000000000000)
  %i.v1.normal = select <8 x i1> %i.v1.tiny, <8 x float> %i.v1.raised, <8 x float> %i.v0
  ; x / sqrt(1/2) has the exponent e, biased; its mantissa bits and those of sqrt(1/2) add up to m
  %i.v1.bits = bitcast <8 x float> %i.v1.normal to <8 x i32>
  %i.v1.ratio = add <8 x i32> %i.v1.bits, splat (i32 4913933)
  %i.v1.fraction = and <8 x i32> %i.v1.ratio, splat (i32 8388607)
  %i.v1.m.bits = add <8 x i32> %i.v1.fraction, splat (i32 1060439283)
  %i.v1.m = bitcast <8 x i32> %i.v1.m.bits to <8 x float>
  ; e as a float: the mantissa bits of 2^23 + e + 127
  %i.v1.biased = lshr <8 x i32> %i.v1.ratio, splat (i32 23)
  %i.v1.e.bits = or <8 x i32> %i.v1.biased, splat (i32 1258291200)
  %i.v1.e.raised = bitcast <8 x i32> %i.v1.e.bits to <8 x float>
  %i.v1.e.bias = select <8 x i1> %i.v1.tiny, <8 x float> splat (float 0x41600012C0000000), <8 x float> splat (float 0x4160000FE0000000)
  %i.v1.e = fsub <8 x float> %i.v1.e.raised, %i.v1.e.bias
  %i.v1.f = fadd <8 x float> %i.v1.m, splat (float 0xBFF0000000000000)
  %i.v1.f2 = fadd <8 x float> %i.v1.m, splat (float 0x3FF0000000000000)
  %i.v1.s = fdiv <8 x float> %i.v1.f, %i.v1.f2
  %i.v1.z = fmul <8 x float> %i.v1.s, %i.v1.s
  %i.v1.l.1 = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> splat (float 0x3FD31E2FE0000000), <8 x float> %i.v1.z, <8 x float> splat (float 0x3FD995EBA0000000))
  %i.v1.l = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.l.1, <8 x float> %i.v1.z, <8 x float> splat (float 0x3FE55557A0000000))
  %i.v1.zl = fmul <8 x float> %i.v1.z, %i.v1.l
  ; log m = f - (h - s (h + z L)), h = f^2 / 2: what is rounded is small beside f
  %i.v1.half = fmul <8 x float> %i.v1.f, splat (float 0x3FE0000000000000)
  %i.v1.h = fmul <8 x float> %i.v1.half, %i.v1.f
  %i.v1.sum = fadd <8 x float> %i.v1.h, %i.v1.zl
  %i.v1.e.low = fmul <8 x float> %i.v1.e, splat (float 0x3EB7F7D1C0000000)
  %i.v1.series = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.s, <8 x float> %i.v1.sum, <8 x float> %i.v1.e.low)
  %i.v1.bend = fsub <8 x float> %i.v1.h, %i.v1.series
  %i.v1.log.m = fsub <8 x float> %i.v1.f, %i.v1.bend
  %i.v1.finite = call <8 x float> @llvm.fmuladd.v8f32(<8 x float> %i.v1.e, <8 x float> splat (float 0x3FE62E4000000000), <8 x float> %i.v1.log.m)
  ; what is not a positive finite number
  %i.v1.zero = fcmp oeq <8 x float> %i.v0, zeroinitializer
  %i.v1.none = select <8 x i1> %i.v1.zero, <8 x float> splat (float 0xFFF0000000000000), <8 x float> splat (float 0x7FF8000000000000)
  %i.v1.positive = fcmp ogt <8 x float> %i.v0, zeroinitializer
  %i.v1.real = select <8 x i1> %i.v1.positive, <8 x float> %i.v1.finite, <8 x float> %i.v1.none
  %i.v1.infinite = fcmp oeq <8 x float> %i.v0, splat (float 0x7FF0000000000000)
  %i.v1 = select <8 x i1> %i.v1.infinite, <8 x float> %i.v0, <8 x float> %i.v1.real
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
