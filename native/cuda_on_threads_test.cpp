// SPDX-License-Identifier: MIT
//
// Checks cuda_on_threads.h against serial answers. -DWITHOUT_BARRIER removes one barrier of the
// reduction, -DWITHOUT_WARP_BARRIER one of a warp, -DWITHOUT_CLUSTER_BARRIER one of a cluster,
// -DWITHOUT_NAMED_BARRIER one of a part of a block: then ThreadSanitizer must report.
#include "cuda_on_threads.h"

#ifdef WITHOUT_BARRIER
#define BARRIER()
#else
#define BARRIER() __syncthreads()
#endif

#ifdef WITHOUT_WARP_BARRIER
#define WARP_BARRIER()
#else
#define WARP_BARRIER() __syncwarp()
#endif

#ifdef WITHOUT_CLUSTER_BARRIER
#define CLUSTER_BARRIER()
#else
#define CLUSTER_BARRIER() cuda_on_threads::cluster_barrier()
#endif

#ifdef WITHOUT_NAMED_BARRIER
#define PAIR_BARRIER()
#else
#define PAIR_BARRIER() cuda_on_threads::named_barrier(1 + int(threadIdx.x) / 2, 2)
#endif

static int failures = 0;

static void expect(const char* what, double expected, double got)
{
    if (expected != got) {
        std::fprintf(stderr, "%s: expected %.9g, got %.9g\n", what, expected, got);
        failures++;
    }
}

// Sum of n ints: warps by shuffles, a block through shared memory, the grid by its last block.
extern "C" __global__ void __launch_bounds__(96)
reduce(const int* values, int n, int* partial, unsigned* arrived, int* sum, unsigned* largest)
{
    LOCAL_ARRAY(int, of_warp, 32);
    LOCAL_ARRAY(unsigned, ticket, 1);
    int lane = int(threadIdx.x) % warpSize, warp = int(threadIdx.x) / warpSize;
    int mine = 0;
    for (int i = int(blockIdx.x * blockDim.x + threadIdx.x); i < n; i += int(gridDim.x * blockDim.x)) {
        mine += __ldg(values + i);
        atomicMax(largest, unsigned(values[i]));
    }
    for (int step = 16; step > 0; step >>= 1) mine += __shfl_xor_sync(0xffffffffu, mine, step);
    if (lane == 0) of_warp[warp] = mine;
    BARRIER();
    if (threadIdx.x == 0) {
        int block = 0;
        for (int w = 0; w < int(blockDim.x) / warpSize; w++) block += of_warp[w];
        partial[blockIdx.x] = block;
        __threadfence();
        ticket[0] = atomicAdd(arrived, 1u);
    }
    __syncthreads();
    if (ticket[0] == gridDim.x - 1 && threadIdx.x == 0) {
        int all = 0;
        for (unsigned b = 0; b < gridDim.x; b++) all += partial[b];
        *sum = all;
    }
}

static void test_reduce()
{
    const int n = 10007;
    std::vector<int> values(n), partial(4);
    long expected = 0;
    for (int i = 0; i < n; i++) expected += values[i] = i * 7919 % 1009;
    unsigned arrived = 0, largest = 0;
    int sum = 0;
    cuda_on_threads::run_grid(
        4, 96, [&] { reduce(values.data(), n, partial.data(), &arrived, &sum, &largest); });
    expect("reduce", double(expected), sum);
    expect("largest", 1008, largest);
}

// 20 threads: a warp that is not full, and groups of 4 lanes with their own masks.
static void test_groups()
{
    int of_group[5] = {}, last[20], up[20], down[20], ballots[20];
    cuda_on_threads::run_grid(1, 20, [&] {
        int t = int(threadIdx.x), first = t & ~3;
        unsigned mask = 0xfu << first;
        int sum = t;
        for (int step = 2; step > 0; step >>= 1) sum += __shfl_xor_sync(mask, sum, step, 4);
        if (t == first) of_group[t / 4] = sum;
        last[t] = __shfl_sync(mask, t, 3, 4);
        up[t] = __shfl_up_sync(mask, t, 1, 4);
        down[t] = __shfl_down_sync(mask, t, 2, 4);
        ballots[t] = int(__ballot_sync(0xffffffffu, t % 3 == 0));
    });
    for (int t = 0; t < 20; t++) {
        int first = t & ~3;
        expect("group sum", 4 * first + 6, of_group[t / 4]);
        expect("last of group", first + 3, last[t]);
        expect("up", t == first ? t : t - 1, up[t]);
        expect("down", t < first + 2 ? t + 2 : t, down[t]);
        expect("ballot", 0x49249, ballots[t]);
    }
}

