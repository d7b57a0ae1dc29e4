/* SPDX-License-Identifier: MIT
 * One text, two compilers: CUDA C++ (NVRTC, nvcc) and OpenCL C 1.2. This is the only file that asks which one reads it.
 *
 * The host defines before this file:
 *   VW      floats in the vector value V (1 on CUDA; 4, 8 or 16 on OpenCL CPU devices)
 *   LANES   work-items of a group of lanes; a lane holds VW rows at a time
 *   GROUPS  groups of lanes in a work-group
 *   RB      rows in a block, a multiple of LANES * VW
 * and for the step kernel of a GPU's team, where they are not 1:
 *   SPLIT        groups of lanes that share a block of rows: a squad
 *   TEAM_BLOCKS  work-groups of a team, which meet as a TEAM_CLUSTER or, where that is not defined, as a cooperative grid
 *
 * A team trains one model: one work-group, on a GPU also several. Work is dealt out in two ways. Blocks of rows go to groups
 * of lanes, with lane = row, so that a chain of layers on one block needs no barrier, or to squads of groups, which meet
 * between layers. Tiles and flat ranges go to workers of the team.
 */
#ifndef SPLIT
#define SPLIT 1
#endif
#ifndef TEAM_BLOCKS
#define TEAM_BLOCKS 1
#endif
#define GROUP_SIZE (LANES * GROUPS)
#define UNROLL _Pragma("unroll")
#define ROLLED _Pragma("unroll 1")
/* Group of lanes within its squad: the part of SPLIT that it takes of a block of rows. */
#if SPLIT == 1
#define PART 0
#else
#define PART (GROUP % SPLIT)
#endif

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
/* ---- CUDA ---- */
#if VW != 1
#error "VW must be 1 on CUDA: a lane is a thread"
#endif
/* LEAST_BLOCKS, where a program defines it, holds the registers so that as many blocks share a multiprocessor. */
#ifdef LEAST_BLOCKS
#define KERNEL extern "C" __global__ void __launch_bounds__(GROUP_SIZE, LEAST_BLOCKS)
#else
#define KERNEL extern "C" __global__ void __launch_bounds__(GROUP_SIZE)
#endif
#define DEVICE_FN static __device__ __forceinline__
#define TILE_FN static __device__ __forceinline__
#define GLOBAL
#define LOCAL
#ifndef LOCAL_ARRAY
#define LOCAL_ARRAY(T, name, n) __shared__ T name[n]
#endif
typedef unsigned int uint;
#define TID ((int)threadIdx.x)
#define BLOCK_ID ((int)blockIdx.x)
#define BARRIER() __syncthreads()
/* A loop whose loads need not wait for each other: sixteen are under way at once. */
#define PIPELINED _Pragma("unroll 16")
typedef float V;
typedef int VI;
typedef uint VU;
#define MUL_HI(a, b) __umulhi(a, b)
/* Integer minimum: the one atomic, as its result does not depend on the order. */
#define LOCAL_MIN(p, v) atomicMin(p, v)
#define V_FMA(a, b, c) fmaf(a, b, c)
#define V_FROM_UINT(u) ((float)(u))
#define V_BITS_FLOAT(i) __int_as_float(i)
#define V_FLOAT_BITS(f) __float_as_int(f)
#define V_ANY(mask) (mask)
#define F_BITS(f) __float_as_int(f)
#define F_OF_BITS(i) __int_as_float(i)
#define V_SQRT sqrtf
#define V_LOG logf
#define V_SINCOSPI(x, s, c) sincospif(x, &(s), &(c))
#define F_EXPM1 expm1f
#define F_INFINITY __int_as_float(0x7f800000)
/* Lanes of a group share a tile's rows: the sum over them leaves every lane with the same bits. */
#define ROW_LANES LANES
#define ROW_LANE LANE
/* Worker of tiles, among those of `size` work-groups: neighbouring tiles go to different work-groups first. */
#define TILE_WORKER(rank, size) (GROUP * (size) + (rank))
#define TILE_WORKERS(size) (GROUPS * (size))
#define LANE_MASK (LANES == 32 ? 0xffffffffu : (((1u << (LANES % 32)) - 1u) << ((threadIdx.x & 31u) / LANES * LANES)))
DEVICE_FN float lane_sum(float x)
{
    UNROLL for (int o = LANES / 2; o > 0; o >>= 1) x += __shfl_xor_sync(LANE_MASK, x, o);
    return x;
}
/* Shared memory of the launch, 16-byte aligned: all LOCAL memory of a team's step kernel. Copies into it may be under way
 * together until COPY_WAIT(), which serves the caller's own; a BARRIER() then shows them to the others. */
