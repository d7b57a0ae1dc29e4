// SPDX-License-Identifier: MIT
//
// Blocks, clusters, warps and their threads; see cuda_on_threads.h.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <type_traits>
#include <vector>

#ifdef CUDA_ON_FIBERS
#include "cuda_on_threads_fibers.h"
#else
#include <barrier>
#include <thread>
#endif

namespace cuda_on_threads {

struct Index {
    unsigned x = 0, y = 0, z = 0;
};

struct Extent {
    unsigned x = 1, y = 1, z = 1;
};

[[noreturn]] inline void fail(const char* what)
{
    std::fprintf(stderr, "cuda_on_threads: %s\n", what);
    std::abort();
}

#ifndef CUDA_ON_FIBERS
using Barrier = std::barrier<>;

// Runs what it is given side by side.
class Together {
public:
    template <class F>
    void add(F work)
    {
        running.emplace_back(work);
    }

    void finish()
    {
        for (auto& thread : running) thread.join();
    }

private:
    std::vector<std::thread> running;
};

// Parts of a grid that do not run at once come in order.
inline std::vector<std::size_t> turns(std::size_t n)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    return order;
}
#endif

// A warp has one barrier for every aligned group of 1, 2, 4 ... 32 lanes. They exist from the start:
// making one on demand would need a lock, and a lock orders threads that nothing orders on a GPU.
struct Warp {
    static constexpr int LANES = 32, LEVELS = 6;

    int present;  // lanes that exist: fewer than 32 in the last warp of a block
    std::array<std::array<std::array<std::uint64_t, LANES>, 2>, LEVELS> exchange{};
    std::array<std::array<unsigned, 6>, LANES> operands{};  // of a matrix product of the whole warp
    std::array<std::vector<std::unique_ptr<Barrier>>, LEVELS> barriers;

    explicit Warp(int present) : present(present)
    {
        for (int level = 0; level < LEVELS; level++) {
            int size = 1 << level;
            for (int first = 0; first < present; first += size) {
                int members = present - first < size ? present - first : size;
                barriers[level].push_back(std::make_unique<Barrier>(members));
            }
        }
    }

    // The level of the group of lanes that a mask names.
    int level(unsigned mask, int lane) const
    {
        for (int level = LEVELS - 1; level >= 0; level--) {
            int size = 1 << level, first = lane & ~(size - 1);
            unsigned group = size == 32 ? 0xffffffffu : ((1u << size) - 1u) << first;
            if (mask == group) return level;
        }
        fail("a warp mask must be one aligned group of lanes that holds the caller");
    }

    Barrier& at(int level, int lane) { return *barriers[level][lane >> level]; }

    Barrier& barrier(unsigned mask, int lane) { return at(level(mask, lane), lane); }

    void leave(int lane)
    {
        for (int level = 0; level < LEVELS; level++) barriers[level][lane >> level]->arrive_and_drop();
    }
};

struct Block {
    Barrier barrier;
    std::vector<std::unique_ptr<Warp>> warps;
    std::vector<long> barriers_met;  // per thread
    std::mutex shared_lock;
    std::map<const void*, std::unique_ptr<unsigned char[]>> shared;
    std::vector<float> dynamic;                                  // shared memory of the launch
    std::vector<std::unique_ptr<Barrier>> named;                 // equal parts of the block, by number from 1

    Block(int threads, int shared_bytes, int named_threads)
        : barrier(threads), barriers_met(threads),
          dynamic(std::size_t(shared_bytes) / 4 + 16, std::bit_cast<float>(0xffffffffu))
    {
        for (int first = 0; named_threads > 0 && first < threads; first += named_threads)
            named.push_back(std::make_unique<Barrier>(named_threads));
        for (int first = 0; first < threads; first += Warp::LANES) {
            int rest = threads - first;
            warps.push_back(std::make_unique<Warp>(rest < Warp::LANES ? rest : Warp::LANES));
        }
    }
};

// What a CUDA thread knows of itself.
struct Thread {
    Block* block = nullptr;
    Warp* warp = nullptr;
    Barrier* cluster = nullptr;
    Barrier* grid = nullptr;
    int thread = 0, lane = 0;
    Index thread_index, block_index;
    Extent block_extent, grid_extent;
    float* dynamic_shared = nullptr;  // shared memory of the launch, 64-byte aligned, all ones at first
};

#ifdef CUDA_ON_FIBERS
inline Thread& me() { return *static_cast<Thread*>(running->owner); }

inline void begin(Thread& self) { running->owner = &self; }
#else
inline thread_local Thread* own_thread;

inline Thread& me() { return *own_thread; }

inline void begin(Thread& self) { own_thread = &self; }
#endif

