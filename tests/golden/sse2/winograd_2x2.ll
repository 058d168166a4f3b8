; Convolution by Winograd's method:  out[n, y, x, o] = epilogue(sum over kh, kw, c of image[n, y + kh, x + kw, c] * weights[o, c, kh, kw]),  kh, kw < 3
;
; Output 16 x 2 x 6 x 64 (n, y, x, o), 64 input channels. A tile of 2 x 2 outputs sees 4 x 4 inputs d. In place of 36 products for each pair of
; channels, 16 do (Winograd 1980; Lavin and Gray 2015; the matrices are in lib/winograd.ll.j2):
;
;     out = A^T [sum over c of (G g G^T) * (B^T d B)] A
;
; G g G^T comes from another kernel. The 48 tiles come in blocks of 48; for each block
;   inputs    v[4 i + j][tile][c] = B^T d B, vectors run along c
;   and for each panel of 8 output channels
;   products  m[p][tile][o] = sum over c of v[p][tile][c] * weights[p][c][o]: 16 matrix products, 6 tiles x 2 vectors in registers at once
;   outputs   A^T m A through the epilogue, vectors run along o
; Workers share the blocks, at most 1 workers at once, each with memory of its own for v and m.
; Called as kernel(args, worker, workers, slot) by each worker; args holds the buffers' pointers.
; Transform the inputs of the tiles first .. last.
define internal void @inputs(ptr %args, ptr %v, i64 %first, i64 %last) noinline {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[32768]
  %a0 = load ptr, ptr %a0.at
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %number = sub nsw i64 %tile, %first
  %column = urem i64 %tile, 3
  %column.rest = udiv i64 %tile, 3
  %row = urem i64 %column.rest, 1
  %n = udiv i64 %column.rest, 1
  %y = mul nsw i64 %row, 2
  %x = mul nsw i64 %column, 2
  %v.tile.before = mul nsw i64 %number, 68
  %v.tile = getelementptr float, ptr %v, i64 %v.tile.before
  br label %c.enter
c.enter:
  br label %c.head
c.head:
  %c = phi i64 [ 0, %c.enter ], [ %c.next, %c.latch ]
  %c.more = icmp slt i64 %c, 64
  br i1 %c.more, label %c.body, label %c.end
c.body:
  %c.v.at.step0 = mul nsw i64 %n, 2048
  %c.v.at.step1 = mul nsw i64 %y, 512
  %c.v.at.sum1 = add nsw i64 %c.v.at.step0, %c.v.at.step1
  %c.v.at.step2 = mul nsw i64 %x, 64
  %c.v.at.sum2 = add nsw i64 %c.v.at.sum1, %c.v.at.step2
  %c.v.at.sum3 = add nsw i64 %c.v.at.sum2, %c
  %c.v.at = getelementptr float, ptr %a0, i64 %c.v.at.sum3
  %c.v.d00.at = getelementptr float, ptr %c.v.at, i64 0
  %c.v.d00 = load <4 x float>, ptr %c.v.d00.at, align 4
  %c.v.d01.at = getelementptr float, ptr %c.v.at, i64 64
  %c.v.d01 = load <4 x float>, ptr %c.v.d01.at, align 4
  %c.v.d02.at = getelementptr float, ptr %c.v.at, i64 128
  %c.v.d02 = load <4 x float>, ptr %c.v.d02.at, align 4
  %c.v.d03.at = getelementptr float, ptr %c.v.at, i64 192
  %c.v.d03 = load <4 x float>, ptr %c.v.d03.at, align 4
  %c.v.d10.at = getelementptr float, ptr %c.v.at, i64 512
  %c.v.d10 = load <4 x float>, ptr %c.v.d10.at, align 4
  %c.v.d11.at = getelementptr float, ptr %c.v.at, i64 576
  %c.v.d11 = load <4 x float>, ptr %c.v.d11.at, align 4
  %c.v.d12.at = getelementptr float, ptr %c.v.at, i64 640
  %c.v.d12 = load <4 x float>, ptr %c.v.d12.at, align 4
  %c.v.d13.at = getelementptr float, ptr %c.v.at, i64 704
  %c.v.d13 = load <4 x float>, ptr %c.v.d13.at, align 4
  %c.v.d20.at = getelementptr float, ptr %c.v.at, i64 1024
  %c.v.d20 = load <4 x float>, ptr %c.v.d20.at, align 4
  %c.v.d21.at = getelementptr float, ptr %c.v.at, i64 1088
  %c.v.d21 = load <4 x float>, ptr %c.v.d21.at, align 4
  %c.v.d22.at = getelementptr float, ptr %c.v.at, i64 1152
  %c.v.d22 = load <4 x float>, ptr %c.v.d22.at, align 4
  %c.v.d23.at = getelementptr float, ptr %c.v.at, i64 1216
  %c.v.d23 = load <4 x float>, ptr %c.v.d23.at, align 4
  %c.v.d30.at = getelementptr float, ptr %c.v.at, i64 1536
  %c.v.d30 = load <4 x float>, ptr %c.v.d30.at, align 4
  %c.v.d31.at = getelementptr float, ptr %c.v.at, i64 1600
  %c.v.d31 = load <4 x float>, ptr %c.v.d31.at, align 4
  %c.v.d32.at = getelementptr float, ptr %c.v.at, i64 1664
  %c.v.d32 = load <4 x float>, ptr %c.v.d32.at, align 4
  %c.v.d33.at = getelementptr float, ptr %c.v.at, i64 1728
  %c.v.d33 = load <4 x float>, ptr %c.v.d33.at, align 4
  %c.v.v.column0.0 = fsub <4 x float> %c.v.d00, %c.v.d20
  %c.v.v.column0.1 = fadd <4 x float> %c.v.d10, %c.v.d20
  %c.v.v.column0.2 = fsub <4 x float> %c.v.d20, %c.v.d10
  %c.v.v.column0.3 = fsub <4 x float> %c.v.d30, %c.v.d10
  %c.v.v.column1.0 = fsub <4 x float> %c.v.d01, %c.v.d21
  %c.v.v.column1.1 = fadd <4 x float> %c.v.d11, %c.v.d21
  %c.v.v.column1.2 = fsub <4 x float> %c.v.d21, %c.v.d11
  %c.v.v.column1.3 = fsub <4 x float> %c.v.d31, %c.v.d11
  %c.v.v.column2.0 = fsub <4 x float> %c.v.d02, %c.v.d22
  %c.v.v.column2.1 = fadd <4 x float> %c.v.d12, %c.v.d22
  %c.v.v.column2.2 = fsub <4 x float> %c.v.d22, %c.v.d12
  %c.v.v.column2.3 = fsub <4 x float> %c.v.d32, %c.v.d12
  %c.v.v.column3.0 = fsub <4 x float> %c.v.d03, %c.v.d23
  %c.v.v.column3.1 = fadd <4 x float> %c.v.d13, %c.v.d23
  %c.v.v.column3.2 = fsub <4 x float> %c.v.d23, %c.v.d13
  %c.v.v.column3.3 = fsub <4 x float> %c.v.d33, %c.v.d13
  %c.v.v00 = fsub <4 x float> %c.v.v.column0.0, %c.v.v.column2.0
  %c.v.v01 = fadd <4 x float> %c.v.v.column1.0, %c.v.v.column2.0
  %c.v.v02 = fsub <4 x float> %c.v.v.column2.0, %c.v.v.column1.0
  %c.v.v03 = fsub <4 x float> %c.v.v.column3.0, %c.v.v.column1.0
  %c.v.v10 = fsub <4 x float> %c.v.v.column0.1, %c.v.v.column2.1
  %c.v.v11 = fadd <4 x float> %c.v.v.column1.1, %c.v.v.column2.1
  %c.v.v12 = fsub <4 x float> %c.v.v.column2.1, %c.v.v.column1.1
  %c.v.v13 = fsub <4 x float> %c.v.v.column3.1, %c.v.v.column1.1
  %c.v.v20 = fsub <4 x float> %c.v.v.column0.2, %c.v.v.column2.2
  %c.v.v21 = fadd <4 x float> %c.v.v.column1.2, %c.v.v.column2.2
  %c.v.v22 = fsub <4 x float> %c.v.v.column2.2, %c.v.v.column1.2
  %c.v.v23 = fsub <4 x float> %c.v.v.column3.2, %c.v.v.column1.2
  %c.v.v30 = fsub <4 x float> %c.v.v.column0.3, %c.v.v.column2.3
  %c.v.v31 = fadd <4 x float> %c.v.v.column1.3, %c.v.v.column2.3
  %c.v.v32 = fsub <4 x float> %c.v.v.column2.3, %c.v.v.column1.3
  %c.v.v33 = fsub <4 x float> %c.v.v.column3.3, %c.v.v.column1.3
  %c.v.to = getelementptr float, ptr %v.tile, i64 %c
  %c.v.v00.to = getelementptr float, ptr %c.v.to, i64 0
  store <4 x float> %c.v.v00, ptr %c.v.v00.to, align 4
  %c.v.v01.to = getelementptr float, ptr %c.v.to, i64 3264
  store <4 x float> %c.v.v01, ptr %c.v.v01.to, align 4
  %c.v.v02.to = getelementptr float, ptr %c.v.to, i64 6528
  store <4 x float> %c.v.v02, ptr %c.v.v02.to, align 4
  %c.v.v03.to = getelementptr float, ptr %c.v.to, i64 9792
  store <4 x float> %c.v.v03, ptr %c.v.v03.to, align 4
  %c.v.v10.to = getelementptr float, ptr %c.v.to, i64 13056
  store <4 x float> %c.v.v10, ptr %c.v.v10.to, align 4
  %c.v.v11.to = getelementptr float, ptr %c.v.to, i64 16320
  store <4 x float> %c.v.v11, ptr %c.v.v11.to, align 4
  %c.v.v12.to = getelementptr float, ptr %c.v.to, i64 19584
  store <4 x float> %c.v.v12, ptr %c.v.v12.to, align 4
  %c.v.v13.to = getelementptr float, ptr %c.v.to, i64 22848
  store <4 x float> %c.v.v13, ptr %c.v.v13.to, align 4
  %c.v.v20.to = getelementptr float, ptr %c.v.to, i64 26112
  store <4 x float> %c.v.v20, ptr %c.v.v20.to, align 4
  %c.v.v21.to = getelementptr float, ptr %c.v.to, i64 29376
  store <4 x float> %c.v.v21, ptr %c.v.v21.to, align 4
  %c.v.v22.to = getelementptr float, ptr %c.v.to, i64 32640
  store <4 x float> %c.v.v22, ptr %c.v.v22.to, align 4
  %c.v.v23.to = getelementptr float, ptr %c.v.to, i64 35904
  store <4 x float> %c.v.v23, ptr %c.v.v23.to, align 4
  %c.v.v30.to = getelementptr float, ptr %c.v.to, i64 39168
  store <4 x float> %c.v.v30, ptr %c.v.v30.to, align 4
  %c.v.v31.to = getelementptr float, ptr %c.v.to, i64 42432
  store <4 x float> %c.v.v31, ptr %c.v.v31.to, align 4
  %c.v.v32.to = getelementptr float, ptr %c.v.to, i64 45696
  store <4 x float> %c.v.v32, ptr %c.v.v32.to, align 4
  %c.v.v33.to = getelementptr float, ptr %c.v.to, i64 48960
  store <4 x float> %c.v.v33, ptr %c.v.v33.to, align 4
  br label %c.latch
c.latch:
  %c.next = add nsw i64 %c, 4
  br label %c.head
c.end:
  br label %tile.latch
tile.latch:
  %tile.next = add nsw i64 %tile, 1
  br label %tile.head
tile.end:
  ret void
}
; m[row][o] = sum over c of v[row][c] * u[c][o] for 6 rows and 2 vectors of o.
define internal void @product_6_by_2(ptr %v, ptr %u, ptr %m) noinline {
entry:
  br label %loop
loop:
  %c = phi i64 [ 0, %entry ], [ %c.next, %loop ]
  %sum.0.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.0.0, %loop ]
  %sum.0.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.0.1, %loop ]
  %sum.1.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.1.0, %loop ]
  %sum.1.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.1.1, %loop ]
  %sum.2.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.2.0, %loop ]
  %sum.2.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.2.1, %loop ]
  %sum.3.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.3.0, %loop ]
  %sum.3.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.3.1, %loop ]
  %sum.4.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.4.0, %loop ]
  %sum.4.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.4.1, %loop ]
  %sum.5.0 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.5.0, %loop ]
  %sum.5.1 = phi <4 x float> [ zeroinitializer, %entry ], [ %step3.5.1, %loop ]
  %v.c = getelementptr float, ptr %v, i64 %c
  %u.c.at = mul nsw i64 %c, 8
  %u.c = getelementptr float, ptr %u, i64 %u.c.at
  %right0.0.at = getelementptr float, ptr %u.c, i64 0
  %right0.0 = load <4 x float>, ptr %right0.0.at, align 4
  %right0.1.at = getelementptr float, ptr %u.c, i64 4
  %right0.1 = load <4 x float>, ptr %right0.1.at, align 4
  %left0.0.at = getelementptr float, ptr %v.c, i64 0
  %left0.0.scalar = load float, ptr %left0.0.at, align 4
  %left0.0.first = insertelement <4 x float> poison, float %left0.0.scalar, i64 0
  %left0.0 = shufflevector <4 x float> %left0.0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.0.0.product = fmul <4 x float> %left0.0, %right0.0
  %step0.0.0 = fadd <4 x float> %sum.0.0, %step0.0.0.product
  %step0.0.1.product = fmul <4 x float> %left0.0, %right0.1
  %step0.0.1 = fadd <4 x float> %sum.0.1, %step0.0.1.product
  %left0.1.at = getelementptr float, ptr %v.c, i64 68
  %left0.1.scalar = load float, ptr %left0.1.at, align 4
  %left0.1.first = insertelement <4 x float> poison, float %left0.1.scalar, i64 0
  %left0.1 = shufflevector <4 x float> %left0.1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.1.0.product = fmul <4 x float> %left0.1, %right0.0
  %step0.1.0 = fadd <4 x float> %sum.1.0, %step0.1.0.product
  %step0.1.1.product = fmul <4 x float> %left0.1, %right0.1
  %step0.1.1 = fadd <4 x float> %sum.1.1, %step0.1.1.product
  %left0.2.at = getelementptr float, ptr %v.c, i64 136
  %left0.2.scalar = load float, ptr %left0.2.at, align 4
  %left0.2.first = insertelement <4 x float> poison, float %left0.2.scalar, i64 0
  %left0.2 = shufflevector <4 x float> %left0.2.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.2.0.product = fmul <4 x float> %left0.2, %right0.0
  %step0.2.0 = fadd <4 x float> %sum.2.0, %step0.2.0.product
  %step0.2.1.product = fmul <4 x float> %left0.2, %right0.1
  %step0.2.1 = fadd <4 x float> %sum.2.1, %step0.2.1.product
  %left0.3.at = getelementptr float, ptr %v.c, i64 204
  %left0.3.scalar = load float, ptr %left0.3.at, align 4
  %left0.3.first = insertelement <4 x float> poison, float %left0.3.scalar, i64 0
  %left0.3 = shufflevector <4 x float> %left0.3.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.3.0.product = fmul <4 x float> %left0.3, %right0.0
  %step0.3.0 = fadd <4 x float> %sum.3.0, %step0.3.0.product
  %step0.3.1.product = fmul <4 x float> %left0.3, %right0.1
  %step0.3.1 = fadd <4 x float> %sum.3.1, %step0.3.1.product
  %left0.4.at = getelementptr float, ptr %v.c, i64 272
  %left0.4.scalar = load float, ptr %left0.4.at, align 4
  %left0.4.first = insertelement <4 x float> poison, float %left0.4.scalar, i64 0
  %left0.4 = shufflevector <4 x float> %left0.4.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.4.0.product = fmul <4 x float> %left0.4, %right0.0
  %step0.4.0 = fadd <4 x float> %sum.4.0, %step0.4.0.product
  %step0.4.1.product = fmul <4 x float> %left0.4, %right0.1
  %step0.4.1 = fadd <4 x float> %sum.4.1, %step0.4.1.product
  %left0.5.at = getelementptr float, ptr %v.c, i64 340
  %left0.5.scalar = load float, ptr %left0.5.at, align 4
  %left0.5.first = insertelement <4 x float> poison, float %left0.5.scalar, i64 0
  %left0.5 = shufflevector <4 x float> %left0.5.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step0.5.0.product = fmul <4 x float> %left0.5, %right0.0
  %step0.5.0 = fadd <4 x float> %sum.5.0, %step0.5.0.product
  %step0.5.1.product = fmul <4 x float> %left0.5, %right0.1
  %step0.5.1 = fadd <4 x float> %sum.5.1, %step0.5.1.product
  %right1.0.at = getelementptr float, ptr %u.c, i64 8
  %right1.0 = load <4 x float>, ptr %right1.0.at, align 4
  %right1.1.at = getelementptr float, ptr %u.c, i64 12
  %right1.1 = load <4 x float>, ptr %right1.1.at, align 4
  %left1.0.at = getelementptr float, ptr %v.c, i64 1
  %left1.0.scalar = load float, ptr %left1.0.at, align 4
  %left1.0.first = insertelement <4 x float> poison, float %left1.0.scalar, i64 0
  %left1.0 = shufflevector <4 x float> %left1.0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.0.0.product = fmul <4 x float> %left1.0, %right1.0
  %step1.0.0 = fadd <4 x float> %step0.0.0, %step1.0.0.product
  %step1.0.1.product = fmul <4 x float> %left1.0, %right1.1
  %step1.0.1 = fadd <4 x float> %step0.0.1, %step1.0.1.product
  %left1.1.at = getelementptr float, ptr %v.c, i64 69
  %left1.1.scalar = load float, ptr %left1.1.at, align 4
  %left1.1.first = insertelement <4 x float> poison, float %left1.1.scalar, i64 0
  %left1.1 = shufflevector <4 x float> %left1.1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.1.0.product = fmul <4 x float> %left1.1, %right1.0
  %step1.1.0 = fadd <4 x float> %step0.1.0, %step1.1.0.product
  %step1.1.1.product = fmul <4 x float> %left1.1, %right1.1
  %step1.1.1 = fadd <4 x float> %step0.1.1, %step1.1.1.product
  %left1.2.at = getelementptr float, ptr %v.c, i64 137
  %left1.2.scalar = load float, ptr %left1.2.at, align 4
  %left1.2.first = insertelement <4 x float> poison, float %left1.2.scalar, i64 0
  %left1.2 = shufflevector <4 x float> %left1.2.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.2.0.product = fmul <4 x float> %left1.2, %right1.0
  %step1.2.0 = fadd <4 x float> %step0.2.0, %step1.2.0.product
  %step1.2.1.product = fmul <4 x float> %left1.2, %right1.1
  %step1.2.1 = fadd <4 x float> %step0.2.1, %step1.2.1.product
  %left1.3.at = getelementptr float, ptr %v.c, i64 205
  %left1.3.scalar = load float, ptr %left1.3.at, align 4
  %left1.3.first = insertelement <4 x float> poison, float %left1.3.scalar, i64 0
  %left1.3 = shufflevector <4 x float> %left1.3.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.3.0.product = fmul <4 x float> %left1.3, %right1.0
  %step1.3.0 = fadd <4 x float> %step0.3.0, %step1.3.0.product
  %step1.3.1.product = fmul <4 x float> %left1.3, %right1.1
  %step1.3.1 = fadd <4 x float> %step0.3.1, %step1.3.1.product
  %left1.4.at = getelementptr float, ptr %v.c, i64 273
  %left1.4.scalar = load float, ptr %left1.4.at, align 4
  %left1.4.first = insertelement <4 x float> poison, float %left1.4.scalar, i64 0
  %left1.4 = shufflevector <4 x float> %left1.4.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.4.0.product = fmul <4 x float> %left1.4, %right1.0
  %step1.4.0 = fadd <4 x float> %step0.4.0, %step1.4.0.product
  %step1.4.1.product = fmul <4 x float> %left1.4, %right1.1
  %step1.4.1 = fadd <4 x float> %step0.4.1, %step1.4.1.product
  %left1.5.at = getelementptr float, ptr %v.c, i64 341
  %left1.5.scalar = load float, ptr %left1.5.at, align 4
  %left1.5.first = insertelement <4 x float> poison, float %left1.5.scalar, i64 0
  %left1.5 = shufflevector <4 x float> %left1.5.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step1.5.0.product = fmul <4 x float> %left1.5, %right1.0
  %step1.5.0 = fadd <4 x float> %step0.5.0, %step1.5.0.product
  %step1.5.1.product = fmul <4 x float> %left1.5, %right1.1
  %step1.5.1 = fadd <4 x float> %step0.5.1, %step1.5.1.product
  %right2.0.at = getelementptr float, ptr %u.c, i64 16
  %right2.0 = load <4 x float>, ptr %right2.0.at, align 4
  %right2.1.at = getelementptr float, ptr %u.c, i64 20
  %right2.1 = load <4 x float>, ptr %right2.1.at, align 4
  %left2.0.at = getelementptr float, ptr %v.c, i64 2
  %left2.0.scalar = load float, ptr %left2.0.at, align 4
  %left2.0.first = insertelement <4 x float> poison, float %left2.0.scalar, i64 0
  %left2.0 = shufflevector <4 x float> %left2.0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.0.0.product = fmul <4 x float> %left2.0, %right2.0
  %step2.0.0 = fadd <4 x float> %step1.0.0, %step2.0.0.product
  %step2.0.1.product = fmul <4 x float> %left2.0, %right2.1
  %step2.0.1 = fadd <4 x float> %step1.0.1, %step2.0.1.product
  %left2.1.at = getelementptr float, ptr %v.c, i64 70
  %left2.1.scalar = load float, ptr %left2.1.at, align 4
  %left2.1.first = insertelement <4 x float> poison, float %left2.1.scalar, i64 0
  %left2.1 = shufflevector <4 x float> %left2.1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.1.0.product = fmul <4 x float> %left2.1, %right2.0
  %step2.1.0 = fadd <4 x float> %step1.1.0, %step2.1.0.product
  %step2.1.1.product = fmul <4 x float> %left2.1, %right2.1
  %step2.1.1 = fadd <4 x float> %step1.1.1, %step2.1.1.product
  %left2.2.at = getelementptr float, ptr %v.c, i64 138
  %left2.2.scalar = load float, ptr %left2.2.at, align 4
  %left2.2.first = insertelement <4 x float> poison, float %left2.2.scalar, i64 0
  %left2.2 = shufflevector <4 x float> %left2.2.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.2.0.product = fmul <4 x float> %left2.2, %right2.0
  %step2.2.0 = fadd <4 x float> %step1.2.0, %step2.2.0.product
  %step2.2.1.product = fmul <4 x float> %left2.2, %right2.1
  %step2.2.1 = fadd <4 x float> %step1.2.1, %step2.2.1.product
  %left2.3.at = getelementptr float, ptr %v.c, i64 206
  %left2.3.scalar = load float, ptr %left2.3.at, align 4
  %left2.3.first = insertelement <4 x float> poison, float %left2.3.scalar, i64 0
  %left2.3 = shufflevector <4 x float> %left2.3.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.3.0.product = fmul <4 x float> %left2.3, %right2.0
  %step2.3.0 = fadd <4 x float> %step1.3.0, %step2.3.0.product
  %step2.3.1.product = fmul <4 x float> %left2.3, %right2.1
  %step2.3.1 = fadd <4 x float> %step1.3.1, %step2.3.1.product
  %left2.4.at = getelementptr float, ptr %v.c, i64 274
  %left2.4.scalar = load float, ptr %left2.4.at, align 4
  %left2.4.first = insertelement <4 x float> poison, float %left2.4.scalar, i64 0
  %left2.4 = shufflevector <4 x float> %left2.4.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.4.0.product = fmul <4 x float> %left2.4, %right2.0
  %step2.4.0 = fadd <4 x float> %step1.4.0, %step2.4.0.product
  %step2.4.1.product = fmul <4 x float> %left2.4, %right2.1
  %step2.4.1 = fadd <4 x float> %step1.4.1, %step2.4.1.product
  %left2.5.at = getelementptr float, ptr %v.c, i64 342
  %left2.5.scalar = load float, ptr %left2.5.at, align 4
  %left2.5.first = insertelement <4 x float> poison, float %left2.5.scalar, i64 0
  %left2.5 = shufflevector <4 x float> %left2.5.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step2.5.0.product = fmul <4 x float> %left2.5, %right2.0
  %step2.5.0 = fadd <4 x float> %step1.5.0, %step2.5.0.product
  %step2.5.1.product = fmul <4 x float> %left2.5, %right2.1
  %step2.5.1 = fadd <4 x float> %step1.5.1, %step2.5.1.product
  %right3.0.at = getelementptr float, ptr %u.c, i64 24
  %right3.0 = load <4 x float>, ptr %right3.0.at, align 4
  %right3.1.at = getelementptr float, ptr %u.c, i64 28
  %right3.1 = load <4 x float>, ptr %right3.1.at, align 4
  %left3.0.at = getelementptr float, ptr %v.c, i64 3
  %left3.0.scalar = load float, ptr %left3.0.at, align 4
  %left3.0.first = insertelement <4 x float> poison, float %left3.0.scalar, i64 0
  %left3.0 = shufflevector <4 x float> %left3.0.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.0.0.product = fmul <4 x float> %left3.0, %right3.0
  %step3.0.0 = fadd <4 x float> %step2.0.0, %step3.0.0.product
  %step3.0.1.product = fmul <4 x float> %left3.0, %right3.1
  %step3.0.1 = fadd <4 x float> %step2.0.1, %step3.0.1.product
  %left3.1.at = getelementptr float, ptr %v.c, i64 71
  %left3.1.scalar = load float, ptr %left3.1.at, align 4
  %left3.1.first = insertelement <4 x float> poison, float %left3.1.scalar, i64 0
  %left3.1 = shufflevector <4 x float> %left3.1.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.1.0.product = fmul <4 x float> %left3.1, %right3.0
  %step3.1.0 = fadd <4 x float> %step2.1.0, %step3.1.0.product
  %step3.1.1.product = fmul <4 x float> %left3.1, %right3.1
  %step3.1.1 = fadd <4 x float> %step2.1.1, %step3.1.1.product
  %left3.2.at = getelementptr float, ptr %v.c, i64 139
  %left3.2.scalar = load float, ptr %left3.2.at, align 4
  %left3.2.first = insertelement <4 x float> poison, float %left3.2.scalar, i64 0
  %left3.2 = shufflevector <4 x float> %left3.2.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.2.0.product = fmul <4 x float> %left3.2, %right3.0
  %step3.2.0 = fadd <4 x float> %step2.2.0, %step3.2.0.product
  %step3.2.1.product = fmul <4 x float> %left3.2, %right3.1
  %step3.2.1 = fadd <4 x float> %step2.2.1, %step3.2.1.product
  %left3.3.at = getelementptr float, ptr %v.c, i64 207
  %left3.3.scalar = load float, ptr %left3.3.at, align 4
  %left3.3.first = insertelement <4 x float> poison, float %left3.3.scalar, i64 0
  %left3.3 = shufflevector <4 x float> %left3.3.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.3.0.product = fmul <4 x float> %left3.3, %right3.0
  %step3.3.0 = fadd <4 x float> %step2.3.0, %step3.3.0.product
  %step3.3.1.product = fmul <4 x float> %left3.3, %right3.1
  %step3.3.1 = fadd <4 x float> %step2.3.1, %step3.3.1.product
  %left3.4.at = getelementptr float, ptr %v.c, i64 275
  %left3.4.scalar = load float, ptr %left3.4.at, align 4
  %left3.4.first = insertelement <4 x float> poison, float %left3.4.scalar, i64 0
  %left3.4 = shufflevector <4 x float> %left3.4.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.4.0.product = fmul <4 x float> %left3.4, %right3.0
  %step3.4.0 = fadd <4 x float> %step2.4.0, %step3.4.0.product
  %step3.4.1.product = fmul <4 x float> %left3.4, %right3.1
  %step3.4.1 = fadd <4 x float> %step2.4.1, %step3.4.1.product
  %left3.5.at = getelementptr float, ptr %v.c, i64 343
  %left3.5.scalar = load float, ptr %left3.5.at, align 4
  %left3.5.first = insertelement <4 x float> poison, float %left3.5.scalar, i64 0
  %left3.5 = shufflevector <4 x float> %left3.5.first, <4 x float> poison, <4 x i32> zeroinitializer
  %step3.5.0.product = fmul <4 x float> %left3.5, %right3.0
  %step3.5.0 = fadd <4 x float> %step2.5.0, %step3.5.0.product
  %step3.5.1.product = fmul <4 x float> %left3.5, %right3.1
  %step3.5.1 = fadd <4 x float> %step2.5.1, %step3.5.1.product
  %c.next = add nsw i64 %c, 4
  %c.more = icmp slt i64 %c.next, 64
  br i1 %c.more, label %loop, label %done
