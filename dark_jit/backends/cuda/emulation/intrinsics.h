// The CPU's word for each instruction of templates/cuda/lib/intrinsics.cu.j2, which says what they do.
#pragma once

extern "C" {
void emulated_begin_copy(void* to, const void* value, int bytes);  // async_copies.cpp
void emulated_commit_copies();
void emulated_wait_for_copies(int newest);
void emulated_aligned(const void* place, int bytes);  // checker.cpp: reports where it is not
}

// --- copies in the background: the value is read at once, and written when it is waited for ---

template <int N> static inline void emulated_cp_async(void* to, const void* from, bool exists) {
    char piece[N] = {};
    emulated_aligned(to, N);
    emulated_aligned(from, N);
    if (exists) memcpy(piece, from, N);
    emulated_begin_copy(to, piece, N);
}
#define emulated_cp_async_commit() emulated_commit_copies()
#define emulated_cp_async_wait(newest) emulated_wait_for_copies(newest)

// --- floats of 16 bits ---

// The exponent's bias is 112 less: a product mends that, and makes normal numbers of subnormal ones.
static UNCHECKED void emulated_cvt_f32_f16(float& x, unsigned short bits) {
    const unsigned magnitude = bits & 0x7fff;
    const unsigned number = __float_as_uint(__uint_as_float(magnitude << 13) * 0x1p112f);
    x = __uint_as_float(number | (magnitude > 0x7bff ? 0x7f800000 : 0) | (unsigned)(bits & 0x8000) << 16);
}
// Nearest, ties to even. Beside 1/2 a float32 has as many places as a subnormal float16.
static UNCHECKED void emulated_cvt_rn_f16(unsigned short& bits, float x) {
    const unsigned word = __float_as_uint(x), magnitude = word & 0x7fffffff;
    unsigned found = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
    if (magnitude < 113u << 23) found = __float_as_uint(__uint_as_float(magnitude) + 0.5f) - 0x3f000000;
    if (magnitude >= 143u << 23) found = 0x7c00;
    bits = x != x ? 0x7fff : found | (word >> 16 & 0x8000);
}

// --- tensor cores ---

// Half of the bits that go is added to the magnitude: nearest, ties away from zero. NaN and infinities stay.
static UNCHECKED void emulated_cvt_rna_tf32(unsigned& bits, float x) {
    bits = __float_as_uint(x);
    const bool finite = (bits & 0x7f800000) != 0x7f800000;
    bits = x != x ? 0x7fffe000 : (finite ? bits + 0x1000 : bits) & 0xffffe000;
}

static UNCHECKED void emulated_matrices(float (&words)[4], const void* row) {
    const char* rows = emulated_exchange(row, 16, 0xffffffffu, 5);
    const int lane = emulated_lane();
    for (int matrix = 0; matrix < 4; ++matrix) memcpy(&words[matrix], rows + 16 * (8 * matrix + lane / 4) + 4 * (lane % 4), 4);
}
static inline void emulated_ldmatrix_x4(float (&words)[4], const float* row) {
    char piece[16];
    emulated_aligned(row, 16);
    memcpy(piece, row, 16);
    emulated_matrices(words, piece);
}

static UNCHECKED void emulated_matrices_of_halves(unsigned (&words)[4], const void* row, bool transposed) {
    const char* rows = emulated_exchange(row, 16, 0xffffffffu, 5);
    const int group = emulated_lane() / 4, member = emulated_lane() % 4;
    for (int matrix = 0; matrix < 4; ++matrix)
        for (int half = 0; half < 2; ++half) {
            const int line = transposed ? 2 * member + half : group, place = transposed ? group : 2 * member + half;
            memcpy((char*)&words[matrix] + 2 * half, rows + 16 * (8 * matrix + line) + 2 * place, 2);
        }
}
static inline void emulated_ldmatrix_x4_halves(unsigned (&words)[4], const unsigned short* row, bool transposed = false) {
    char piece[16];
    emulated_aligned(row, 16);
    memcpy(piece, row, 16);
    emulated_matrices_of_halves(words, piece, transposed);
}
static inline void emulated_ldmatrix_x4_trans(unsigned (&words)[4], const unsigned short* row) {
    emulated_ldmatrix_x4_halves(words, row, true);
}