// Shared memory of the caller's block under a key; new memory is all ones: NaN as a float, so a read
// before any write shows.
inline void* shared_memory(const void* key, std::size_t bytes)
{
    std::lock_guard<std::mutex> lock(me().block->shared_lock);
    auto& memory = me().block->shared[key];
    if (!memory) {
        memory.reset(new unsigned char[bytes + 64]);
        std::memset(memory.get(), 0xff, bytes + 64);
    }
    auto address = reinterpret_cast<std::uintptr_t>(memory.get());
    return reinterpret_cast<void*>((address + 63) & ~std::uintptr_t(63));
}

inline void cluster_barrier() { me().cluster->arrive_and_wait(); }

inline void grid_barrier() { me().grid->arrive_and_wait(); }

// Barrier `id`, from 1, of equal parts of the block: barrier.sync id, threads.
inline void named_barrier(int id, int threads)
{
    if (id < 1 || id > int(me().block->named.size()) || me().thread / threads != id - 1)
        fail("barrier id must be 1 + thread / threads, with the threads that the launch names");
    me().block->named[id - 1]->arrive_and_wait();
}

inline void block_barrier()
{
    me().block->barriers_met[me().thread]++;
    me().block->barrier.arrive_and_wait();
}

// Gives every lane of the mask the 64 bits that `source` offered; a source outside of it has none.
inline std::uint64_t exchange(unsigned mask, std::uint64_t offered, int source)
{
    Warp& warp = *me().warp;
    int level = warp.level(mask, me().lane);
    Barrier& barrier = warp.at(level, me().lane);
    if (source < 0 || source >= warp.present || !(mask >> source & 1u))
        fail("a shuffle reads a lane that is not in its mask or does not exist");
#ifdef CUDA_ON_FIBERS
    // Whoever writes here again has met all others once more, and they have read by then.
    auto& slots = warp.exchange[level][barrier.turn()];
    slots[me().lane] = offered;
    barrier.arrive_and_wait();
    return slots[source];
#else
    auto& slots = warp.exchange[level][0];
    slots[me().lane] = offered;
    barrier.arrive_and_wait();
    std::uint64_t got = slots[source];
    barrier.arrive_and_wait();
    return got;
#endif
}

// Runs `kernel` once in every thread of the grid. Ends the process when the threads of a block have
// not met at the same number of __syncthreads. `shared_bytes`: shared memory of the launch;
// `named_threads`: threads that meet at a named barrier, 0 when there is none; `together`: blocks that
// run at once, for kernels whose blocks never meet, 0 for all.
template <class F>
void run_grid(int blocks, int threads, F kernel, int cluster = 1, int shared_bytes = 0, int named_threads = 0,
              int together = 0)
{
    if (blocks < 1 || threads < 1 || threads > 1024) fail("blocks >= 1 and 1 <= threads <= 1024");
    if (cluster < 1 || blocks % cluster != 0) fail("blocks must be a multiple of cluster");
    if (together < 1 || together > blocks) together = blocks;
    for (std::size_t part : turns(std::size_t((blocks + together - 1) / together))) {
        int first = int(part) * together;
        int count = blocks - first < together ? blocks - first : together;
        std::vector<std::unique_ptr<Block>> all;
        std::vector<std::unique_ptr<Barrier>> clusters;
        Barrier grid(static_cast<std::ptrdiff_t>(count) * threads);
        for (int b = 0; b < count; b++) all.push_back(std::make_unique<Block>(threads, shared_bytes, named_threads));
        for (int c = 0; c < (count + cluster - 1) / cluster; c++)
            clusters.push_back(std::make_unique<Barrier>(static_cast<std::ptrdiff_t>(cluster) * threads));
        Together threads_of_grid;
        for (int b = 0; b < count; b++) {
            for (int t = 0; t < threads; t++) {
                threads_of_grid.add([&, b, t] {
                    Block& block = *all[b];
                    Warp& warp = *block.warps[t / Warp::LANES];
                    auto address = reinterpret_cast<std::uintptr_t>(block.dynamic.data());
                    Thread self = {.block = &block,
                                   .warp = &warp,
                                   .cluster = clusters[b / cluster].get(),
                                   .grid = &grid,
                                   .thread = t,
                                   .lane = t % Warp::LANES,
                                   .thread_index = {unsigned(t), 0, 0},
                                   .block_index = {unsigned(first + b), 0, 0},
                                   .block_extent = {unsigned(threads), 1, 1},
                                   .grid_extent = {unsigned(blocks), 1, 1},
                                   .dynamic_shared = reinterpret_cast<float*>((address + 63) & ~std::uintptr_t(63))};
                    begin(self);
                    kernel();
                    // A thread that has returned is not waited for, as on a GPU.
                    warp.leave(self.lane);
                    block.barrier.arrive_and_drop();
                    self.cluster->arrive_and_drop();
                    self.grid->arrive_and_drop();
                });
            }
        }
        threads_of_grid.finish();
        for (auto& block : all)
            for (long met : block->barriers_met)
                if (met != block->barriers_met[0])
                    fail("the threads of a block met at different numbers of __syncthreads");
    }
}

}  // namespace cuda_on_threads
