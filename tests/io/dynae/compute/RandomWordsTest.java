// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.cuda.CudaDevice;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.compute.text.KernelText;
import io.dynae.testing.Backends;
import io.dynae.testing.ThreadsDevice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers made of every random word there is, against double precision: all 2^24 radii and all 2^24
 * angles of normals and directions, and all 2^24 uniform samples.
 */
class RandomWordsTest {
  /** Values that one number of the text can take. */
  private static final int ALL = 1 << 24;

  private static final int CHUNK = 1 << 22;
  private static final int GROUPS = 64;

  /** Rounding of logarithm, root, sine and cosine. */
  private static final double RELATIVE = 1e-6;

  /** Uniforms near 1 are rounded to floats, and the slope of the radius there is not constant. */
  private static final double UNIFORM = 1.1 * 0x1p-25;

  private static final int SMALLEST = 0;
  private static final int LARGEST = 0xffffff;
  private static final int QUARTER = 1 << 22;

  /** Instead of random words: one is the counter's, the other fixed. All have low bits to drop. */
  private static final String SWEEP =
      """
      #undef PHILOX
      #define PHILOX(c0, c1, c2, c3, fixed, angles) do { \\
          VU swept_ = (c0 + c1) << VU_SPLAT(8) | VU_SPLAT(255u), fixed_ = VU_SPLAT((fixed) << 8 | 255u); \\
          c0 = (angles) ? fixed_ : swept_; c1 = (angles) ? swept_ : fixed_; c2 = c0; c3 = c1; } while (0)
      """;

  /** A list holds the numbers, the counter of the first, the fixed word, and what is swept. */
  private static final String KERNELS =
      """
      #define WORDS list[1], (uint)list[2], (uint)list[3]
      #define WORKERS BLOCK_ID * GROUP_SIZE + TID, %1$d * GROUP_SIZE
      KERNEL directions_1(%2$s)
      { (void)frames; (void)targets; directions(arena, list[0], 1, WORDS, WORKERS); }
      KERNEL directions_2(%2$s)
      { (void)frames; (void)targets; directions(arena, list[0], 2, WORDS, WORKERS); }
      KERNEL normals(%2$s)
      {
          (void)frames; (void)targets;
          for (int b = BLOCK_ID * GROUPS + GROUP; b < list[0] / RB; b += %1$d * GROUPS)
              normal_noise_block(arena + b * 2 * RB, b * RB, 2, 0u, WORDS);
      }
      KERNEL uniforms(%2$s)
      {
          (void)frames; (void)targets;
          for (int b = BLOCK_ID * GROUPS + GROUP; b < list[0] / RB; b += %1$d * GROUPS)
              uniform_samples_block(arena + b * RB, b * RB, 1, 0u, WORDS);
      }
      """
          .formatted(GROUPS, KernelText.ARGUMENTS);

  private static final int ROWS = 32;

  @TempDir Path folder;

  /** What compiles the kernels' text. */
  enum Devices {
    OPENCL,
    CUDA,
    THREADS;

