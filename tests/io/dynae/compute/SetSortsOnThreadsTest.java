// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.DeviceBackend;
import io.dynae.distance.SetSort;
import io.dynae.error.DeviceException;
import io.dynae.testing.ThreadsDevice;
import io.dynae.testing.WassersteinCase;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The CUDA form of the sorts of sample sets on CPU threads: no data race, and the right distances.
 */
@Execution(ExecutionMode.CONCURRENT)
class SetSortsOnThreadsTest {
  @TempDir Path folder;

  private Backend backend(int lanes, int groups, int localBytes, UnaryOperator<String> edit) {
    TeamShape shape = new TeamShape(1, lanes, groups, localBytes, 2);
    return new DeviceBackend(new ThreadsDevice(shape, folder, edit), true);
  }

  private Backend backend(UnaryOperator<String> edit) {
    return backend(8, 4, 48 << 10, edit);
  }

  /** Eight threads a work-group. */
  private Backend little(UnaryOperator<String> edit) {
    return backend(4, 2, 48 << 10, edit);
  }

  /** Five pairs for eight groups of lanes, 8 keys a lane. */
  @Test
  void aGroupOfLanesSortsInItsRegisters() {
    new WassersteinCase(1, 50, 3, 5).check(backend(text -> text), true, SetSort.REGISTERS);
  }

  /** 32 keys a lane, two groups of lanes a pair, and little memory to meet in. */
  @Test
  void groupsOfLanesMeetInWorkGroupMemory() {
    new WassersteinCase(2, 300, 2, 3)
        .check(backend(8, 4, 1 << 10, text -> text), true, SetSort.REGISTERS);
  }

  /** A whole warp and a partner, without indices. */
  @Test
  void warpsSortKeysAlone() {
    new WassersteinCase(1, 1025, 1, 1)
        .check(backend(32, 2, 48 << 10, text -> text), false, SetSort.REGISTERS);
  }

  /** Three tiles of 128 keys, the last of them not full. */
  @Test
  void tilesAreSortedByRadix() {
    new WassersteinCase(1, 300, 2, 2).check(little(text -> text), true, SetSort.RADIX);
  }

  @Test
  void whatIsNotANumberStaysInItsPlace() {
    Backend backend = little(text -> text);
    WassersteinCase sizes = new WassersteinCase(2, 40, 1, 1);
    for (SetSort sort : new SetSort[] {SetSort.REGISTERS, SetSort.RADIX}) {
      try (var distance = sizes.prepare(backend, true, sort)) {
        float[] q = sizes.set(0, 0);
        q[3] = Float.intBitsToFloat(0x7fffffff);
        q[4] = Float.intBitsToFloat(0xffffffff);
        q[5] = Float.NEGATIVE_INFINITY;
        distance.sets(0, q, sizes.set(0, 1));
        distance.run(0);
        assertTrue(Float.isNaN(distance.squaredDistance(0)), sort.name());
        assertTrue(Float.isFinite(distance.squaredDistance(1)), sort.name());
      }
    }
  }

  @Test
  void aMissingBarrierInTheExchangeIsReported() {
    Backend broken =
        backend(text -> replaced(text, "        BARRIER();\n        UNROLL", "        UNROLL"));
    assertRace(() -> new WassersteinCase(1, 300, 1, 1).check(broken, true, SetSort.REGISTERS));
  }

  @Test
  void aMissingBarrierBetweenRanksIsReported() {
    Backend broken =
        little(text -> replaced(text, "    LANE_BARRIER();\n    if (real", "    if (real"));
    assertRace(() -> new WassersteinCase(1, 150, 1, 1).check(broken, true, SetSort.RADIX));
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
