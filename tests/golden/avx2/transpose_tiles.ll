; Transposition beside other operands:
;   out[..., i, ..., j] = epilogue(x[..., i, ..., j]), where x is contiguous along i, and all else along j
;
; The space (i, j) has the extents 8 x 512. It is cut into tiles of 8 rows (along i) x 256 columns (along j), which the workers share.
; 1. x is laid out anew in %tile, row by row, in blocks of 8 x 8: so many vectors along i are transposed in registers.
; 2. The tile's rows are walked one after another. So the other operands are read, and results written, in runs of 256 elements, which
;    the processor fetches ahead; block by block it would have to follow 8 rows of each of them at once.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[4096]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[4096]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[4096]
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[4096], written
  %a3 = load ptr, ptr %a3.at
  %tile = alloca float, i64 2112, align 64
  %share.before = mul i64 %worker, 2
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 2
  %share.last = udiv i64 %share.after, %workers
  br label %piece.enter
piece.enter:
  br label %piece.head
piece.head:
  %piece = phi i64 [ %share.first, %piece.enter ], [ %piece.next, %piece.latch ]
  %piece.more = icmp slt i64 %piece, %share.last
  br i1 %piece.more, label %piece.body, label %piece.end
piece.body:
  %left = mul nsw i64 %piece, 256
  %left.next = add nsw i64 %left, 256
  %right = call i64 @llvm.smin.i64(i64 %left.next, i64 512)
  ; where row 0, column 0 of x would lie, if the tile were part of all of x
  %origin.step0 = mul nsw i64 %left, -1
  %origin = getelementptr float, ptr %tile, i64 %origin.step0
  ; 1. x, laid out anew
  br label %to.j.enter
to.j.enter:
  br label %to.j.head
to.j.head:
  %to.j = phi i64 [ %left, %to.j.enter ], [ %to.j.next, %to.j.latch ]
  %to.j.more = icmp slt i64 %to.j, %right
  br i1 %to.j.more, label %to.j.body, label %to.j.end
to.j.body:
  br label %to.j.v.i.enter
to.j.v.i.enter:
  br label %to.j.v.i.head
to.j.v.i.head:
  %to.j.v.i = phi i64 [ 0, %to.j.v.i.enter ], [ %to.j.v.i.next, %to.j.v.i.latch ]
  %to.j.v.i.more = icmp slt i64 %to.j.v.i, 8
  br i1 %to.j.v.i.more, label %to.j.v.i.body, label %to.j.v.i.end