#ifdef CUDA_ON_THREADS
#define SHARED cuda_on_threads::me().dynamic_shared
#define COPY_TO_SHARED(to, from) (*(to) = *(from))
#define COPY_WAIT()
#else
extern __shared__ float4 shared_of_launch[];
#define SHARED ((float*)shared_of_launch)
#if __CUDA_ARCH__ >= 800
#define COPY_TO_SHARED(to, from) \
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"((uint)__cvta_generic_to_shared(to)), "l"(from) : "memory")
#define COPY_WAIT() asm volatile("cp.async.wait_all;" ::: "memory")
#else
#define COPY_TO_SHARED(to, from) (*(to) = *(from))
#define COPY_WAIT()
#endif
#endif
/* A call: what a step kernel does often or at length, so that its code stays in the instruction cache. */
#define TEAM_FN static __device__ __noinline__
/* The groups of a squad meet. */
#if SPLIT == GROUPS
#define SQUAD_BARRIER() BARRIER()
#elif SPLIT == 1
#define SQUAD_BARRIER() __syncwarp()
#elif defined(CUDA_ON_THREADS)
#define SQUAD_BARRIER() cuda_on_threads::named_barrier(1 + GROUP / SPLIT, SPLIT * LANES)
#else
#define SQUAD_BARRIER() asm volatile("barrier.sync %0, %1;" ::"r"(1 + GROUP / SPLIT), "r"(SPLIT * LANES) : "memory")
#endif
/* All work-groups of a team meet, and see what the others wrote to GLOBAL memory. The grid's barrier counts in the last
 * control word of the arena `a`. */
#if TEAM_BLOCKS == 1
#define TEAM_KERNEL extern "C" __global__ void __launch_bounds__(GROUP_SIZE, 1)
#define TEAM_BARRIER() BARRIER()
#elif defined(TEAM_CLUSTER)
#define TEAM_KERNEL extern "C" __global__ void __cluster_dims__(TEAM_BLOCKS, 1, 1) __launch_bounds__(GROUP_SIZE, 1)
#ifdef CUDA_ON_THREADS
#define TEAM_BARRIER() cuda_on_threads::cluster_barrier()
#else
#define TEAM_BARRIER() do { __syncwarp(); \
    asm volatile("barrier.cluster.arrive.release.aligned;\n\tbarrier.cluster.wait.acquire.aligned;" ::: "memory"); } while (0)
#endif
#else
#define TEAM_KERNEL extern "C" __global__ void __launch_bounds__(GROUP_SIZE, 1)
#ifdef CUDA_ON_THREADS
#define TEAM_BARRIER() cuda_on_threads::grid_barrier()
#else
/* A meeting flips the highest bit when all have come: one work-group brings what the others leave. Whoever comes learns from
 * the addition itself how the bit stood; a load of its own could be carried out after it, and wait for ever. */
DEVICE_FN void grid_barrier(uint* arrived)
{
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        uint before = atomicAdd(arrived, BLOCK_ID % TEAM_BLOCKS == 0 ? 0x80000000u - (TEAM_BLOCKS - 1u) : 1u);
        while (((*(volatile uint*)arrived ^ before) & 0x80000000u) == 0u) { }
        __threadfence();
    }
    __syncthreads();
}
#define TEAM_BARRIER() grid_barrier((uint*)a + 63)
#endif
#endif
/* Lanes of a group may read each other's registers and vote; bit i of a vote is lane i's. */
#define HAS_SHUFFLES 1
#define LANE_XOR(x, lanes) __shfl_xor_sync(LANE_MASK, x, lanes)
#define LANE_UP(x, lanes) __shfl_up_sync(LANE_MASK, x, lanes, LANES)
#define LANE_VOTE(p) ((__ballot_sync(LANE_MASK, p) & LANE_MASK) >> ((threadIdx.x & 31u) / LANES * LANES))
#define LANE_BARRIER() __syncwarp(LANE_MASK)
#define BIT_COUNT(u) ((uint)__popc(u))
#else
/* ---- OpenCL C ---- */
#define KERNEL __kernel __attribute__((reqd_work_group_size(GROUP_SIZE, 1, 1))) void
#define DEVICE_FN static inline __attribute__((always_inline))
/* Not inlined: on PoCL that cuts the compile time eightfold and costs no speed. Never one that holds a barrier. */
#define TILE_FN static __attribute__((noinline))
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_ARRAY(T, name, n) __local T name[n]
#define PIPELINED ROLLED
#if LANES * GROUPS == 1
/* A real barrier in a work-group of one aborts PoCL 3.1's compiler, and none is needed. */
#define TID 0
#define BARRIER()
#define TEAM_BARRIER()
#else
#define TID ((int)get_local_id(0))
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
/* Between the phases of a step. Twice, because PoCL 3.1 can skip the first loop after a single barrier of so long a kernel. */
#define TEAM_BARRIER() do { BARRIER(); BARRIER(); } while (0)
#endif
#define BLOCK_ID ((int)get_group_id(0))
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#if VW == 1
typedef float V;
typedef int VI;
typedef uint VU;
#define V_FROM_UINT(u) convert_float(u)
#define V_BITS_FLOAT(i) as_float(i)
#define V_FLOAT_BITS(f) as_int(f)
#define V_ANY(mask) (mask)
#else
typedef JOIN(float, VW) V;
typedef JOIN(int, VW) VI;
typedef JOIN(uint, VW) VU;
#define V_FROM_UINT(u) JOIN(convert_float, VW)(u)
#define V_BITS_FLOAT(i) JOIN(as_float, VW)(i)
#define V_FLOAT_BITS(f) JOIN(as_int, VW)(f)
#define V_AS_INTS(u) JOIN(as_int, VW)(u)
#define V_ANY(mask) any(mask)
#endif
#define F_BITS(f) as_int((float)(f))
#define F_OF_BITS(i) as_float((int)(i))
#define HAS_SHUFFLES 0
#define MUL_HI(a, b) mul_hi(a, b)
#define LOCAL_MIN(p, v) atomic_min(p, v)
#define V_FMA(a, b, c) fma(a, b, c)
#define V_SQRT sqrt
#define V_LOG log
#define V_SINCOSPI(x, s, c) do { s = sinpi(x); c = cospi(x); } while (0)
#define F_EXPM1 expm1
#define F_INFINITY INFINITY
/* No shuffles in OpenCL C 1.2: one work-item sums all rows of its tile. */
#define ROW_LANES 1
#define ROW_LANE 0
#define TILE_WORKER(rank, size) ((rank) * GROUP_SIZE + TID)
#define TILE_WORKERS(size) (GROUP_SIZE * (size))
#define lane_sum(x) (x)
#endif

