// SPDX-License-Identifier: MIT
//
// Memory and copies; see driver.h.
#include <sys/mman.h>
#include <cstring>

#include "driver.h"

using namespace gpu_on_threads;

namespace {

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

}  // namespace

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
