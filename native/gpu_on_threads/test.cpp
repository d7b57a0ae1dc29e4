// SPDX-License-Identifier: MIT
//
// Checks that driver.h is as strict as it says. This file is both the kernels and the test of them,
// once build.sh has built FOLDER:
//   cp native/gpu_on_threads/test.cpp /tmp/kernels.cu; FOLDER/nvcc -cubin -o /tmp/kernels /tmp/kernels.cu
//   g++ -std=c++20 native/gpu_on_threads/test.cpp FOLDER/libcuda.so.1 -o /tmp/test
//   LD_LIBRARY_PATH=FOLDER /tmp/test /tmp/kernels
#ifdef __CUDACC__
extern "C" __global__ void add(int* values, int more) { values[blockIdx.x * blockDim.x + threadIdx.x] += more; }
extern "C" __global__ void __launch_bounds__(64) bounded(int* values) { values[threadIdx.x] = 1; }
extern "C" __global__ void never(int* values)
{
    if (threadIdx.x == 0)
        __syncthreads();
    else
        cuda_on_threads::grid_barrier();
    values[0] = 1;
}
#else
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

using Handle = void*;
extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(Handle*, int);
int cuDevicePrimaryCtxRelease_v2(int);
int cuCtxSetCurrent(Handle);
int cuMemAlloc_v2(std::uintptr_t*, std::size_t);
int cuMemFree_v2(std::uintptr_t);
int cuMemcpyHtoDAsync_v2(std::uintptr_t, const void*, std::size_t, Handle);
int cuMemcpyDtoHAsync_v2(void*, std::uintptr_t, std::size_t, Handle);
int cuModuleLoadDataEx(Handle*, const void*, unsigned, int*, void**);
int cuModuleUnload(Handle);
int cuModuleGetFunction(Handle*, Handle, const char*);
int cuFuncSetAttribute(Handle, int, int);
int cuLaunchKernel(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void**, void**);
int cuStreamCreate(Handle*, unsigned);
int cuStreamDestroy_v2(Handle);
int cuStreamSynchronize(Handle);
int cuStreamBeginCapture_v2(Handle, int);
int cuStreamEndCapture(Handle, Handle*);
int cuGraphInstantiateWithFlags(Handle*, Handle, unsigned long long);
int cuGraphLaunch(Handle, Handle);
int cuGraphDestroy(Handle);
int cuGraphExecDestroy(Handle);
}

static int failures = 0;

static void expect(const char* what, long expected, long got)
{
    if (expected != got) {
        std::fprintf(stderr, "%s: expected %ld, got %ld\n", what, expected, got);
        failures++;
    }
}

static Handle stream;

static int launch(Handle kernel, int blocks, int threads, std::uintptr_t at, int more = 0, int shared = 0)
{
    void* values[] = {&at, &more};
    return cuLaunchKernel(kernel, blocks, 1, 1, threads, 1, 1, shared, stream, values, nullptr);
}

