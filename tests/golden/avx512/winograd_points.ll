; Tiles of a convolution by Winograd's method, for the gradient of its kernels (winograd_gradient):
;   out[panel][6 u + v][tile][lane] = (B^T d B)[u, v],  d = the 6 x 6 inputs of the tile in channel panel * 16 + lane
;
; 64 tiles, 4 x 4 x 4 (n, down, along), 32 channels; beyond the 18 x 18 pixels there are zeros. 16 channels make a vector.
; Workers share the rows of tiles. Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[41472]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[74880], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 16
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 16
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %row = urem i64 %item, 4
  %n = udiv i64 %item, 4
  %y = mul nsw i64 %row, 4
  %before = mul nsw i64 %item, 4
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ 0, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, 32
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %c.v.panel = udiv i64 %c, 16
  %c.v.lane = urem i64 %c, 16
  %c.v.panel.at = mul nsw i64 %c.v.panel, 37440
  %c.v.lane.at = add nsw i64 %c.v.panel.at, %c.v.lane
  %c.v.to = getelementptr float, ptr %a1, i64 %c.v.lane.at
  br label %c.v.tile.enter
c.v.tile.enter:
  br label %c.v.tile.head
c.v.tile.head:
  %c.v.tile = phi i64 [ 0, %c.v.tile.enter ], [ %c.v.tile.next, %c.v.tile.latch ]
  %c.v.tile.more = icmp slt i64 %c.v.tile, 4
  br i1 %c.v.tile.more, label %c.v.tile.body, label %c.v.tile.end
