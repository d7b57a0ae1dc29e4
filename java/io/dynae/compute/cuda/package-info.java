// SPDX-License-Identifier: MIT
/**
 * The CUDA backend: devices, memory, programs and graphs through JCuda's driver API, and the
 * optional libraries cuBLAS and cuRAND. The only package that imports {@code jcuda}; it loads
 * native code only when a device is asked for.
 */
package io.dynae.compute.cuda;
