// SPDX-License-Identifier: MIT
//
// A stand-in for libcuda.so.1, to run the program's CUDA path on a machine without a GPU: the driver API as
// far as Dynae calls it, on one device whose modules nvcc.sh compiles for the CPU. It tells nothing about
// speed. What it is strict about, because hardware is:
//   - work waits in the stream until somebody waits for the stream, so a copy's host memory that is touched
//     too early shows in the result;
//   - new memory is all ones (NaN), ends before a page that cannot be touched, and is gone when it is freed;
//   - pointers of launches and copies lie within live allocations; launch shapes keep the limits of the device;
//   - what a capture forbids is refused, and spoils the capture.
// Not here: more than one device, peer copies, textures, several host threads at one stream.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "module.h"

namespace gpu_on_threads {

using cuda_on_threads::ModuleKernel;

enum Status {
    SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201, INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, OUT_OF_RESOURCES = 701,
    COOPERATIVE_TOO_LARGE = 720, NOT_SUPPORTED = 801, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901
};

// The device: the limits of an H200, with little memory.
constexpr int MULTIPROCESSORS = 132, MAJOR = 9, MINOR = 0, MOST_THREADS = 1024, SHARED = 48 << 10, SHARED_OPT_IN = 227 << 10;
constexpr int PORTABLE_CLUSTER = 8, MOST_CLUSTER = 16;
constexpr std::size_t MEMORY = std::size_t(4) << 30, PAGE = 4096;
constexpr const char* NAME = "CPU threads in place of a GPU";

using Work = std::function<void()>;

struct Graph { std::vector<Work> work; };

struct Stream {
    std::vector<Work> waiting;
    std::unique_ptr<Graph> capture;
    bool invalid = false;  // the capture has met what it forbids
};

struct Event {
    std::chrono::steady_clock::time_point at;
    bool recorded = false, passed = false;
};

struct Function {
    const ModuleKernel* kernel;
    int dynamic_shared = SHARED;
    bool any_cluster = false;
};

struct Module {
    void* library;
    std::map<std::string, std::unique_ptr<Function>> functions;
};

struct Allocation {
    char* pages;
    std::size_t page_bytes, bytes;
    bool host;
};

inline std::recursive_mutex lock;
inline bool initialised = false;
inline int context_users = 0;
inline std::size_t used = 0;
inline std::map<std::uintptr_t, Allocation> allocations;
inline std::set<const void*> handles;  // streams, events, modules, graphs
inline std::set<Stream*> streams, capturing;
inline int context;  // its address stands for the device's only context
inline thread_local void* current = nullptr;
inline thread_local int capture_mode = 0;  // 2: relaxed

inline void complain(const char* what, const char* about)
{
    std::fprintf(stderr, "gpu_on_threads: %s: %s\n", about, what);
}

inline Status ready() { return !initialised ? NOT_INITIALIZED : !current || context_users == 0 ? INVALID_CONTEXT : SUCCESS; }

// What no capture allows, unless the thread has relaxed it.
inline Status outside_capture()
{
    if (Status status = ready()) return status;
    if (capturing.empty() || capture_mode == 2) return SUCCESS;
    for (Stream* stream : capturing) stream->invalid = true;
    return CAPTURE_UNSUPPORTED;
}

template <class T>
bool known(T* handle) { return handles.count(handle) > 0; }

template <class T>
T* make() { T* made = new T(); handles.insert(made); return made; }

template <class T>
Status destroy(T* handle)
{
    if (!handles.erase(handle)) return INVALID_HANDLE;
    delete handle;
    return SUCCESS;
}

inline Status queue(Stream* stream, Work work)
{
    if (!known(stream)) return INVALID_HANDLE;
    if (stream->capture) {
        if (stream->invalid) return CAPTURE_INVALIDATED;
        stream->capture->work.push_back(std::move(work));
    } else {
        stream->waiting.push_back(std::move(work));
    }
    return SUCCESS;
}

inline void drain(Stream* stream)
{
    std::vector<Work> now;
    now.swap(stream->waiting);
    for (Work& work : now) work();
}

// The allocation that holds so many bytes from an address on.
inline const Allocation* holding(std::uintptr_t at, std::size_t bytes)
{
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) return nullptr;
    const auto& [start, allocation] = *std::prev(after);
    return at - start <= allocation.bytes && bytes <= allocation.bytes - (at - start) ? &allocation : nullptr;
}

inline bool on_device(std::uintptr_t at, std::size_t bytes)
{
    const Allocation* found = holding(at, bytes);
    return found && !found->host;
}

}  // namespace gpu_on_threads

#define DRIVER extern "C" __attribute__((visibility("default"))) int
#define LOCKED std::lock_guard<std::recursive_mutex> guard(gpu_on_threads::lock)
