// Convolution:  out[n, y, x, o] = epilogue(sum over kh, kw, c of left[n, y*stride + kh*dilation, x*stride + kw*dilation, c] * right[kh, kw, c, o])
//
// Implicit GEMM: rows are the pixels (n, y, x), columns the channels o, terms (kh, kw, c); its gradients are the same with other strides. Nothing is copied:
// the index maps below find the elements of a window where they lie.
// Batch 1, 2 rows, 4 columns, 18 terms (6 x 3). A block of 256 threads computes 32 x 32 results, 16 terms at a time; a thread 2 x 2 of them.
// Left is read along its terms, 1 element(s) at once; right along its terms, 1 at once.
// Bring N bytes, or as many zeros, to shared memory in the background; both addresses are multiples of N.
template <int N> static __device__ __forceinline__ void cp_async(void* to, const void* from, bool exists) {
#ifdef __CUDACC__
  const unsigned place = __cvta_generic_to_shared(to);
  asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(place), "l"(from), "n"(N), "r"(exists ? N : 0) : "memory");
#else
  emulated_cp_async<N>(to, from, exists);
#endif
}
// What this thread has begun to bring since the last one is a group.
static __device__ __forceinline__ void cp_async_commit() {
#ifdef __CUDACC__
  asm volatile("cp.async.commit_group;" ::: "memory");
#else
  emulated_cp_async_commit();
#endif
}
template <class T, int N> struct __align__(sizeof(T) * N) Vector { T lane[N]; };
// N neighbours in one access; the first one's address is a multiple of N elements.
template <int N, class T> static __device__ __forceinline__ Vector<T, N> load_vector(const T* at) {
  return *reinterpret_cast<const Vector<T, N>*>(at);
}
// Wait until all groups of this thread but the newest N are there.
template <int N> static __device__ __forceinline__ void cp_async_wait() {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
#else
  emulated_cp_async_wait(N);
#endif
}
// Where row m and term k of left lie, from its first element on; likewise column n and term k of right.
static __device__ __forceinline__ int left_line(int m) {
  const int i0 = m;
  return i0;
}
static __device__ __forceinline__ int left_term(int k) {
  const int r0 = k / 3;
  const int r1 = k % 3;
  return r0 * 4 + r1;
}
static __device__ __forceinline__ int right_line(int n) {
  const int i1 = n;
  return i1 * 18;
}
static __device__ __forceinline__ int right_term(int k) {
  const int r0 = k / 3;
  const int r1 = k % 3;
  return r0 * 3 + r1;
}
extern "C" __global__ void __launch_bounds__(256, 2) conv2d(const float* __restrict__ a0, const float* __restrict__ a1, float* __restrict__ a2) {
  // 4 stages of each operand's tile, term by term: one is multiplied while the others come in
  __shared__ __align__(16) float tile_of_left[4][16][36];
  __shared__ __align__(16) float tile_of_right[4][16][36];
  // a warp's lanes are 4 x 8 cells of 2 x 2 sums, in groups of 2 x 2 neighbours
  const int thread = threadIdx.x, lane_of_warp = thread % 32, warp = thread / 32;
  const int cell_row = (warp / 2 * 4 + lane_of_warp / 8) * 2;
  const int cell_column = (warp % 2 * 8 + lane_of_warp % 8) * 2;
  const int tile_row = 0;
  const int tile_column = 0;
  const int first_row = tile_row * 32, first_column = tile_column * 32;
  const float* left = a0;
  const float* right = a1;
  const int begin = 0, end = 18;
  float sums[2][2] = {};
  // where the lines that this thread brings begin; beyond the edges, where no result is stored, the last one stands for all
  int lines_of_left[2], lines_of_right[2];
#pragma unroll
  for (int turn = 0; turn < 2; ++turn) {
    const int number = thread + turn * 256;
    const int line = number / 16, term = number % 16;
    lines_of_left[turn] = left_line(min(first_row + line, (int)1));
  }
#pragma unroll
  for (int turn = 0; turn < 2; ++turn) {
    const int number = thread + turn * 256;
    const int line = number / 16, term = number % 16;
    lines_of_right[turn] = right_line(min(first_column + line, (int)3));
  }
  // memory -> shared memory, in the background: the tiles whose terms begin at `start`; 0 stands beyond the last one
  const auto bring = [&](int stage, int start) {
#pragma unroll
    for (int turn = 0; turn < 2; ++turn) {
      const int number = thread + turn * 256;
      const int line = number / 16, term = number % 16;
      cp_async<4>(&tile_of_left[stage][term][line], left + lines_of_left[turn] + left_term(start + term), start + term < end);
    }
#pragma unroll
    for (int turn = 0; turn < 2; ++turn) {
      const int number = thread + turn * 256;
      const int line = number / 16, term = number % 16;
      cp_async<4>(&tile_of_right[stage][term][line], right + lines_of_right[turn] + right_term(start + term), start + term < end);
    }
    cp_async_commit();
  };
  // sums += column of left * row of right, term by term
  const auto multiply = [&](int stage) {
#pragma unroll
    for (int term = 0; term < 16; ++term) {
      Vector<float, 2> of_left[1];
      Vector<float, 2> of_right[1];
#pragma unroll
      for (int group = 0; group < 1; ++group) of_left[group] = load_vector<2>(&tile_of_left[stage][term][group * 32 + cell_row]);
#pragma unroll
      for (int group = 0; group < 1; ++group) of_right[group] = load_vector<2>(&tile_of_right[stage][term][group * 32 + cell_column]);
#pragma unroll
      for (int i = 0; i < 2; ++i)
#pragma unroll
        for (int j = 0; j < 2; ++j)
          sums[i][j] = fmaf(of_left[i / 2].lane[i % 2], of_right[j / 2].lane[j % 2], sums[i][j]);
    }
  };
  for (int stage = 0; stage < 3; ++stage) bring(stage, begin + stage * 16);
  int stage = 0;
  for (int start = begin; start < end; start += 16) {
    cp_async_wait<2>();
    __syncthreads();  // this stage is there, and nobody reads the one before it any more
    bring((stage + 3) % 4, start + 48);
    multiply(stage);
    stage = (stage + 1) % 4;
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    const int row = first_row + i / 2 * 32 + cell_row + i % 2;
    if (row >= 2) continue;
    const int i0 = row;
#pragma unroll
    for (int j = 0; j < 2; j += 1) {
      const int column = first_column + j / 2 * 32 + cell_column + j % 2;
      if (column >= 4) continue;
      const int i1 = column;
      a2[i0 + i1 * 2] = sums[i][j];
    }
  }
}
