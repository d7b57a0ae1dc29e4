// SPDX-License-Identifier: MIT
package io.dynae.compute;

import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.testing.Backends;
import io.dynae.testing.BinsCase;
import io.dynae.testing.StepCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The work-groups of many scalar work-items that OpenCL GPUs get, on whatever device is here. */
class OpenClWorkGroupsTest {
  private static final int LOCAL_BYTES = 32 << 10;

  @ParameterizedTest
  @CsvSource({"32, 1, false", "8, 3, true"})
  void stepsAgreeWithPlainJava(int lanes, int groups, boolean phases) {
    ModelShape shape =
        new ModelShape(ModelKind.DYNAE, 3, 2, 2, 9, 9, 2, Activation.RELU, 5, 2, true, true, null);
    try (Backend backend = open(lanes, groups, phases)) {
      new StepCase(shape, 40, 7, true, 2, 2).check(backend);
    }
  }

  @Test
  void binsAgreeWithPlainJava() {
    try (Backend backend = open(8, 2, true)) {
      new BinsCase(2, 300, 0.8).check(backend);
    }
  }

  private static Backend open(int lanes, int groups, boolean phases) {
    TeamShape shape = new TeamShape(1, lanes, groups, LOCAL_BYTES, 3);
    return Backends.openOrAbort(
        "opencl", () -> new DeviceBackend(OpenClDevice.open(-1, shape), phases));
  }
}
