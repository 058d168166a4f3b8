// Reduce, with threads along the last parallel axis:  out[p] = epilogue(sum over r of prologue(p, r))
//
// Parallel axes p: 4; reduced axes r: 6. A block computes 32 neighbouring results, one a lane. Its 4 warp(s) share
// the last reduced axis: warp w takes the indices w, w + 4, ... At the end the warps' parts are folded in order, whatever the launch.
static __device__ __forceinline__ float fold(float x, float y) {
  return x + y;
}
extern "C" __global__ void __launch_bounds__(128) reduce(const float* __restrict__ a0, float* __restrict__ a1) {
  __shared__ float parts[4][32];
  const int lane = threadIdx.x, warp = threadIdx.y;
  const int strip = 0;
  const int i0 = strip * 32 + lane;
  float result = 0.0f;
  if (i0 < 4) {
    for (int r0 = warp; r0 < 6; r0 += 4) {
      const float x0 = a0[i0 + r0 * 4];
      result = fold(result, x0);
    }
  }
  parts[warp][lane] = result;
  __syncthreads();
  if (warp != 0) return;
  for (int other = 1; other < 4; ++other) result = fold(result, parts[other][lane]);
  if (i0 >= 4) return;
  a1[i0] = result;
}
