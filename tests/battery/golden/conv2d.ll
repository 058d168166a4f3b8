; Packing: copy the right operand of a contraction into panels, so that it is read in one stream later.
;
;   panels[batch][p][k][lane] = source[batch, n = p * 8 + lane, k]
;
; The space is 6, k runs over 24. Workers share the runs of the innermost k in each panel.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define internal void @transpose_6x8(ptr %source, ptr %target) noinline {
  %x.0.0.at = getelementptr float, ptr %source, i64 0
  %x.0.0 = load <8 x float>, ptr %x.0.0.at, align 4
  %x.0.1.at = getelementptr float, ptr %source, i64 24
  %x.0.1 = load <8 x float>, ptr %x.0.1.at, align 4
  %x.0.2.at = getelementptr float, ptr %source, i64 48
  %x.0.2 = load <8 x float>, ptr %x.0.2.at, align 4
  %x.0.3.at = getelementptr float, ptr %source, i64 72
  %x.0.3 = load <8 x float>, ptr %x.0.3.at, align 4
  %x.0.4.at = getelementptr float, ptr %source, i64 96
  %x.0.4 = load <8 x float>, ptr %x.0.4.at, align 4
  %x.0.5.at = getelementptr float, ptr %source, i64 120
  %x.0.5 = load <8 x float>, ptr %x.0.5.at, align 4
  ; swap blocks of 4 x 4
  %x.1.0 = shufflevector <8 x float> %x.0.0, <8 x float> %x.0.4, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.4 = shufflevector <8 x float> %x.0.0, <8 x float> %x.0.4, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.1 = shufflevector <8 x float> %x.0.1, <8 x float> %x.0.5, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.5 = shufflevector <8 x float> %x.0.1, <8 x float> %x.0.5, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.2 = shufflevector <8 x float> %x.0.2, <8 x float> zeroinitializer, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.6 = shufflevector <8 x float> %x.0.2, <8 x float> zeroinitializer, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  %x.1.3 = shufflevector <8 x float> %x.0.3, <8 x float> zeroinitializer, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 8, i32 9, i32 10, i32 11>
  %x.1.7 = shufflevector <8 x float> %x.0.3, <8 x float> zeroinitializer, <8 x i32> <i32 4, i32 5, i32 6, i32 7, i32 12, i32 13, i32 14, i32 15>
  ; swap blocks of 2 x 2
  %x.2.0 = shufflevector <8 x float> %x.1.0, <8 x float> %x.1.2, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.2 = shufflevector <8 x float> %x.1.0, <8 x float> %x.1.2, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.1 = shufflevector <8 x float> %x.1.1, <8 x float> %x.1.3, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.3 = shufflevector <8 x float> %x.1.1, <8 x float> %x.1.3, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.4 = shufflevector <8 x float> %x.1.4, <8 x float> %x.1.6, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.6 = shufflevector <8 x float> %x.1.4, <8 x float> %x.1.6, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  %x.2.5 = shufflevector <8 x float> %x.1.5, <8 x float> %x.1.7, <8 x i32> <i32 0, i32 1, i32 8, i32 9, i32 4, i32 5, i32 12, i32 13>
  %x.2.7 = shufflevector <8 x float> %x.1.5, <8 x float> %x.1.7, <8 x i32> <i32 2, i32 3, i32 10, i32 11, i32 6, i32 7, i32 14, i32 15>
  ; swap blocks of 1 x 1
  %x.3.0 = shufflevector <8 x float> %x.2.0, <8 x float> %x.2.1, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.1 = shufflevector <8 x float> %x.2.0, <8 x float> %x.2.1, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.2 = shufflevector <8 x float> %x.2.2, <8 x float> %x.2.3, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.3 = shufflevector <8 x float> %x.2.2, <8 x float> %x.2.3, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.4 = shufflevector <8 x float> %x.2.4, <8 x float> %x.2.5, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.5 = shufflevector <8 x float> %x.2.4, <8 x float> %x.2.5, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %x.3.6 = shufflevector <8 x float> %x.2.6, <8 x float> %x.2.7, <8 x i32> <i32 0, i32 8, i32 2, i32 10, i32 4, i32 12, i32 6, i32 14>
  %x.3.7 = shufflevector <8 x float> %x.2.6, <8 x float> %x.2.7, <8 x i32> <i32 1, i32 9, i32 3, i32 11, i32 5, i32 13, i32 7, i32 15>
  %to0 = getelementptr float, ptr %target, i64 0
  store <8 x float> %x.3.0, ptr %to0, align 4
  %to1 = getelementptr float, ptr %target, i64 8
  store <8 x float> %x.3.1, ptr %to1, align 4
  %to2 = getelementptr float, ptr %target, i64 16
  store <8 x float> %x.3.2, ptr %to2, align 4
  %to3 = getelementptr float, ptr %target, i64 24
  store <8 x float> %x.3.3, ptr %to3, align 4
  %to4 = getelementptr float, ptr %target, i64 32
  store <8 x float> %x.3.4, ptr %to4, align 4
  %to5 = getelementptr float, ptr %target, i64 40
  store <8 x float> %x.3.5, ptr %to5, align 4
  %to6 = getelementptr float, ptr %target, i64 48
  store <8 x float> %x.3.6, ptr %to6, align 4
  %to7 = getelementptr float, ptr %target, i64 56
  store <8 x float> %x.3.7, ptr %to7, align 4
  ret void
}
; Part of a panel of which 6 lanes are there.
define internal void @pack_6(ptr %source, ptr %target, i64 %length) noinline {
entry:
  %some.source = getelementptr float, ptr %source, i64 0
  %some.target = getelementptr float, ptr %target, i64 0
  %some.whole = and i64 %length, -8
  br label %some.k.enter
some.k.enter:
  br label %some.k.head
some.k.head:
  %some.k = phi i64 [ 0, %some.k.enter ], [ %some.k.next, %some.k.latch ]
  %some.k.more = icmp slt i64 %some.k, %some.whole
  br i1 %some.k.more, label %some.k.body, label %some.k.end
some.k.body:
  %some.k.source = getelementptr float, ptr %some.source, i64 %some.k
  %some.k.to = mul nsw i64 %some.k, 8
  %some.k.target = getelementptr float, ptr %some.target, i64 %some.k.to
  call void @transpose_6x8(ptr %some.k.source, ptr %some.k.target)
  br label %some.k.latch
some.k.latch:
  %some.k.next = add nsw i64 %some.k, 8
  br label %some.k.head
some.k.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[144]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[192], written
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
  %panel = add i64 %item, 0
  %lane = mul nsw i64 %panel, 8
  %source.step0 = mul nsw i64 %lane, 24
  %source = getelementptr float, ptr %a0, i64 %source.step0
  %target.step0 = mul nsw i64 %lane, 24
  %target = getelementptr float, ptr %a1, i64 %target.step0
  call void @pack_6(ptr %source, ptr %target, i64 24)
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}

