// SPDX-License-Identifier: MIT
//
// Modules, their kernels and launches; see driver.h.
#include <dlfcn.h>
#include <elf.h>
#include <unistd.h>
#include <algorithm>
#include <cstring>

#include "driver.h"

using namespace gpu_on_threads;

namespace {

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
            std::fprintf(stderr, "gpu_on_threads: argument %d of %s: no memory of the device\n", i, kernel.name);
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