done:
  %m.0.0 = getelementptr float, ptr %m, i64 0
  store <4 x float> %step3.0.0, ptr %m.0.0, align 4
  %m.0.1 = getelementptr float, ptr %m, i64 4
  store <4 x float> %step3.0.1, ptr %m.0.1, align 4
  %m.1.0 = getelementptr float, ptr %m, i64 8
  store <4 x float> %step3.1.0, ptr %m.1.0, align 4
  %m.1.1 = getelementptr float, ptr %m, i64 12
  store <4 x float> %step3.1.1, ptr %m.1.1, align 4
  %m.2.0 = getelementptr float, ptr %m, i64 16
  store <4 x float> %step3.2.0, ptr %m.2.0, align 4
  %m.2.1 = getelementptr float, ptr %m, i64 20
  store <4 x float> %step3.2.1, ptr %m.2.1, align 4
  %m.3.0 = getelementptr float, ptr %m, i64 24
  store <4 x float> %step3.3.0, ptr %m.3.0, align 4
  %m.3.1 = getelementptr float, ptr %m, i64 28
  store <4 x float> %step3.3.1, ptr %m.3.1, align 4
  %m.4.0 = getelementptr float, ptr %m, i64 32
  store <4 x float> %step3.4.0, ptr %m.4.0, align 4
  %m.4.1 = getelementptr float, ptr %m, i64 36
  store <4 x float> %step3.4.1, ptr %m.4.1, align 4
  %m.5.0 = getelementptr float, ptr %m, i64 40
  store <4 x float> %step3.5.0, ptr %m.5.0, align 4
  %m.5.1 = getelementptr float, ptr %m, i64 44
  store <4 x float> %step3.5.1, ptr %m.5.1, align 4
  ret void
}
; The 16 products of `tiles` tiles with one panel of 8 output channels.
define internal void @products_body(ptr %v, ptr %u, ptr %m, i64 %tiles) noinline {
entry:
  br label %point.enter
point.enter:
  br label %point.head
point.head:
  %point = phi i64 [ 0, %point.enter ], [ %point.next, %point.latch ]
  %point.more = icmp slt i64 %point, 16
  br i1 %point.more, label %point.body, label %point.end
point.body:
  %point.v.at = mul nsw i64 %point, 3264
  %point.u.at = mul nsw i64 %point, 516
  %point.m.at = mul nsw i64 %point, 388
  %point.v = getelementptr float, ptr %v, i64 %point.v.at
  %point.u = getelementptr float, ptr %u, i64 %point.u.at
  %point.m = getelementptr float, ptr %m, i64 %point.m.at
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ 0, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %tiles
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %v.at = mul nsw i64 %tile, 68
  %m.at = mul nsw i64 %tile, 8
  %tile.v = getelementptr float, ptr %point.v, i64 %v.at
  %tile.m = getelementptr float, ptr %point.m, i64 %m.at
  call void @product_6_by_2(ptr %tile.v, ptr %point.u, ptr %tile.m)
  br label %tile.latch
tile.latch:
  %tile.next = add nsw i64 %tile, 6
  br label %tile.head
tile.end:
  br label %point.latch
point.latch:
  %point.next = add nsw i64 %point, 1
  br label %point.head
point.end:
  ret void
}
; The outputs of the tiles first .. last, 8 channels from %o on.
define internal void @outputs_body(ptr %args, ptr %m, i64 %first, i64 %last, i64 %o) noinline {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[32768]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[36864]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[12288], written
  %a2 = load ptr, ptr %a2.at
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[66048]
  %a3 = load ptr, ptr %a3.at
  %a4.at = getelementptr ptr, ptr %args, i64 4    ; float32[58432], written
  %a4 = load ptr, ptr %a4.at
  %results = alloca [4 x <4 x float>], align 64
  br label %tile.enter
tile.enter:
  br label %tile.head
tile.head:
  %tile = phi i64 [ %first, %tile.enter ], [ %tile.next, %tile.latch ]
  %tile.more = icmp slt i64 %tile, %last
  br i1 %tile.more, label %tile.body, label %tile.end
tile.body:
  %number = sub nsw i64 %tile, %first
  %column = urem i64 %tile, 3
  %column.rest = udiv i64 %tile, 3
  %row = urem i64 %column.rest, 1
  %n = udiv i64 %column.rest, 1
  %y = mul nsw i64 %row, 2
  %x = mul nsw i64 %column, 2
  %m.tile.before = mul nsw i64 %number, 8
  %m.tile = getelementptr float, ptr %m, i64 %m.tile.before
  %rows.left = sub nsw i64 2, %y
  %rows = call i64 @llvm.smin.i64(i64 %rows.left, i64 2)
  %columns.left = sub nsw i64 6, %x
  %columns = call i64 @llvm.smin.i64(i64 %columns.left, i64 2)
  br label %lane.enter
lane.enter:
  br label %lane.head
lane.head:
  %lane = phi i64 [ 0, %lane.enter ], [ %lane.next, %lane.latch ]
  %lane.more = icmp slt i64 %lane, 8
  br i1 %lane.more, label %lane.body, label %lane.end
lane.body:
  %lane.v.m = getelementptr float, ptr %m.tile, i64 %lane
  %lane.v.m00.at = getelementptr float, ptr %lane.v.m, i64 0
  %lane.v.m00 = load <4 x float>, ptr %lane.v.m00.at, align 4
  %lane.v.m01.at = getelementptr float, ptr %lane.v.m, i64 388
  %lane.v.m01 = load <4 x float>, ptr %lane.v.m01.at, align 4
  %lane.v.m02.at = getelementptr float, ptr %lane.v.m, i64 776
  %lane.v.m02 = load <4 x float>, ptr %lane.v.m02.at, align 4
  %lane.v.m03.at = getelementptr float, ptr %lane.v.m, i64 1164
  %lane.v.m03 = load <4 x float>, ptr %lane.v.m03.at, align 4
  %lane.v.m10.at = getelementptr float, ptr %lane.v.m, i64 1552
  %lane.v.m10 = load <4 x float>, ptr %lane.v.m10.at, align 4
  %lane.v.m11.at = getelementptr float, ptr %lane.v.m, i64 1940
  %lane.v.m11 = load <4 x float>, ptr %lane.v.m11.at, align 4
  %lane.v.m12.at = getelementptr float, ptr %lane.v.m, i64 2328
  %lane.v.m12 = load <4 x float>, ptr %lane.v.m12.at, align 4
  %lane.v.m13.at = getelementptr float, ptr %lane.v.m, i64 2716
  %lane.v.m13 = load <4 x float>, ptr %lane.v.m13.at, align 4
  %lane.v.m20.at = getelementptr float, ptr %lane.v.m, i64 3104
  %lane.v.m20 = load <4 x float>, ptr %lane.v.m20.at, align 4
  %lane.v.m21.at = getelementptr float, ptr %lane.v.m, i64 3492
  %lane.v.m21 = load <4 x float>, ptr %lane.v.m21.at, align 4
  %lane.v.m22.at = getelementptr float, ptr %lane.v.m, i64 3880
  %lane.v.m22 = load <4 x float>, ptr %lane.v.m22.at, align 4
  %lane.v.m23.at = getelementptr float, ptr %lane.v.m, i64 4268
  %lane.v.m23 = load <4 x float>, ptr %lane.v.m23.at, align 4
  %lane.v.m30.at = getelementptr float, ptr %lane.v.m, i64 4656
  %lane.v.m30 = load <4 x float>, ptr %lane.v.m30.at, align 4
  %lane.v.m31.at = getelementptr float, ptr %lane.v.m, i64 5044
  %lane.v.m31 = load <4 x float>, ptr %lane.v.m31.at, align 4
  %lane.v.m32.at = getelementptr float, ptr %lane.v.m, i64 5432
  %lane.v.m32 = load <4 x float>, ptr %lane.v.m32.at, align 4
  %lane.v.m33.at = getelementptr float, ptr %lane.v.m, i64 5820
  %lane.v.m33 = load <4 x float>, ptr %lane.v.m33.at, align 4
  %lane.v.y.column0..even = fadd <4 x float> %lane.v.m10, %lane.v.m20
  %lane.v.y.column0..odd = fsub <4 x float> %lane.v.m10, %lane.v.m20
  %lane.v.y.column0.0 = fadd <4 x float> %lane.v.m00, %lane.v.y.column0..even
  %lane.v.y.column0.1 = fadd <4 x float> %lane.v.m30, %lane.v.y.column0..odd
  %lane.v.y.column1..even = fadd <4 x float> %lane.v.m11, %lane.v.m21
  %lane.v.y.column1..odd = fsub <4 x float> %lane.v.m11, %lane.v.m21
  %lane.v.y.column1.0 = fadd <4 x float> %lane.v.m01, %lane.v.y.column1..even
  %lane.v.y.column1.1 = fadd <4 x float> %lane.v.m31, %lane.v.y.column1..odd
  %lane.v.y.column2..even = fadd <4 x float> %lane.v.m12, %lane.v.m22
  %lane.v.y.column2..odd = fsub <4 x float> %lane.v.m12, %lane.v.m22
  %lane.v.y.column2.0 = fadd <4 x float> %lane.v.m02, %lane.v.y.column2..even
  %lane.v.y.column2.1 = fadd <4 x float> %lane.v.m32, %lane.v.y.column2..odd
  %lane.v.y.column3..even = fadd <4 x float> %lane.v.m13, %lane.v.m23
  %lane.v.y.column3..odd = fsub <4 x float> %lane.v.m13, %lane.v.m23
  %lane.v.y.column3.0 = fadd <4 x float> %lane.v.m03, %lane.v.y.column3..even
  %lane.v.y.column3.1 = fadd <4 x float> %lane.v.m33, %lane.v.y.column3..odd
  %lane.v.y0.even = fadd <4 x float> %lane.v.y.column1.0, %lane.v.y.column2.0
  %lane.v.y0.odd = fsub <4 x float> %lane.v.y.column1.0, %lane.v.y.column2.0
  %lane.v.y00 = fadd <4 x float> %lane.v.y.column0.0, %lane.v.y0.even
  %lane.v.y01 = fadd <4 x float> %lane.v.y.column3.0, %lane.v.y0.odd
  %lane.v.y1.even = fadd <4 x float> %lane.v.y.column1.1, %lane.v.y.column2.1
  %lane.v.y1.odd = fsub <4 x float> %lane.v.y.column1.1, %lane.v.y.column2.1
  %lane.v.y10 = fadd <4 x float> %lane.v.y.column0.1, %lane.v.y1.even
  %lane.v.y11 = fadd <4 x float> %lane.v.y.column3.1, %lane.v.y1.odd
  %lane.v.y00.to = getelementptr <4 x float>, ptr %results, i64 0
  store <4 x float> %lane.v.y00, ptr %lane.v.y00.to
  %lane.v.y01.to = getelementptr <4 x float>, ptr %results, i64 1
  store <4 x float> %lane.v.y01, ptr %lane.v.y01.to
  %lane.v.y10.to = getelementptr <4 x float>, ptr %results, i64 2
  store <4 x float> %lane.v.y10, ptr %lane.v.y10.to
  %lane.v.y11.to = getelementptr <4 x float>, ptr %results, i64 3
  store <4 x float> %lane.v.y11, ptr %lane.v.y11.to
  %lane.v.o = add nsw i64 %o, %lane
  br label %lane.v.i.enter
lane.v.i.enter:
  br label %lane.v.i.head
lane.v.i.head:
  %lane.v.i = phi i64 [ 0, %lane.v.i.enter ], [ %lane.v.i.next, %lane.v.i.latch ]
  %lane.v.i.more = icmp slt i64 %lane.v.i, %rows
  br i1 %lane.v.i.more, label %lane.v.i.body, label %lane.v.i.end
lane.v.i.body:
  %lane.v.y = add nsw i64 %y, %lane.v.i
  %lane.v.i.first = mul nsw i64 %lane.v.i, 2
  br label %lane.v.j.enter
lane.v.j.enter:
  br label %lane.v.j.head
lane.v.j.head:
  %lane.v.j = phi i64 [ 0, %lane.v.j.enter ], [ %lane.v.j.next, %lane.v.j.latch ]
  %lane.v.j.more = icmp slt i64 %lane.v.j, %columns
  br i1 %lane.v.j.more, label %lane.v.j.body, label %lane.v.j.end
lane.v.j.body:
  %lane.v.x = add nsw i64 %x, %lane.v.j
  %lane.v.pixel = add nsw i64 %lane.v.i.first, %lane.v.j
  %lane.v.value.at = getelementptr <4 x float>, ptr %results, i64 %lane.v.pixel
  %lane.v.value = load <4 x float>, ptr %lane.v.value.at
  %lane.v.e.out0.step0 = mul nsw i64 %n, 768
  %lane.v.e.out0.step1 = mul nsw i64 %lane.v.y, 6
  %lane.v.e.out0.sum1 = add nsw i64 %lane.v.e.out0.step0, %lane.v.e.out0.step1
  %lane.v.e.out0.sum2 = add nsw i64 %lane.v.e.out0.sum1, %lane.v.x
  %lane.v.e.out0.step3 = mul nsw i64 %lane.v.o, 12
  %lane.v.e.out0.sum3 = add nsw i64 %lane.v.e.out0.sum2, %lane.v.e.out0.step3
  %lane.v.e.out0 = getelementptr float, ptr %a2, i64 %lane.v.e.out0.sum3
  %lane.v.e.out0.lanes = getelementptr float, ptr %lane.v.e.out0, <4 x i64> <i64 0, i64 12, i64 24, i64 36>
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %lane.v.value, <4 x ptr> align 4 %lane.v.e.out0.lanes, <4 x i1> splat (i1 true))
  br label %lane.v.j.latch
