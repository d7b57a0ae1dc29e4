// SPDX-License-Identifier: MIT
//
// A stand-in for libcuda.so.1, to run the program's CUDA path on a machine without a GPU: the driver API as
// far as Dynae calls it, on one device whose modules nvcc_on_threads.sh compiles for the CPU. It tells nothing
// about speed. What it is strict about, because hardware is:
//   - work waits in the stream until somebody waits for the stream, so a copy's host memory that is touched
//     too early shows in the result;
//   - new memory is all ones (NaN), ends before a page that cannot be touched, and is gone when it is freed;
//   - pointers of launches and copies lie within live allocations; launch shapes keep the limits of the device;
//   - what a capture forbids is refused, and ends the capture.
// Build: g++ -std=c++20 -O1 -fPIC -shared -Wl,-soname,libcuda.so.1 (native/on_threads.sh does).
// Not here: more than one device, peer copies, textures, several host threads at one stream.
#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cuda_on_threads_module.h"

using cuda_on_threads::ModuleKernel;

namespace {

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

std::recursive_mutex lock;
bool initialised = false;
int context_users = 0;
std::size_t used = 0;
std::map<std::uintptr_t, Allocation> allocations;
std::set<const void*> handles;  // streams, events, modules, graphs
std::set<Stream*> streams, capturing;
int context;  // its address stands for the device's only context
thread_local void* current = nullptr;
thread_local int capture_mode = 0;  // 2: relaxed

void complain(const char* what, const char* about)
{
    std::fprintf(stderr, "cuda_driver_on_threads: %s: %s\n", about, what);
}

Status ready() { return !initialised ? NOT_INITIALIZED : !current || context_users == 0 ? INVALID_CONTEXT : SUCCESS; }

// What no capture allows, unless the thread has relaxed it.
Status outside_capture()
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

Status queue(Stream* stream, Work work)
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

void drain(Stream* stream)
{
    std::vector<Work> now;
    now.swap(stream->waiting);
    for (Work& work : now) work();
}

const Allocation* holding(std::uintptr_t at, std::size_t bytes, std::uintptr_t* first = nullptr)
{
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) return nullptr;
    const auto& [start, allocation] = *std::prev(after);
    if (first) *first = start;
    return at - start <= allocation.bytes && bytes <= allocation.bytes - (at - start) ? &allocation : nullptr;
}

bool on_device(std::uintptr_t at, std::size_t bytes)
{
    const Allocation* found = holding(at, bytes);
    return found && !found->host;
}

