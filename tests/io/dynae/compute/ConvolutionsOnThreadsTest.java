// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.text.TileLimits;
import io.dynae.error.DeviceException;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.testing.ConvolutionProductCase;
import io.dynae.testing.StepCase;
import io.dynae.testing.ThreadsDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A GPU's own kernels for convolutions on CPU threads: no data race, and the sums of the
 * definition, in float32 and on emulated tensor cores.
 */
@Execution(ExecutionMode.CONCURRENT)
class ConvolutionsOnThreadsTest {
  private static final TeamShape SHAPE = new TeamShape(1, 32, 1, 48 << 10, 2);
  private static final TileLimits H200 = new TileLimits(227 << 10, true);

  /** Memory for one stage alone, as on compute capability 7.5. */
  private static final TileLimits LITTLE = new TileLimits(64 << 10, false);

  @TempDir Path folder;

  private DeviceBackend backend(TileLimits limits, boolean watched, UnaryOperator<String> edit) {
    ThreadsDevice device = new ThreadsDevice(SHAPE, folder, edit).withTiles(limits);
    return new DeviceBackend(watched ? device : device.withoutSanitizer(), true);
  }

  /** Images of few channels: the tiles that memory bounds. */
  @Test
  void imagesOfOneAndThreeChannels() {
    new ConvolutionProductCase(18, 1, 1, 3, 32).check(backend(H200, false, t -> t), false);
    new ConvolutionProductCase(4, 3, 1, 2, 40).check(backend(LITTLE, false, t -> t), false);
  }

  /** Channels that fill no tile, weights that are not aligned, maps that are no multiple of one. */
  @Test
  void hiddenMapsInFloat32() {
    new ConvolutionProductCase(18, 6, 1, 1, 33).check(backend(H200, false, t -> t), false);
    new ConvolutionProductCase(6, 5, 1, 1, 5).check(backend(H200, true, t -> t), false);
  }

  @Test
  void hiddenMapsOnTensorCores() {
    DeviceBackend backend = backend(H200, false, t -> t);
    backend.tensorCores(TensorCores.AUTO);
    new ConvolutionProductCase(18, 5, 1, 1, 5).check(backend, true);
    DeviceBackend watched = backend(H200, true, t -> t);
    watched.tensorCores(TensorCores.REQUIRED);
    new ConvolutionProductCase(6, 5, 1, 1, 3).check(watched, true);
  }

  /** Where stages follow each other, no warp may fill one that others still read. */
  @Test
  void aMissingBarrierBetweenStagesIsReported() {
    String both = "        compute(now);\n        BARRIER();\n";
    DeviceBackend broken =
        backend(
            H200,
            true,
            text -> {
              assertEquals(2, text.split(Pattern.quote(both), -1).length);
              return text.replace(both, "        compute(now);\n");
            });
    ConvolutionProductCase sizes = new ConvolutionProductCase(6, 5, 1, 1, 3);
    String message =
        assertThrows(DeviceException.class, () -> sizes.check(broken, false)).getMessage();
    assertTrue(message.contains(ThreadsDevice.RACE), message);
  }

  /** Rows of so many features that they are gathered and compared by kernels of their own. */
  @Test
  void stepsOfWideRowsAgreeWithPlainJava() {
    ModelShape shape =
        new ModelShape(
            ModelKind.DYNAE, 1030, 1030, 2, 3, 4, 1, Activation.RELU, 3, 1, false, true, null);
    List<String> texts = new ArrayList<>();
    DeviceBackend backend =
        backend(
            H200,
            false,
            text -> {
              texts.add(text);
              return text;
            });
    new StepCase(shape, 5, 3, false, 1, 1).check(backend);
    assertTrue(texts.get(0).contains("squared_error_wide("), "the step has no wide kernel");
  }

  @Test
  void tensorCoresAreRefusedWhereThereAreNone() {
    try (DeviceBackend backend = backend(LITTLE, false, t -> t)) {
      backend.tensorCores(TensorCores.AUTO);
      assertThrows(DeviceException.class, () -> backend.tensorCores(TensorCores.REQUIRED));
    }
  }

  /** Sums do not depend on what the device offers. */
  @Test
  void oneStageOrTwoGiveTheSameBits() {
    ConvolutionProductCase sizes = new ConvolutionProductCase(6, 5, 1, 1, 32);
    List<float[]> two = sizes.results(backend(H200, false, t -> t));
    List<float[]> one = sizes.results(backend(LITTLE, false, t -> t));
    for (int i = 0; i < two.size(); i++) {
      assertArrayEquals(two.get(i), one.get(i), 0f, "result " + i);
    }
  }
}
