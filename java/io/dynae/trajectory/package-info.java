// SPDX-License-Identifier: MIT
/**
 * Trajectories on disk and in memory, and simulators of known systems.
 *
 * <p>{@link io.dynae.trajectory.Systems} lists the known systems, {@link
 * io.dynae.trajectory.Simulation} streams one to disk.
 *
 * <p>A trajectory is an ordered array of frames, {@code [N, ...]}, read through {@link
 * io.dynae.trajectory.Frames} as float32 rows. Files stay on disk: {@link
 * io.dynae.trajectory.NpyFrames} maps them into memory and converts what is asked for. Every file
 * that the program writes goes through {@link io.dynae.trajectory.AtomicFile}, so a reader never
 * sees half of one.
 */
package io.dynae.trajectory;
