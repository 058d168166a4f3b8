; Matrix product:  out[..., m, n] = epilogue(sum over k of left[..., m, k] * right[..., k, n])
;
; The space is 2 x 5 x 5, the sum has 4 terms. A tile has 1 x 5 rows and 1 vectors of 8 lanes;
; right is read where it lies. Workers share blocks of 1 tiles.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
; A tile of 1 x 5 rows and 1 vectors, 5 lanes in the last one.
;   tile.left, tile.right  the operands at the tile's first element
;   i, j, k  where in the space that element lies
define internal void @tile_5_by_1_5(ptr %args, ptr %tile.left, ptr %tile.right, i64 %i, i64 %j, i64 %k) noinline {
tile:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[40]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[40]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[50], written
  %a2 = load ptr, ptr %a2.at
  %step0.right0.at = getelementptr float, ptr %tile.right, i64 0
  %step0.right0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %step0.right0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %step0.left0.at = getelementptr float, ptr %tile.left, i64 0
  %step0.left0.scalar = load float, ptr %step0.left0.at, align 4
  %step0.left0.first = insertelement <8 x float> poison, float %step0.left0.scalar, i64 0
  %step0.left0 = shufflevector <8 x float> %step0.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left0, <8 x float> %step0.right0, <8 x float> zeroinitializer)
  %step0.left1.at = getelementptr float, ptr %tile.left, i64 4
  %step0.left1.scalar = load float, ptr %step0.left1.at, align 4
  %step0.left1.first = insertelement <8 x float> poison, float %step0.left1.scalar, i64 0
  %step0.left1 = shufflevector <8 x float> %step0.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left1, <8 x float> %step0.right0, <8 x float> zeroinitializer)
  %step0.left2.at = getelementptr float, ptr %tile.left, i64 8
  %step0.left2.scalar = load float, ptr %step0.left2.at, align 4
  %step0.left2.first = insertelement <8 x float> poison, float %step0.left2.scalar, i64 0
  %step0.left2 = shufflevector <8 x float> %step0.left2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left2, <8 x float> %step0.right0, <8 x float> zeroinitializer)
  %step0.left3.at = getelementptr float, ptr %tile.left, i64 12
  %step0.left3.scalar = load float, ptr %step0.left3.at, align 4
  %step0.left3.first = insertelement <8 x float> poison, float %step0.left3.scalar, i64 0
  %step0.left3 = shufflevector <8 x float> %step0.left3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left3, <8 x float> %step0.right0, <8 x float> zeroinitializer)
  %step0.left4.at = getelementptr float, ptr %tile.left, i64 16
  %step0.left4.scalar = load float, ptr %step0.left4.at, align 4
  %step0.left4.first = insertelement <8 x float> poison, float %step0.left4.scalar, i64 0
  %step0.left4 = shufflevector <8 x float> %step0.left4.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left4, <8 x float> %step0.right0, <8 x float> zeroinitializer)
  %step1.right0.at = getelementptr float, ptr %tile.right, i64 5
  %step1.right0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %step1.right0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %step1.left0.at = getelementptr float, ptr %tile.left, i64 1
  %step1.left0.scalar = load float, ptr %step1.left0.at, align 4
  %step1.left0.first = insertelement <8 x float> poison, float %step1.left0.scalar, i64 0
  %step1.left0 = shufflevector <8 x float> %step1.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left0, <8 x float> %step1.right0, <8 x float> %step0.0.0)
  %step1.left1.at = getelementptr float, ptr %tile.left, i64 5
  %step1.left1.scalar = load float, ptr %step1.left1.at, align 4
  %step1.left1.first = insertelement <8 x float> poison, float %step1.left1.scalar, i64 0
  %step1.left1 = shufflevector <8 x float> %step1.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left1, <8 x float> %step1.right0, <8 x float> %step0.1.0)
  %step1.left2.at = getelementptr float, ptr %tile.left, i64 9
  %step1.left2.scalar = load float, ptr %step1.left2.at, align 4
  %step1.left2.first = insertelement <8 x float> poison, float %step1.left2.scalar, i64 0
  %step1.left2 = shufflevector <8 x float> %step1.left2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left2, <8 x float> %step1.right0, <8 x float> %step0.2.0)
  %step1.left3.at = getelementptr float, ptr %tile.left, i64 13
  %step1.left3.scalar = load float, ptr %step1.left3.at, align 4
  %step1.left3.first = insertelement <8 x float> poison, float %step1.left3.scalar, i64 0
  %step1.left3 = shufflevector <8 x float> %step1.left3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left3, <8 x float> %step1.right0, <8 x float> %step0.3.0)
  %step1.left4.at = getelementptr float, ptr %tile.left, i64 17
  %step1.left4.scalar = load float, ptr %step1.left4.at, align 4
  %step1.left4.first = insertelement <8 x float> poison, float %step1.left4.scalar, i64 0
  %step1.left4 = shufflevector <8 x float> %step1.left4.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step1.4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step1.left4, <8 x float> %step1.right0, <8 x float> %step0.4.0)
  %step2.right0.at = getelementptr float, ptr %tile.right, i64 10
  %step2.right0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %step2.right0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %step2.left0.at = getelementptr float, ptr %tile.left, i64 2
  %step2.left0.scalar = load float, ptr %step2.left0.at, align 4
  %step2.left0.first = insertelement <8 x float> poison, float %step2.left0.scalar, i64 0
  %step2.left0 = shufflevector <8 x float> %step2.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left0, <8 x float> %step2.right0, <8 x float> %step1.0.0)
  %step2.left1.at = getelementptr float, ptr %tile.left, i64 6
  %step2.left1.scalar = load float, ptr %step2.left1.at, align 4
  %step2.left1.first = insertelement <8 x float> poison, float %step2.left1.scalar, i64 0
  %step2.left1 = shufflevector <8 x float> %step2.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left1, <8 x float> %step2.right0, <8 x float> %step1.1.0)
  %step2.left2.at = getelementptr float, ptr %tile.left, i64 10
  %step2.left2.scalar = load float, ptr %step2.left2.at, align 4
  %step2.left2.first = insertelement <8 x float> poison, float %step2.left2.scalar, i64 0
  %step2.left2 = shufflevector <8 x float> %step2.left2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left2, <8 x float> %step2.right0, <8 x float> %step1.2.0)
  %step2.left3.at = getelementptr float, ptr %tile.left, i64 14
  %step2.left3.scalar = load float, ptr %step2.left3.at, align 4
  %step2.left3.first = insertelement <8 x float> poison, float %step2.left3.scalar, i64 0
  %step2.left3 = shufflevector <8 x float> %step2.left3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left3, <8 x float> %step2.right0, <8 x float> %step1.3.0)
  %step2.left4.at = getelementptr float, ptr %tile.left, i64 18
  %step2.left4.scalar = load float, ptr %step2.left4.at, align 4
  %step2.left4.first = insertelement <8 x float> poison, float %step2.left4.scalar, i64 0
  %step2.left4 = shufflevector <8 x float> %step2.left4.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step2.4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step2.left4, <8 x float> %step2.right0, <8 x float> %step1.4.0)
  %step3.right0.at = getelementptr float, ptr %tile.right, i64 15
  %step3.right0 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %step3.right0.at, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %step3.left0.at = getelementptr float, ptr %tile.left, i64 3
  %step3.left0.scalar = load float, ptr %step3.left0.at, align 4
  %step3.left0.first = insertelement <8 x float> poison, float %step3.left0.scalar, i64 0
  %step3.left0 = shufflevector <8 x float> %step3.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step3.left0, <8 x float> %step3.right0, <8 x float> %step2.0.0)
  %step3.left1.at = getelementptr float, ptr %tile.left, i64 7
  %step3.left1.scalar = load float, ptr %step3.left1.at, align 4
  %step3.left1.first = insertelement <8 x float> poison, float %step3.left1.scalar, i64 0
  %step3.left1 = shufflevector <8 x float> %step3.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step3.left1, <8 x float> %step3.right0, <8 x float> %step2.1.0)
  %step3.left2.at = getelementptr float, ptr %tile.left, i64 11
  %step3.left2.scalar = load float, ptr %step3.left2.at, align 4
  %step3.left2.first = insertelement <8 x float> poison, float %step3.left2.scalar, i64 0
  %step3.left2 = shufflevector <8 x float> %step3.left2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step3.left2, <8 x float> %step3.right0, <8 x float> %step2.2.0)
  %step3.left3.at = getelementptr float, ptr %tile.left, i64 15
  %step3.left3.scalar = load float, ptr %step3.left3.at, align 4
  %step3.left3.first = insertelement <8 x float> poison, float %step3.left3.scalar, i64 0
  %step3.left3 = shufflevector <8 x float> %step3.left3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step3.left3, <8 x float> %step3.right0, <8 x float> %step2.3.0)
  %step3.left4.at = getelementptr float, ptr %tile.left, i64 19
  %step3.left4.scalar = load float, ptr %step3.left4.at, align 4
  %step3.left4.first = insertelement <8 x float> poison, float %step3.left4.scalar, i64 0
  %step3.left4 = shufflevector <8 x float> %step3.left4.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step3.4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step3.left4, <8 x float> %step3.right0, <8 x float> %step2.4.0)
  %k.0 = add nsw i64 %k, 0
  %row0.i = add nsw i64 %i, 0
  %row0.j = add nsw i64 %j, 0
  %r0.0.out0.step0 = mul nsw i64 %row0.i, 25
  %r0.0.out0.step1 = mul nsw i64 %row0.j, 5
  %r0.0.out0.sum1 = add nsw i64 %r0.0.out0.step0, %r0.0.out0.step1
  %r0.0.out0.sum2 = add nsw i64 %r0.0.out0.sum1, %k.0
  %r0.0.out0 = getelementptr float, ptr %a2, i64 %r0.0.out0.sum2
  call void @llvm.masked.store.v8f32.p0(<8 x float> %step3.0.0, ptr align 4 %r0.0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  %row1.i = add nsw i64 %i, 0
  %row1.j = add nsw i64 %j, 1
  %r1.0.out0.step0 = mul nsw i64 %row1.i, 25
  %r1.0.out0.step1 = mul nsw i64 %row1.j, 5
  %r1.0.out0.sum1 = add nsw i64 %r1.0.out0.step0, %r1.0.out0.step1
  %r1.0.out0.sum2 = add nsw i64 %r1.0.out0.sum1, %k.0
  %r1.0.out0 = getelementptr float, ptr %a2, i64 %r1.0.out0.sum2
  call void @llvm.masked.store.v8f32.p0(<8 x float> %step3.1.0, ptr align 4 %r1.0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  %row2.i = add nsw i64 %i, 0
  %row2.j = add nsw i64 %j, 2
  %r2.0.out0.step0 = mul nsw i64 %row2.i, 25
  %r2.0.out0.step1 = mul nsw i64 %row2.j, 5
  %r2.0.out0.sum1 = add nsw i64 %r2.0.out0.step0, %r2.0.out0.step1
  %r2.0.out0.sum2 = add nsw i64 %r2.0.out0.sum1, %k.0
  %r2.0.out0 = getelementptr float, ptr %a2, i64 %r2.0.out0.sum2
  call void @llvm.masked.store.v8f32.p0(<8 x float> %step3.2.0, ptr align 4 %r2.0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  %row3.i = add nsw i64 %i, 0
  %row3.j = add nsw i64 %j, 3
  %r3.0.out0.step0 = mul nsw i64 %row3.i, 25
  %r3.0.out0.step1 = mul nsw i64 %row3.j, 5
  %r3.0.out0.sum1 = add nsw i64 %r3.0.out0.step0, %r3.0.out0.step1
  %r3.0.out0.sum2 = add nsw i64 %r3.0.out0.sum1, %k.0
  %r3.0.out0 = getelementptr float, ptr %a2, i64 %r3.0.out0.sum2
  call void @llvm.masked.store.v8f32.p0(<8 x float> %step3.3.0, ptr align 4 %r3.0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  %row4.i = add nsw i64 %i, 0
  %row4.j = add nsw i64 %j, 4
  %r4.0.out0.step0 = mul nsw i64 %row4.i, 25
  %r4.0.out0.step1 = mul nsw i64 %row4.j, 5
  %r4.0.out0.sum1 = add nsw i64 %r4.0.out0.step0, %r4.0.out0.step1
  %r4.0.out0.sum2 = add nsw i64 %r4.0.out0.sum1, %k.0
  %r4.0.out0 = getelementptr float, ptr %a2, i64 %r4.0.out0.sum2
  call void @llvm.masked.store.v8f32.p0(<8 x float> %step3.4.0, ptr align 4 %r4.0.out0, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false>)
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[40]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[40]
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 2
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 2
  %share.last = udiv i64 %share.after, %workers
  br label %item.enter
item.enter:
  br label %item.head
item.head:
  %item = phi i64 [ %share.first, %item.enter ], [ %item.next, %item.latch ]
  %item.more = icmp slt i64 %item, %share.last
  br i1 %item.more, label %item.body, label %item.end
item.body:
  %block = udiv i64 %item, 1
  %panel = urem i64 %item, 1
  %k = mul nsw i64 %panel, 8
  %block.first = mul nsw i64 %block, 1
  %block.next = add nsw i64 %block.first, 1
  %block.last = call i64 @llvm.smin.i64(i64 %block.next, i64 2)
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %block.first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %block.last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %tile.j = urem i64 %tile, 1
  %tile.i = udiv i64 %tile, 1
  %i = mul nsw i64 %tile.i, 1
  %j = mul nsw i64 %tile.j, 5
  %left.step0 = mul nsw i64 %i, 20
  %left.step1 = mul nsw i64 %j, 4
  %left.sum1 = add nsw i64 %left.step0, %left.step1
  %left = getelementptr float, ptr %a0, i64 %left.sum1
  %right.step0 = mul nsw i64 %i, 20
  %right.sum1 = add nsw i64 %right.step0, %k
  %right = getelementptr float, ptr %a1, i64 %right.sum1
  call void @tile_5_by_1_5(ptr %args, ptr %left, ptr %right, i64 %i, i64 %j, i64 %k)
  br label %tile.latch
tile.latch:
  %tile.next = add nsw i64 %tile, 1
  br label %tile.head
tile.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)
declare i64 @llvm.smin.i64(i64, i64)
