/* SPDX-License-Identifier: MIT
 * A library under the name and symbol version of CUDA 12's cuBLAS or NVRTC that calls the installed one of CUDA 13.
 *
 * JCuda's natives ask the linker for libcublas.so.12 and libnvrtc.so.12. Java loads this library first, where neither
 * is installed; the linker then finds it by its SONAME. native/build.sh defines:
 *   FUNCTIONS   header that lists FUNCTION(name) for each function that the natives import
 *   OLD_NAME    "libcublas.so.12", also the SONAME and the version of the symbols
 *   NEW_NAME    "libcublas.so.13"
 *   NO_SUCH     status that a function returns which the newer library does not have
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>

static int missing(const char *function)
{
    fprintf(stderr, "%s: %s has no function %s\n", OLD_NAME, NEW_NAME, function);
    return NO_SUCH;
}

/* A function is a jump through a slot: registers and stack reach the newer library as they are, whatever the signature. */
#define FUNCTION(name) \
    static int missing_##name(void) { return missing(#name); } \
    __attribute__((visibility("hidden"))) void *slot_##name = (void *)missing_##name; \
    __asm__(".pushsection .text\n.globl " #name "\n.type " #name ", @function\n" #name ":\n" \
            "    jmp *slot_" #name "(%rip)\n.size " #name ", .-" #name "\n.popsection\n");
#include FUNCTIONS
#undef FUNCTION

static void *open_newer(void)
{
    void *library = dlopen(NEW_NAME, RTLD_NOW | RTLD_LOCAL);
    const char *homes[] = {getenv("CUDA_HOME"), getenv("CUDA_PATH"), "/usr/local/cuda", "/usr/local/cuda-13"};
    for (size_t i = 0; library == NULL && i < sizeof homes / sizeof *homes; i++) {
        char path[4096];
        if (homes[i] != NULL && snprintf(path, sizeof path, "%s/lib64/" NEW_NAME, homes[i]) < (int)sizeof path)
            library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    return library;
}

/* Java calls this when it loads the library; an exception makes that fail. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
        return JNI_ERR;
    void *library = open_newer();
    if (library == NULL) {
        jclass type = (*env)->FindClass(env, "java/lang/UnsatisfiedLinkError");
        if (type != NULL)
            (*env)->ThrowNew(env, type,
                             "neither " OLD_NAME " nor " NEW_NAME
                             " is in the library path, $CUDA_HOME/lib64 or /usr/local/cuda/lib64");
        return JNI_ERR;
    }
    void *found;
#define FUNCTION(name) if ((found = dlsym(library, #name)) != NULL) slot_##name = found;
#include FUNCTIONS
#undef FUNCTION
    return JNI_VERSION_1_8;
}
