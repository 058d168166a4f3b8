// Scatter:  out[i, h, k] = the sum of values[i, j, k] over the j with index[i, j, k] = h, one after another
//
// out is 1 x 6 x 4; there are 3 j. A thread owns one element of out, then others one grid further on, and looks at all j, in order:
// so nothing is written by two, and no sum depends on the launch. An index is in the range -6 .. 5; negative ones count from the end.
// One that is found outside is recorded in the status (code, index, 0, 0), if that is still empty.
// Record what went wrong, unless something is recorded already: whoever writes the code first also writes the value.
static __device__ __forceinline__ void record(long long* status, long long code, long long value) {
  if (atomicCAS((unsigned long long*)status, 0ull, (unsigned long long)code) == 0) status[1] = value;
}
extern "C" __global__ void __launch_bounds__(256) scatter(const long long* __restrict__ a0, const float* __restrict__ a1, float* __restrict__ a2, long long* __restrict__ a3) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 24; item += stride) {
    const int i0 = 0;
    const int i1 = item / 4;
    const int i2 = item % 4;
    float result = 0.0f;
    for (int j = 0; j < 3; ++j) {
      const long long index = a0[j * 4 + i2];
      const long long place = index < 0 ? index + 6 : index;
      const bool inside = place >= 0 && place < 6;
      if (!inside) record(a3, 1, index);
      if (place != i1) continue;
      const float value = a1[0];
      result = result + value;
    }
    a2[i1 * 4 + i2] = result;
  }
}