; Convolution:  out[n, y, x, o] = epilogue(sum over kh, kw, c of left[n, y*stride + kh*dilation, x*stride + kw*dilation, c] * right[kh, kw, c, o])
;
; Its gradients are the same nest of loops with other strides. Neighbouring axes that every operand walks as one are one.
; The space is 2 x 4 x 4 x 6, the sum has 4 x 3 x 2 terms. A tile has 1 x 2 x 4 rows and 1 vectors of 8 lanes;
; right is packed into panels. Workers share blocks of 1 tiles.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
; A tile of 1 x 2 x 4 rows and 1 vectors, 6 lanes in the last one.
;   tile.left, tile.right  the operands at the tile's first element
;   i, j, k, l  where in the space that element lies
define internal void @tile_2x4_by_1_6(ptr %args, ptr %tile.left, ptr %tile.right, i64 %i, i64 %j, i64 %k, i64 %l) noinline {
tile:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[240]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[144]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[192], written
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[192]
  %a3 = load ptr, ptr %a3.at
  br label %sum0
sum0:
  %sum0.at = phi i64 [ 0, %tile ], [ %sum0.next, %sum1.end ]
  %sum0.left = phi ptr [ %tile.left, %tile ], [ %sum0.left.next, %sum1.end ]
  %sum0.right = phi ptr [ %tile.right, %tile ], [ %sum0.right.next, %sum1.end ]
  %sum0.0.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.0.0, %sum1.end ]
  %sum0.1.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.1.0, %sum1.end ]
  %sum0.2.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.2.0, %sum1.end ]
  %sum0.3.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.3.0, %sum1.end ]
  %sum0.4.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.4.0, %sum1.end ]
  %sum0.5.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.5.0, %sum1.end ]
  %sum0.6.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.6.0, %sum1.end ]
  %sum0.7.0 = phi <8 x float> [ zeroinitializer, %tile ], [ %step0.7.0, %sum1.end ]
  br label %sum1
