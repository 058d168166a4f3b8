// The gradient of max-pooling:
//   out[n, h, w, c] = epilogue(sum of g[n, i, j, c] over the windows (i, j) whose first maximum of x is pixel (h, w))
//
// Image 1 x 1 x 5 x 4 (n, h, w, c), 1 x 2 windows of 1 x 3 pixels, stride 1 x 2, padding 0 x 0, clipped to the image.
// A thread takes one pixel and looks at each window that has it, in order: so a pixel is written once, and its sum is always added up alike. NaN is the maximum.
extern "C" __global__ void __launch_bounds__(256) pool_scatter(const float* __restrict__ a0, const float* __restrict__ a1, float* __restrict__ a2) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 20; item += stride) {
    const int i0 = 0;
    const int i1 = 0;
    const int i2 = item / 4;
    const int i3 = item % 4;
    const int i_first = max(((int)i1 + 0) / 1, 0), i_last = min(((int)i1 + 0) / 1, 0);
    const int j_first = max(((int)i2 + -1) / 2, 0), j_last = min(((int)i2 + 0) / 2, 1);
    float sum = 0;
    for (int i = i_first; i <= i_last; ++i) {
      for (int j = j_first; j <= j_last; ++j) {
        const int h_low = max(i * 1 - 0, 0), h_high = min(i * 1 - 0 + 1, 1);
        const int w_low = max(j * 2 - 0, 0), w_high = min(j * 2 - 0 + 3, 5);
        float best = a1[i0 * 20 + h_low * 5 + w_low + i3 * 5];
        int first_h = h_low, first_w = w_low;
        for (int h = h_low; h < h_high; ++h) {
          for (int w = w_low; w < w_high; ++w) {
            const float x = a1[i0 * 20 + h * 5 + w + i3 * 5];
            if (x > best || x != x && best == best) {
              best = x;
              first_h = h, first_w = w;
            }
          }
        }
        if (first_h == i1 && first_w == i2) sum += a0[0];
      }
    }
    a2[i0 * 20 + i1 * 5 + i2 + i3 * 5] = sum;
  }
}
