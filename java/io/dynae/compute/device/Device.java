// SPDX-License-Identifier: MIT
package io.dynae.compute.device;

import io.dynae.compute.TeamShape;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.text.TileLimits;
import io.dynae.error.DeviceException;
import io.dynae.op.Matrices;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A processor that runs kernels: memory, programs, and launches in one in-order queue.
 *
 * <p>All calls come from one thread. Every failure of a driver is a {@link DeviceException} that
 * names the call, the buffer or kernel, and the driver's own error.
 */
public interface Device extends AutoCloseable {
  /** What a person calls it: "NVIDIA H200", "pthread-skylake-avx512". */
  String name();

  /** "opencl" or "cuda". */
  String backend();

  /** Driver or platform with its version, for reports. */
  String driver();

  /** How teams are shaped here, and what they may use. */
  TeamShape shape();

  /** Cores of a processor, each of which can run a whole model; 1 for other devices. */
  default int cores() {
    return 1;
  }

  /** Bytes that one allocation may take now. */
  long largestAllocation();

  /** Allocates zeroed memory; {@code name} appears in errors. */
  DeviceMemory allocate(String name, long bytes);

  /**
   * Compiles a program, from the cache where it is there.
   *
   * @param name names the program in errors and dumps
   * @param text complete text in the dialect of {@code kernels/portable.h}
   */
  DeviceProgram compile(String name, String text);

  /**
   * Records launches for replay. A device that can (CUDA graphs) captures them once; others run
   * {@code launches} at each replay. Arguments of the launches are fixed at the recording.
   */
  Recording record(Runnable launches);

  /**
   * The device's matrix library at work in an arena, where it has one.
   *
   * @param rowsPerBlock rows of a block of the arena's layout
   */
  default Optional<Matrices> matrices(DeviceMemory arena, int rowsPerBlock) {
    return Optional.empty();
  }

  /**
   * Runs the launches, waits for them, and tells how long the device was at work, from the start of
   * the first to the end of the last.
   *
   * @return microseconds by the device's own clock, or empty where it has none
   */
  default OptionalDouble time(Runnable launches) {
    launches.run();
    finish();
    return OptionalDouble.empty();
  }

  /** What the device offers to teams of the step kernel, where it has those. */
  default Optional<TeamLimits> teamLimits() {
    return Optional.empty();
  }

  /** What the device offers to kernels that multiply in tiles of their own, where it runs those. */
  default Optional<TileLimits> tileLimits() {
    return Optional.empty();
  }

  /** Waits until everything queued has run. */
  void finish();

  @Override
  void close();

  /** Launches that can be run again and again. */
  interface Recording extends AutoCloseable {
    void replay();

    @Override
    void close();
  }
}