// The signal that ends a process which does `work`.
template <class F>
static int signal_of(F work)
{
    pid_t child = fork();
    if (child == 0) {
        std::freopen("/dev/null", "w", stderr);
        std::signal(SIGSEGV, SIG_DFL);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static std::uintptr_t allocate(std::size_t bytes)
{
    std::uintptr_t at = 0;
    expect("allocation", 0, cuMemAlloc_v2(&at, bytes));
    return at;
}

static void test_copies()
{
    int host[2] = {1, 1};
    std::uintptr_t at = allocate(sizeof host);
    expect("read", 0, cuMemcpyDtoHAsync_v2(host, at, sizeof host, stream));
    expect("a read not waited for", 1, host[0]);
    cuStreamSynchronize(stream);
    expect("new memory", -1, host[0]);
    host[0] = 2;
    expect("write", 0, cuMemcpyHtoDAsync_v2(at, host, sizeof host, stream));
    host[0] = 3;
    cuMemcpyDtoHAsync_v2(host + 1, at, sizeof(int), stream);
    cuStreamSynchronize(stream);
    expect("what was written after the call", 3, host[1]);
    expect("one element too many", 1, cuMemcpyHtoDAsync_v2(at, host, sizeof host + 1, stream));
    expect("freed", 0, cuMemFree_v2(at));
    expect("freed twice", 1, cuMemFree_v2(at));
    expect("written after", 1, cuMemcpyHtoDAsync_v2(at, host, sizeof host, stream));
}

static void test_launches(Handle module)
{
    Handle add, bounded, never, none;
    expect("kernel", 0, cuModuleGetFunction(&add, module, "add"));
    expect("kernel", 0, cuModuleGetFunction(&bounded, module, "bounded"));
    expect("kernel", 0, cuModuleGetFunction(&never, module, "never"));
    expect("no kernel", 500, cuModuleGetFunction(&none, module, "none"));
    const int n = 2 * 64;
    std::uintptr_t at = allocate(n * sizeof(int));
    std::vector<int> host(n, 5);
    cuMemcpyHtoDAsync_v2(at, host.data(), n * sizeof(int), stream);
    expect("launch", 0, launch(add, 2, 64, at, 2));
    cuMemcpyDtoHAsync_v2(host.data(), at, n * sizeof(int), stream);
    cuStreamSynchronize(stream);
    expect("first sum", 7, host[0]);
    expect("last sum", 7, host[n - 1]);
    expect("beyond the launch bounds", 1, launch(bounded, 1, 65, at));
    expect("no memory of the device", 1, launch(add, 1, 1, 16));
    expect("shared memory that was not asked for", 1, launch(add, 1, 1, at, 0, 64 << 10));
    expect("asked for", 0, cuFuncSetAttribute(add, 8, 64 << 10));
    expect("then given", 0, launch(add, 1, 1, at, 0, 64 << 10));
    expect("threads that wait for ever", SIGABRT, signal_of([&] { launch(never, 1, 2, at), cuStreamSynchronize(stream); }));
    expect("far out of bounds", SIGSEGV, signal_of([&] { launch(add, 1024, 1024, at), cuStreamSynchronize(stream); }));
    std::uintptr_t odd = allocate(4 * sizeof(int));
    expect("just out of bounds", SIGABRT, signal_of([&] { launch(add, 1, 5, odd, 1), cuMemFree_v2(odd); }));
    expect("within", 0, signal_of([&] { launch(add, 1, 4, odd, 1), cuMemFree_v2(odd); }));
    cuMemFree_v2(odd);
    cuMemFree_v2(at);
}

static void test_captures(Handle module)
{
    Handle add, graph = nullptr, ready = nullptr;
    cuModuleGetFunction(&add, module, "add");
    int host = 0;
    std::uintptr_t at = allocate(sizeof host), other;
    cuMemcpyHtoDAsync_v2(at, &host, sizeof host, stream);
    cuStreamSynchronize(stream);
    expect("begin", 0, cuStreamBeginCapture_v2(stream, 1));
    expect("a wait in a capture", 900, cuStreamSynchronize(stream));
    expect("the spoilt capture", 901, cuStreamEndCapture(stream, &graph));
    cuStreamBeginCapture_v2(stream, 1);
    expect("an allocation in a capture", 900, cuMemAlloc_v2(&other, 4));
    cuStreamEndCapture(stream, &graph);
    cuStreamBeginCapture_v2(stream, 1);
    launch(add, 1, 1, at, 3);
    expect("end", 0, cuStreamEndCapture(stream, &graph));
    expect("graph", 0, cuGraphInstantiateWithFlags(&ready, graph, 0));
    cuGraphDestroy(graph);
    for (int i = 0; i < 2; i++) expect("replay", 0, cuGraphLaunch(ready, stream));
    cuMemcpyDtoHAsync_v2(&host, at, sizeof host, stream);
    cuStreamSynchronize(stream);
    expect("two replays and no launch", 6, host);
    cuGraphExecDestroy(ready);
    cuMemFree_v2(at);
}

int main(int, char** words)
{
    std::ifstream file(words[1], std::ios::binary);
    std::vector<char> image{std::istreambuf_iterator<char>(file), {}};
    Handle context, module;
    expect("before cuInit", 3, cuStreamSynchronize(nullptr) == 400 ? cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr) : 0);
    cuInit(0);
    expect("without a context", 201, cuStreamCreate(&stream, 1));
    cuDevicePrimaryCtxRetain(&context, 0);
    cuCtxSetCurrent(context);
    cuStreamCreate(&stream, 1);
    expect("no module", 200, cuModuleLoadDataEx(&module, "not a program, and long enough to be one", 0, nullptr, nullptr));
    expect("module", 0, cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    test_copies();
    test_launches(module);
    test_captures(module);
    cuModuleUnload(module);
    cuStreamDestroy_v2(stream);
    cuDevicePrimaryCtxRelease_v2(0);
    if (failures == 0) std::puts("gpu_on_threads: all answers right");
    return failures == 0 ? 0 : 1;
}
#endif
