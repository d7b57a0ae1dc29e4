// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.testing.Dynae;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that somebody cuts under a command. */
class CutDataTest {
  private static final int FRAMES = 2_000_000;

  @TempDir Path folder;

  @Test
  void underATraining() throws IOException {
    Workspace work = new Workspace(folder);
    Dynae.Running run =
        Dynae.start(folder, training("run", "--set", "max_epochs=100000", "min_dist=8"));
    assertTrue(run.awaitText("epoch 1/"));
    cut(work.path("sim/observed.npy"), 5000);
    run.signal("TERM");
    assertShorter(run.await(), "sim/observed.npy", 5000);
  }

  /**
   * More than the table of frames of a small heap takes, so that it is read as long as it lasts.
   */
  @Test
  void underAnEncoding() throws IOException {
    Workspace work = new Workspace(folder);
    work.train("run", "--set", "max_epochs=1");
    Path large = work.path("large.npy");
    byte[] head =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 2), }"
            .formatted(FRAMES)
            .getBytes(StandardCharsets.US_ASCII);
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) head.length, 0});
      file.write(head);
      file.setLength(10 + head.length + 16L * FRAMES);
    }
    String[] arguments = {"embed", "run", "--backend", "java", "--data", "large.npy"};
    Dynae.Running run = start(arguments);
    while (run.process().isAlive() && !isMapped(run.process(), large)) {
      Thread.onSpinWait();
    }
    cut(large, 100_000);
    assertShorter(run.await(), "large.npy", 100_000);
    assertFalse(Files.exists(work.path("z.npy")));
  }

  private Dynae.Running start(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--out";
    all[arguments.length + 1] = "z.npy";
    return Dynae.start(folder, all);
  }

  private static boolean isMapped(Process process, Path file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/maps"))
          .contains(file.getFileName().toString());
    } catch (IOException e) {
      return false;
    }
  }

  private static void cut(Path file, long size) throws IOException {
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(size);
    }
  }

  private static void assertShorter(Dynae.Result result, String file, long size) {
    assertEquals(2, result.code(), result.stderr());
    assertEquals(1, result.errors().size(), result.stderr());
    String error = result.errors().get(0);
    assertTrue(error.contains(file + ": became shorter while it was read: expected "), error);
    assertTrue(error.contains("found " + size), error);
  }
}