sum1:
  %sum1.at = phi i64 [ 0, %sum0 ], [ %sum1.next, %sum2.end ]
  %sum1.left = phi ptr [ %sum0.left, %sum0 ], [ %sum1.left.next, %sum2.end ]
  %sum1.right = phi ptr [ %sum0.right, %sum0 ], [ %sum1.right.next, %sum2.end ]
  %sum1.0.0 = phi <8 x float> [ %sum0.0.0, %sum0 ], [ %step0.0.0, %sum2.end ]
  %sum1.1.0 = phi <8 x float> [ %sum0.1.0, %sum0 ], [ %step0.1.0, %sum2.end ]
  %sum1.2.0 = phi <8 x float> [ %sum0.2.0, %sum0 ], [ %step0.2.0, %sum2.end ]
  %sum1.3.0 = phi <8 x float> [ %sum0.3.0, %sum0 ], [ %step0.3.0, %sum2.end ]
  %sum1.4.0 = phi <8 x float> [ %sum0.4.0, %sum0 ], [ %step0.4.0, %sum2.end ]
  %sum1.5.0 = phi <8 x float> [ %sum0.5.0, %sum0 ], [ %step0.5.0, %sum2.end ]
  %sum1.6.0 = phi <8 x float> [ %sum0.6.0, %sum0 ], [ %step0.6.0, %sum2.end ]
  %sum1.7.0 = phi <8 x float> [ %sum0.7.0, %sum0 ], [ %step0.7.0, %sum2.end ]
  br label %sum2
