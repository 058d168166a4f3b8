// Scan:  out[p, j] = epilogue(s[j]),  s[j] = s[j - 1] + x[p, j],  one after another
//
// The space has the extents 6 x 4; the scanned index j is axis 0. A thread goes along one line, then others one grid further on; neighbouring
// threads are at neighbouring lines.
extern "C" __global__ void __launch_bounds__(256) scan(const float* __restrict__ a0, float* __restrict__ a1) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 4; item += stride) {
    const int i1 = item;
    float state = 0.0f;
    for (int i0 = 0; i0 < 6; ++i0) {
      const float x0 = a0[i0 * 4 + i1];
      state = state + x0;
      a1[i0 * 4 + i1] = state;
    }
  }
}
