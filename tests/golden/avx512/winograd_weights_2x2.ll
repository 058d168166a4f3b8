; The weights of a convolution by Winograd's method (winograd):  out[panel][4 u + v][c][lane] = (G g G^T)[u, v],  g = source[o = panel * 64 + lane, c]
;
; 64 x 64 kernels (c, o) of 3 x 3. 16 consecutive o make one vector; lanes behind the last o hold numbers that nobody uses. The 16 matrices of a panel
; lie 4112 elements apart, a vector more than they have, so that they do not share a few sets of the caches. Workers share the rows (panel, c).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[36864]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[65792], written
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
  %c = urem i64 %item, 64
  %panel = udiv i64 %item, 64
  %begin = mul nsw i64 %panel, 64
  %behind = add nsw i64 %begin, 64
  %end = call i64 @llvm.smin.i64(i64 %behind, i64 64)
  %panel.at = mul nsw i64 %panel, 65792
  %c.at = mul nsw i64 %c, 64
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
  %kernel4 = getelementptr float, ptr %source, i64 2304
  %kernel5 = getelementptr float, ptr %source, i64 2880
  %kernel6 = getelementptr float, ptr %source, i64 3456
  %kernel7 = getelementptr float, ptr %source, i64 4032
  %kernel8 = getelementptr float, ptr %source, i64 4608
  %kernel9 = getelementptr float, ptr %source, i64 5184
  %kernel10 = getelementptr float, ptr %source, i64 5760
  %kernel11 = getelementptr float, ptr %source, i64 6336
  %kernel12 = getelementptr float, ptr %source, i64 6912
  %kernel13 = getelementptr float, ptr %source, i64 7488
  %kernel14 = getelementptr float, ptr %source, i64 8064
  %kernel15 = getelementptr float, ptr %source, i64 8640
  %taps0.0.0.at = getelementptr float, ptr %kernel0, i64 0
  %taps0.0.0 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.0.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.1.at = getelementptr float, ptr %kernel1, i64 0
  %taps0.0.1 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.1.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.2.at = getelementptr float, ptr %kernel2, i64 0
  %taps0.0.2 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.2.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.3.at = getelementptr float, ptr %kernel3, i64 0
  %taps0.0.3 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.3.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.4.at = getelementptr float, ptr %kernel4, i64 0
  %taps0.0.4 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.4.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.5.at = getelementptr float, ptr %kernel5, i64 0
  %taps0.0.5 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.5.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.6.at = getelementptr float, ptr %kernel6, i64 0
  %taps0.0.6 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.6.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.7.at = getelementptr float, ptr %kernel7, i64 0
  %taps0.0.7 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.7.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.8.at = getelementptr float, ptr %kernel8, i64 0
  %taps0.0.8 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.8.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.9.at = getelementptr float, ptr %kernel9, i64 0
  %taps0.0.9 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.9.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.10.at = getelementptr float, ptr %kernel10, i64 0
  %taps0.0.10 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.10.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.11.at = getelementptr float, ptr %kernel11, i64 0
  %taps0.0.11 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.11.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.12.at = getelementptr float, ptr %kernel12, i64 0
  %taps0.0.12 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.12.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.13.at = getelementptr float, ptr %kernel13, i64 0
  %taps0.0.13 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.13.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.14.at = getelementptr float, ptr %kernel14, i64 0
  %taps0.0.14 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.14.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %taps0.0.15.at = getelementptr float, ptr %kernel15, i64 0
  %taps0.0.15 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %taps0.0.15.at, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  ; swap blocks of 8 x 8
  %taps0.1.0 = shufflevector <16 x float> %taps0.0.0, <16 x float> %taps0.0.8, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.8 = shufflevector <16 x float> %taps0.0.0, <16 x float> %taps0.0.8, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.1 = shufflevector <16 x float> %taps0.0.1, <16 x float> %taps0.0.9, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.9 = shufflevector <16 x float> %taps0.0.1, <16 x float> %taps0.0.9, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.2 = shufflevector <16 x float> %taps0.0.2, <16 x float> %taps0.0.10, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.10 = shufflevector <16 x float> %taps0.0.2, <16 x float> %taps0.0.10, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.3 = shufflevector <16 x float> %taps0.0.3, <16 x float> %taps0.0.11, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.11 = shufflevector <16 x float> %taps0.0.3, <16 x float> %taps0.0.11, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.4 = shufflevector <16 x float> %taps0.0.4, <16 x float> %taps0.0.12, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.12 = shufflevector <16 x float> %taps0.0.4, <16 x float> %taps0.0.12, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.5 = shufflevector <16 x float> %taps0.0.5, <16 x float> %taps0.0.13, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.13 = shufflevector <16 x float> %taps0.0.5, <16 x float> %taps0.0.13, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.6 = shufflevector <16 x float> %taps0.0.6, <16 x float> %taps0.0.14, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.14 = shufflevector <16 x float> %taps0.0.6, <16 x float> %taps0.0.14, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %taps0.1.7 = shufflevector <16 x float> %taps0.0.7, <16 x float> %taps0.0.15, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %taps0.1.15 = shufflevector <16 x float> %taps0.0.7, <16 x float> %taps0.0.15, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  ; swap blocks of 4 x 4
  %taps0.2.0 = shufflevector <16 x float> %taps0.1.0, <16 x float> %taps0.1.4, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.4 = shufflevector <16 x float> %taps0.1.0, <16 x float> %taps0.1.4, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.1 = shufflevector <16 x float> %taps0.1.1, <16 x float> %taps0.1.5, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.5 = shufflevector <16 x float> %taps0.1.1, <16 x float> %taps0.1.5, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.2 = shufflevector <16 x float> %taps0.1.2, <16 x float> %taps0.1.6, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.6 = shufflevector <16 x float> %taps0.1.2, <16 x float> %taps0.1.6, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.3 = shufflevector <16 x float> %taps0.1.3, <16 x float> %taps0.1.7, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.7 = shufflevector <16 x float> %taps0.1.3, <16 x float> %taps0.1.7, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.8 = shufflevector <16 x float> %taps0.1.8, <16 x float> %taps0.1.12, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.12 = shufflevector <16 x float> %taps0.1.8, <16 x float> %taps0.1.12, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.9 = shufflevector <16 x float> %taps0.1.9, <16 x float> %taps0.1.13, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.13 = shufflevector <16 x float> %taps0.1.9, <16 x float> %taps0.1.13, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.10 = shufflevector <16 x float> %taps0.1.10, <16 x float> %taps0.1.14, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.14 = shufflevector <16 x float> %taps0.1.10, <16 x float> %taps0.1.14, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  %taps0.2.11 = shufflevector <16 x float> %taps0.1.11, <16 x float> %taps0.1.15, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 16, i32 17, i32 18, i32 19, i32 8, i32 9, i32 10, i32 11, i32 24, i32 25, i32 26, i32 27>
  %taps0.2.15 = shufflevector <16 x float> %taps0.1.11, <16 x float> %taps0.1.15, <16 x i32> <i32 4, i32 5, i32 6, i32 7, i32 20, i32 21, i32 22, i32 23, i32 12, i32 13, i32 14, i32 15, i32 28, i32 29, i32 30, i32 31>
  ; swap blocks of 2 x 2
  %taps0.3.0 = shufflevector <16 x float> %taps0.2.0, <16 x float> %taps0.2.2, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.2 = shufflevector <16 x float> %taps0.2.0, <16 x float> %taps0.2.2, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.1 = shufflevector <16 x float> %taps0.2.1, <16 x float> %taps0.2.3, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.3 = shufflevector <16 x float> %taps0.2.1, <16 x float> %taps0.2.3, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.4 = shufflevector <16 x float> %taps0.2.4, <16 x float> %taps0.2.6, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.6 = shufflevector <16 x float> %taps0.2.4, <16 x float> %taps0.2.6, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.5 = shufflevector <16 x float> %taps0.2.5, <16 x float> %taps0.2.7, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.7 = shufflevector <16 x float> %taps0.2.5, <16 x float> %taps0.2.7, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.8 = shufflevector <16 x float> %taps0.2.8, <16 x float> %taps0.2.10, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.10 = shufflevector <16 x float> %taps0.2.8, <16 x float> %taps0.2.10, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.9 = shufflevector <16 x float> %taps0.2.9, <16 x float> %taps0.2.11, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.11 = shufflevector <16 x float> %taps0.2.9, <16 x float> %taps0.2.11, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.12 = shufflevector <16 x float> %taps0.2.12, <16 x float> %taps0.2.14, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.14 = shufflevector <16 x float> %taps0.2.12, <16 x float> %taps0.2.14, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  %taps0.3.13 = shufflevector <16 x float> %taps0.2.13, <16 x float> %taps0.2.15, <16 x i32> <i32 0, i32 1, i32 16, i32 17, i32 4, i32 5, i32 20, i32 21, i32 8, i32 9, i32 24, i32 25, i32 12, i32 13, i32 28, i32 29>
  %taps0.3.15 = shufflevector <16 x float> %taps0.2.13, <16 x float> %taps0.2.15, <16 x i32> <i32 2, i32 3, i32 18, i32 19, i32 6, i32 7, i32 22, i32 23, i32 10, i32 11, i32 26, i32 27, i32 14, i32 15, i32 30, i32 31>
  ; swap blocks of 1 x 1
  %taps0.4.0 = shufflevector <16 x float> %taps0.3.0, <16 x float> %taps0.3.1, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.1 = shufflevector <16 x float> %taps0.3.0, <16 x float> %taps0.3.1, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.2 = shufflevector <16 x float> %taps0.3.2, <16 x float> %taps0.3.3, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.3 = shufflevector <16 x float> %taps0.3.2, <16 x float> %taps0.3.3, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.4 = shufflevector <16 x float> %taps0.3.4, <16 x float> %taps0.3.5, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.5 = shufflevector <16 x float> %taps0.3.4, <16 x float> %taps0.3.5, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.6 = shufflevector <16 x float> %taps0.3.6, <16 x float> %taps0.3.7, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.7 = shufflevector <16 x float> %taps0.3.6, <16 x float> %taps0.3.7, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.8 = shufflevector <16 x float> %taps0.3.8, <16 x float> %taps0.3.9, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.9 = shufflevector <16 x float> %taps0.3.8, <16 x float> %taps0.3.9, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.10 = shufflevector <16 x float> %taps0.3.10, <16 x float> %taps0.3.11, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.11 = shufflevector <16 x float> %taps0.3.10, <16 x float> %taps0.3.11, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.12 = shufflevector <16 x float> %taps0.3.12, <16 x float> %taps0.3.13, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.13 = shufflevector <16 x float> %taps0.3.12, <16 x float> %taps0.3.13, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %taps0.4.14 = shufflevector <16 x float> %taps0.3.14, <16 x float> %taps0.3.15, <16 x i32> <i32 0, i32 16, i32 2, i32 18, i32 4, i32 20, i32 6, i32 22, i32 8, i32 24, i32 10, i32 26, i32 12, i32 28, i32 14, i32 30>
  %taps0.4.15 = shufflevector <16 x float> %taps0.3.14, <16 x float> %taps0.3.15, <16 x i32> <i32 1, i32 17, i32 3, i32 19, i32 5, i32 21, i32 7, i32 23, i32 9, i32 25, i32 11, i32 27, i32 13, i32 29, i32 15, i32 31>
  %g00 = bitcast <16 x float> %taps0.4.0 to <16 x float>
  %g01 = bitcast <16 x float> %taps0.4.1 to <16 x float>
  %g02 = bitcast <16 x float> %taps0.4.2 to <16 x float>
  %g10 = bitcast <16 x float> %taps0.4.3 to <16 x float>
  %g11 = bitcast <16 x float> %taps0.4.4 to <16 x float>
  %g12 = bitcast <16 x float> %taps0.4.5 to <16 x float>
  %g20 = bitcast <16 x float> %taps0.4.6 to <16 x float>
  %g21 = bitcast <16 x float> %taps0.4.7 to <16 x float>
  %g22 = bitcast <16 x float> %taps0.4.8 to <16 x float>
  %u.column0.0 = fadd <16 x float> %g00, zeroinitializer
  %u.column0..outer = fadd <16 x float> %g00, %g20
  %u.column0..twice1 = fadd <16 x float> %u.column0..outer, %g10
  %u.column0.1 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column0..twice1
  %u.column0..twice2 = fsub <16 x float> %u.column0..outer, %g10
  %u.column0.2 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column0..twice2
  %u.column0.3 = fadd <16 x float> %g20, zeroinitializer
  %u.column1.0 = fadd <16 x float> %g01, zeroinitializer
  %u.column1..outer = fadd <16 x float> %g01, %g21
  %u.column1..twice1 = fadd <16 x float> %u.column1..outer, %g11
  %u.column1.1 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column1..twice1
  %u.column1..twice2 = fsub <16 x float> %u.column1..outer, %g11
  %u.column1.2 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column1..twice2
  %u.column1.3 = fadd <16 x float> %g21, zeroinitializer
  %u.column2.0 = fadd <16 x float> %g02, zeroinitializer
  %u.column2..outer = fadd <16 x float> %g02, %g22
  %u.column2..twice1 = fadd <16 x float> %u.column2..outer, %g12
  %u.column2.1 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column2..twice1
  %u.column2..twice2 = fsub <16 x float> %u.column2..outer, %g12
  %u.column2.2 = fmul <16 x float> splat (float 0x3FE0000000000000), %u.column2..twice2
  %u.column2.3 = fadd <16 x float> %g22, zeroinitializer
  %u00 = fadd <16 x float> %u.column0.0, zeroinitializer
  %u0.outer = fadd <16 x float> %u.column0.0, %u.column2.0
  %u0.twice1 = fadd <16 x float> %u0.outer, %u.column1.0
  %u01 = fmul <16 x float> splat (float 0x3FE0000000000000), %u0.twice1
  %u0.twice2 = fsub <16 x float> %u0.outer, %u.column1.0
  %u02 = fmul <16 x float> splat (float 0x3FE0000000000000), %u0.twice2
  %u03 = fadd <16 x float> %u.column2.0, zeroinitializer
  %u10 = fadd <16 x float> %u.column0.1, zeroinitializer
  %u1.outer = fadd <16 x float> %u.column0.1, %u.column2.1
  %u1.twice1 = fadd <16 x float> %u1.outer, %u.column1.1
  %u11 = fmul <16 x float> splat (float 0x3FE0000000000000), %u1.twice1
  %u1.twice2 = fsub <16 x float> %u1.outer, %u.column1.1
  %u12 = fmul <16 x float> splat (float 0x3FE0000000000000), %u1.twice2
  %u13 = fadd <16 x float> %u.column2.1, zeroinitializer
  %u20 = fadd <16 x float> %u.column0.2, zeroinitializer
  %u2.outer = fadd <16 x float> %u.column0.2, %u.column2.2
  %u2.twice1 = fadd <16 x float> %u2.outer, %u.column1.2
  %u21 = fmul <16 x float> splat (float 0x3FE0000000000000), %u2.twice1
  %u2.twice2 = fsub <16 x float> %u2.outer, %u.column1.2
  %u22 = fmul <16 x float> splat (float 0x3FE0000000000000), %u2.twice2
  %u23 = fadd <16 x float> %u.column2.2, zeroinitializer
  %u30 = fadd <16 x float> %u.column0.3, zeroinitializer
  %u3.outer = fadd <16 x float> %u.column0.3, %u.column2.3
  %u3.twice1 = fadd <16 x float> %u3.outer, %u.column1.3
  %u31 = fmul <16 x float> splat (float 0x3FE0000000000000), %u3.twice1
  %u3.twice2 = fsub <16 x float> %u3.outer, %u.column1.3
  %u32 = fmul <16 x float> splat (float 0x3FE0000000000000), %u3.twice2
  %u33 = fadd <16 x float> %u.column2.3, zeroinitializer
  %lane = sub nsw i64 %o, %begin
  %target = getelementptr float, ptr %row, i64 %lane
  %u00.at = getelementptr float, ptr %target, i64 0
  store <16 x float> %u00, ptr %u00.at, align 4
  %u01.at = getelementptr float, ptr %target, i64 4112
  store <16 x float> %u01, ptr %u01.at, align 4
  %u02.at = getelementptr float, ptr %target, i64 8224
  store <16 x float> %u02, ptr %u02.at, align 4
  %u03.at = getelementptr float, ptr %target, i64 12336
  store <16 x float> %u03, ptr %u03.at, align 4
  %u10.at = getelementptr float, ptr %target, i64 16448
  store <16 x float> %u10, ptr %u10.at, align 4
  %u11.at = getelementptr float, ptr %target, i64 20560
  store <16 x float> %u11, ptr %u11.at, align 4
  %u12.at = getelementptr float, ptr %target, i64 24672
  store <16 x float> %u12, ptr %u12.at, align 4
  %u13.at = getelementptr float, ptr %target, i64 28784
  store <16 x float> %u13, ptr %u13.at, align 4
  %u20.at = getelementptr float, ptr %target, i64 32896
  store <16 x float> %u20, ptr %u20.at, align 4
  %u21.at = getelementptr float, ptr %target, i64 37008
  store <16 x float> %u21, ptr %u21.at, align 4
  %u22.at = getelementptr float, ptr %target, i64 41120
  store <16 x float> %u22, ptr %u22.at, align 4
  %u23.at = getelementptr float, ptr %target, i64 45232
  store <16 x float> %u23, ptr %u23.at, align 4
  %u30.at = getelementptr float, ptr %target, i64 49344
  store <16 x float> %u30, ptr %u30.at, align 4
  %u31.at = getelementptr float, ptr %target, i64 53456
  store <16 x float> %u31, ptr %u31.at, align 4
  %u32.at = getelementptr float, ptr %target, i64 57568
  store <16 x float> %u32, ptr %u32.at, align 4
  %u33.at = getelementptr float, ptr %target, i64 61680
  store <16 x float> %u33, ptr %u33.at, align 4
  br label %o.latch
o.latch:
  %o.next = add nsw i64 %o, 16
  br label %o.head
o.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare i64 @llvm.smin.i64(i64, i64)