lane.v.j.latch:
  %lane.v.j.next = add nsw i64 %lane.v.j, 1
  br label %lane.v.j.head
lane.v.j.end:
  br label %lane.v.i.latch
lane.v.i.latch:
  %lane.v.i.next = add nsw i64 %lane.v.i, 1
  br label %lane.v.i.head
lane.v.i.end:
  br label %lane.latch
lane.latch:
  %lane.next = add nsw i64 %lane, 4
  br label %lane.head
lane.end:
  br label %tile.latch
tile.latch:
  %tile.next = add nsw i64 %tile, 1
  br label %tile.head
tile.end:
  ret void
}
define void @kernel(ptr %args, i64 %worker, i64 %workers, i64 %slot) {
entry:
  %a3.at = getelementptr ptr, ptr %args, i64 3    ; float32[66048]
  %a3 = load ptr, ptr %a3.at
  %a4.at = getelementptr ptr, ptr %args, i64 4    ; float32[58432], written
  %a4 = load ptr, ptr %a4.at
  %slot.at = mul nsw i64 %slot, 58432
  %v = getelementptr float, ptr %a4, i64 %slot.at
  %m = getelementptr float, ptr %v, i64 52224
  %share.before = mul i64 %worker, 1
  %share.first = udiv i64 %share.before, %workers
  %share.next = add i64 %worker, 1
  %share.after = mul i64 %share.next, 1
  %share.last = udiv i64 %share.after, %workers
  br label %piece.enter
piece.enter:
  br label %piece.head
piece.head:
  %piece = phi i64 [ %share.first, %piece.enter ], [ %piece.next, %piece.latch ]
  %piece.more = icmp slt i64 %piece, %share.last
  br i1 %piece.more, label %piece.body, label %piece.end
piece.body:
  %begin = mul nsw i64 %piece, 48
  %behind = add nsw i64 %begin, 48
  %end = call i64 @llvm.smin.i64(i64 %behind, i64 48)
  br label %first.enter
first.enter:
  br label %first.head
first.head:
  %first = phi i64 [ %begin, %first.enter ], [ %first.next, %first.latch ]
  %first.more = icmp slt i64 %first, %end
  br i1 %first.more, label %first.body, label %first.end
first.body:
  %next = add nsw i64 %first, 48
  %last = call i64 @llvm.smin.i64(i64 %next, i64 %end)
  %tiles = sub nsw i64 %last, %first
  call void @inputs(ptr %args, ptr %v, i64 %first, i64 %last)
  br label %panel.enter
panel.enter:
  br label %panel.head
panel.head:
  %panel = phi i64 [ 0, %panel.enter ], [ %panel.next, %panel.latch ]
  %panel.more = icmp slt i64 %panel, 8
  br i1 %panel.more, label %panel.body, label %panel.end
panel.body:
  %panel.at = mul nsw i64 %panel, 8256
  %u = getelementptr float, ptr %a3, i64 %panel.at
  %o = mul nsw i64 %panel, 8
  call void @products_body(ptr %v, ptr %u, ptr %m, i64 %tiles)
  call void @outputs_body(ptr %args, ptr %m, i64 %first, i64 %last, i64 %o)
  br label %panel.latch
panel.latch:
  %panel.next = add nsw i64 %panel, 1
  br label %panel.head
panel.end:
  br label %first.latch
first.latch:
  %first.next = add nsw i64 %first, 48
  br label %first.head
first.end:
  br label %piece.latch
piece.latch:
  %piece.next = add nsw i64 %piece, 1
  br label %piece.head
piece.end:
  ret void
}
declare void @llvm.masked.scatter.v4f32.v4p0(<4 x float>, <4 x ptr>, <4 x i1>)
declare i64 @llvm.smin.i64(i64, i64)