// The end lies as near to an untouchable page as the alignment of 256 bytes, which CUDA promises, allows.
Status allocate(std::uintptr_t* at, std::size_t bytes, bool host)
{
    if (Status status = outside_capture()) return status;
    if (bytes == 0) return INVALID_VALUE;
    if (!host && bytes > MEMORY - used) return OUT_OF_MEMORY;
    std::size_t padded = (bytes + 255) / 256 * 256, whole = (padded + PAGE - 1) / PAGE * PAGE;
    char* pages = static_cast<char*>(mmap(nullptr, whole + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (pages == MAP_FAILED || mprotect(pages + whole, PAGE, PROT_NONE) != 0) return OUT_OF_MEMORY;
    std::memset(pages, 0xff, whole);
    *at = reinterpret_cast<std::uintptr_t>(pages + whole - padded);
    allocations[*at] = {pages, whole + PAGE, bytes, host};
    if (!host) used += bytes;
    return SUCCESS;
}

Status release(std::uintptr_t at, bool host)
{
    if (Status status = outside_capture()) return status;
    auto found = allocations.find(at);
    if (found == allocations.end() || found->second.host != host) return INVALID_VALUE;
    Allocation gone = found->second;
    // Between its end and the page: nobody may have written there.
    for (std::size_t i = gone.bytes; i < (gone.bytes + 255) / 256 * 256; i++)
        if (reinterpret_cast<unsigned char*>(at)[i] != 0xff) {
            complain("written beyond the end of an allocation", "cuMemFree");
            std::abort();
        }
    munmap(gone.pages, gone.page_bytes);
    allocations.erase(found);
    if (!host) used -= gone.bytes;
    return SUCCESS;
}

Status launch(Function* function, const unsigned (&grid)[3], const unsigned (&block)[3], unsigned shared, Stream* stream,
              void** values, bool cooperative)
{
    if (Status status = ready()) return status;
    if (!function || !known(stream)) return INVALID_HANDLE;
    const ModuleKernel& kernel = *function->kernel;
    if (grid[1] != 1 || grid[2] != 1 || block[1] != 1 || block[2] != 1 || grid[0] < 1 || block[0] < 1) return INVALID_VALUE;
    if (int(block[0]) > kernel.most_threads || int(block[0]) > MOST_THREADS) return INVALID_VALUE;
    if (int(shared) > function->dynamic_shared) return INVALID_VALUE;
    if (grid[0] % kernel.cluster != 0) return INVALID_VALUE;
    if (kernel.cluster > (function->any_cluster ? MOST_CLUSTER : PORTABLE_CLUSTER)) return INVALID_VALUE;
    int resident = std::min(2048 / int(block[0]), shared > 0 ? (SHARED_OPT_IN + 1024) / int(shared + 1024) : 32);
    if (cooperative && int(grid[0]) > MULTIPROCESSORS * resident) return COOPERATIVE_TOO_LARGE;
    std::vector<std::uint64_t> copy(kernel.count + 1);
    for (int i = 0; i < kernel.count; i++) {
        std::memcpy(&copy[i], values[i], kernel.parameters[i].bytes);
        if (kernel.parameters[i].pointer && !on_device(copy[i], 1)) {
            std::fprintf(stderr, "cuda_driver_on_threads: argument %d of %s: no memory of the device\n", i, kernel.name);
            return INVALID_VALUE;
        }
    }
    return queue(stream, [&kernel, blocks = int(grid[0]), threads = int(block[0]), shared, copy, cooperative]() mutable {
        std::vector<void*> values;
        for (int i = 0; i < kernel.count; i++) {
            if (kernel.parameters[i].pointer && !on_device(copy[i], 1)) {
                complain("launched on memory that was freed before it ran", kernel.name);
                std::abort();
            }
            values.push_back(&copy[i]);
        }
        kernel.run(values.data(), blocks, threads, int(shared), cooperative);
    });
}

// Length of an ELF file in memory: its section headers come last.
std::size_t image_bytes(const void* image)
{
    const auto* header = static_cast<const Elf64_Ehdr*>(image);
    if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_machine != EM_X86_64) return 0;
    return header->e_shoff + std::size_t(header->e_shnum) * header->e_shentsize;
}

}  // namespace

#define DRIVER extern "C" __attribute__((visibility("default"))) int
#define LOCKED std::lock_guard<std::recursive_mutex> guard(lock)

// ---- device and context

DRIVER cuInit(unsigned flags)
{
    LOCKED;
    initialised = true;
    return flags == 0 ? SUCCESS : INVALID_VALUE;
}

DRIVER cuDriverGetVersion(int* version) { *version = 13000; return SUCCESS; }

DRIVER cuDeviceGetCount(int* count) { *count = 1; return initialised ? SUCCESS : NOT_INITIALIZED; }

DRIVER cuDeviceGet(int* device, int index)
{
    *device = 0;
    return !initialised ? NOT_INITIALIZED : index == 0 ? SUCCESS : INVALID_DEVICE;
}

DRIVER cuDeviceGetName(char* name, int bytes, int device)
{
    if (device != 0) return INVALID_DEVICE;
    std::snprintf(name, std::size_t(bytes), "%s", NAME);
    return SUCCESS;
}

DRIVER cuDeviceTotalMem_v2(std::size_t* bytes, int device) { *bytes = MEMORY; return device == 0 ? SUCCESS : INVALID_DEVICE; }

