// SPDX-License-Identifier: MIT
//
// The device and its context; see driver.h.
#include "driver.h"

using namespace gpu_on_threads;

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
        std::fprintf(stderr, "gpu_on_threads: the context ends with %zu allocations and %zu other things still there\n",
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