to.j.v.i.body:
  %to.j.v.i.v.at.step1 = mul nsw i64 %to.j, 8
  %to.j.v.i.v.at.sum1 = add nsw i64 %to.j.v.i, %to.j.v.i.v.at.step1
  %to.j.v.i.v.at = getelementptr float, ptr %a0, i64 %to.j.v.i.v.at.sum1
  %to.j.v.i.v.0.0.at = getelementptr float, ptr %to.j.v.i.v.at, i64 0
  %to.j.v.i.v.0.0 = load <8 x float>, ptr %to.j.v.i.v.0.0.at, align 4
  %to.j.v.i.v.0.1.at = getelementptr float, ptr %to.j.v.i.v.at, i64 8
  %to.j.v.i.v.0.1 = load <8 x float>, ptr %to.j.v.i.v.0.1.at, align 4
  %to.j.v.i.v.0.2.at = getelementptr float, ptr %to.j.v.i.v.at, i64 16
  %to.j.v.i.v.0.2 = load <8 x float>, ptr %to.j.v.i.v.0.2.at, align 4
  %to.j.v.i.v.0.3.at = getelementptr float, ptr %to.j.v.i.v.at, i64 24
  %to.j.v.i.v.0.3 = load <8 x float>, ptr %to.j.v.i.v.0.3.at, align 4
  %to.j.v.i.v.0.4.at = getelementptr float, ptr %to.j.v.i.v.at, i64 32
  %to.j.v.i.v.0.4 = load <8 x float>, ptr %to.j.v.i.v.0.4.at, align 4
  %to.j.v.i.v.0.5.at = getelementptr float, ptr %to.j.v.i.v.at, i64 40
  %to.j.v.i.v.0.5 = load <8 x float>, ptr %to.j.v.i.v.0.5.at, align 4
  %to.j.v.i.v.0.6.at = getelementptr float, ptr %to.j.v.i.v.at, i64 48
  %to.j.v.i.v.0.6 = load <8 x float>, ptr %to.j.v.i.v.0.6.at, align 4
  %to.j.v.i.v.0.7.at = getelementptr float, ptr %to.j.v.i.v.at, i64 56
  %to.j.v.i.v.0.7 = load <8 x float>, ptr %to.j.v.i.v.0.7.at, align 4
  ; swap blocks of 4 x 4
  %to.j.v.i.v.1.0 = shufflevector <8 x float> %to.j.v.i.v.0.0, <8 x float> %to.j.v.i.v.0.4, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %to.j.v.i.v.1.4 = shufflevector <8 x float> %to.j.v.i.v.0.0, <8 x float> %to.j.v.i.v.0.4, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %to.j.v.i.v.1.1 = shufflevector <8 x float> %to.j.v.i.v.0.1, <8 x float> %to.j.v.i.v.0.5, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %to.j.v.i.v.1.5 = shufflevector <8 x float> %to.j.v.i.v.0.1, <8 x float> %to.j.v.i.v.0.5, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %to.j.v.i.v.1.2 = shufflevector <8 x float> %to.j.v.i.v.0.2, <8 x float> %to.j.v.i.v.0.6, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %to.j.v.i.v.1.6 = shufflevector <8 x float> %to.j.v.i.v.0.2, <8 x float> %to.j.v.i.v.0.6, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %to.j.v.i.v.1.3 = shufflevector <8 x float> %to.j.v.i.v.0.3, <8 x float> %to.j.v.i.v.0.7, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %to.j.v.i.v.1.7 = shufflevector <8 x float> %to.j.v.i.v.0.3, <8 x float> %to.j.v.i.v.0.7, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  ; swap blocks of 2 x 2
  %to.j.v.i.v.2.0 = shufflevector <8 x float> %to.j.v.i.v.1.0, <8 x float> %to.j.v.i.v.1.2, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %to.j.v.i.v.2.2 = shufflevector <8 x float> %to.j.v.i.v.1.0, <8 x float> %to.j.v.i.v.1.2, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %to.j.v.i.v.2.1 = shufflevector <8 x float> %to.j.v.i.v.1.1, <8 x float> %to.j.v.i.v.1.3, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %to.j.v.i.v.2.3 = shufflevector <8 x float> %to.j.v.i.v.1.1, <8 x float> %to.j.v.i.v.1.3, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %to.j.v.i.v.2.4 = shufflevector <8 x float> %to.j.v.i.v.1.4, <8 x float> %to.j.v.i.v.1.6, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %to.j.v.i.v.2.6 = shufflevector <8 x float> %to.j.v.i.v.1.4, <8 x float> %to.j.v.i.v.1.6, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %to.j.v.i.v.2.5 = shufflevector <8 x float> %to.j.v.i.v.1.5, <8 x float> %to.j.v.i.v.1.7, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %to.j.v.i.v.2.7 = shufflevector <8 x float> %to.j.v.i.v.1.5, <8 x float> %to.j.v.i.v.1.7, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  ; swap blocks of 1 x 1
  %to.j.v.i.v.3.0 = shufflevector <8 x float> %to.j.v.i.v.2.0, <8 x float> %to.j.v.i.v.2.1, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %to.j.v.i.v.3.1 = shufflevector <8 x float> %to.j.v.i.v.2.0, <8 x float> %to.j.v.i.v.2.1, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to.j.v.i.v.3.2 = shufflevector <8 x float> %to.j.v.i.v.2.2, <8 x float> %to.j.v.i.v.2.3, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %to.j.v.i.v.3.3 = shufflevector <8 x float> %to.j.v.i.v.2.2, <8 x float> %to.j.v.i.v.2.3, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to.j.v.i.v.3.4 = shufflevector <8 x float> %to.j.v.i.v.2.4, <8 x float> %to.j.v.i.v.2.5, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %to.j.v.i.v.3.5 = shufflevector <8 x float> %to.j.v.i.v.2.4, <8 x float> %to.j.v.i.v.2.5, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to.j.v.i.v.3.6 = shufflevector <8 x float> %to.j.v.i.v.2.6, <8 x float> %to.j.v.i.v.2.7, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %to.j.v.i.v.3.7 = shufflevector <8 x float> %to.j.v.i.v.2.6, <8 x float> %to.j.v.i.v.2.7, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to.j.v.i.v.to.step0 = mul nsw i64 %to.j.v.i, 264
  %to.j.v.i.v.to.sum1 = add nsw i64 %to.j.v.i.v.to.step0, %to.j
  %to.j.v.i.v.to = getelementptr float, ptr %origin, i64 %to.j.v.i.v.to.sum1
  %to.j.v.i.v.to0 = getelementptr float, ptr %to.j.v.i.v.to, i64 0
  store <8 x float> %to.j.v.i.v.3.0, ptr %to.j.v.i.v.to0, align 4
  %to.j.v.i.v.to1 = getelementptr float, ptr %to.j.v.i.v.to, i64 264
  store <8 x float> %to.j.v.i.v.3.1, ptr %to.j.v.i.v.to1, align 4
  %to.j.v.i.v.to2 = getelementptr float, ptr %to.j.v.i.v.to, i64 528
  store <8 x float> %to.j.v.i.v.3.2, ptr %to.j.v.i.v.to2, align 4
  %to.j.v.i.v.to3 = getelementptr float, ptr %to.j.v.i.v.to, i64 792
  store <8 x float> %to.j.v.i.v.3.3, ptr %to.j.v.i.v.to3, align 4
  %to.j.v.i.v.to4 = getelementptr float, ptr %to.j.v.i.v.to, i64 1056
  store <8 x float> %to.j.v.i.v.3.4, ptr %to.j.v.i.v.to4, align 4
  %to.j.v.i.v.to5 = getelementptr float, ptr %to.j.v.i.v.to, i64 1320
  store <8 x float> %to.j.v.i.v.3.5, ptr %to.j.v.i.v.to5, align 4
  %to.j.v.i.v.to6 = getelementptr float, ptr %to.j.v.i.v.to, i64 1584
  store <8 x float> %to.j.v.i.v.3.6, ptr %to.j.v.i.v.to6, align 4
  %to.j.v.i.v.to7 = getelementptr float, ptr %to.j.v.i.v.to, i64 1848
  store <8 x float> %to.j.v.i.v.3.7, ptr %to.j.v.i.v.to7, align 4
  br label %to.j.v.i.latch
