// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.compute.TeamShape;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Measures a device with the kernels of {@code kernels/bench/rates.cu}. */
final class DeviceRates implements Rates.Source {
  private static final int CHAINS = 16;
  private static final double FLOPS_PER_LAUNCH = 2e8;
  private static final double BYTES_PER_LAUNCH = 2e8;

  /** Work-groups whose work is added up; more share it, as a launch of theirs is long enough. */
  private static final int GROUPS_AT_MOST = 16;

  private final Device device;

  DeviceRates(Device device) {
    this.device = device;
  }

  private int granule() {
    return device.shape().vectorWidth() * device.shape().groupSize();
  }

  @Override
  public double copyBytesPerSecond(int groups, int floats, double seconds) {
    int n = Math.max(1, floats / groups / granule()) * granule();
    int all = groups * n;
    try (DeviceMemory from = device.allocate("copied from", 4L * all);
        DeviceMemory to = device.allocate("copied to", 4L * all);
        DeviceProgram program = device.compile("rates", text(device.shape()))) {
      int copies = (int) Math.max(1, busy(groups) * BYTES_PER_LAUNCH / (8.0 * all));
      int items = device.shape().groupSize();
      double micros =
          least(
              seconds,
              () -> program.launch("copy_floats", groups, items, to, from, n, copies, groups));
      return 8.0 * all * copies / (micros * 1e-6);
    }
  }

  @Override
  public double flopsPerSecond(int groups, double seconds) {
    int width = device.shape().vectorWidth();
    try (DeviceMemory data = device.allocate("multiply-adds", 4L * granule() * (groups + 2));
        DeviceProgram program = device.compile("rates", text(device.shape()))) {
      float[] small = new float[2 * width];
      Arrays.fill(small, 0.5f);
      data.write(0, small, 0, small.length);
      double flopsPerRepeat = 2.0 * CHAINS * granule();
      int repeats = (int) (busy(groups) * FLOPS_PER_LAUNCH / (groups * flopsPerRepeat));
      int items = device.shape().groupSize();
      double micros =
          least(seconds, () -> program.launch("multiply_add", groups, items, data, repeats));
      return groups * flopsPerRepeat * repeats / (micros * 1e-6);
    }
  }

  private static int busy(int groups) {
    return Math.min(groups, GROUPS_AT_MOST);
  }

  private double least(double seconds, Runnable launch) {
    launch.run();
    device.finish();
    return Timing.measure(
            seconds,
            1,
            () -> {
              long began = System.nanoTime();
              return device.time(launch).orElseGet(() -> Timing.since(began));
            })
        .min();
  }

  private static String text(TeamShape shape) {
    return "#define VW %d\n#define LANES %d\n#define GROUPS %d\n#define RB 32\n"
            .formatted(shape.vectorWidth(), shape.lanes(), shape.groups())
        + resource("portable.h")
        + resource("bench/rates.cu");
  }

  private static String resource(String file) {
    try (InputStream in = DeviceRates.class.getResourceAsStream("/kernels/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its kernel file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
