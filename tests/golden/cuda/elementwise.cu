// Elementwise: run one scalar expression at every index of a space.
//
// The space has the extents 3 x 7. A thread takes 1 element(s) along the last axis, then as many again one grid further on,
// so that any number of threads does; neighbouring threads touch neighbouring memory.
extern "C" __global__ void __launch_bounds__(256) elementwise(const float* __restrict__ a0, const float* __restrict__ a1, float* __restrict__ a2) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 21; item += stride) {
    const int i0 = item / 7;
    const int i1 = item % 7;
    const float y0 = a0[i0 * 7 + i1];
    const float y2 = y0 * 2.0f;
    const float y3 = a1[i1];
    const float y4 = y2 + y3;
    const float y5 = y4 <= 0 ? 0 : y4;
    a2[i0 * 7 + i1] = y5;
  }
}