c.v.tile.body:
  %c.v.x = mul nsw i64 %c.v.tile, 4
  %c.v.at.step0 = mul nsw i64 %n, 10368
  %c.v.at.step1 = mul nsw i64 %y, 576
  %c.v.at.sum1 = add nsw i64 %c.v.at.step0, %c.v.at.step1
  %c.v.at.step2 = mul nsw i64 %c.v.x, 32
  %c.v.at.sum2 = add nsw i64 %c.v.at.sum1, %c.v.at.step2
  %c.v.at.sum3 = add nsw i64 %c.v.at.sum2, %c
  %c.v.at = getelementptr float, ptr %a0, i64 %c.v.at.sum3
  %c.v.d00.at = getelementptr float, ptr %c.v.at, i64 0
  %c.v.d00 = load <16 x float>, ptr %c.v.d00.at, align 4
  %c.v.d01.at = getelementptr float, ptr %c.v.at, i64 32
  %c.v.d01 = load <16 x float>, ptr %c.v.d01.at, align 4
  %c.v.d02.at = getelementptr float, ptr %c.v.at, i64 64
  %c.v.d02 = load <16 x float>, ptr %c.v.d02.at, align 4
  %c.v.d03.at = getelementptr float, ptr %c.v.at, i64 96
  %c.v.d03 = load <16 x float>, ptr %c.v.d03.at, align 4
  %c.v.d04.at = getelementptr float, ptr %c.v.at, i64 128
  %c.v.d04 = load <16 x float>, ptr %c.v.d04.at, align 4
  %c.v.d05.at = getelementptr float, ptr %c.v.at, i64 160
  %c.v.d05 = load <16 x float>, ptr %c.v.d05.at, align 4
  %c.v.d10.at = getelementptr float, ptr %c.v.at, i64 576
  %c.v.d10 = load <16 x float>, ptr %c.v.d10.at, align 4
  %c.v.d11.at = getelementptr float, ptr %c.v.at, i64 608
  %c.v.d11 = load <16 x float>, ptr %c.v.d11.at, align 4
  %c.v.d12.at = getelementptr float, ptr %c.v.at, i64 640
  %c.v.d12 = load <16 x float>, ptr %c.v.d12.at, align 4
  %c.v.d13.at = getelementptr float, ptr %c.v.at, i64 672
  %c.v.d13 = load <16 x float>, ptr %c.v.d13.at, align 4
  %c.v.d14.at = getelementptr float, ptr %c.v.at, i64 704
  %c.v.d14 = load <16 x float>, ptr %c.v.d14.at, align 4
  %c.v.d15.at = getelementptr float, ptr %c.v.at, i64 736
  %c.v.d15 = load <16 x float>, ptr %c.v.d15.at, align 4
  %c.v.d20.at = getelementptr float, ptr %c.v.at, i64 1152
  %c.v.d20 = load <16 x float>, ptr %c.v.d20.at, align 4
  %c.v.d21.at = getelementptr float, ptr %c.v.at, i64 1184
  %c.v.d21 = load <16 x float>, ptr %c.v.d21.at, align 4
  %c.v.d22.at = getelementptr float, ptr %c.v.at, i64 1216
  %c.v.d22 = load <16 x float>, ptr %c.v.d22.at, align 4
  %c.v.d23.at = getelementptr float, ptr %c.v.at, i64 1248
  %c.v.d23 = load <16 x float>, ptr %c.v.d23.at, align 4
  %c.v.d24.at = getelementptr float, ptr %c.v.at, i64 1280
  %c.v.d24 = load <16 x float>, ptr %c.v.d24.at, align 4
  %c.v.d25.at = getelementptr float, ptr %c.v.at, i64 1312
  %c.v.d25 = load <16 x float>, ptr %c.v.d25.at, align 4
  %c.v.d30.at = getelementptr float, ptr %c.v.at, i64 1728
  %c.v.d30 = load <16 x float>, ptr %c.v.d30.at, align 4
  %c.v.d31.at = getelementptr float, ptr %c.v.at, i64 1760
  %c.v.d31 = load <16 x float>, ptr %c.v.d31.at, align 4
  %c.v.d32.at = getelementptr float, ptr %c.v.at, i64 1792
  %c.v.d32 = load <16 x float>, ptr %c.v.d32.at, align 4
  %c.v.d33.at = getelementptr float, ptr %c.v.at, i64 1824
  %c.v.d33 = load <16 x float>, ptr %c.v.d33.at, align 4
  %c.v.d34.at = getelementptr float, ptr %c.v.at, i64 1856
  %c.v.d34 = load <16 x float>, ptr %c.v.d34.at, align 4
  %c.v.d35.at = getelementptr float, ptr %c.v.at, i64 1888
  %c.v.d35 = load <16 x float>, ptr %c.v.d35.at, align 4
  %c.v.d40.at = getelementptr float, ptr %c.v.at, i64 2304
  %c.v.d40 = load <16 x float>, ptr %c.v.d40.at, align 4
  %c.v.d41.at = getelementptr float, ptr %c.v.at, i64 2336
  %c.v.d41 = load <16 x float>, ptr %c.v.d41.at, align 4
  %c.v.d42.at = getelementptr float, ptr %c.v.at, i64 2368
  %c.v.d42 = load <16 x float>, ptr %c.v.d42.at, align 4
  %c.v.d43.at = getelementptr float, ptr %c.v.at, i64 2400
  %c.v.d43 = load <16 x float>, ptr %c.v.d43.at, align 4
  %c.v.d44.at = getelementptr float, ptr %c.v.at, i64 2432
  %c.v.d44 = load <16 x float>, ptr %c.v.d44.at, align 4
  %c.v.d45.at = getelementptr float, ptr %c.v.at, i64 2464
  %c.v.d45 = load <16 x float>, ptr %c.v.d45.at, align 4
  %c.v.d50.at = getelementptr float, ptr %c.v.at, i64 2880
  %c.v.d50 = load <16 x float>, ptr %c.v.d50.at, align 4
  %c.v.d51.at = getelementptr float, ptr %c.v.at, i64 2912
  %c.v.d51 = load <16 x float>, ptr %c.v.d51.at, align 4
  %c.v.d52.at = getelementptr float, ptr %c.v.at, i64 2944
  %c.v.d52 = load <16 x float>, ptr %c.v.d52.at, align 4
  %c.v.d53.at = getelementptr float, ptr %c.v.at, i64 2976
  %c.v.d53 = load <16 x float>, ptr %c.v.d53.at, align 4
  %c.v.d54.at = getelementptr float, ptr %c.v.at, i64 3008
  %c.v.d54 = load <16 x float>, ptr %c.v.d54.at, align 4
  %c.v.d55.at = getelementptr float, ptr %c.v.at, i64 3040
  %c.v.d55 = load <16 x float>, ptr %c.v.d55.at, align 4
  %c.v.v.column0..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d20, <16 x float> %c.v.d40)
  %c.v.v.column0..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d10, <16 x float> %c.v.d30)
  %c.v.v.column0..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d20, <16 x float> %c.v.d40)
  %c.v.v.column0..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d10, <16 x float> %c.v.d30)
  %c.v.v.column0..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d20, <16 x float> %c.v.d40)
  %c.v.v.column0..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d30, <16 x float> %c.v.d50)
  %c.v.v.column0.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d00, <16 x float> %c.v.v.column0..zero)
  %c.v.v.column0.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column0..odd.b, <16 x float> %c.v.v.column0..even.b)
  %c.v.v.column0.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column0..odd.b, <16 x float> %c.v.v.column0..even.b)
  %c.v.v.column0.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column0..odd.a, <16 x float> %c.v.v.column0..even.a)
  %c.v.v.column0.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column0..odd.a, <16 x float> %c.v.v.column0..even.a)
  %c.v.v.column0.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d10, <16 x float> %c.v.v.column0..infinity)
  %c.v.v.column1..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d21, <16 x float> %c.v.d41)
  %c.v.v.column1..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d11, <16 x float> %c.v.d31)
  %c.v.v.column1..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d21, <16 x float> %c.v.d41)
  %c.v.v.column1..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d11, <16 x float> %c.v.d31)
  %c.v.v.column1..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d21, <16 x float> %c.v.d41)
  %c.v.v.column1..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d31, <16 x float> %c.v.d51)
  %c.v.v.column1.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d01, <16 x float> %c.v.v.column1..zero)
  %c.v.v.column1.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column1..odd.b, <16 x float> %c.v.v.column1..even.b)
  %c.v.v.column1.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column1..odd.b, <16 x float> %c.v.v.column1..even.b)
  %c.v.v.column1.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column1..odd.a, <16 x float> %c.v.v.column1..even.a)
  %c.v.v.column1.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column1..odd.a, <16 x float> %c.v.v.column1..even.a)
  %c.v.v.column1.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d11, <16 x float> %c.v.v.column1..infinity)
  %c.v.v.column2..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d22, <16 x float> %c.v.d42)
  %c.v.v.column2..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d12, <16 x float> %c.v.d32)
  %c.v.v.column2..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d22, <16 x float> %c.v.d42)
  %c.v.v.column2..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d12, <16 x float> %c.v.d32)
  %c.v.v.column2..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d22, <16 x float> %c.v.d42)
  %c.v.v.column2..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d32, <16 x float> %c.v.d52)
  %c.v.v.column2.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d02, <16 x float> %c.v.v.column2..zero)
  %c.v.v.column2.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column2..odd.b, <16 x float> %c.v.v.column2..even.b)
  %c.v.v.column2.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column2..odd.b, <16 x float> %c.v.v.column2..even.b)
  %c.v.v.column2.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column2..odd.a, <16 x float> %c.v.v.column2..even.a)
  %c.v.v.column2.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column2..odd.a, <16 x float> %c.v.v.column2..even.a)
  %c.v.v.column2.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d12, <16 x float> %c.v.v.column2..infinity)
  %c.v.v.column3..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d23, <16 x float> %c.v.d43)
  %c.v.v.column3..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d13, <16 x float> %c.v.d33)
  %c.v.v.column3..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d23, <16 x float> %c.v.d43)
  %c.v.v.column3..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d13, <16 x float> %c.v.d33)
  %c.v.v.column3..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d23, <16 x float> %c.v.d43)
  %c.v.v.column3..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d33, <16 x float> %c.v.d53)
  %c.v.v.column3.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d03, <16 x float> %c.v.v.column3..zero)
  %c.v.v.column3.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column3..odd.b, <16 x float> %c.v.v.column3..even.b)
  %c.v.v.column3.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column3..odd.b, <16 x float> %c.v.v.column3..even.b)
  %c.v.v.column3.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column3..odd.a, <16 x float> %c.v.v.column3..even.a)
  %c.v.v.column3.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column3..odd.a, <16 x float> %c.v.v.column3..even.a)
  %c.v.v.column3.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d13, <16 x float> %c.v.v.column3..infinity)
  %c.v.v.column4..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d24, <16 x float> %c.v.d44)
  %c.v.v.column4..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d14, <16 x float> %c.v.d34)
  %c.v.v.column4..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d24, <16 x float> %c.v.d44)
  %c.v.v.column4..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d14, <16 x float> %c.v.d34)
  %c.v.v.column4..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d24, <16 x float> %c.v.d44)
  %c.v.v.column4..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d34, <16 x float> %c.v.d54)
  %c.v.v.column4.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d04, <16 x float> %c.v.v.column4..zero)
  %c.v.v.column4.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column4..odd.b, <16 x float> %c.v.v.column4..even.b)
  %c.v.v.column4.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column4..odd.b, <16 x float> %c.v.v.column4..even.b)
  %c.v.v.column4.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column4..odd.a, <16 x float> %c.v.v.column4..even.a)
  %c.v.v.column4.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column4..odd.a, <16 x float> %c.v.v.column4..even.a)
  %c.v.v.column4.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d14, <16 x float> %c.v.v.column4..infinity)
  %c.v.v.column5..even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d25, <16 x float> %c.v.d45)
  %c.v.v.column5..odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.d15, <16 x float> %c.v.d35)
  %c.v.v.column5..even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d25, <16 x float> %c.v.d45)
  %c.v.v.column5..odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.d15, <16 x float> %c.v.d35)
  %c.v.v.column5..zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d25, <16 x float> %c.v.d45)
  %c.v.v.column5..infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.d35, <16 x float> %c.v.d55)
  %c.v.v.column5.0 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d05, <16 x float> %c.v.v.column5..zero)
  %c.v.v.column5.1 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v.column5..odd.b, <16 x float> %c.v.v.column5..even.b)
  %c.v.v.column5.2 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v.column5..odd.b, <16 x float> %c.v.v.column5..even.b)
  %c.v.v.column5.3 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v.column5..odd.a, <16 x float> %c.v.v.column5..even.a)
  %c.v.v.column5.4 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v.column5..odd.a, <16 x float> %c.v.v.column5..even.a)
  %c.v.v.column5.5 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.d15, <16 x float> %c.v.v.column5..infinity)
  %c.v.v0.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.0, <16 x float> %c.v.v.column4.0)
  %c.v.v0.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.0, <16 x float> %c.v.v.column3.0)
  %c.v.v0.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.0, <16 x float> %c.v.v.column4.0)
  %c.v.v0.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.0, <16 x float> %c.v.v.column3.0)
  %c.v.v0.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.0, <16 x float> %c.v.v.column4.0)
  %c.v.v0.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.0, <16 x float> %c.v.v.column5.0)
  %c.v.v00 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.0, <16 x float> %c.v.v0.zero)
  %c.v.v01 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v0.odd.b, <16 x float> %c.v.v0.even.b)
  %c.v.v02 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v0.odd.b, <16 x float> %c.v.v0.even.b)
  %c.v.v03 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v0.odd.a, <16 x float> %c.v.v0.even.a)
  %c.v.v04 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v0.odd.a, <16 x float> %c.v.v0.even.a)
  %c.v.v05 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.0, <16 x float> %c.v.v0.infinity)
  %c.v.v1.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.1, <16 x float> %c.v.v.column4.1)
  %c.v.v1.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.1, <16 x float> %c.v.v.column3.1)
  %c.v.v1.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.1, <16 x float> %c.v.v.column4.1)
  %c.v.v1.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.1, <16 x float> %c.v.v.column3.1)
  %c.v.v1.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.1, <16 x float> %c.v.v.column4.1)
  %c.v.v1.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.1, <16 x float> %c.v.v.column5.1)
  %c.v.v10 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.1, <16 x float> %c.v.v1.zero)
  %c.v.v11 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v1.odd.b, <16 x float> %c.v.v1.even.b)
  %c.v.v12 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v1.odd.b, <16 x float> %c.v.v1.even.b)
  %c.v.v13 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v1.odd.a, <16 x float> %c.v.v1.even.a)
  %c.v.v14 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v1.odd.a, <16 x float> %c.v.v1.even.a)
  %c.v.v15 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.1, <16 x float> %c.v.v1.infinity)
  %c.v.v2.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.2, <16 x float> %c.v.v.column4.2)
  %c.v.v2.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.2, <16 x float> %c.v.v.column3.2)
  %c.v.v2.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.2, <16 x float> %c.v.v.column4.2)
  %c.v.v2.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.2, <16 x float> %c.v.v.column3.2)
  %c.v.v2.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.2, <16 x float> %c.v.v.column4.2)
  %c.v.v2.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.2, <16 x float> %c.v.v.column5.2)
  %c.v.v20 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.2, <16 x float> %c.v.v2.zero)
  %c.v.v21 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v2.odd.b, <16 x float> %c.v.v2.even.b)
  %c.v.v22 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v2.odd.b, <16 x float> %c.v.v2.even.b)
  %c.v.v23 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v2.odd.a, <16 x float> %c.v.v2.even.a)
  %c.v.v24 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v2.odd.a, <16 x float> %c.v.v2.even.a)
  %c.v.v25 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.2, <16 x float> %c.v.v2.infinity)
  %c.v.v3.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.3, <16 x float> %c.v.v.column4.3)
  %c.v.v3.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.3, <16 x float> %c.v.v.column3.3)
  %c.v.v3.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.3, <16 x float> %c.v.v.column4.3)
  %c.v.v3.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.3, <16 x float> %c.v.v.column3.3)
  %c.v.v3.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.3, <16 x float> %c.v.v.column4.3)
  %c.v.v3.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.3, <16 x float> %c.v.v.column5.3)
  %c.v.v30 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.3, <16 x float> %c.v.v3.zero)
  %c.v.v31 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v3.odd.b, <16 x float> %c.v.v3.even.b)
  %c.v.v32 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v3.odd.b, <16 x float> %c.v.v3.even.b)
  %c.v.v33 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v3.odd.a, <16 x float> %c.v.v3.even.a)
  %c.v.v34 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v3.odd.a, <16 x float> %c.v.v3.even.a)
  %c.v.v35 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.3, <16 x float> %c.v.v3.infinity)
  %c.v.v4.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.4, <16 x float> %c.v.v.column4.4)
  %c.v.v4.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.4, <16 x float> %c.v.v.column3.4)
  %c.v.v4.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.4, <16 x float> %c.v.v.column4.4)
  %c.v.v4.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.4, <16 x float> %c.v.v.column3.4)
  %c.v.v4.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.4, <16 x float> %c.v.v.column4.4)
  %c.v.v4.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.4, <16 x float> %c.v.v.column5.4)
  %c.v.v40 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.4, <16 x float> %c.v.v4.zero)
  %c.v.v41 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v4.odd.b, <16 x float> %c.v.v4.even.b)
  %c.v.v42 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v4.odd.b, <16 x float> %c.v.v4.even.b)
  %c.v.v43 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v4.odd.a, <16 x float> %c.v.v4.even.a)
  %c.v.v44 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v4.odd.a, <16 x float> %c.v.v4.even.a)
  %c.v.v45 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.4, <16 x float> %c.v.v4.infinity)
  %c.v.v5.even.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column2.5, <16 x float> %c.v.v.column4.5)
  %c.v.v5.odd.b = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC002000000000000), <16 x float> %c.v.v.column1.5, <16 x float> %c.v.v.column3.5)
  %c.v.v5.even.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column2.5, <16 x float> %c.v.v.column4.5)
  %c.v.v5.odd.a = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE2000000000000), <16 x float> %c.v.v.column1.5, <16 x float> %c.v.v.column3.5)
  %c.v.v5.zero = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column2.5, <16 x float> %c.v.v.column4.5)
  %c.v.v5.infinity = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xC006800000000000), <16 x float> %c.v.v.column3.5, <16 x float> %c.v.v.column5.5)
  %c.v.v50 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column0.5, <16 x float> %c.v.v5.zero)
  %c.v.v51 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FE8000000000000), <16 x float> %c.v.v5.odd.b, <16 x float> %c.v.v5.even.b)
  %c.v.v52 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFE8000000000000), <16 x float> %c.v.v5.odd.b, <16 x float> %c.v.v5.even.b)
  %c.v.v53 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF8000000000000), <16 x float> %c.v.v5.odd.a, <16 x float> %c.v.v5.even.a)
  %c.v.v54 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0xBFF8000000000000), <16 x float> %c.v.v5.odd.a, <16 x float> %c.v.v5.even.a)
  %c.v.v55 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3FF4400000000000), <16 x float> %c.v.v.column1.5, <16 x float> %c.v.v5.infinity)
  %c.v.number = add nsw i64 %before, %c.v.tile
  %c.v.number.at = mul nsw i64 %c.v.number, 16
  %c.v.tile.to = getelementptr float, ptr %c.v.to, i64 %c.v.number.at
  %c.v.v00.to = getelementptr float, ptr %c.v.tile.to, i64 0
  store <16 x float> %c.v.v00, ptr %c.v.v00.to, align 4
  %c.v.v01.to = getelementptr float, ptr %c.v.tile.to, i64 1040
  store <16 x float> %c.v.v01, ptr %c.v.v01.to, align 4
  %c.v.v02.to = getelementptr float, ptr %c.v.tile.to, i64 2080
  store <16 x float> %c.v.v02, ptr %c.v.v02.to, align 4
  %c.v.v03.to = getelementptr float, ptr %c.v.tile.to, i64 3120
  store <16 x float> %c.v.v03, ptr %c.v.v03.to, align 4
  %c.v.v04.to = getelementptr float, ptr %c.v.tile.to, i64 4160
  store <16 x float> %c.v.v04, ptr %c.v.v04.to, align 4
  %c.v.v05.to = getelementptr float, ptr %c.v.tile.to, i64 5200
  store <16 x float> %c.v.v05, ptr %c.v.v05.to, align 4
  %c.v.v10.to = getelementptr float, ptr %c.v.tile.to, i64 6240
  store <16 x float> %c.v.v10, ptr %c.v.v10.to, align 4
  %c.v.v11.to = getelementptr float, ptr %c.v.tile.to, i64 7280
  store <16 x float> %c.v.v11, ptr %c.v.v11.to, align 4
  %c.v.v12.to = getelementptr float, ptr %c.v.tile.to, i64 8320
  store <16 x float> %c.v.v12, ptr %c.v.v12.to, align 4
  %c.v.v13.to = getelementptr float, ptr %c.v.tile.to, i64 9360
  store <16 x float> %c.v.v13, ptr %c.v.v13.to, align 4
  %c.v.v14.to = getelementptr float, ptr %c.v.tile.to, i64 10400
  store <16 x float> %c.v.v14, ptr %c.v.v14.to, align 4
  %c.v.v15.to = getelementptr float, ptr %c.v.tile.to, i64 11440
  store <16 x float> %c.v.v15, ptr %c.v.v15.to, align 4
  %c.v.v20.to = getelementptr float, ptr %c.v.tile.to, i64 12480
  store <16 x float> %c.v.v20, ptr %c.v.v20.to, align 4
  %c.v.v21.to = getelementptr float, ptr %c.v.tile.to, i64 13520
  store <16 x float> %c.v.v21, ptr %c.v.v21.to, align 4
  %c.v.v22.to = getelementptr float, ptr %c.v.tile.to, i64 14560
  store <16 x float> %c.v.v22, ptr %c.v.v22.to, align 4
  %c.v.v23.to = getelementptr float, ptr %c.v.tile.to, i64 15600
  store <16 x float> %c.v.v23, ptr %c.v.v23.to, align 4
  %c.v.v24.to = getelementptr float, ptr %c.v.tile.to, i64 16640
  store <16 x float> %c.v.v24, ptr %c.v.v24.to, align 4
  %c.v.v25.to = getelementptr float, ptr %c.v.tile.to, i64 17680
  store <16 x float> %c.v.v25, ptr %c.v.v25.to, align 4
  %c.v.v30.to = getelementptr float, ptr %c.v.tile.to, i64 18720
  store <16 x float> %c.v.v30, ptr %c.v.v30.to, align 4
  %c.v.v31.to = getelementptr float, ptr %c.v.tile.to, i64 19760
  store <16 x float> %c.v.v31, ptr %c.v.v31.to, align 4
  %c.v.v32.to = getelementptr float, ptr %c.v.tile.to, i64 20800
  store <16 x float> %c.v.v32, ptr %c.v.v32.to, align 4
  %c.v.v33.to = getelementptr float, ptr %c.v.tile.to, i64 21840
  store <16 x float> %c.v.v33, ptr %c.v.v33.to, align 4
  %c.v.v34.to = getelementptr float, ptr %c.v.tile.to, i64 22880
  store <16 x float> %c.v.v34, ptr %c.v.v34.to, align 4
  %c.v.v35.to = getelementptr float, ptr %c.v.tile.to, i64 23920
  store <16 x float> %c.v.v35, ptr %c.v.v35.to, align 4
  %c.v.v40.to = getelementptr float, ptr %c.v.tile.to, i64 24960
  store <16 x float> %c.v.v40, ptr %c.v.v40.to, align 4
  %c.v.v41.to = getelementptr float, ptr %c.v.tile.to, i64 26000
  store <16 x float> %c.v.v41, ptr %c.v.v41.to, align 4
  %c.v.v42.to = getelementptr float, ptr %c.v.tile.to, i64 27040
  store <16 x float> %c.v.v42, ptr %c.v.v42.to, align 4
  %c.v.v43.to = getelementptr float, ptr %c.v.tile.to, i64 28080
  store <16 x float> %c.v.v43, ptr %c.v.v43.to, align 4
  %c.v.v44.to = getelementptr float, ptr %c.v.tile.to, i64 29120
  store <16 x float> %c.v.v44, ptr %c.v.v44.to, align 4
  %c.v.v45.to = getelementptr float, ptr %c.v.tile.to, i64 30160
  store <16 x float> %c.v.v45, ptr %c.v.v45.to, align 4
  %c.v.v50.to = getelementptr float, ptr %c.v.tile.to, i64 31200
  store <16 x float> %c.v.v50, ptr %c.v.v50.to, align 4
  %c.v.v51.to = getelementptr float, ptr %c.v.tile.to, i64 32240
  store <16 x float> %c.v.v51, ptr %c.v.v51.to, align 4
  %c.v.v52.to = getelementptr float, ptr %c.v.tile.to, i64 33280
  store <16 x float> %c.v.v52, ptr %c.v.v52.to, align 4
  %c.v.v53.to = getelementptr float, ptr %c.v.tile.to, i64 34320
  store <16 x float> %c.v.v53, ptr %c.v.v53.to, align 4
  %c.v.v54.to = getelementptr float, ptr %c.v.tile.to, i64 35360
  store <16 x float> %c.v.v54, ptr %c.v.v54.to, align 4
  %c.v.v55.to = getelementptr float, ptr %c.v.tile.to, i64 36400
  store <16 x float> %c.v.v55, ptr %c.v.v55.to, align 4
  br label %c.v.tile.latch
c.v.tile.latch:
  %c.v.tile.next = add nsw i64 %c.v.tile, 1
  br label %c.v.tile.head
c.v.tile.end:
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 16
  br label %c.head
c.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
