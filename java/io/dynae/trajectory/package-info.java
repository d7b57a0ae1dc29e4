// SPDX-License-Identifier: MIT
/**
 * Trajectories on disk and in memory.
 *
 * <p>A trajectory is an ordered array of frames, {@code [N, ...]}, read through {@link
 * io.dynae.trajectory.Frames} as float32 rows. Files stay on disk: {@link
 * io.dynae.trajectory.npy.NpyFrames} maps them into memory and converts what is asked for.
 */
package io.dynae.trajectory;
