// Matrix product:  out[b, m, n] = epilogue(sum over k of left[b, m, k] * right[b, k, n])
//
// Batch 1, 64 rows m, 64 columns n, 20 terms k. A block of 128 threads computes 64 x 64 results, 16 terms at a time; a warp 32 x 32 of them, on tensor cores.
// Left is read along its terms, 4 element(s) at once; right along its lines, 4 at once.
// Each float32 is split into the sum of two tf32; three products of these make one of float32.
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
// A warp's 16 x 8 sums += left (16 x 8) * right (8 x 8), of tf32. With g = lane / 4 and m = lane % 4 a lane has
// sums (g, 2m), (g, 2m + 1), (g + 8, 2m), (g + 8, 2m + 1); left (g, m), (g + 8, m), (g, m + 4), (g + 8, m + 4); right (m, g), (m + 4, g).
static __device__ __forceinline__ void mma_m16n8k8_tf32(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
#ifdef __CUDACC__
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 { %0, %1, %2, %3}, { %4, %5, %6, %7}, { %8, %9}, { %0, %1, %2, %3};"
               : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#else
  emulated_mma_m16n8k8_tf32(sums, left, right);
#endif
}
// Wait until all groups of this thread but the newest N are there.
template <int N> static __device__ __forceinline__ void cp_async_wait() {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
#else
  emulated_cp_async_wait(N);
#endif
}
template <class T, int N> struct __align__(sizeof(T) * N) Vector { T lane[N]; };
// N neighbours in one access; the first one's address is a multiple of N elements.
template <int N, class T> static __device__ __forceinline__ Vector<T, N> load_vector(const T* at) {
  return *reinterpret_cast<const Vector<T, N>*>(at);
}
template <int N, class T> static __device__ __forceinline__ void store_vector(T* at, const Vector<T, N>& value) {
  *reinterpret_cast<Vector<T, N>*>(at) = value;
}
// Four 8 x 4 matrices of words: lane l hands in row l % 8 of matrix l / 8, and gets word l % 4 of row l / 4 of each matrix.
static __device__ __forceinline__ void ldmatrix_x4(float (&words)[4], const float* row) {
#ifdef __CUDACC__
  unsigned bits[4];
  const unsigned place = __cvta_generic_to_shared(row);
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 { %0, %1, %2, %3}, [%4];" : "=r"(bits[0]), "=r"(bits[1]), "=r"(bits[2]), "=r"(bits[3]) : "r"(place) : "memory");
#pragma unroll
  for (int word = 0; word < 4; ++word) words[word] = __uint_as_float(bits[word]);
#else
  emulated_ldmatrix_x4(words, row);
#endif
}
// Where row m and term k of left lie, from its first element on; likewise column n and term k of right.
static __device__ __forceinline__ int left_line(int m) {
  const int i0 = m;
  return i0 * 20;
}
static __device__ __forceinline__ int left_term(int k) {
  const int r0 = k;
  return r0;
}
static __device__ __forceinline__ int right_line(int n) {
  const int i1 = n;
  return i1;
}
static __device__ __forceinline__ int right_term(int k) {
  const int r0 = k;
  return r0 * 64;
}
// Where an element of a tile lies in shared memory; and a lane's words of 16 lines and 8 terms.
static __device__ __forceinline__ int left_place(int line, int term) {
  return line * 16 + (term ^ line / 2 % 4 * 4);
}
static __device__ __forceinline__ int right_place(int line, int term) {
  return term * 64 + (line ^ term % 4 * 8);
}
static __device__ __forceinline__ void left_fragment(float (&words)[4], const float* tile, int line, int term) {
  const int lane = threadIdx.x % 32;
  ldmatrix_x4(words, &tile[left_place(line + lane % 16, term + lane / 16 * 4)]);
}
static __device__ __forceinline__ void right_fragment(float (&words)[4], const float* tile, int line, int term) {
  const int lane = threadIdx.x % 32;
  const int group = lane / 4, member = lane % 4;
#pragma unroll
  for (int word = 0; word < 4; ++word) words[word] = tile[right_place(line + group + word / 2 * 8, term + member + word % 2 * 4)];
}
// Words as sums of two tf32, of which each has the upper 19 bits of a float32: the nearest, and what it lacks, of which at most the last bit is cut off.
// Half a unit turns NaNs of all ones into zeros; what they lack is still NaN. Instead of cvt.rna.tf32, of which ptxas makes four instructions.
static __device__ __forceinline__ void split(unsigned (&high)[4], unsigned (&low)[4], const float (&words)[4]) {
  const unsigned upper = 0xffffe000, half = 0x1000;
#pragma unroll
  for (int word = 0; word < 4; ++word) {
    high[word] = __float_as_uint(words[word]) + half & upper;
    low[word] = __float_as_uint(words[word] - __uint_as_float(high[word])) & upper;
  }
}
extern "C" __global__ void __launch_bounds__(128, 3) gemm_mma(const float* __restrict__ a0, const float* __restrict__ a1, const float* __restrict__ a2, float* __restrict__ a3) {
  // 4 stages of each operand's tile: one is multiplied while the others come in
  __shared__ __align__(16) float tiles_of_left[4][1024];
  __shared__ __align__(16) float tiles_of_right[4][1024];
  // a warp has 32 x 32 sums, as 2 x 4 of 16 x 8; of each, a lane has two neighbours in row `group` and two in row `group + 8`
  const int thread = threadIdx.x, group = thread % 32 / 4, member = thread % 4;
  const int warp_row = thread / 32 / 2 * 32, warp_column = thread / 32 % 2 * 32;
  const int tile_row = 0;
  const int tile_column = 0;
  const int first_row = tile_row * 64, first_column = tile_column * 64;
  const float* left = a0;
  const float* right = a1;
  const int begin = 0, end = 20;
  float sums[2][4][4] = {};
  // where the lines that this thread brings begin; beyond the edges, where no result is stored, the last one stands for all
  int lines_of_left[2], lines_of_right[2];
#pragma unroll
  for (int turn = 0; turn < 2; ++turn) {
    const int number = thread + turn * 128;
    const int line = number / 4, term = number % 4 * 4;
    lines_of_left[turn] = left_line(first_row + line);
  }
#pragma unroll
  for (int turn = 0; turn < 2; ++turn) {
    const int number = thread + turn * 128;
    const int line = number % 16 * 4, term = number / 16;
    lines_of_right[turn] = right_line(first_column + line);
  }
  // memory -> shared memory, in the background: the tiles whose terms begin at `start`; 0 stands beyond the last one
  const auto bring = [&](int stage, int start) {
#pragma unroll
    for (int turn = 0; turn < 2; ++turn) {
      const int number = thread + turn * 128;
      const int line = number / 4, term = number % 4 * 4;
      cp_async<16>(&tiles_of_left[stage][left_place(line, term)], left + lines_of_left[turn] + left_term(start + term), start + term < end);
    }
#pragma unroll
    for (int turn = 0; turn < 2; ++turn) {
      const int number = thread + turn * 128;
      const int line = number % 16 * 4, term = number / 16;
      cp_async<16>(&tiles_of_right[stage][right_place(line, term)], right + lines_of_right[turn] + right_term(start + term), start + term < end);
    }
    cp_async_commit();
  };
  // sums += left * right, 8 terms at a time
  const auto multiply = [&](int stage) {
#pragma unroll 1
    for (int term = 0; term < 16; term += 8) {
      unsigned right_high[2][4], right_low[2][4];
#pragma unroll
      for (int pair = 0; pair < 2; ++pair) {
        float words[4];
        right_fragment(words, tiles_of_right[stage], warp_column + pair * 16, term);
        split(right_high[pair], right_low[pair], words);
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        float words[4];
        unsigned left_high[4], left_low[4];
        left_fragment(words, tiles_of_left[stage], warp_row + i * 16, term);
        split(left_high, left_low, words);
#pragma unroll
        for (int j = 0; j < 4; ++j) {
          const unsigned high[2] = {right_high[j / 2][j % 2 * 2], right_high[j / 2][j % 2 * 2 + 1]};
          const unsigned low[2] = {right_low[j / 2][j % 2 * 2], right_low[j / 2][j % 2 * 2 + 1]};
          // tensor cores cut off what a sum has too many bits, so no more than 8 terms are left to them
          float some[4] = {};
          mma_m16n8k8_tf32(some, left_low, high);
          mma_m16n8k8_tf32(some, left_high, low);
          mma_m16n8k8_tf32(some, left_high, high);
#pragma unroll
          for (int word = 0; word < 4; ++word) sums[i][j][word] += some[word];
        }
      }
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
  for (int i = 0; i < 4; ++i) {
    const int row = first_row + warp_row + i * 8 + group;
    if (row >= 64) continue;
    const int i0 = row;
#pragma unroll
    for (int j = 0; j < 8; j += 2) {
      const int column = first_column + warp_column + j / 2 * 8 + member * 2;
      if (column >= 64) continue;
      const int i1 = column;
      const auto y1s = load_vector<2>(&a2[i1]);
      Vector<float, 2> ys0;
#pragma unroll
      for (int lane = 0; lane < 2; ++lane) {
        const float y1 = y1s.lane[lane];
        const float y2 = sums[i / 2][j / 2][i % 2 * 2 + lane] + y1;
        const float y3 = y2 <= 0 ? 0 : y2;
        ys0.lane[lane] = y3;
      }
      store_vector(&a3[i0 * 64 + i1], ys0);
    }
  }
}