sum2:
  %sum2.at = phi i64 [ 0, %sum1 ], [ %sum2.next, %sum2 ]
  %sum2.left = phi ptr [ %sum1.left, %sum1 ], [ %sum2.left.next, %sum2 ]
  %sum2.right = phi ptr [ %sum1.right, %sum1 ], [ %sum2.right.next, %sum2 ]
  %sum2.0.0 = phi <8 x float> [ %sum1.0.0, %sum1 ], [ %step0.0.0, %sum2 ]
  %sum2.1.0 = phi <8 x float> [ %sum1.1.0, %sum1 ], [ %step0.1.0, %sum2 ]
  %sum2.2.0 = phi <8 x float> [ %sum1.2.0, %sum1 ], [ %step0.2.0, %sum2 ]
  %sum2.3.0 = phi <8 x float> [ %sum1.3.0, %sum1 ], [ %step0.3.0, %sum2 ]
  %sum2.4.0 = phi <8 x float> [ %sum1.4.0, %sum1 ], [ %step0.4.0, %sum2 ]
  %sum2.5.0 = phi <8 x float> [ %sum1.5.0, %sum1 ], [ %step0.5.0, %sum2 ]
  %sum2.6.0 = phi <8 x float> [ %sum1.6.0, %sum1 ], [ %step0.6.0, %sum2 ]
  %sum2.7.0 = phi <8 x float> [ %sum1.7.0, %sum1 ], [ %step0.7.0, %sum2 ]
  %step0.right0.at = getelementptr float, ptr %sum2.right, i64 0
  %step0.right0 = load <8 x float>, ptr %step0.right0.at, align 4
  %step0.left0.at = getelementptr float, ptr %sum2.left, i64 0
  %step0.left0.scalar = load float, ptr %step0.left0.at, align 4
  %step0.left0.first = insertelement <8 x float> poison, float %step0.left0.scalar, i64 0
  %step0.left0 = shufflevector <8 x float> %step0.left0.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.0.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left0, <8 x float> %step0.right0, <8 x float> %sum2.0.0)
  %step0.left1.at = getelementptr float, ptr %sum2.left, i64 1
  %step0.left1.scalar = load float, ptr %step0.left1.at, align 4
  %step0.left1.first = insertelement <8 x float> poison, float %step0.left1.scalar, i64 0
  %step0.left1 = shufflevector <8 x float> %step0.left1.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.1.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left1, <8 x float> %step0.right0, <8 x float> %sum2.1.0)
  %step0.left2.at = getelementptr float, ptr %sum2.left, i64 2
  %step0.left2.scalar = load float, ptr %step0.left2.at, align 4
  %step0.left2.first = insertelement <8 x float> poison, float %step0.left2.scalar, i64 0
  %step0.left2 = shufflevector <8 x float> %step0.left2.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.2.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left2, <8 x float> %step0.right0, <8 x float> %sum2.2.0)
  %step0.left3.at = getelementptr float, ptr %sum2.left, i64 3
  %step0.left3.scalar = load float, ptr %step0.left3.at, align 4
  %step0.left3.first = insertelement <8 x float> poison, float %step0.left3.scalar, i64 0
  %step0.left3 = shufflevector <8 x float> %step0.left3.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.3.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left3, <8 x float> %step0.right0, <8 x float> %sum2.3.0)
  %step0.left4.at = getelementptr float, ptr %sum2.left, i64 5
  %step0.left4.scalar = load float, ptr %step0.left4.at, align 4
  %step0.left4.first = insertelement <8 x float> poison, float %step0.left4.scalar, i64 0
  %step0.left4 = shufflevector <8 x float> %step0.left4.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.4.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left4, <8 x float> %step0.right0, <8 x float> %sum2.4.0)
  %step0.left5.at = getelementptr float, ptr %sum2.left, i64 6
  %step0.left5.scalar = load float, ptr %step0.left5.at, align 4
  %step0.left5.first = insertelement <8 x float> poison, float %step0.left5.scalar, i64 0
  %step0.left5 = shufflevector <8 x float> %step0.left5.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.5.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left5, <8 x float> %step0.right0, <8 x float> %sum2.5.0)
  %step0.left6.at = getelementptr float, ptr %sum2.left, i64 7
  %step0.left6.scalar = load float, ptr %step0.left6.at, align 4
  %step0.left6.first = insertelement <8 x float> poison, float %step0.left6.scalar, i64 0
  %step0.left6 = shufflevector <8 x float> %step0.left6.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.6.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left6, <8 x float> %step0.right0, <8 x float> %sum2.6.0)
  %step0.left7.at = getelementptr float, ptr %sum2.left, i64 8
  %step0.left7.scalar = load float, ptr %step0.left7.at, align 4
  %step0.left7.first = insertelement <8 x float> poison, float %step0.left7.scalar, i64 0
  %step0.left7 = shufflevector <8 x float> %step0.left7.first, <8 x float> poison, <8 x i32> zeroinitializer
  %step0.7.0 = call <8 x float> @llvm.fma.v8f32(<8 x float> %step0.left7, <8 x float> %step0.right0, <8 x float> %sum2.7.0)
  %sum2.left.next = getelementptr float, ptr %sum2.left, i64 1
  %sum2.right.next = getelementptr float, ptr %sum2.right, i64 8
  %sum2.next = add nsw i64 %sum2.at, 1
  %sum2.more = icmp slt i64 %sum2.next, 2
  br i1 %sum2.more, label %sum2, label %sum2.end
sum2.end:
  %sum1.left.next = getelementptr float, ptr %sum1.left, i64 5
  %sum1.right.next = getelementptr float, ptr %sum1.right, i64 16
  %sum1.next = add nsw i64 %sum1.at, 1
  %sum1.more = icmp slt i64 %sum1.next, 3
  br i1 %sum1.more, label %sum1, label %sum1.end
sum1.end:
  %sum0.left.next = getelementptr float, ptr %sum0.left, i64 30
  %sum0.right.next = getelementptr float, ptr %sum0.right, i64 48
  %sum0.next = add nsw i64 %sum0.at, 1
  %sum0.more = icmp slt i64 %sum0.next, 4
  br i1 %sum0.more, label %sum0, label %sum0.end
