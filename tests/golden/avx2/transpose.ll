; Transposition:  out[..., i, ..., j] = epilogue(x[..., i, ..., j]), where x is contiguous along i and out along j
;
; The space (i, j) has the extents 32 x 32. A block of 8 x 8 elements is 8 vectors along i, which are transposed in registers to
; 8 vectors along j. Workers share the strips of blocks along i.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[1024]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[1024], written
  %a1 = load ptr, ptr %a1.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
  %share.last = udiv i64 %share.after, %workers
  br label %strip.enter
strip.enter:
  br label %strip.head
strip.head:
  %strip = phi i64 [ %share.first, %strip.enter ], [ %strip.next, %strip.latch ]
  %strip.more = icmp slt i64 %strip, %share.last
  br i1 %strip.more, label %strip.body, label %strip.end
strip.body:
  %j = mul nsw i64 %strip, 8
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, 32
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %i.v.at.step1 = mul nsw i64 %j, 32
  %i.v.at.sum1 = add nsw i64 %i, %i.v.at.step1
  %i.v.at = getelementptr float, ptr %a0, i64 %i.v.at.sum1
  %i.v.0.0.at = getelementptr float, ptr %i.v.at, i64 0
  %i.v.0.0 = load <8 x float>, ptr %i.v.0.0.at, align 4
  %i.v.0.1.at = getelementptr float, ptr %i.v.at, i64 32
  %i.v.0.1 = load <8 x float>, ptr %i.v.0.1.at, align 4
  %i.v.0.2.at = getelementptr float, ptr %i.v.at, i64 64
  %i.v.0.2 = load <8 x float>, ptr %i.v.0.2.at, align 4
  %i.v.0.3.at = getelementptr float, ptr %i.v.at, i64 96
  %i.v.0.3 = load <8 x float>, ptr %i.v.0.3.at, align 4
  %i.v.0.4.at = getelementptr float, ptr %i.v.at, i64 128
  %i.v.0.4 = load <8 x float>, ptr %i.v.0.4.at, align 4
  %i.v.0.5.at = getelementptr float, ptr %i.v.at, i64 160
  %i.v.0.5 = load <8 x float>, ptr %i.v.0.5.at, align 4
  %i.v.0.6.at = getelementptr float, ptr %i.v.at, i64 192
  %i.v.0.6 = load <8 x float>, ptr %i.v.0.6.at, align 4
  %i.v.0.7.at = getelementptr float, ptr %i.v.at, i64 224
  %i.v.0.7 = load <8 x float>, ptr %i.v.0.7.at, align 4
  ; swap blocks of 4 x 4
  %i.v.1.0 = shufflevector <8 x float> %i.v.0.0, <8 x float> %i.v.0.4, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %i.v.1.4 = shufflevector <8 x float> %i.v.0.0, <8 x float> %i.v.0.4, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %i.v.1.1 = shufflevector <8 x float> %i.v.0.1, <8 x float> %i.v.0.5, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %i.v.1.5 = shufflevector <8 x float> %i.v.0.1, <8 x float> %i.v.0.5, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %i.v.1.2 = shufflevector <8 x float> %i.v.0.2, <8 x float> %i.v.0.6, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %i.v.1.6 = shufflevector <8 x float> %i.v.0.2, <8 x float> %i.v.0.6, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %i.v.1.3 = shufflevector <8 x float> %i.v.0.3, <8 x float> %i.v.0.7, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %i.v.1.7 = shufflevector <8 x float> %i.v.0.3, <8 x float> %i.v.0.7, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  ; swap blocks of 2 x 2
  %i.v.2.0 = shufflevector <8 x float> %i.v.1.0, <8 x float> %i.v.1.2, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %i.v.2.2 = shufflevector <8 x float> %i.v.1.0, <8 x float> %i.v.1.2, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %i.v.2.1 = shufflevector <8 x float> %i.v.1.1, <8 x float> %i.v.1.3, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %i.v.2.3 = shufflevector <8 x float> %i.v.1.1, <8 x float> %i.v.1.3, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %i.v.2.4 = shufflevector <8 x float> %i.v.1.4, <8 x float> %i.v.1.6, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %i.v.2.6 = shufflevector <8 x float> %i.v.1.4, <8 x float> %i.v.1.6, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %i.v.2.5 = shufflevector <8 x float> %i.v.1.5, <8 x float> %i.v.1.7, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %i.v.2.7 = shufflevector <8 x float> %i.v.1.5, <8 x float> %i.v.1.7, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  ; swap blocks of 1 x 1
  %i.v.3.0 = shufflevector <8 x float> %i.v.2.0, <8 x float> %i.v.2.1, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %i.v.3.1 = shufflevector <8 x float> %i.v.2.0, <8 x float> %i.v.2.1, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %i.v.3.2 = shufflevector <8 x float> %i.v.2.2, <8 x float> %i.v.2.3, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %i.v.3.3 = shufflevector <8 x float> %i.v.2.2, <8 x float> %i.v.2.3, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %i.v.3.4 = shufflevector <8 x float> %i.v.2.4, <8 x float> %i.v.2.5, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %i.v.3.5 = shufflevector <8 x float> %i.v.2.4, <8 x float> %i.v.2.5, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %i.v.3.6 = shufflevector <8 x float> %i.v.2.6, <8 x float> %i.v.2.7, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %i.v.3.7 = shufflevector <8 x float> %i.v.2.6, <8 x float> %i.v.2.7, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %i.v.row0 = add nsw i64 %i, 0
  %i.v.y0.2 = fmul <8 x float> %i.v.3.0, splat (float 0x4000000000000000)
  %i.v.y0.out0.step0 = mul nsw i64 %i.v.row0, 32
  %i.v.y0.out0.sum1 = add nsw i64 %i.v.y0.out0.step0, %j
  %i.v.y0.out0 = getelementptr float, ptr %a1, i64 %i.v.y0.out0.sum1
  store <8 x float> %i.v.y0.2, ptr %i.v.y0.out0, align 4
  %i.v.row1 = add nsw i64 %i, 1
  %i.v.y1.2 = fmul <8 x float> %i.v.3.1, splat (float 0x4000000000000000)
  %i.v.y1.out0.step0 = mul nsw i64 %i.v.row1, 32
  %i.v.y1.out0.sum1 = add nsw i64 %i.v.y1.out0.step0, %j
  %i.v.y1.out0 = getelementptr float, ptr %a1, i64 %i.v.y1.out0.sum1
  store <8 x float> %i.v.y1.2, ptr %i.v.y1.out0, align 4
  %i.v.row2 = add nsw i64 %i, 2
  %i.v.y2.2 = fmul <8 x float> %i.v.3.2, splat (float 0x4000000000000000)
  %i.v.y2.out0.step0 = mul nsw i64 %i.v.row2, 32
  %i.v.y2.out0.sum1 = add nsw i64 %i.v.y2.out0.step0, %j
  %i.v.y2.out0 = getelementptr float, ptr %a1, i64 %i.v.y2.out0.sum1
  store <8 x float> %i.v.y2.2, ptr %i.v.y2.out0, align 4
  %i.v.row3 = add nsw i64 %i, 3
  %i.v.y3.2 = fmul <8 x float> %i.v.3.3, splat (float 0x4000000000000000)
  %i.v.y3.out0.step0 = mul nsw i64 %i.v.row3, 32
  %i.v.y3.out0.sum1 = add nsw i64 %i.v.y3.out0.step0, %j
  %i.v.y3.out0 = getelementptr float, ptr %a1, i64 %i.v.y3.out0.sum1
  store <8 x float> %i.v.y3.2, ptr %i.v.y3.out0, align 4
  %i.v.row4 = add nsw i64 %i, 4
  %i.v.y4.2 = fmul <8 x float> %i.v.3.4, splat (float 0x4000000000000000)
  %i.v.y4.out0.step0 = mul nsw i64 %i.v.row4, 32
  %i.v.y4.out0.sum1 = add nsw i64 %i.v.y4.out0.step0, %j
  %i.v.y4.out0 = getelementptr float, ptr %a1, i64 %i.v.y4.out0.sum1
  store <8 x float> %i.v.y4.2, ptr %i.v.y4.out0, align 4
  %i.v.row5 = add nsw i64 %i, 5
  %i.v.y5.2 = fmul <8 x float> %i.v.3.5, splat (float 0x4000000000000000)
  %i.v.y5.out0.step0 = mul nsw i64 %i.v.row5, 32
  %i.v.y5.out0.sum1 = add nsw i64 %i.v.y5.out0.step0, %j
  %i.v.y5.out0 = getelementptr float, ptr %a1, i64 %i.v.y5.out0.sum1
  store <8 x float> %i.v.y5.2, ptr %i.v.y5.out0, align 4
  %i.v.row6 = add nsw i64 %i, 6
  %i.v.y6.2 = fmul <8 x float> %i.v.3.6, splat (float 0x4000000000000000)
  %i.v.y6.out0.step0 = mul nsw i64 %i.v.row6, 32
  %i.v.y6.out0.sum1 = add nsw i64 %i.v.y6.out0.step0, %j
  %i.v.y6.out0 = getelementptr float, ptr %a1, i64 %i.v.y6.out0.sum1
  store <8 x float> %i.v.y6.2, ptr %i.v.y6.out0, align 4
  %i.v.row7 = add nsw i64 %i, 7
  %i.v.y7.2 = fmul <8 x float> %i.v.3.7, splat (float 0x4000000000000000)
  %i.v.y7.out0.step0 = mul nsw i64 %i.v.row7, 32
  %i.v.y7.out0.sum1 = add nsw i64 %i.v.y7.out0.step0, %j
  %i.v.y7.out0 = getelementptr float, ptr %a1, i64 %i.v.y7.out0.sum1
  store <8 x float> %i.v.y7.2, ptr %i.v.y7.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 8
  br label %i.head
i.end:
  br label %strip.latch
strip.latch:
  %strip.next = add nsw i64 %strip, 1
  br label %strip.head
strip.end:
  ret void
}
