// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

/**
 * What a GPU offers to kernels that multiply in tiles.
 *
 * @param sharedBytes shared memory that a block may take at most, in bytes
 * @param tensorCores whether it has tensor cores for TF32
 */
public record TileLimits(int sharedBytes, boolean tensorCores) {}