DRIVER cuDeviceGetAttribute(int* value, int attribute, int device)
{
    static const std::map<int, int> VALUES = {{1, MOST_THREADS}, {16, MULTIPROCESSORS}, {75, MAJOR}, {76, MINOR}, {97, SHARED_OPT_IN}};
    auto found = VALUES.find(attribute);
    if (device != 0) return INVALID_DEVICE;
    if (found == VALUES.end()) return INVALID_VALUE;
    *value = found->second;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRetain(void** made, int device)
{
    LOCKED;
    if (device != 0) return INVALID_DEVICE;
    context_users++;
    *made = &context;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRelease_v2(int device)
{
    LOCKED;
    if (device != 0) return INVALID_DEVICE;
    if (context_users == 0) return INVALID_CONTEXT;
    if (--context_users == 0 && (!allocations.empty() || !handles.empty()))
        std::fprintf(stderr, "cuda_driver_on_threads: the context ends with %zu allocations and %zu other things still there\n",
                     allocations.size(), handles.size());
    return SUCCESS;
}

DRIVER cuCtxSetCurrent(void* made)
{
    if (made != nullptr && made != &context) return INVALID_CONTEXT;
    current = made;
    return SUCCESS;
}

DRIVER cuGetErrorName(int status, const char** name)
{
    static const std::map<int, const char*> NAMES = {
        {SUCCESS, "CUDA_SUCCESS"}, {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"}, {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
        {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"}, {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
        {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"}, {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"},
        {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE"}, {NOT_FOUND, "CUDA_ERROR_NOT_FOUND"}, {NOT_READY, "CUDA_ERROR_NOT_READY"},
        {OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
        {COOPERATIVE_TOO_LARGE, "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE"}, {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED"},
        {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
        {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"}};
    auto found = NAMES.find(status);
    *name = found == NAMES.end() ? nullptr : found->second;
    return *name ? SUCCESS : INVALID_VALUE;
}

DRIVER cuGetErrorString(int, const char** text)
{
    *text = "said by CPU threads in place of a GPU";
    return SUCCESS;
}

// ---- memory

DRIVER cuMemGetInfo_v2(std::size_t* free, std::size_t* total)
{
    LOCKED;
    *free = MEMORY - used;
    *total = MEMORY;
    return ready();
}

DRIVER cuMemAlloc_v2(std::uintptr_t* at, std::size_t bytes) { LOCKED; return allocate(at, bytes, false); }

DRIVER cuMemAllocHost_v2(void** at, std::size_t bytes) { LOCKED; return allocate(reinterpret_cast<std::uintptr_t*>(at), bytes, true); }

// Waits for whatever may still use the memory.
DRIVER cuMemFree_v2(std::uintptr_t at)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    for (Stream* stream : streams) drain(stream);
    return release(at, false);
}

DRIVER cuMemFreeHost(void* at) { LOCKED; return release(reinterpret_cast<std::uintptr_t>(at), true); }

DRIVER cuMemsetD8Async(std::uintptr_t at, unsigned char value, std::size_t bytes, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!on_device(at, bytes)) return INVALID_VALUE;
    return queue(stream, [=] { std::memset(reinterpret_cast<void*>(at), value, bytes); });
}

DRIVER cuMemcpyHtoDAsync_v2(std::uintptr_t to, const void* from, std::size_t bytes, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!on_device(to, bytes)) return INVALID_VALUE;
    return queue(stream, [=] { std::memcpy(reinterpret_cast<void*>(to), from, bytes); });
}

DRIVER cuMemcpyDtoHAsync_v2(void* to, std::uintptr_t from, std::size_t bytes, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!on_device(from, bytes)) return INVALID_VALUE;
    return queue(stream, [=] { std::memcpy(to, reinterpret_cast<const void*>(from), bytes); });
}

// CUDA_MEMCPY2D of cuda.h.
struct Side {
    std::size_t x, y;
    int type;  // 1 host, 2 device
    std::uintptr_t host, device;
    void* array;
    std::size_t pitch;
};

struct Copy2D {
    Side from, to;
    std::size_t width, height;
};

DRIVER cuMemcpy2DAsync_v2(const Copy2D* copy, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    std::uintptr_t start[2];
    const Side* sides[] = {&copy->from, &copy->to};
    for (int i = 0; i < 2; i++) {
        const Side& side = *sides[i];
        if ((side.type != 1 && side.type != 2) || side.pitch < side.x + copy->width || side.pitch > 0x7fffffff) return INVALID_VALUE;
        start[i] = (side.type == 1 ? side.host : side.device) + side.y * side.pitch + side.x;
        std::size_t bytes = copy->height == 0 ? 0 : (copy->height - 1) * side.pitch + copy->width;
        if (side.type == 2 && !on_device(start[i], bytes)) return INVALID_VALUE;
    }
    return queue(stream, [from = start[0], to = start[1], copy = *copy] {
        for (std::size_t row = 0; row < copy.height; row++)
            std::memcpy(reinterpret_cast<void*>(to + row * copy.to.pitch), reinterpret_cast<const void*>(from + row * copy.from.pitch), copy.width);
    });
}

// ---- modules and launches

DRIVER cuModuleLoadDataEx(Module** made, const void* image, unsigned, int*, void**)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    std::size_t bytes = image_bytes(image);
    if (bytes == 0) return INVALID_IMAGE;
    char path[] = "/tmp/cuda_on_threads.XXXXXX";
    int file = mkstemp(path);
    if (file < 0) return OUT_OF_RESOURCES;
    bool written = write(file, image, bytes) == static_cast<ssize_t>(bytes);
    close(file);
    void* library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    unlink(path);
    if (!library) {
        complain(written ? dlerror() : "cannot be written", path);
        return INVALID_IMAGE;
    }
    auto* kernel = static_cast<const ModuleKernel*>(dlsym(library, "cuda_on_threads_kernels"));
    if (!kernel) return INVALID_IMAGE;
    *made = make<Module>();
    (*made)->library = library;
    for (; kernel->name; kernel++) (*made)->functions[kernel->name].reset(new Function{kernel});
    return SUCCESS;
}

DRIVER cuModuleUnload(Module* module)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    if (!known(module)) return INVALID_HANDLE;
    for (Stream* stream : streams) drain(stream);
    dlclose(module->library);
    return destroy(module);
}

DRIVER cuModuleGetFunction(Function** found, Module* module, const char* name)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    if (!known(module)) return INVALID_HANDLE;
    auto function = module->functions.find(name);
    if (function == module->functions.end()) return NOT_FOUND;
    *found = function->second.get();
    return SUCCESS;
}

DRIVER cuFuncGetAttribute(int* value, int attribute, Function* function)
{
    LOCKED;
    if (Status status = ready()) return status;
    switch (attribute) {
        case 0: *value = std::min(MOST_THREADS, function->kernel->most_threads); return SUCCESS;
        case 8: *value = function->dynamic_shared; return SUCCESS;
        case 11: *value = function->kernel->cluster > 1 ? function->kernel->cluster : 0; return SUCCESS;
        default: return INVALID_VALUE;
    }
}

DRIVER cuFuncSetAttribute(Function* function, int attribute, int value)
{
    LOCKED;
    if (Status status = ready()) return status;
    switch (attribute) {
        case 8:
            if (value < 0 || value > SHARED_OPT_IN) return INVALID_VALUE;
            function->dynamic_shared = std::max(SHARED, value);
            return SUCCESS;
        case 14: function->any_cluster = value != 0; return SUCCESS;
        default: return INVALID_VALUE;
    }
}

DRIVER cuLaunchKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                      unsigned shared, Stream* stream, void** values, void** extra)
{
    LOCKED;
    return extra ? NOT_SUPPORTED : launch(function, {gx, gy, gz}, {bx, by, bz}, shared, stream, values, false);
}

DRIVER cuLaunchCooperativeKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                                 unsigned bz, unsigned shared, Stream* stream, void** values)
{
    LOCKED;
    return launch(function, {gx, gy, gz}, {bx, by, bz}, shared, stream, values, true);
}

// ---- streams, captures and events

DRIVER cuStreamCreate(Stream** made, unsigned)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    streams.insert(*made = make<Stream>());
    return SUCCESS;
}