// Neighbours in a warp exchange through global memory, with __syncwarp between.
static void test_warp_barrier()
{
    int values[32], seen[32];
    cuda_on_threads::run_grid(1, 32, [&] {
        int t = int(threadIdx.x);
        values[t] = t * t;
        WARP_BARRIER();
        seen[t] = values[(t + 1) % 32];
    });
#ifndef WITHOUT_WARP_BARRIER
    for (int t = 0; t < 32; t++) expect("neighbour", (t + 1) % 32 * ((t + 1) % 32), seen[t]);
#endif
}

// Two clusters of two blocks: each block reads what the other of its cluster wrote.
static void test_clusters()
{
    int values[4] = {}, seen[4], whole[4];
    cuda_on_threads::run_grid(
        4, 8,
        [&] {
            int block = int(blockIdx.x);
            if (threadIdx.x == 0) values[block] = 10 + block;
            CLUSTER_BARRIER();
            if (threadIdx.x == 1) seen[block] = values[block ^ 1];
            cuda_on_threads::grid_barrier();
            if (threadIdx.x == 2) whole[block] = values[0] + values[1] + values[2] + values[3];
        },
        2);
#ifndef WITHOUT_CLUSTER_BARRIER
    for (int b = 0; b < 4; b++) expect("other block", 10 + (b ^ 1), seen[b]);
#endif
    for (int b = 0; b < 4; b++) expect("whole grid", 46, whole[b]);
}

// Shared memory starts as NaN, and each block has its own.
static void own_shared(float* first, float* second)
{
    LOCAL_ARRAY(float, mine, 2);
    if (threadIdx.x == 0) {
        first[blockIdx.x] = mine[1];
        mine[0] = float(blockIdx.x);
    }
    __syncthreads();
    if (threadIdx.x == 1) second[blockIdx.x] = mine[0];
}

static void test_shared()
{
    float first[3], second[3];
    cuda_on_threads::run_grid(3, 2, [&] { own_shared(first, second); });
    for (int b = 0; b < 3; b++) {
        expect("new shared memory is NaN", 1, std::isnan(first[b]));
        expect("own shared memory", b, second[b]);
    }
}

// Two pairs of threads turn what they share by a named barrier each; one pair meets more often.
extern "C" __global__ void __launch_bounds__(4)
pairs(float* sums)
{
    float* mine = cuda_on_threads::me().dynamic_shared + threadIdx.x / 2 * 2;
    int one = int(threadIdx.x) % 2;
    float sum = 0;
    for (int round = 0; round < 2 + int(threadIdx.x) / 2; round++) {
        mine[one] = float(round * 10 + int(threadIdx.x));
        PAIR_BARRIER();
        sum += mine[1 - one];
        PAIR_BARRIER();
    }
    sums[threadIdx.x] = sum;
}

static void test_pairs()
{
    float sums[4];
    cuda_on_threads::run_grid(1, 4, [&] { pairs(sums); }, 1, 4 * sizeof(float), 2);
    const float answers[4] = {12, 10, 39, 36};
    for (int t = 0; t < 4; t++) expect("pairs", answers[t], sums[t]);
}

static void test_functions()
{
    float s, c;
    sincospif(1.5f, &s, &c);
    expect("sincospi(1.5), sine", -1, s);
    expect("sincospi(1.5), cosine", 0, c);
    sincospif(1.0f, &s, &c);
    expect("sincospi(1), sine", 0, s);
    expect("sincospi(1), cosine", -1, c);
    expect("sinpi(0.25)", float(std::sqrt(0.5)), sinpif(0.25f));
    expect("sinpi(0.75)", float(std::sqrt(0.5)), sinpif(0.75f));
    expect("umulhi", 0xfffffffe, __umulhi(0xffffffffu, 0xffffffffu));
    expect("float bits", 0x3f800000, __float_as_uint(1.0f));
    expect("rsqrt", 0.5, rsqrtf(4.0f));
    expect("round to even", 2, __float2int_rn(2.5f));
    unsigned word = 5;
    expect("CAS that fails", 5, atomicCAS(&word, 4u, 9u));
    expect("CAS that succeeds", 5, atomicCAS(&word, 5u, 9u));
    expect("min", 9, atomicMin(&word, 3u));
    expect("after min", 3, word);
}

int main()
{
    test_functions();
    test_reduce();
    test_groups();
    test_warp_barrier();
    test_clusters();
    test_shared();
    test_pairs();
    if (failures == 0) std::puts("cuda_on_threads: all answers right");
    return failures == 0 ? 0 : 1;
}
