// Place of an extremum:  out[p] = epilogue(the place r of the first maximum of prologue(p, r)); NaN wins
//
// Parallel axes p: 4; reduced axes r: 6. A thread finds one result, then others one grid further on. It looks at all r, from the
// first to the last, so that an equal value further on changes nothing.
static __device__ __forceinline__ bool beats(float x, float best) {
  return x > best || (x != x && best == best);
}
extern "C" __global__ void __launch_bounds__(256) argreduce(const float* __restrict__ a0, long long* __restrict__ a1) {
  const int stride = (int)gridDim.x * 256;
  for (int item = (int)blockIdx.x * 256 + threadIdx.x; item < 4; item += stride) {
    const int i0 = item;
    float best = __int_as_float(0xff800000);
    long long found = 0;
    for (int place = 0; place < 6; ++place) {
      const int r0 = place;
      const float x0 = a0[i0 + r0 * 4];
      if (!beats(x0, best)) continue;
      best = x0;
      found = place;
    }
    a1[i0] = found;
  }
}