DRIVER cuStreamSynchronize(Stream* stream)
{
    LOCKED;
    if (!known(stream)) return INVALID_HANDLE;
    if (Status status = outside_capture()) return status;
    drain(stream);
    return SUCCESS;
}

DRIVER cuStreamDestroy_v2(Stream* stream)
{
    LOCKED;
    if (!known(stream)) return INVALID_HANDLE;
    drain(stream);
    streams.erase(stream);
    capturing.erase(stream);
    return destroy(stream);
}

DRIVER cuStreamBeginCapture_v2(Stream* stream, int)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!known(stream) || stream->capture) return INVALID_VALUE;
    stream->capture = std::make_unique<Graph>();
    stream->invalid = false;
    capturing.insert(stream);
    return SUCCESS;
}

DRIVER cuStreamEndCapture(Stream* stream, Graph** made)
{
    LOCKED;
    if (!known(stream) || !stream->capture) return INVALID_VALUE;
    capturing.erase(stream);
    std::unique_ptr<Graph> captured = std::move(stream->capture);
    *made = nullptr;
    if (stream->invalid) return CAPTURE_INVALIDATED;
    handles.insert(*made = captured.release());
    return SUCCESS;
}

DRIVER cuThreadExchangeStreamCaptureMode(int* mode) { std::swap(*mode, capture_mode); return SUCCESS; }

