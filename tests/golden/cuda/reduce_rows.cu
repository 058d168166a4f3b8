// Reduce, with threads along the last reduced axis:  out[p] = epilogue(sum over r of prologue(p, r))
//
// Parallel axes p: 3; reduced axes r: 16. 1 warp(s) compute one result: thread s of them takes the indices s,
// s + 32, ... of the last reduced axis. Then each warp folds its lanes by halves and, where there are several, the warps' parts are folded in
// order. A block has 8 result(s); what is added to what does not depend on that, nor on the launch.
static __device__ __forceinline__ float fold(float x, float y) {
  return x + y;
}
// The values of all 32 lanes folded by halves, always in the same tree; the result is lane 0's.
static __device__ __forceinline__ float fold_warp(float x) {
#pragma unroll
  for (int half = 16; half; half /= 2) x = fold(x, __shfl_down_sync(0xffffffffu, x, half));
  return x;
}
extern "C" __global__ void __launch_bounds__(256) reduce_rows(const float* __restrict__ a0, float* __restrict__ a1) {
  const int lane = threadIdx.x, warp = threadIdx.y, slot = threadIdx.z;
  const int item = (int)blockIdx.x * 8 + slot;
  const int i0 = item;
  float result = 0.0f;
  if (item < 3) {
    for (int r0 = lane; r0 < 16; r0 += 32) {
      const float x0 = a0[i0 * 16 + r0];
      result = fold(result, x0);
    }
  }
  result = fold_warp(result);
  if (lane != 0 || item >= 3) return;
  a1[i0] = result;
}