#if GROUP_SIZE == 1
#define LANE 0
#define GROUP 0
#else
#define LANE (TID % LANES)
#define GROUP (TID / LANES)
#endif
/* Partial sums kept for each block of rows: one where lane_sum() adds lanes up, else one a lane. */
#define PARTIALS (ROW_LANES == LANES ? 1 : LANES)

/* ---- the vector value V: VW neighbouring floats ---- */
#if VW == 1
#define VLOAD(p) (*(p))
#define VSTORE(v, p) (*(p) = (v))
#define V_SPLAT(s) ((float)(s))
#define VI_SPLAT(s) ((int)(s))
#define VU_SPLAT(s) ((uint)(s))
#define V_IOTA 0u
#define V_SUM(v) (v)
/* Unsigned values below 2^31 into an array of VW ints. */
#define V_TO_INTS(v, out) ((out)[0] = (int)(v))
#else
/* Not vload/vstore: PoCL splits vstore16 into three narrow stores. One overload an address space: there is no generic one. */
typedef V V_unaligned __attribute__((aligned(4)));
typedef VI VI_unaligned __attribute__((aligned(4)));
#define DEFINE_VECTOR_ACCESS(SPACE) \
DEVICE_FN __attribute__((overloadable)) V VLOAD(SPACE const float* p) { return *(SPACE const V_unaligned*)p; } \
DEVICE_FN __attribute__((overloadable)) void VSTORE(V v, SPACE float* p) { *(SPACE V_unaligned*)p = v; } \
DEVICE_FN __attribute__((overloadable)) VI VLOAD(SPACE const int* p) { return *(SPACE const VI_unaligned*)p; } \
DEVICE_FN __attribute__((overloadable)) void VSTORE(VI v, SPACE int* p) { *(SPACE VI_unaligned*)p = v; }
DEFINE_VECTOR_ACCESS(__global)
DEFINE_VECTOR_ACCESS(__local)
DEFINE_VECTOR_ACCESS(__private)
#define V_TO_INTS(v, out) VSTORE(V_AS_INTS(v), out)
#define V_SPLAT(s) ((V)(s))
#define VI_SPLAT(s) ((VI)(s))
#define VU_SPLAT(s) ((VU)(s))
#if VW == 16
#define V_IOTA ((VU)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
DEVICE_FN float V_SUM(V v) { float8 a = v.lo + v.hi; float4 b = a.lo + a.hi; float2 c = b.lo + b.hi; return c.x + c.y; }
#elif VW == 8
#define V_IOTA ((VU)(0, 1, 2, 3, 4, 5, 6, 7))
DEVICE_FN float V_SUM(V v) { float4 b = v.lo + v.hi; float2 c = b.lo + b.hi; return c.x + c.y; }
#else
#define V_IOTA ((VU)(0, 1, 2, 3))
DEVICE_FN float V_SUM(V v) { float2 c = v.lo + v.hi; return c.x + c.y; }
#endif
#endif
/* Lane by lane: where mask holds a, else b. */
#define V_SELECT(mask, a, b) ((mask) ? (a) : (b))

/* ---- dealing out ---- */
/* Vectors of one block that a lane holds, and the first row of the t-th of them. */
#define LANE_VECTORS (RB / (LANES * VW))
#define EACH_LANE_VECTOR(t) UNROLL for (int t = 0; t < LANE_VECTORS; t++)
#define LANE_ROW(t) ((LANE + (t) * LANES) * VW)
/* Block b of a rows-by-features buffer: [block][feature][RB]. */
#define ROWS(buffer, features, b) ((buffer) + (b) * ((features) * RB))
