// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.op.MultiplyAdd;
import java.util.stream.IntStream;

/** Measures what loops of plain Java reach on all cores. */
final class JavaRates implements Rates.Source {
  private static final int CACHED = 1024;
  private static final int CHAIN = 8;
  private static final int FMA_REPEATS = 2000;
  private static final double BYTES_PER_LAUNCH = 2e8;

  private final int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public double copyBytesPerSecond(int groups, int floats, double seconds) {
    int n = Math.max(1, floats / threads);
    float[][] from = new float[threads][n];
    float[][] to = new float[threads][n];
    int copies = (int) Math.max(1, BYTES_PER_LAUNCH / (8.0 * n));
    Timing copy = time(seconds, t -> copy(from[t], to[t], copies));
    return 8.0 * n * copies * threads / (copy.min() * 1e-6);
  }

  @Override
  public double flopsPerSecond(int groups, double seconds) {
    float[][] small = new float[threads][CACHED];
    Timing fma = time(seconds, t -> multiplyAdd(small[t]));
    return 2.0 * CHAIN * CACHED * FMA_REPEATS * threads / (fma.min() * 1e-6);
  }

  /** What one thread runs. */
  private interface Share {
    void run(int thread);
  }

  private Timing time(double seconds, Share share) {
    Runnable all = () -> IntStream.range(0, threads).parallel().forEach(share::run);
    Timing.measure(seconds, 1, () -> Timing.once(all));
    return Timing.measure(seconds, 1, () -> Timing.once(all));
  }

  private static void copy(float[] from, float[] to, int repeats) {
    for (int r = 0; r < repeats; r++) {
      System.arraycopy(from, 0, to, 0, from.length);
    }
  }

  private static void multiplyAdd(float[] values) {
    for (int r = 0; r < FMA_REPEATS; r++) {
      multiplyAddOnce(values);
    }
  }

  /** A chain of {@link #CHAIN} multiply-adds a value. */
  private static void multiplyAddOnce(float[] values) {
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      x = MultiplyAdd.of(x, 0.5f, 0.5f);
      values[i] = x;
    }
  }
}