to.j.v.i.latch:
  %to.j.v.i.next = add nsw i64 %to.j.v.i, 8
  br label %to.j.v.i.head
to.j.v.i.end:
  br label %to.j.latch
to.j.latch:
  %to.j.next = add nsw i64 %to.j, 8
  br label %to.j.head
to.j.end:
  ; 2. row by row
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, 8
  br i1 %i.more, label %i.body, label %i.end
i.body:
  br label %j.enter
j.enter:
  br label %j.head
j.head:
  %j = phi i64 [ %left, %j.enter ], [ %j.next, %j.latch ]
  %j.more = icmp slt i64 %j, %right
  br i1 %j.more, label %j.body, label %j.end
j.body:
  %j.v.at.step0 = mul nsw i64 %i, 264
  %j.v.at.sum1 = add nsw i64 %j.v.at.step0, %j
  %j.v.at = getelementptr float, ptr %origin, i64 %j.v.at.sum1
  %j.v.x = load <8 x float>, ptr %j.v.at, align 4
  %j.v.1.at.step0 = mul nsw i64 %i, 512
  %j.v.1.at.sum1 = add nsw i64 %j.v.1.at.step0, %j
  %j.v.1.at = getelementptr float, ptr %a1, i64 %j.v.1.at.sum1
  %j.v.1 = load <8 x float>, ptr %j.v.1.at, align 4
  %j.v.2 = fmul <8 x float> %j.v.x, %j.v.1
  %j.v.3.at.step0 = mul nsw i64 %i, 512
  %j.v.3.at.sum1 = add nsw i64 %j.v.3.at.step0, %j
  %j.v.3.at = getelementptr float, ptr %a2, i64 %j.v.3.at.sum1
  %j.v.3 = load <8 x float>, ptr %j.v.3.at, align 4
  %j.v.4 = fadd <8 x float> %j.v.2, %j.v.3
  %j.v.out0.step0 = mul nsw i64 %i, 512
  %j.v.out0.sum1 = add nsw i64 %j.v.out0.step0, %j
  %j.v.out0 = getelementptr float, ptr %a3, i64 %j.v.out0.sum1
  store <8 x float> %j.v.4, ptr %j.v.out0, align 4
  br label %j.latch
j.latch:
  %j.next = add nsw i64 %j, 8
  br label %j.head
j.end:
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 1
  br label %i.head
i.end:
  br label %piece.latch
piece.latch:
  %piece.next = add nsw i64 %piece, 1
  br label %piece.head
piece.end:
  ret void
}
declare i64 @llvm.smin.i64(i64, i64)
