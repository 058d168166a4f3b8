// What a CUDA kernel finds when it is compiled for the CPU: CUDA's keywords, types and functions, as far as the templates
// use them. Threads of a block are fibres (scheduler.cpp), so plain reads and writes are atomic, and barriers and warp
// operations are calls that come back when the others have arrived.
#pragma once

// The few functions of C that are used: <math.h> alone would take longer to read than a kernel takes to compile.
#define memcpy __builtin_memcpy
#define OF_ONE(name) extern "C" float name##f(float); extern "C" double name(double);
#define OF_TWO(name) extern "C" float name##f(float, float); extern "C" double name(double, double);
OF_ONE(fabs) OF_ONE(floor) OF_ONE(ceil) OF_ONE(rint) OF_ONE(sqrt) OF_ONE(exp) OF_ONE(log) OF_ONE(tanh) OF_ONE(erf) OF_ONE(sin) OF_ONE(cos)
OF_TWO(pow) OF_TWO(fmod) OF_TWO(copysign) OF_TWO(nextafter)
extern "C" float fmaf(float, float, float);
extern "C" double fma(double, double, double);

#define __global__ __attribute__((noinline))
#define __device__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
// One copy is enough: blocks run one after another. The section's bounds say what is shared memory.
#define __shared__ static __attribute__((section("emulated_shared")))
// Bookkeeping of ours that the check mode must not take for the kernel's own accesses.
#define UNCHECKED __attribute__((no_sanitize("thread")))

struct uint3 { unsigned x, y, z; };

extern "C" {
struct EmulatedThread { uint3 thread, block, block_extent, grid_extent; };
extern const EmulatedThread* emulated_thread;
void emulated_barrier(int line);
void emulated_warp_barrier(unsigned mask);
// Hand in a value and get, when all lanes of the mask have done so, the 32 values, 16 bytes apart.
const char* emulated_exchange(const void* value, int bytes, unsigned mask, int operation);
int emulated_lane();
void emulated_atomic(void* place, int bytes);
int emulated_launch(void (*body)(void**), void** arguments, const unsigned* extents, int order, unsigned seed, char* shared, char* shared_end);
}

#define threadIdx (emulated_thread->thread)
#define blockIdx (emulated_thread->block)
#define blockDim (emulated_thread->block_extent)
#define gridDim (emulated_thread->grid_extent)
#define __syncthreads() emulated_barrier(__LINE__)
#define __syncwarp(...) emulated_warp_barrier(0xffffffffu)

// --- warps: the value of another lane, or this lane's own where there is no such lane ---

template <class T> static UNCHECKED T emulated_shuffle(unsigned mask, T value, int lane, bool exists, int operation) {
    const char* values = emulated_exchange(&value, sizeof(T), mask, operation);
    if (exists) memcpy(&value, values + 16 * lane, sizeof(T));
    return value;
}
template <class T> static inline T __shfl_down_sync(unsigned mask, T value, unsigned by) {
    const int lane = emulated_lane() + by;
    return emulated_shuffle(mask, value, lane, lane < 32, 1);
}
template <class T> static inline T __shfl_xor_sync(unsigned mask, T value, int by) {
    return emulated_shuffle(mask, value, emulated_lane() ^ by, true, 2);
}
template <class T> static inline T __shfl_sync(unsigned mask, T value, int lane) {
    return emulated_shuffle(mask, value, lane & 31, true, 3);
}
static inline UNCHECKED unsigned __ballot_sync(unsigned mask, int predicate) {
    const int mine = predicate != 0;
    const char* values = emulated_exchange(&mine, sizeof mine, mask, 4);
    unsigned votes = 0;
    for (int lane = 0; lane < 32; ++lane)
        if (mask >> lane & 1 && *(const int*)(values + 16 * lane)) votes |= 1u << lane;
    return votes;
}
static inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
static inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }

// --- atomics: fibres are never interrupted, so these need no more than to tell the checker ---

template <class T> static UNCHECKED T atomicAdd(T* place, T value) {
    emulated_atomic(place, sizeof(T));
    const T old = *place;
    *place = old + value;
    return old;
}
template <class T> static UNCHECKED T atomicCAS(T* place, T expected, T value) {
    emulated_atomic(place, sizeof(T));
    const T old = *place;
    if (old == expected) *place = value;
    return old;
}

// --- numbers ---

static inline unsigned __float_as_uint(float x) { unsigned bits; memcpy(&bits, &x, 4); return bits; }
static inline float __uint_as_float(unsigned bits) { float x; memcpy(&x, &bits, 4); return x; }
static inline int __float_as_int(float x) { int bits; memcpy(&bits, &x, 4); return bits; }
static inline float __int_as_float(int bits) { float x; memcpy(&x, &bits, 4); return x; }
static inline long long __double_as_longlong(double x) { long long bits; memcpy(&bits, &x, 8); return bits; }
static inline double __longlong_as_double(long long bits) { double x; memcpy(&x, &bits, 8); return x; }
static inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
    return (unsigned __int128)x * y >> 64;
}
static inline int min(int x, int y) { return y < x ? y : x; }
static inline int max(int x, int y) { return x < y ? y : x; }
static inline long long min(long long x, long long y) { return y < x ? y : x; }
static inline long long max(long long x, long long y) { return x < y ? y : x; }

#include "intrinsics.h"

// --- launching: every parameter of our kernels is a pointer ---

template <int... Numbers> struct EmulatedNumbers {};
template <class... Types, int... Numbers>
static UNCHECKED void emulated_call(void (*kernel)(Types...), void** arguments, EmulatedNumbers<Numbers...>) {
    kernel((Types)arguments[Numbers]...);
}
template <class... Types> static UNCHECKED void emulated_call(void (*kernel)(Types...), void** arguments) {
    emulated_call(kernel, arguments, EmulatedNumbers<__integer_pack(sizeof...(Types))...>());
}
extern "C" char __start_emulated_shared[] __attribute__((weak, visibility("hidden")));
extern "C" char __stop_emulated_shared[] __attribute__((weak, visibility("hidden")));
#define EMULATED_KERNEL(name)                                                                                          \
    extern "C" UNCHECKED int launch(void** arguments, const unsigned* extents, int order, unsigned seed) {             \
        auto body = [](void** pointers) UNCHECKED { emulated_call(&name, pointers); };                                 \
        return emulated_launch(body, arguments, extents, order, seed, __start_emulated_shared, __stop_emulated_shared); \
    }
