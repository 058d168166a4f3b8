; Elementwise: run one scalar expression at every index of a space.
;
; The space has the extents 16; 8 consecutive indices of the last axis make one vector. Workers share the rows: all
; axes but the last, which is cut into pieces of at most 16384 indices.
; Called as kernel(args, worker, workers) by each worker; args holds the buffers' pointers.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[16]
  %a0 = load ptr, ptr %a0.at
  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[16]
  %a1 = load ptr, ptr %a1.at
  %a2.at = getelementptr ptr, ptr %args, i64 2    ; float32[16], written
  %a2 = load ptr, ptr %a2.at
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
  br label %i.enter
i.enter:
  br label %i.head
i.head:
  %i = phi i64 [ 0, %i.enter ], [ %i.next, %i.latch ]
  %i.more = icmp slt i64 %i, 16
  br i1 %i.more, label %i.body, label %i.end
i.body:
  %i.v0.at = getelementptr float, ptr %a0, i64 %i
  %i.v0 = load <8 x float>, ptr %i.v0.at, align 4
  %i.v1.at = getelementptr float, ptr %a1, i64 %i
  %i.v1 = load <8 x float>, ptr %i.v1.at, align 4
  ; (x - remainder) / y, which rounding may have moved off an integer; x / y where y = 0
  %i.v2.modulo.numerator = call <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float> %i.v0)
  %i.v2.modulo.rest = frem <8 x float> %i.v2.modulo.numerator, %i.v1
  %i.v2.modulo.inexact = fcmp une <8 x float> %i.v2.modulo.rest, zeroinitializer
  %i.v2.modulo.rest.below = fcmp olt <8 x float> %i.v2.modulo.rest, zeroinitializer
  %i.v2.modulo.y.below = fcmp olt <8 x float> %i.v1, zeroinitializer
  %i.v2.modulo.opposite = xor <8 x i1> %i.v2.modulo.rest.below, %i.v2.modulo.y.below
  %i.v2.modulo.adjust = and <8 x i1> %i.v2.modulo.inexact, %i.v2.modulo.opposite
  %i.v2.modulo.moved = fadd <8 x float> %i.v2.modulo.rest, %i.v1
  %i.v2.modulo.modulo = select <8 x i1> %i.v2.modulo.adjust, <8 x float> %i.v2.modulo.moved, <8 x float> %i.v2.modulo.rest
  %i.v2.modulo.nought = call <8 x float> @llvm.copysign.v8f32(<8 x float> zeroinitializer, <8 x float> %i.v1)
  %i.v2.modulo = select <8 x i1> %i.v2.modulo.inexact, <8 x float> %i.v2.modulo.modulo, <8 x float> %i.v2.modulo.nought
  %i.v2.whole = fsub <8 x float> %i.v0, %i.v2.modulo.rest
  %i.v2.towards = fdiv <8 x float> %i.v2.whole, %i.v1
  %i.v2.less = fadd <8 x float> %i.v2.towards, splat (float 0xBFF0000000000000)
  %i.v2.near = select <8 x i1> %i.v2.modulo.adjust, <8 x float> %i.v2.less, <8 x float> %i.v2.towards
  %i.v2.integer = call <8 x float> @llvm.rint.v8f32(<8 x float> %i.v2.near)
  %i.v2.ratio = fdiv <8 x float> %i.v2.modulo.numerator, %i.v1
  %i.v2.nought = call <8 x float> @llvm.copysign.v8f32(<8 x float> zeroinitializer, <8 x float> %i.v2.ratio)
  %i.v2.some = fcmp une <8 x float> %i.v2.near, zeroinitializer
  %i.v2.floor = select <8 x i1> %i.v2.some, <8 x float> %i.v2.integer, <8 x float> %i.v2.nought
  %i.v2.by.zero = fcmp oeq <8 x float> %i.v1, zeroinitializer
  %i.v2 = select <8 x i1> %i.v2.by.zero, <8 x float> %i.v2.ratio, <8 x float> %i.v2.floor
  %i.v.out0 = getelementptr float, ptr %a2, i64 %i
  store <8 x float> %i.v2, ptr %i.v.out0, align 4
  br label %i.latch
i.latch:
  %i.next = add nsw i64 %i, 8
  br label %i.head
i.end:
  br label %item.latch
item.latch:
  %item.next = add nsw i64 %item, 1
  br label %item.head
item.end:
  ret void
}
declare <8 x float> @llvm.arithmetic.fence.v8f32(<8 x float>)
declare <8 x float> @llvm.copysign.v8f32(<8 x float>, <8 x float>)
declare <8 x float> @llvm.rint.v8f32(<8 x float>)
