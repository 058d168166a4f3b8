// Max-pooling:  out[n, i, j, c] = epilogue(max over h, w of x[n, h, w, c] in window (i, j))
//
// Output 1 x 2 x 2 x 4 (n, i, j, c). Windows of 2 x 2 pixels, stride 2 x 2, padding 0 x 0, clipped to the image of 4 x 4.
// A thread takes one element of the output, then others one grid further on; neighbouring threads are neighbouring channels. NaN is the maximum.
extern "C" __global__ void __launch_bounds__(256) pool(const float* __restrict__ a0, float* __restrict__ a1) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 16; item += stride) {
    const int i0 = 0;
    const int i1 = item / 8;
    const int i2 = item / 4 % 2;
    const int i3 = item % 4;
    const int h_low = max((int)i1 * 2 - 0, 0), h_high = min((int)i1 * 2 - 0 + 2, 4);
    const int w_low = max((int)i2 * 2 - 0, 0), w_high = min((int)i2 * 2 - 0 + 2, 4);
    float best = a0[i0 * 64 + h_low * 4 + w_low + i3 * 16];
    for (int h = h_low; h < h_high; ++h) {
      for (int w = w_low; w < w_high; ++w) {
        const float x = a0[i0 * 64 + h * 4 + w + i3 * 16];
        if (x > best || x != x && best == best) {
          best = x;
        }
      }
    }
    a1[i0 * 16 + i1 * 2 + i2 + i3 * 4] = best;
  }
}
