// SPDX-License-Identifier: MIT
//
// CUDA's keywords and built-in functions by their own names; see cuda_on_threads.h.
#pragma once

#include "cuda_on_threads_runtime.h"

#define CUDA_ON_THREADS 1
#define __CUDACC__ 1
#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __align__(n) alignas(n)
#define __shared__ shared_memory_must_be_declared_with_LOCAL_ARRAY

// The static variable is only a key: its address tells this array from all others.
#define LOCAL_ARRAY(T, name, n)   \
    static char name##_key;       \
    T(&name)[n] = *static_cast<T(*)[n]>(cuda_on_threads::shared_memory(&name##_key, sizeof(T) * (n)))

#define threadIdx cuda_on_threads::me().thread_index
#define blockIdx cuda_on_threads::me().block_index
#define blockDim cuda_on_threads::me().block_extent
#define gridDim cuda_on_threads::me().grid_extent
#define warpSize 32

typedef unsigned int uint;

struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

// ---- barriers and fences

inline void __syncthreads() { cuda_on_threads::block_barrier(); }

inline void __syncwarp(unsigned mask = 0xffffffffu)
{
    cuda_on_threads::me().warp->barrier(mask, cuda_on_threads::me().lane).arrive_and_wait();
}

// The atomics below are sequentially consistent, so a fence has nothing to add.
inline void __threadfence() {}
inline void __threadfence_block() {}

// ---- warp functions

namespace cuda_on_threads {

template <class T>
T shuffle(unsigned mask, T value, int source)
{
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8, "4 or 8 byte values");
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    bits = exchange(mask, bits, source);
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

// A source outside of the caller's segment of `width` lanes means the caller's own value.
inline int in_segment(int source, int width)
{
    return source / width == me().lane / width && source >= 0 ? source : me().lane;
}

inline unsigned ballot(unsigned mask, int predicate)
{
    unsigned votes = 0;
    for (int lane = 0; lane < me().warp->present; lane++)
        if (mask >> lane & 1u) votes |= unsigned(shuffle(mask, int(predicate != 0), lane)) << lane;
    return votes;
}

}  // namespace cuda_on_threads

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32)
{
    int first = cuda_on_threads::me().lane / width * width;
    return cuda_on_threads::shuffle(mask, value, first + (source & (width - 1)));
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32)
{
    int source = cuda_on_threads::me().lane - int(delta);
    return cuda_on_threads::shuffle(mask, value, cuda_on_threads::in_segment(source, width));
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32)
{
    int source = cuda_on_threads::me().lane + int(delta);
    return cuda_on_threads::shuffle(mask, value, cuda_on_threads::in_segment(source, width));
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32)
{
    // Unlike the others, xor may also read an earlier segment.
    int lane = cuda_on_threads::me().lane, source = lane ^ lanes;
    return cuda_on_threads::shuffle(mask, value, source / width <= lane / width ? source : lane);
}

inline unsigned __ballot_sync(unsigned mask, int p) { return cuda_on_threads::ballot(mask, p); }
inline int __any_sync(unsigned mask, int p) { return cuda_on_threads::ballot(mask, p) != 0; }
inline int __all_sync(unsigned mask, int p) { return cuda_on_threads::ballot(mask, !p) == 0; }

// ---- tensor cores: mma.sync.m16n8k8, row by column, TF32 to float

namespace cuda_on_threads {

// To 10 fraction bits, to nearest, ties away from zero, as cvt.rna.tf32.f32 does.
inline unsigned round_to_tf32(float x)
{
    unsigned bits = std::bit_cast<unsigned>(x);
    return std::isfinite(x) ? (bits + 0x1000u) & 0xffffe000u : bits;
}

// Lane l holds of A the rows l / 4 and l / 4 + 8 and the columns l % 4 and l % 4 + 4, of B the column l / 4, of the sums the
// columns 2 (l % 4) and its next. Like the hardware it does not see the 13 lowest bits of an operand.
inline void mma_m16n8k8_tf32(float (&sum)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    Warp& warp = *me().warp;
    Barrier& barrier = warp.barrier(0xffffffffu, me().lane);
    warp.operands[me().lane] = {a[0], a[1], a[2], a[3], b[0], b[1]};
    barrier.arrive_and_wait();
    auto value = [&](int lane, int word) {
        return std::bit_cast<float>(warp.operands[lane][word] & 0xffffe000u);
    };
    for (int i = 0; i < 4; i++) {
        int row = me().lane / 4, column = me().lane % 4 * 2 + i % 2;
        float products = 0;
        for (int k = 0; k < 8; k++)
            products += value(row * 4 + k % 4, i / 2 + k / 4 * 2) * value(column * 4 + k % 4, 4 + k / 4);
        sum[i] += products;
    }
    barrier.arrive_and_wait();
}

}  // namespace cuda_on_threads

// ---- atomics: each returns the old value

namespace cuda_on_threads {

template <class T, class Step>
T update(T* at, Step step)
{
    T old, next;
    __atomic_load(at, &old, __ATOMIC_SEQ_CST);
    do {
        next = step(old);
    } while (!__atomic_compare_exchange(at, &old, &next, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return old;
}

// The pointer alone decides the type: atomicAdd(&counter, 1) works for every counter.
template <class T>
using Same = std::type_identity_t<T>;

}  // namespace cuda_on_threads

#define CUDA_ON_THREADS_ATOMIC(name, expression)                                      \
    template <class T>                                                                \
    T name(T* at, cuda_on_threads::Same<T> v)                                         \
    {                                                                                 \
        return cuda_on_threads::update(at, [=](T o) { (void)o; return T(expression); }); \
    }
CUDA_ON_THREADS_ATOMIC(atomicAdd, o + v)
CUDA_ON_THREADS_ATOMIC(atomicSub, o - v)
CUDA_ON_THREADS_ATOMIC(atomicMin, v < o ? v : o)
CUDA_ON_THREADS_ATOMIC(atomicMax, o < v ? v : o)
CUDA_ON_THREADS_ATOMIC(atomicAnd, o & v)
CUDA_ON_THREADS_ATOMIC(atomicOr, o | v)
CUDA_ON_THREADS_ATOMIC(atomicXor, o ^ v)
CUDA_ON_THREADS_ATOMIC(atomicExch, v)
#undef CUDA_ON_THREADS_ATOMIC

template <class T>
T atomicCAS(T* at, cuda_on_threads::Same<T> expected, cuda_on_threads::Same<T> v)
{
    return cuda_on_threads::update(at, [=](T o) { return o == expected ? v : o; });
}

// ---- integers and bits

inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned(std::uint64_t(a) * b >> 32); }
inline int __mulhi(int a, int b) { return int(std::int64_t(a) * b >> 32); }
inline unsigned __float_as_uint(float f) { return std::bit_cast<unsigned>(f); }
inline int __float_as_int(float f) { return std::bit_cast<int>(f); }
inline float __uint_as_float(unsigned u) { return std::bit_cast<float>(u); }
inline float __int_as_float(int i) { return std::bit_cast<float>(i); }
inline int __popc(unsigned u) { return __builtin_popcount(u); }
inline int __clz(int i) { return i == 0 ? 32 : __builtin_clz(unsigned(i)); }
inline int __ffs(int i) { return __builtin_ffs(i); }
inline int __float2int_rn(float f) { return int(std::nearbyint(f)); }
inline int __float2int_rz(float f) { return int(f); }
inline int __float2int_rd(float f) { return int(std::floor(f)); }
inline int __float2int_ru(float f) { return int(std::ceil(f)); }
inline float __int2float_rn(int i) { return float(i); }
inline float __uint2float_rn(unsigned u) { return float(u); }
inline int min(int a, int b) { return b < a ? b : a; }
inline int max(int a, int b) { return a < b ? b : a; }
inline unsigned min(unsigned a, unsigned b) { return b < a ? b : a; }
inline unsigned max(unsigned a, unsigned b) { return a < b ? b : a; }
inline float min(float a, float b) { return std::fmin(a, b); }
inline float max(float a, float b) { return std::fmax(a, b); }

template <class T>
T __ldg(const T* at)
{
    return *at;
}

// ---- floats: fmaf, expm1f and the like are C's own

inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fsqrt_rn(float a) { return std::sqrt(a); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __fdividef(float a, float b) { return a / b; }
inline float __saturatef(float a) { return std::fmin(std::fmax(a, 0.0f), 1.0f); }
inline float __expf(float a) { return std::exp(a); }
inline float __logf(float a) { return std::log(a); }
inline float __sinf(float a) { return std::sin(a); }
inline float __cosf(float a) { return std::cos(a); }
inline float rsqrtf(float a) { return float(1.0 / std::sqrt(double(a))); }

// Exact at multiples of 1/2, like CUDA's: the argument is reduced before it meets pi.
inline float sinpif(float a)
{
    double r = std::remainder(double(a), 2.0);
    if (std::fabs(r) > 0.5) r = std::copysign(1.0, r) - r;
    return float(std::sin(3.14159265358979323846 * r));
}

inline float cospif(float a)
{
    double r = std::fabs(std::remainder(double(a), 2.0));
    return r == 0.5 ? 0.0f : float(std::cos(3.14159265358979323846 * r));
}

inline void sincospif(float a, float* s, float* c)
{
    *s = sinpif(a);
    *c = cospif(a);
}
