; The weights of a convolution by Winograd's method (winograd):  out[panel][4 u + v][c][lane] = (G g G^T)[u, v],  g = source[o = panel * 8 + lane, c]
;
; 64 x 64 kernels (c, o) of 3 x 3. 4 consecutive o make one vector; lanes behind the last o hold numbers that nobody uses. The 16 matrices of a panel
; lie 516 elements apart, a vector more than they have, so that they do not share a few sets of the caches. Workers share the rows (panel, c).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[36864]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[66048], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 512
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 512
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %c = urem i64 %item, 64
  %panel = udiv i64 %item, 64
  %begin = mul nsw i64 %panel, 8
  %behind = add nsw i64 %begin, 8
  %end = call i64 @llvm.smin.i64(i64 %behind, i64 64)
  %panel.at = mul nsw i64 %panel, 8256
  %c.at = mul nsw i64 %c, 8
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
  %source.step1 = mul nsw i64 %o, 576
  %source.sum1 = add nsw i64 %source.step0, %source.step1
  %source = getelementptr float, ptr %a0, i64 %source.sum1
  %kernel0 = getelementptr float, ptr %source, i64 0
  %kernel1 = getelementptr float, ptr %source, i64 576
  %kernel2 = getelementptr float, ptr %source, i64 1152
  %kernel3 = getelementptr float, ptr %source, i64 1728
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
  %u.column0.0 = fadd <4 x float> %g00, zeroinitializer
  %u.column0..outer = fadd <4 x float> %g00, %g20
  %u.column0..twice1 = fadd <4 x float> %u.column0..outer, %g10
  %u.column0.1 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column0..twice1
  %u.column0..twice2 = fsub <4 x float> %u.column0..outer, %g10
  %u.column0.2 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column0..twice2
  %u.column0.3 = fadd <4 x float> %g20, zeroinitializer
  %u.column1.0 = fadd <4 x float> %g01, zeroinitializer
  %u.column1..outer = fadd <4 x float> %g01, %g21
  %u.column1..twice1 = fadd <4 x float> %u.column1..outer, %g11
  %u.column1.1 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column1..twice1
  %u.column1..twice2 = fsub <4 x float> %u.column1..outer, %g11
  %u.column1.2 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column1..twice2
  %u.column1.3 = fadd <4 x float> %g21, zeroinitializer
  %u.column2.0 = fadd <4 x float> %g02, zeroinitializer
  %u.column2..outer = fadd <4 x float> %g02, %g22
  %u.column2..twice1 = fadd <4 x float> %u.column2..outer, %g12
  %u.column2.1 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column2..twice1
  %u.column2..twice2 = fsub <4 x float> %u.column2..outer, %g12
  %u.column2.2 = fmul <4 x float> splat (float 0x3FE0000000000000), %u.column2..twice2
  %u.column2.3 = fadd <4 x float> %g22, zeroinitializer
  %u00 = fadd <4 x float> %u.column0.0, zeroinitializer
  %u0.outer = fadd <4 x float> %u.column0.0, %u.column2.0
  %u0.twice1 = fadd <4 x float> %u0.outer, %u.column1.0
  %u01 = fmul <4 x float> splat (float 0x3FE0000000000000), %u0.twice1
  %u0.twice2 = fsub <4 x float> %u0.outer, %u.column1.0
  %u02 = fmul <4 x float> splat (float 0x3FE0000000000000), %u0.twice2
  %u03 = fadd <4 x float> %u.column2.0, zeroinitializer
  %u10 = fadd <4 x float> %u.column0.1, zeroinitializer
  %u1.outer = fadd <4 x float> %u.column0.1, %u.column2.1
  %u1.twice1 = fadd <4 x float> %u1.outer, %u.column1.1
  %u11 = fmul <4 x float> splat (float 0x3FE0000000000000), %u1.twice1
  %u1.twice2 = fsub <4 x float> %u1.outer, %u.column1.1
  %u12 = fmul <4 x float> splat (float 0x3FE0000000000000), %u1.twice2
  %u13 = fadd <4 x float> %u.column2.1, zeroinitializer
  %u20 = fadd <4 x float> %u.column0.2, zeroinitializer
  %u2.outer = fadd <4 x float> %u.column0.2, %u.column2.2
  %u2.twice1 = fadd <4 x float> %u2.outer, %u.column1.2
  %u21 = fmul <4 x float> splat (float 0x3FE0000000000000), %u2.twice1
  %u2.twice2 = fsub <4 x float> %u2.outer, %u.column1.2
  %u22 = fmul <4 x float> splat (float 0x3FE0000000000000), %u2.twice2
  %u23 = fadd <4 x float> %u.column2.2, zeroinitializer
  %u30 = fadd <4 x float> %u.column0.3, zeroinitializer
  %u3.outer = fadd <4 x float> %u.column0.3, %u.column2.3
  %u3.twice1 = fadd <4 x float> %u3.outer, %u.column1.3
  %u31 = fmul <4 x float> splat (float 0x3FE0000000000000), %u3.twice1
  %u3.twice2 = fsub <4 x float> %u3.outer, %u.column1.3
  %u32 = fmul <4 x float> splat (float 0x3FE0000000000000), %u3.twice2
  %u33 = fadd <4 x float> %u.column2.3, zeroinitializer
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
  %u10.at = getelementptr float, ptr %target, i64 2064
  store <4 x float> %u10, ptr %u10.at, align 4
  %u11.at = getelementptr float, ptr %target, i64 2580
  store <4 x float> %u11, ptr %u11.at, align 4
  %u12.at = getelementptr float, ptr %target, i64 3096
  store <4 x float> %u12, ptr %u12.at, align 4
  %u13.at = getelementptr float, ptr %target, i64 3612
  store <4 x float> %u13, ptr %u13.at, align 4
  %u20.at = getelementptr float, ptr %target, i64 4128
  store <4 x float> %u20, ptr %u20.at, align 4
  %u21.at = getelementptr float, ptr %target, i64 4644
  store <4 x float> %u21, ptr %u21.at, align 4
  %u22.at = getelementptr float, ptr %target, i64 5160
  store <4 x float> %u22, ptr %u22.at, align 4
  %u23.at = getelementptr float, ptr %target, i64 5676
  store <4 x float> %u23, ptr %u23.at, align 4
  %u30.at = getelementptr float, ptr %target, i64 6192
  store <4 x float> %u30, ptr %u30.at, align 4
  %u31.at = getelementptr float, ptr %target, i64 6708
  store <4 x float> %u31, ptr %u31.at, align 4
  %u32.at = getelementptr float, ptr %target, i64 7224
  store <4 x float> %u32, ptr %u32.at, align 4
  %u33.at = getelementptr float, ptr %target, i64 7740
  store <4 x float> %u33, ptr %u33.at, align 4
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
declare i64 @llvm.smin.i64(i64, i64)
