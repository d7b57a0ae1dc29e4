// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.testing.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On machines made of files as Linux shows them. */
class MemoryLimitsTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  @TempDir Path root;

  @BeforeEach
  void machine() {
    write("proc/meminfo", "MemTotal: 999999 kB\nMemFree: 5 kB\nMemAvailable:   204800 kB\n");
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void group(String folder, Object limit, long use) {
    write(folder + "/memory.max", limit + "\n");
    write(folder + "/memory.current", use + "\n");
  }

  private long available() {
    return new MemoryLimits(root).available();
  }

  @Test
  void whatTheMachineHasToSpare() {
    assertEquals(200 * MIB, available());
  }

  @Test
  void anotherSystemSaysNothing() {
    assertTrue(new MemoryLimits(root.resolve("none")).available() > Long.MAX_VALUE / 2);
  }

  @Test
  void theTightestGroupAboveTheProcess() {
    write("proc/self/cgroup", "0::/slurm/job_1/step_0\n");
    group("sys/fs/cgroup/slurm/job_1/step_0", "max", 7 * MIB);
    group("sys/fs/cgroup/slurm/job_1", 100 * MIB, 40 * MIB);
    group("sys/fs/cgroup/slurm", 500 * MIB, 380 * MIB);
    assertEquals(60 * MIB, available());
    group("sys/fs/cgroup/slurm", 400 * MIB, 380 * MIB);
    assertEquals(20 * MIB, available());
    group("sys/fs/cgroup/slurm", 400 * MIB, 401 * MIB);
    assertEquals(0, available());
  }

  @Test
  void pagesOfFilesAreLeftToTake() {
    write("proc/self/cgroup", "0::/job\n");
    group("sys/fs/cgroup/job", 100 * MIB, 99 * MIB);
    write(
        "sys/fs/cgroup/job/memory.stat",
        "anon 1\nfile 99999999\ninactive_file %d\nactive_file %d\nshmem 5\n"
            .formatted(50 * MIB, 9 * MIB));
    assertEquals(60 * MIB, available());
  }

  @Test
  void firstVersion() {
    write("proc/self/cgroup", "5:cpuset:/other\n4:cpu,memory:/a/b\n1:name=systemd:/a\n0::/\n");
    write("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/a/b/memory.usage_in_bytes", 10 * MIB + "\n");
    assertEquals(200 * MIB, available());
    write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", 90 * MIB + "\n");
    write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", 80 * MIB + "\n");
    write(
        "sys/fs/cgroup/memory/a/memory.stat",
        "inactive_file 5\ntotal_inactive_file %d\ntotal_active_file %d\n"
            .formatted(20 * MIB, 3 * KIB));
    assertEquals(30 * MIB + 3 * KIB, available());
  }

  /** A container sees its own group at the top, under a path of the machine outside. */
  @Test
  void containerThatDoesNotSeeItsPath() {
    write("proc/self/cgroup", "4:memory:/docker/0123abc\n0::/../outside\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 64 * MIB + "\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", 4 * MIB + "\n");
    assertEquals(60 * MIB, available());
  }

  @Test
  void plainJavaTakesATableOfWhatIsLeft() {
    write("proc/meminfo", "MemAvailable: 0 kB\n");
    try (Backend java = new JavaBackend(1, new MemoryLimits(root))) {
      assertTrue(java.tableBytes() <= Runtime.getRuntime().freeMemory());
    }
    try (Backend java = new JavaBackend(1)) {
      assertTrue(java.tableBytes() > 0);
    }
  }

  @Test
  void openClOnAProcessorTakesWhatIsLeft() {
    long heap = Runtime.getRuntime().maxMemory();
    write("proc/meminfo", "MemAvailable: %d kB\n".formatted((heap + 300 * MIB) / KIB));
    MemoryLimits limits = new MemoryLimits(root);
    try (Device device = Backends.openOrAbort("opencl", () -> OpenClDevice.open(-1, limits));
        DeviceBackend backend = new DeviceBackend(device, false)) {
      long left = device.largestAllocation();
      assertTrue(left >= 299 * MIB && left <= heap + 300 * MIB, left + " bytes");
      assertEquals(left / 2, backend.tableBytes());
      device.allocate("taken", MIB).close();
    }
  }
}
