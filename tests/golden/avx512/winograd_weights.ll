; The weights of a convolution by Winograd's method (winograd):  out[panel][6 u + v][c][lane] = (G g G^T)[u, v],  g = source[o = panel * 32 + lane, c]
;
; 32 x 32 kernels (c, o) of 3 x 3. 16 consecutive o make one vector; lanes behind the last o hold numbers that nobody uses. The 36 matrices of a panel
; lie 1040 elements apart, a vector more than they have, so that they do not share a few sets of the caches. Workers share the rows (panel, c).
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[9216]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[37440], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 32
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 32
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
  %begin = mul nsw i64 %panel, 32
  %behind = add nsw i64 %begin, 32
  %end = call i64 @llvm.smin.i64(i64 %behind, i64 32)
  %panel.at = mul nsw i64 %panel, 37440
  %c.at = mul nsw i64 %c, 32
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
  %kernel4 = getelementptr float, ptr %source, i64 1152
  %kernel5 = getelementptr float, ptr %source, i64 1440
  %kernel6 = getelementptr float, ptr %source, i64 1728
  %kernel7 = getelementptr float, ptr %source, i64 2016
  %kernel8 = getelementptr float, ptr %source, i64 2304
  %kernel9 = getelementptr float, ptr %source, i64 2592
  %kernel10 = getelementptr float, ptr %source, i64 2880
  %kernel11 = getelementptr float, ptr %source, i64 3168
  %kernel12 = getelementptr float, ptr %source, i64 3456
  %kernel13 = getelementptr float, ptr %source, i64 3744
  %kernel14 = getelementptr float, ptr %source, i64 4032
  %kernel15 = getelementptr float, ptr %source, i64 4320
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
  %lane = sub nsw i64 %o, %begin
  %target = getelementptr float, ptr %row, i64 %lane
  %u00.at = getelementptr float, ptr %target, i64 0
  store <16 x float> %u00, ptr %u00.at, align 4
  %u01.at = getelementptr float, ptr %target, i64 1040
  store <16 x float> %u01, ptr %u01.at, align 4
  %u02.at = getelementptr float, ptr %target, i64 2080
  store <16 x float> %u02, ptr %u02.at, align 4
  %u03.at = getelementptr float, ptr %target, i64 3120
  store <16 x float> %u03, ptr %u03.at, align 4
  %u04.at = getelementptr float, ptr %target, i64 4160
  store <16 x float> %u04, ptr %u04.at, align 4
  %u05.at = getelementptr float, ptr %target, i64 5200
  store <16 x float> %u05, ptr %u05.at, align 4
  %u10.at = getelementptr float, ptr %target, i64 6240
  store <16 x float> %u10, ptr %u10.at, align 4
  %u11.at = getelementptr float, ptr %target, i64 7280
  store <16 x float> %u11, ptr %u11.at, align 4
  %u12.at = getelementptr float, ptr %target, i64 8320
  store <16 x float> %u12, ptr %u12.at, align 4
  %u13.at = getelementptr float, ptr %target, i64 9360
  store <16 x float> %u13, ptr %u13.at, align 4
  %u14.at = getelementptr float, ptr %target, i64 10400
  store <16 x float> %u14, ptr %u14.at, align 4
  %u15.at = getelementptr float, ptr %target, i64 11440
  store <16 x float> %u15, ptr %u15.at, align 4
  %u20.at = getelementptr float, ptr %target, i64 12480
  store <16 x float> %u20, ptr %u20.at, align 4
  %u21.at = getelementptr float, ptr %target, i64 13520
  store <16 x float> %u21, ptr %u21.at, align 4
  %u22.at = getelementptr float, ptr %target, i64 14560
  store <16 x float> %u22, ptr %u22.at, align 4
  %u23.at = getelementptr float, ptr %target, i64 15600
  store <16 x float> %u23, ptr %u23.at, align 4
  %u24.at = getelementptr float, ptr %target, i64 16640
  store <16 x float> %u24, ptr %u24.at, align 4
  %u25.at = getelementptr float, ptr %target, i64 17680
  store <16 x float> %u25, ptr %u25.at, align 4
  %u30.at = getelementptr float, ptr %target, i64 18720
  store <16 x float> %u30, ptr %u30.at, align 4
  %u31.at = getelementptr float, ptr %target, i64 19760
  store <16 x float> %u31, ptr %u31.at, align 4
  %u32.at = getelementptr float, ptr %target, i64 20800
  store <16 x float> %u32, ptr %u32.at, align 4
  %u33.at = getelementptr float, ptr %target, i64 21840
  store <16 x float> %u33, ptr %u33.at, align 4
  %u34.at = getelementptr float, ptr %target, i64 22880
  store <16 x float> %u34, ptr %u34.at, align 4
  %u35.at = getelementptr float, ptr %target, i64 23920
  store <16 x float> %u35, ptr %u35.at, align 4
  %u40.at = getelementptr float, ptr %target, i64 24960
  store <16 x float> %u40, ptr %u40.at, align 4
  %u41.at = getelementptr float, ptr %target, i64 26000
  store <16 x float> %u41, ptr %u41.at, align 4
  %u42.at = getelementptr float, ptr %target, i64 27040
  store <16 x float> %u42, ptr %u42.at, align 4
  %u43.at = getelementptr float, ptr %target, i64 28080
  store <16 x float> %u43, ptr %u43.at, align 4
  %u44.at = getelementptr float, ptr %target, i64 29120
  store <16 x float> %u44, ptr %u44.at, align 4
  %u45.at = getelementptr float, ptr %target, i64 30160
  store <16 x float> %u45, ptr %u45.at, align 4
  %u50.at = getelementptr float, ptr %target, i64 31200
  store <16 x float> %u50, ptr %u50.at, align 4
  %u51.at = getelementptr float, ptr %target, i64 32240
  store <16 x float> %u51, ptr %u51.at, align 4
  %u52.at = getelementptr float, ptr %target, i64 33280
  store <16 x float> %u52, ptr %u52.at, align 4
  %u53.at = getelementptr float, ptr %target, i64 34320
  store <16 x float> %u53, ptr %u53.at, align 4
  %u54.at = getelementptr float, ptr %target, i64 35360
  store <16 x float> %u54, ptr %u54.at, align 4
  %u55.at = getelementptr float, ptr %target, i64 36400
  store <16 x float> %u55, ptr %u55.at, align 4
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
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare i64 @llvm.smin.i64(i64, i64)