sum0.end:
  %l.0 = add nsw i64 %l, 0
  %row0.i = add nsw i64 %i, 0
  %row0.j = add nsw i64 %j, 0
  %row0.k = add nsw i64 %k, 0
  %r0.0.out0.step0 = mul nsw i64 %row0.i, 96
  %r0.0.out0.step1 = mul nsw i64 %row0.j, 4
  %r0.0.out0.sum1 = add nsw i64 %r0.0.out0.step0, %r0.0.out0.step1
  %r0.0.out0.sum2 = add nsw i64 %r0.0.out0.sum1, %row0.k
  %r0.0.out0.step3 = mul nsw i64 %l.0, 16
  %r0.0.out0.sum3 = add nsw i64 %r0.0.out0.sum2, %r0.0.out0.step3
  %r0.0.out0 = getelementptr float, ptr %a2, i64 %r0.0.out0.sum3
  %r0.0.out0.lanes = getelementptr float, ptr %r0.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.0.0, <8 x ptr> align 4 %r0.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row1.i = add nsw i64 %i, 0
  %row1.j = add nsw i64 %j, 0
  %row1.k = add nsw i64 %k, 1
  %r1.0.out0.step0 = mul nsw i64 %row1.i, 96
  %r1.0.out0.step1 = mul nsw i64 %row1.j, 4
  %r1.0.out0.sum1 = add nsw i64 %r1.0.out0.step0, %r1.0.out0.step1
  %r1.0.out0.sum2 = add nsw i64 %r1.0.out0.sum1, %row1.k
  %r1.0.out0.step3 = mul nsw i64 %l.0, 16
  %r1.0.out0.sum3 = add nsw i64 %r1.0.out0.sum2, %r1.0.out0.step3
  %r1.0.out0 = getelementptr float, ptr %a2, i64 %r1.0.out0.sum3
  %r1.0.out0.lanes = getelementptr float, ptr %r1.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.1.0, <8 x ptr> align 4 %r1.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row2.i = add nsw i64 %i, 0
  %row2.j = add nsw i64 %j, 0
  %row2.k = add nsw i64 %k, 2
  %r2.0.out0.step0 = mul nsw i64 %row2.i, 96
  %r2.0.out0.step1 = mul nsw i64 %row2.j, 4
  %r2.0.out0.sum1 = add nsw i64 %r2.0.out0.step0, %r2.0.out0.step1
  %r2.0.out0.sum2 = add nsw i64 %r2.0.out0.sum1, %row2.k
  %r2.0.out0.step3 = mul nsw i64 %l.0, 16
  %r2.0.out0.sum3 = add nsw i64 %r2.0.out0.sum2, %r2.0.out0.step3
  %r2.0.out0 = getelementptr float, ptr %a2, i64 %r2.0.out0.sum3
  %r2.0.out0.lanes = getelementptr float, ptr %r2.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.2.0, <8 x ptr> align 4 %r2.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row3.i = add nsw i64 %i, 0
  %row3.j = add nsw i64 %j, 0
  %row3.k = add nsw i64 %k, 3
  %r3.0.out0.step0 = mul nsw i64 %row3.i, 96
  %r3.0.out0.step1 = mul nsw i64 %row3.j, 4
  %r3.0.out0.sum1 = add nsw i64 %r3.0.out0.step0, %r3.0.out0.step1
  %r3.0.out0.sum2 = add nsw i64 %r3.0.out0.sum1, %row3.k
  %r3.0.out0.step3 = mul nsw i64 %l.0, 16
  %r3.0.out0.sum3 = add nsw i64 %r3.0.out0.sum2, %r3.0.out0.step3
  %r3.0.out0 = getelementptr float, ptr %a2, i64 %r3.0.out0.sum3
  %r3.0.out0.lanes = getelementptr float, ptr %r3.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.3.0, <8 x ptr> align 4 %r3.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row4.i = add nsw i64 %i, 0
  %row4.j = add nsw i64 %j, 1
  %row4.k = add nsw i64 %k, 0
  %r4.0.out0.step0 = mul nsw i64 %row4.i, 96
  %r4.0.out0.step1 = mul nsw i64 %row4.j, 4
  %r4.0.out0.sum1 = add nsw i64 %r4.0.out0.step0, %r4.0.out0.step1
  %r4.0.out0.sum2 = add nsw i64 %r4.0.out0.sum1, %row4.k
  %r4.0.out0.step3 = mul nsw i64 %l.0, 16
  %r4.0.out0.sum3 = add nsw i64 %r4.0.out0.sum2, %r4.0.out0.step3
  %r4.0.out0 = getelementptr float, ptr %a2, i64 %r4.0.out0.sum3
  %r4.0.out0.lanes = getelementptr float, ptr %r4.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.4.0, <8 x ptr> align 4 %r4.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row5.i = add nsw i64 %i, 0
  %row5.j = add nsw i64 %j, 1
  %row5.k = add nsw i64 %k, 1
  %r5.0.out0.step0 = mul nsw i64 %row5.i, 96
  %r5.0.out0.step1 = mul nsw i64 %row5.j, 4
  %r5.0.out0.sum1 = add nsw i64 %r5.0.out0.step0, %r5.0.out0.step1
  %r5.0.out0.sum2 = add nsw i64 %r5.0.out0.sum1, %row5.k
  %r5.0.out0.step3 = mul nsw i64 %l.0, 16
  %r5.0.out0.sum3 = add nsw i64 %r5.0.out0.sum2, %r5.0.out0.step3
  %r5.0.out0 = getelementptr float, ptr %a2, i64 %r5.0.out0.sum3
  %r5.0.out0.lanes = getelementptr float, ptr %r5.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.5.0, <8 x ptr> align 4 %r5.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row6.i = add nsw i64 %i, 0
  %row6.j = add nsw i64 %j, 1
  %row6.k = add nsw i64 %k, 2
  %r6.0.out0.step0 = mul nsw i64 %row6.i, 96
  %r6.0.out0.step1 = mul nsw i64 %row6.j, 4
  %r6.0.out0.sum1 = add nsw i64 %r6.0.out0.step0, %r6.0.out0.step1
  %r6.0.out0.sum2 = add nsw i64 %r6.0.out0.sum1, %row6.k
  %r6.0.out0.step3 = mul nsw i64 %l.0, 16
  %r6.0.out0.sum3 = add nsw i64 %r6.0.out0.sum2, %r6.0.out0.step3
  %r6.0.out0 = getelementptr float, ptr %a2, i64 %r6.0.out0.sum3
  %r6.0.out0.lanes = getelementptr float, ptr %r6.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.6.0, <8 x ptr> align 4 %r6.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  %row7.i = add nsw i64 %i, 0
  %row7.j = add nsw i64 %j, 1
  %row7.k = add nsw i64 %k, 3
  %r7.0.out0.step0 = mul nsw i64 %row7.i, 96
  %r7.0.out0.step1 = mul nsw i64 %row7.j, 4
  %r7.0.out0.sum1 = add nsw i64 %r7.0.out0.step0, %r7.0.out0.step1
  %r7.0.out0.sum2 = add nsw i64 %r7.0.out0.sum1, %row7.k
  %r7.0.out0.step3 = mul nsw i64 %l.0, 16
  %r7.0.out0.sum3 = add nsw i64 %r7.0.out0.sum2, %r7.0.out0.step3
  %r7.0.out0 = getelementptr float, ptr %a2, i64 %r7.0.out0.sum3
  %r7.0.out0.lanes = getelementptr float, ptr %r7.0.out0, <8 x i64> <i64 0, i64 16, i64 32, i64 48, i64 64, i64 80, i64 96, i64 112>
  call void @llvm.masked.scatter.v8f32.v8p0(<8 x float> %step0.7.0, <8 x ptr> align 4 %r7.0.out0.lanes, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false>)
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[240]
  %a0 = load ptr, ptr %a0.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[192]
  %a3 = load ptr, ptr %a3.at
  %share.before = mul i64 %worker, 4
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 4
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
  %l = mul nsw i64 %panel, 8
  %block.first = mul nsw i64 %block, 1
  %block.next = add nsw i64 %block.first, 1
  %block.last = call i64 @llvm.smin.i64(i64 %block.next, i64 4)
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %block.first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %block.last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %tile.k = urem i64 %tile, 1
  %tile.k.rest = udiv i64 %tile, 1
  %tile.j = urem i64 %tile.k.rest, 2
  %tile.i = udiv i64 %tile.k.rest, 2
  %i = mul nsw i64 %tile.i, 1
  %j = mul nsw i64 %tile.j, 2
  %k = mul nsw i64 %tile.k, 4
  %left.step0 = mul nsw i64 %i, 120
  %left.step1 = mul nsw i64 %j, 5
  %left.sum1 = add nsw i64 %left.step0, %left.step1
  %left.sum2 = add nsw i64 %left.sum1, %k
  %left = getelementptr float, ptr %a0, i64 %left.sum2
  %right.step0 = mul nsw i64 %l, 24
  %right = getelementptr float, ptr %a3, i64 %right.step0
  call void @tile_2x4_by_1_6(ptr %args, ptr %left, ptr %right, i64 %i, i64 %j, i64 %k, i64 %l)
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
declare void @llvm.masked.scatter.v8f32.v8p0(<8 x float>, <8 x ptr>, <8 x i1>)
declare i64 @llvm.smin.i64(i64, i64)
