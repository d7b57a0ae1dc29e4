// SPDX-License-Identifier: MIT
//
// What nvcc.sh puts around a program to make it a module, and what modules.cpp knows of it: it
// finds its kernels in the table `cuda_on_threads_kernels`.
#pragma once

#include <cstddef>

namespace cuda_on_threads {

struct Parameter {
    std::size_t bytes;
    bool pointer;
};

struct ModuleKernel {
    const char* name;  // null after the last kernel
    const Parameter* parameters;
    int count;
    int most_threads;  // of a block
    int cluster;       // blocks
    // `values`: address of each parameter's value; `whole`: all blocks run at once.
    void (*run)(void** values, int blocks, int threads, int shared_bytes, bool whole);
};

}  // namespace cuda_on_threads

#ifdef CUDA_ON_THREADS
#include <tuple>
#include <utility>

// Threads that meet at a barrier of their own within a block: a squad of portable.h.
#if defined(SPLIT) && defined(LANES) && SPLIT > 1 && SPLIT != GROUPS
#define CUDA_ON_THREADS_SQUAD (SPLIT * LANES)
#else
#define CUDA_ON_THREADS_SQUAD 0
#endif
#ifdef TEAM_CLUSTER
#define CUDA_ON_THREADS_CLUSTER TEAM_BLOCKS
#else
#define CUDA_ON_THREADS_CLUSTER 1
#endif

namespace cuda_on_threads {

template <auto kernel, int cluster>
struct Entry;

template <class... A, void (*kernel)(A...), int cluster>
struct Entry<kernel, cluster> {
    static constexpr int COUNT = int(sizeof...(A));
    static constexpr Parameter PARAMETERS[COUNT + 1] = {{sizeof(A), std::is_pointer_v<A>}..., {0, false}};

    static void run(void** values, int blocks, int threads, int shared_bytes, bool whole)
    {
        std::tuple<A...> arguments = read(values, std::index_sequence_for<A...>());
        run_grid(blocks, threads, [&] { std::apply(kernel, arguments); }, cluster, shared_bytes,
                 CUDA_ON_THREADS_SQUAD, whole ? 0 : cluster);
    }

    template <std::size_t... I>
    static std::tuple<A...> read(void** values, std::index_sequence<I...>)
    {
        return {*static_cast<A*>(values[I])...};
    }
};

}  // namespace cuda_on_threads

#define MODULE_KERNEL(kernel, most_threads, cluster)                                                            \
    {#kernel, cuda_on_threads::Entry<kernel, cluster>::PARAMETERS, cuda_on_threads::Entry<kernel, cluster>::COUNT, \
     most_threads, cluster, &cuda_on_threads::Entry<kernel, cluster>::run},
#endif
