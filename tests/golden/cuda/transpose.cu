// Elementwise, where one load is contiguous along another axis than the stores:  out[..., a, ..., l] = epilogue(source[..., a, ..., l])
//
// The space has the extents 32 x 32; the source is contiguous along axis 0, all else along the last. A block brings 32 x 32 elements into shared
// memory, lanes running along axis 0, and takes them from there with lanes running along the last: both sides touch neighbouring memory.
extern "C" __global__ void __launch_bounds__(256) transpose(const float* __restrict__ a0, float* __restrict__ a1) {
  __shared__ float tile[32][33];  // one more, so that a column's elements lie in different banks
  const int square_a = 0;
  const int square_l = 0;
  for (int line = threadIdx.y; line < 32; line += 8) {
    const int i0 = square_a * 32 + threadIdx.x, i1 = square_l * 32 + line;
    if (i0 < 32 && i1 < 32) tile[line][threadIdx.x] = a0[i0 + i1 * 32];
  }
  __syncthreads();
  for (int line = threadIdx.y; line < 32; line += 8) {
    const int i0 = square_a * 32 + line, i1 = square_l * 32 + threadIdx.x;
    if (i0 >= 32 || i1 >= 32) continue;
    const float y2 = tile[threadIdx.x][line] * 2.0f;
    a1[i0 * 32 + i1] = y2;
  }
}