DRIVER cuGraphInstantiateWithFlags(Graph** made, Graph* graph, unsigned long long)
{
    LOCKED;
    if (Status status = outside_capture()) return status;
    if (!known(graph)) return INVALID_HANDLE;
    *made = make<Graph>();
    **made = *graph;
    return SUCCESS;
}

DRIVER cuGraphLaunch(Graph* graph, Stream* stream)
{
    LOCKED;
    if (Status status = ready()) return status;
    if (!known(graph)) return INVALID_HANDLE;
    for (const Work& work : graph->work)
        if (Status status = queue(stream, work)) return status;
    return SUCCESS;
}

DRIVER cuGraphDestroy(Graph* graph) { LOCKED; return destroy(graph); }

DRIVER cuGraphExecDestroy(Graph* graph) { LOCKED; return destroy(graph); }

DRIVER cuEventCreate(Event** made, unsigned)
{
    LOCKED;
    if (Status status = ready()) return status;
    *made = make<Event>();
    return SUCCESS;
}

DRIVER cuEventRecord(Event* event, Stream* stream)
{
    LOCKED;
    if (!known(event)) return INVALID_HANDLE;
    event->recorded = true;
    event->passed = false;
    return queue(stream, [event] {
        event->at = std::chrono::steady_clock::now();
        event->passed = true;
    });
}

DRIVER cuEventElapsedTime(float* millis, Event* first, Event* last)
{
    LOCKED;
    if (!known(first) || !known(last) || !first->recorded || !last->recorded) return INVALID_HANDLE;
    if (!first->passed || !last->passed) return NOT_READY;
    *millis = std::chrono::duration<float, std::milli>(last->at - first->at).count();
    return SUCCESS;
}

DRIVER cuEventDestroy_v2(Event* event)
{
    LOCKED;
    for (Stream* stream : streams) drain(stream);
    return destroy(event);
}

int cuda_on_threads_queue(void* stream, Work work)
{
    LOCKED;
    return queue(static_cast<Stream*>(stream), std::move(work));
}

bool cuda_on_threads_holds(const void* at, std::size_t bytes)
{
    LOCKED;
    return on_device(reinterpret_cast<std::uintptr_t>(at), bytes);
}
