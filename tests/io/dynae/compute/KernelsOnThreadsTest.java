// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.DeviceBackend;
import io.dynae.error.DeviceException;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.testing.BinsCase;
import io.dynae.testing.ConvolutionCase;
import io.dynae.testing.EpochCase;
import io.dynae.testing.StepCase;
import io.dynae.testing.ThreadsDevice;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The CUDA form of the generated programs on CPU threads: no data race, and plain Java's answers.
 */
@Execution(ExecutionMode.CONCURRENT)
class KernelsOnThreadsTest {
  /** One warp of four groups of 8 lanes, so that a column of a sort has two threads. */
  private static final TeamShape SHAPE = new TeamShape(1, 8, 4, 48 << 10, 3);

  /** 40 pairs pad the second block of 32 rows; 7 projections pad the 16 columns of a sort. */
  private static final StepCase STEPS =
      new StepCase(
          new ModelShape(
              ModelKind.DYNAE, 3, 3, 2, 9, 9, 2, Activation.RELU, 5, 2, true, true, null),
          40,
          7,
          false,
          1,
          2);

  @TempDir Path folder;

  @Test
  void stepsHaveNoRaceAndAgreeWithPlainJava() {
    STEPS.check(backend(false, text -> text));
  }

  /** Two whole warps, and a sort for which work-group memory is too small. */
  @Test
  void stepsOfWholeWarpsThatSortInTheArenaAgree() {
    TeamShape shape = new TeamShape(1, 32, 2, 500, 3);
    STEPS.check(new DeviceBackend(new ThreadsDevice(shape, folder, text -> text), false));
  }

  @Test
  void phasesHaveNoRaceAndAgreeWithPlainJava() {
    new StepCase(STEPS.shape(), 40, 7, false, 2, 2).check(backend(true, text -> text));
  }

  @Test
  void convolutionsHaveNoRaceAndAgreeWithPlainJava() {
    new ConvolutionCase(2, 3, 2, 2, 9, 4, Activation.RELU).check(backend(true, text -> text));
  }

  @Test
  void binsHaveNoRaceAndAgreeWithPlainJava() {
    new BinsCase(2, 300, 0.8).check(backend(true, text -> text));
  }

  @Test
  void startsOfEpochsHaveNoRaceAndAgreeWithTheDefinition() {
    new EpochCase(ModelShape.standard(2, 2, 3), 17, -1, 1, 1500, 700)
        .check(backend(true, text -> text));
  }

  @Test
  void aMissingBarrierInTheSortIsReported() {
    Backend broken =
        backend(false, text -> replaced(text, "    BARRIER(); } while (0)\n", "} while (0)\n"));
    assertRace(() -> STEPS.check(broken));
  }

  @Test
  void aMissingBarrierBetweenPhasesIsReported() {
    Backend broken = backend(false, text -> text.replace("        TEAM_BARRIER();\n", ""));
    assertRace(() -> STEPS.check(broken));
  }

  @Test
  void aMissingBarrierInTheClusteringIsReported() {
    Backend broken =
        backend(
            true,
            text ->
                replaced(text, "            BARRIER();\n            next =", "            next ="));
    assertRace(() -> new BinsCase(2, 300, 0.8).check(broken));
  }

  private Backend backend(boolean phases, UnaryOperator<String> edit) {
    return new DeviceBackend(new ThreadsDevice(SHAPE, folder, edit), phases);
  }

  private static void assertRace(Executable run) {
    String message = assertThrows(DeviceException.class, run).getMessage();
    assertTrue(message.contains(ThreadsDevice.RACE), message);
  }

  private static String replaced(String text, String old, String by) {
    assertEquals(2, text.split(Pattern.quote(old), -1).length, "once: " + old);
    return text.replace(old, by);
  }
}