// What has more bits than tf32 is undefined on a card: NaN, so that it shows.
static UNCHECKED double emulated_tf32(const char* word) {
    unsigned bits;
    memcpy(&bits, word, 4);
    return __uint_as_float(bits & 0x1fff ? 0x7fc00000 : bits);
}
// Sums of tensor cores are cut off, not rounded. NVIDIA does not say where; what is measured (Fasi, Higham, Mikaitis and
// Pranesh, Numerical behavior of NVIDIA tensor cores, 2021) is no worse than to cut one exact sum.
static UNCHECKED float emulated_cut(double sum) {
    const float nearest = sum;
    return fabs((double)nearest) > fabs(sum) && fabs(sum) < 3.5e38 ? nextafterf(nearest, 0.0f) : nearest;
}
static UNCHECKED void emulated_mma_m16n8k8_tf32(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
    const int group = emulated_lane() / 4, member = emulated_lane() % 4;
    double of_left[2][8], exact[4];
    const char* words = emulated_exchange(left, 16, 0xffffffffu, 6);
    for (int row = 0; row < 2; ++row)
        for (int term = 0; term < 8; ++term) of_left[row][term] = emulated_tf32(words + 16 * (4 * group + term % 4) + 4 * (row + term / 4 * 2));
    words = emulated_exchange(right, 8, 0xffffffffu, 7);
    for (int place = 0; place < 4; ++place) {
        exact[place] = sums[place];
        for (int term = 0; term < 8; ++term) exact[place] += of_left[place / 2][term] * emulated_tf32(words + 16 * (4 * (2 * member + place % 2) + term % 4) + 4 * (term / 4));
        sums[place] = emulated_cut(exact[place]);
    }
}

// Nearest, ties to even, as a float32's upper half.
static UNCHECKED unsigned emulated_bf16(float x) {
    const unsigned bits = __float_as_uint(x);
    return x != x ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
static UNCHECKED void emulated_cvt_rn_bf16(unsigned short& bits, float x) { bits = emulated_bf16(x); }
static UNCHECKED void emulated_cvt_rn_bf16x2(unsigned& bits, float low, float high) {
    bits = emulated_bf16(high) << 16 | emulated_bf16(low);
}

static UNCHECKED double emulated_value_of_bf16(const char* half) {
    unsigned short bits;
    memcpy(&bits, half, 2);
    return __uint_as_float((unsigned)bits << 16);
}
static UNCHECKED double emulated_value_of_f16(const char* half) {
    unsigned short bits;
    float x;
    memcpy(&bits, half, 2);
    emulated_cvt_f32_f16(x, bits);
    return x;
}
template <class Value>
static UNCHECKED void emulated_mma_m16n8k16(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2], Value value) {
    const int group = emulated_lane() / 4, member = emulated_lane() % 4;
    double of_left[2][16], exact[4];
    const char* words = emulated_exchange(left, 16, 0xffffffffu, 8);
    for (int row = 0; row < 2; ++row)
        for (int term = 0; term < 16; ++term) of_left[row][term] = value(words + 16 * (4 * group + term % 8 / 2) + 4 * (row + term / 8 * 2) + term % 2 * 2);
    words = emulated_exchange(right, 8, 0xffffffffu, 9);
    for (int place = 0; place < 4; ++place) {
        exact[place] = sums[place];
        for (int term = 0; term < 16; ++term) exact[place] += of_left[place / 2][term] * value(words + 16 * (4 * (2 * member + place % 2) + term % 8 / 2) + 4 * (term / 8) + term % 2 * 2);
        sums[place] = emulated_cut(exact[place]);
    }
}
static UNCHECKED void emulated_mma_m16n8k16_bf16(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
    emulated_mma_m16n8k16(sums, left, right, emulated_value_of_bf16);
}
static UNCHECKED void emulated_mma_m16n8k16_f16(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
    emulated_mma_m16n8k16(sums, left, right, emulated_value_of_f16);
}
