; Matrix product:  out[..., m, n] = epilogue(sum over k of left[..., m, k] * right[..., k, n])
;
; The space is 2 x 4, the sum has 4 terms. A tile has 2 rows and 1 vectors of 4 lanes;
; right is read where it lies. Workers share blocks of 1 tiles.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
; A tile of 2 rows and 1 vectors.
;   tile.left, tile.right  the operands at the tile's first element
;   i, j  where in the space that element lies
define internal void @tile_2_by_1(ptr %args, ptr %tile.left, ptr %tile.right, i64 %i, i64 %j) noinline {
tile:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[8]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[4]
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[8], written
  %a3 = load ptr, ptr %a3.at
  %sums = alloca [2 x <4 x float>]
  %step0.right0.at = getelementptr float, ptr %tile.right, i64 0
  %step0.right0 = load <4 x float>, ptr %step0.right0.at, align 4
  %step0.left0.at = getelementptr float, ptr %tile.left, i64 0
  %step0.left0.scalar = load float, ptr %step0.left0.at, align 4
  %step0.left0.first = insertelement <4 x float> poison, float %step0.left0.scalar, i64 0
  %step0.left0 = shufflevector <4 x float> %step0.left0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.0.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step0.left0, <4 x float> %step0.right0, <4 x float> zeroinitializer)
  %step0.left1.at = getelementptr float, ptr %tile.left, i64 4
  %step0.left1.scalar = load float, ptr %step0.left1.at, align 4
  %step0.left1.first = insertelement <4 x float> poison, float %step0.left1.scalar, i64 0
  %step0.left1 = shufflevector <4 x float> %step0.left1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.1.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step0.left1, <4 x float> %step0.right0, <4 x float> zeroinitializer)
  %step1.right0.at = getelementptr float, ptr %tile.right, i64 4
  %step1.right0 = load <4 x float>, ptr %step1.right0.at, align 4
  %step1.left0.at = getelementptr float, ptr %tile.left, i64 1
  %step1.left0.scalar = load float, ptr %step1.left0.at, align 4
  %step1.left0.first = insertelement <4 x float> poison, float %step1.left0.scalar, i64 0
  %step1.left0 = shufflevector <4 x float> %step1.left0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.0.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step1.left0, <4 x float> %step1.right0, <4 x float> %step0.0.0)
  %step1.left1.at = getelementptr float, ptr %tile.left, i64 5
  %step1.left1.scalar = load float, ptr %step1.left1.at, align 4
  %step1.left1.first = insertelement <4 x float> poison, float %step1.left1.scalar, i64 0
  %step1.left1 = shufflevector <4 x float> %step1.left1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.1.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step1.left1, <4 x float> %step1.right0, <4 x float> %step0.1.0)
  %step2.right0.at = getelementptr float, ptr %tile.right, i64 8
  %step2.right0 = load <4 x float>, ptr %step2.right0.at, align 4
  %step2.left0.at = getelementptr float, ptr %tile.left, i64 2
  %step2.left0.scalar = load float, ptr %step2.left0.at, align 4
  %step2.left0.first = insertelement <4 x float> poison, float %step2.left0.scalar, i64 0
  %step2.left0 = shufflevector <4 x float> %step2.left0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.0.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step2.left0, <4 x float> %step2.right0, <4 x float> %step1.0.0)
  %step2.left1.at = getelementptr float, ptr %tile.left, i64 6
  %step2.left1.scalar = load float, ptr %step2.left1.at, align 4
  %step2.left1.first = insertelement <4 x float> poison, float %step2.left1.scalar, i64 0
  %step2.left1 = shufflevector <4 x float> %step2.left1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.1.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step2.left1, <4 x float> %step2.right0, <4 x float> %step1.1.0)
  %step3.right0.at = getelementptr float, ptr %tile.right, i64 12
  %step3.right0 = load <4 x float>, ptr %step3.right0.at, align 4
  %step3.left0.at = getelementptr float, ptr %tile.left, i64 3
  %step3.left0.scalar = load float, ptr %step3.left0.at, align 4
  %step3.left0.first = insertelement <4 x float> poison, float %step3.left0.scalar, i64 0
  %step3.left0 = shufflevector <4 x float> %step3.left0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.0.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step3.left0, <4 x float> %step3.right0, <4 x float> %step2.0.0)
  %step3.left1.at = getelementptr float, ptr %tile.left, i64 7
  %step3.left1.scalar = load float, ptr %step3.left1.at, align 4
  %step3.left1.first = insertelement <4 x float> poison, float %step3.left1.scalar, i64 0
  %step3.left1 = shufflevector <4 x float> %step3.left1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.1.0 = call <4 x float> @llvm.fma.v4f32(<4 x float> %step3.left1, <4 x float> %step3.right0, <4 x float> %step2.1.0)
  %j.0 = add nsw i64 %j, 0
  %sums.0.0 = getelementptr <4 x float>, ptr %sums, i64 0
  store <4 x float> %step3.0.0, ptr %sums.0.0
  %sums.1.0 = getelementptr <4 x float>, ptr %sums, i64 1
  store <4 x float> %step3.1.0, ptr %sums.1.0
  br label %row.enter
row.enter:
  br label %row.head
row.head:
  %row = phi i64 [ 0, %row.enter ], [ %row.next, %row.latch ]
  %row.more = icmp slt i64 %row, 2
  br i1 %row.more, label %row.body, label %row.end
row.body:
  %row.first = mul nsw i64 %row, 1
  %row.sums = getelementptr <4 x float>, ptr %sums, i64 %row.first
  %row.i = add i64 %row, 0
  %at.row.i = add nsw i64 %i, %row.i
  %value0.at = getelementptr <4 x float>, ptr %row.sums, i64 0
  %value0 = load <4 x float>, ptr %value0.at
  %v0.1.at = getelementptr float, ptr %a2, i64 %j.0
  %v0.1 = load <4 x float>, ptr %v0.1.at, align 4
  %v0.2 = fadd <4 x float> %value0, %v0.1
  %v0.3.off = fcmp ole <4 x float> %v0.2, zeroinitializer
  %v0.3 = select <4 x i1> %v0.3.off, <4 x float> zeroinitializer, <4 x float> %v0.2
  %v0.out0.step0 = mul nsw i64 %at.row.i, 4
  %v0.out0.sum1 = add nsw i64 %v0.out0.step0, %j.0
  %v0.out0 = getelementptr float, ptr %a3, i64 %v0.out0.sum1
  store <4 x float> %v0.3, ptr %v0.out0, align 4
  br label %row.latch
row.latch:
  %row.next = add nsw i64 %row, 1
  br label %row.head
row.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[8]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
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
  %block = udiv i64 %item, 1
  %panel = urem i64 %item, 1
  %j = mul nsw i64 %panel, 4
  %block.first = mul nsw i64 %block, 1
  %block.next = add nsw i64 %block.first, 1
  %block.last = call i64 @llvm.smin.i64(i64 %block.next, i64 1)
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %block.first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %block.last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %tile.i = add i64 %tile, 0
  %i = mul nsw i64 %tile.i, 2
  %left.step0 = mul nsw i64 %i, 4
  %left = getelementptr float, ptr %a0, i64 %left.step0
  %right = getelementptr float, ptr %a1, i64 %j
  call void @tile_2_by_1(ptr %args, ptr %left, ptr %right, i64 %i, i64 %j)
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
declare <4 x float> @llvm.fma.v4f32(<4 x float>, <4 x float>, <4 x float>)
declare i64 @llvm.smin.i64(i64, i64)