    Device open(Path folder) {
      TeamShape shape = new TeamShape(1, 8, 4, 48 << 10, 3);
      return switch (this) {
        case OPENCL -> Backends.openOrAbort("opencl", () -> OpenClDevice.open(-1));
        case CUDA -> Backends.openOrAbort("cuda", () -> CudaDevice.open(0));
        case THREADS -> new ThreadsDevice(shape, folder, text -> text).withoutSanitizer();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyWordGivesWhatDoublePrecisionDoes(Devices name) {
    try (Device device = name.open(folder);
        DeviceProgram program = device.compile("random_words", text(device.shape()));
        DeviceMemory numbers = device.allocate("numbers", 2L * CHUNK * Float.BYTES);
        DeviceMemory list = device.allocate("list", 4L * Integer.BYTES)) {
      Sweep sweep = new Sweep(device, program, numbers, list);
      for (int dims = 1; dims <= 2; dims++) {
        sweep.directions(dims, QUARTER, false);
        sweep.directions(dims, LARGEST, true);
      }
      sweep.normals(0, false);
      sweep.normals(SMALLEST, true);
      sweep.uniforms();
    }
  }

  private static String text(TeamShape shape) {
    return "#define VW %d\n#define LANES %d\n#define GROUPS %d\n#define RB %d\n"
            .formatted(shape.vectorWidth(), shape.lanes(), shape.groups(), ROWS)
        + KernelText.resource("portable.h")
        + KernelText.resource("functions.h")
        + KernelText.resource("philox.h")
        + SWEEP
        + KernelText.resource("step/noise.cu")
        + KernelText.resource("wasserstein/directions.cu")
        + KERNELS;
  }

  /** Radius in double precision. */
  private static double radius(int word) {
    return Math.sqrt(-2 * Math.log((word + 0.5) / ALL));
  }

  /** Cosine of an angle in half turns; 0 where it is 0. */
  private static double cosine(int angle) {
    return angle % (2 * QUARTER) == QUARTER ? 0 : Math.cos(Math.PI * angle * 0x1p-23);
  }

  private static double sine(int angle) {
    return angle % (2 * QUARTER) == 0 ? 0 : Math.sin(Math.PI * angle * 0x1p-23);
  }

  private record Sweep(
      Device device, DeviceProgram program, DeviceMemory numbers, DeviceMemory list) {
    /** Directions of one or two dimensions. */
    void directions(int dims, int fixed, boolean angles) {
      double[] exact = new double[dims];
      double limit = dims == 1 ? 0 : RELATIVE;
      run(
          "directions_" + dims,
          dims,
          fixed,
          angles,
          first -> {
            float[] theta = read(dims);
            for (int p = 0; p < CHUNK; p++) {
              int angle = angles ? first + p : fixed;
              exact[0] = cosine(angle);
              if (dims == 1) {
                exact[0] = exact[0] < 0 ? -1 : 1;
              } else {
                exact[1] = sine(angle);
              }
              for (int i = 0; i < dims; i++) {
                if (!(Math.abs(theta[i * CHUNK + p] - exact[i]) <= limit)) {
                  assertEquals(exact[i], theta[i * CHUNK + p], limit, what(dims, first + p, fixed));
                }
              }
            }
          });
    }

    private static String what(int dims, int word, int fixed) {
      return "%d dimensions, word %#x, the other %#x".formatted(dims, word, fixed);
    }

    /** Pairs of normals. */
    void normals(int fixed, boolean angles) {
      run(
          "normals",
          2,
          fixed,
          angles,
          first -> {
            float[] pairs = read(2);
            for (int p = 0; p < CHUNK; p++) {
              int angle = angles ? first + p : fixed;
              double radius = radius(angles ? fixed : first + p);
              double limit = UNIFORM / radius + RELATIVE * radius;
              int at = p / ROWS * 2 * ROWS + p % ROWS;
              double n0 = radius * cosine(angle);
              double n1 = radius * sine(angle);
              boolean close =
                  Math.abs(pairs[at] - n0) <= limit && Math.abs(pairs[at + ROWS] - n1) <= limit;
              if (!close) {
                assertEquals(n0, pairs[at], limit, what(0, first + p, fixed));
                assertEquals(n1, pairs[at + ROWS], limit, what(1, first + p, fixed));
              }
            }
          });
    }

    /** The middles of 2^24 equal parts of (-1, 1), which are floats. */
    void uniforms() {
      run(
          "uniforms",
          1,
          0,
          false,
          first -> {
            float[] samples = read(1);
            for (int p = 0; p < CHUNK; p++) {
              double middle = (2.0 * (first + p) + 1) / ALL - 1;
              if (samples[p] != middle) {
                assertEquals(middle, samples[p], 0, "word " + (first + p));
              }
            }
          });
    }

    private void run(String kernel, int dims, int fixed, boolean angles, IntConsumer check) {
      int items = device.shape().groupSize();
      float[] none = new float[dims * CHUNK];
      Arrays.fill(none, Float.NaN);
      numbers.write(0, none, 0, none.length);
      for (int first = 0; first < ALL; first += CHUNK) {
        list.write(0, new int[] {CHUNK, first, fixed, angles ? 1 : 0}, 0, 4);
        program.launch(kernel, GROUPS, items, numbers, list, list, list);
        device.finish();
        check.accept(first);
      }
    }

    private float[] read(int dims) {
      float[] values = new float[dims * CHUNK];
      numbers.read(0, values, 0, values.length);
      return values;
    }
  }
}
