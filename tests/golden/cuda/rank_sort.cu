// Sort by ranks:  out[p, r] = epilogue(the j that has r indices i before it): x[p, i] < x[p, j], or x[p, i] = x[p, j] and i < j
//
// The space p, j has the extents 3 x 8; NaN is the greatest value. A thread counts, for one element, those before it, and writes it at that place; then for
// others one grid further on.
static __device__ __forceinline__ bool precedes(float x, float y) {
  return x < y || (y != y && x == x);
}
extern "C" __global__ void __launch_bounds__(256) rank_sort(const float* __restrict__ a0, long long* __restrict__ a1) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 24; item += stride) {
    const int i0 = item / 8;
    const int j = item % 8;
    const float own = a0[i0 * 8 + j];
    int rank = 0;
    for (int i = 0; i < 8; ++i) {
      const float other = a0[i0 * 8 + i];
      if (precedes(other, own) || (i < j && !precedes(own, other))) ++rank;
    }
    const long long number = j;
    a1[i0 * 8 + rank] = number;
  }
}
