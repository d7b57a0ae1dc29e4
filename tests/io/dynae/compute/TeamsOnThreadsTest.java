// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.team.TeamLimits;
import io.dynae.compute.team.TeamRequest;
import io.dynae.error.DeviceException;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.testing.StepCase;
import io.dynae.testing.ThreadsDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The step kernel of a GPU's teams on CPU threads: no data race, plain Java's answers, and the same
 * bits from every team.
 */
@Execution(ExecutionMode.CONCURRENT)
class TeamsOnThreadsTest {
  private static final TeamShape SHAPE = new TeamShape(1, 32, 2, 48 << 10, 3);
  private static final TeamLimits LIMITS = new TeamLimits(64, 227 << 10, 16);

  /** Teams: blocks, as a grid, threads of a block, squads of a block. */
  private static final TeamRequest ONE_WARP = new TeamRequest(1, false, 32, 1);

  private static final TeamRequest TWO_SQUADS = new TeamRequest(1, false, 128, 2);
  private static final TeamRequest CLUSTER_OF_2 = new TeamRequest(2, false, 64, 1);
  private static final TeamRequest CLUSTER_OF_4 = new TeamRequest(4, false, 64, 1);
  private static final TeamRequest GRID_OF_2 = new TeamRequest(2, true, 96, 1);

  /** 40 pairs pad the second block of 32 rows; odd widths leave remainders of every tile. */
  private static final StepCase LEARNED = steps(3, true, true, 2);

  /** The prior is sampled with unit diffusion, so its nets run at another place of the step. */
  private static final StepCase UNIT = steps(2, false, false, 2);

  @TempDir Path folder;

  private static StepCase steps(int inputs, boolean learned, boolean second, int models) {
    ModelShape shape =
        new ModelShape(
            ModelKind.DYNAE, inputs, 3, 2, 9, 13, 2, Activation.RELU, 10, 2, learned, second, null);
    return new StepCase(shape, 40, 7, true, models, 2);
  }

  static Stream<TeamRequest> teams() {
    return Stream.of(ONE_WARP, TWO_SQUADS, CLUSTER_OF_2, CLUSTER_OF_4, GRID_OF_2);
  }

  @ParameterizedTest
  @MethodSource("teams")
  void stepsHaveNoRaceAndAgreeWithPlainJava(TeamRequest team) {
    LEARNED.check(backend(team, text -> text));
  }

  @Test
  void stepsWithUnitDiffusionAgree() {
    UNIT.check(backend(TWO_SQUADS, text -> text));
    UNIT.check(backend(CLUSTER_OF_4, text -> text));
  }

  @ParameterizedTest
  @EnumSource(names = {"BETA_VAE", "SWAE", "SDE_VAE"})
  void otherModelsHaveNoRaceAndAgreeWithPlainJava(ModelKind kind) {
    ofKind(kind).check(backend(TWO_SQUADS, text -> text));
  }

  private static StepCase ofKind(ModelKind kind) {
    ModelShape shape =
        new ModelShape(kind, 3, 3, 2, 9, 7, 1, Activation.RELU, 10, 1, false, true, null);
    return new StepCase(shape, 40, 7, true, 2, 2);
  }

  @Test
  void everyTeamGivesAnSdeVaeTheSameBits() {
    assertSameBits(ofKind(ModelKind.SDE_VAE), List.of(CLUSTER_OF_4));
  }

  /**
   * Each operation as the only one of its step: what it reads comes in, what it writes goes out.
   */
  @Test
  void everyOperationAloneAgreesWithItsJavaForm() {
    ModelShape shape = OperationContractTest.shape(2, 3, 9, 5, false);
    OperationContractTest.check(unwatched(CLUSTER_OF_2), 33, shape, 17);
  }

  /** One block of 5 pairs: most squads idle, and a sort that no warp holds. */
  @Test
  void aTinyBatchAgrees() {
    ModelShape shape =
        new ModelShape(ModelKind.DYNAE, 1, 1, 1, 3, 3, 1, Activation.TANH, 2, 1, true, true, null);
    new StepCase(shape, 5, 3, false, 1, 2).check(backend(CLUSTER_OF_2, text -> text));
  }

  @Test
  void everyTeamGivesTheSameBits() {
    assertSameBits(LEARNED, List.of(TWO_SQUADS, CLUSTER_OF_2, CLUSTER_OF_4, GRID_OF_2));
  }

  private void assertSameBits(StepCase steps, List<TeamRequest> teams) {
    List<float[]> first = steps.results(unwatched(ONE_WARP));
    for (TeamRequest team : teams) {
      List<float[]> others = steps.results(unwatched(team));
      assertEquals(first.size(), others.size());
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i), others.get(i), 0f, team + " result " + i);
      }
    }
  }

  @Test
  void aMissingBarrierOfTheTeamIsReported() {
    for (TeamRequest team : List.of(CLUSTER_OF_2, GRID_OF_2)) {
      assertRace(
          () -> LEARNED.check(backend(team, text -> text.replace("TEAM_BARRIER();\n", "\n"))));
    }
  }

  @Test
  void aMissingBarrierOfTheSquadIsReported() {
    assertRace(
        () -> LEARNED.check(backend(TWO_SQUADS, t -> t.replace("SQUAD_BARRIER();\n", "\n"))));
  }

  @Test
  void aMissingBarrierAfterTheStagingIsReported() {
    UnaryOperator<String> edit = text -> text.replace("COPY_WAIT();\n        BARRIER();\n", "\n");
    assertRace(() -> LEARNED.check(backend(TWO_SQUADS, edit)));
  }

  private DeviceBackend unwatched(TeamRequest team) {
    ThreadsDevice device = new ThreadsDevice(SHAPE, LIMITS, folder, text -> text);
    return new DeviceBackend(device.withoutSanitizer(), false, team);
  }

  private DeviceBackend backend(TeamRequest team, UnaryOperator<String> edit) {
    return new DeviceBackend(new ThreadsDevice(SHAPE, LIMITS, folder, edit), false, team);
  }

  private static void assertRace(Executable run) {
    String message = assertThrows(DeviceException.class, run).getMessage();
    assertTrue(message.contains(ThreadsDevice.RACE), message);
  }
}
