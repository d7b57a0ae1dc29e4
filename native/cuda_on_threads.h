// SPDX-License-Identifier: MIT
//
// Runs the CUDA form of a kernel on CPU threads: every CUDA thread is a std::thread, so
// ThreadSanitizer finds a missing barrier without a GPU. C++20. Include it before the kernel text,
// and no standard header after it. With -DCUDA_ON_FIBERS fibers take turns instead, for speed.
//
//   cuda_on_threads::run_grid(blocks, threads, [&] { kernel(arguments...); });
//   cuda_on_threads::run_grid(blocks, threads, [&] { ... }, blocks_of_a_cluster);
//
// All blocks run at once, as on a GPU, so keep blocks * threads below a few thousand.
// What a kernel must do for it:
//   - declare shared memory as LOCAL_ARRAY(type, name, count) at the outermost scope of the kernel.
//     __shared__ itself does not compile here. The macro is defined below; a header that has its
//     own must leave this one (#ifndef LOCAL_ARRAY, or #ifdef CUDA_ON_THREADS).
//   - meet at cluster_barrier() or grid_barrier() where CUDA has barrier.cluster or a cooperative
//     grid: inline assembly and spinning on plain memory cannot run here.
//   - take the launch's own shared memory from cuda_on_threads::me().dynamic_shared, and let equal parts
//     of a block meet at named_barrier(), where CUDA has extern __shared__ and barrier.sync id, n.
//   - call warp functions with the full mask, or with the mask of one aligned group of 2, 4, 8 or
//     16 lanes; everybody in the mask calls.
// What it cannot see: atomics are sequentially consistent here, so a forgotten __threadfence stays
// unseen, and so does any order that only a weaker memory would show.
#pragma once

#include "cuda_on_threads_runtime.h"

#include "cuda_on_threads_functions.h"
