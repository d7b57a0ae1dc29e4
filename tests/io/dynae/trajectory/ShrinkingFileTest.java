// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyBytes;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody cuts while they are mapped: reads of pages that are gone. */
class ShrinkingFileTest {
  private static final int FEATURES = 8;
  private static final int FRAMES = 1 << 14;

  @TempDir Path folder;

  private Path file(String descr, boolean fortran) throws IOException {
    String shape = "(%d, %d)".formatted(FRAMES, FEATURES);
    byte[] data = new byte[FRAMES * FEATURES * (descr.charAt(2) - '0')];
    return Files.write(folder.resolve(fortran + ".npy"), NpyBytes.of(descr, fortran, shape, data));
  }

  private static void cut(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void assertShorter(Path file, long before, long now, Runnable read) {
    assertEquals(
        ("%s: became shorter while it was read: expected %d bytes, found %d; wait until nothing"
                + " writes it any more, and run again")
            .formatted(file, before, now),
        line(read));
  }

  /** What a command would say: Java's error comes from something that the thread does later. */
  private static String line(Runnable read) {
    Throwable[] thrown = new Throwable[1];
    try {
      thrown[0] = thrown(read);
    } catch (InternalError late) {
      thrown[0] = late;
    }
    if (thrown[0] instanceof InputException e) {
      return e.getMessage();
    }
    assertTrue(thrown[0] instanceof InternalError, () -> "thrown: " + thrown[0]);
    return assertThrows(
            InputException.class, () -> NpyFrames.requireWholeFiles((InternalError) thrown[0]))
        .getMessage();
  }

  private static Throwable thrown(Runnable read) {
    Throwable thrown = null;
    try {
      read.run();
    } catch (InputException | InternalError e) {
      thrown = e;
    }
    // An allocation that is too large for the thread's own share lets Java speak.
    int length = 0;
    for (int i = 0; i < 10; i++) {
      length += new byte[1 << 22].length;
    }
    assertEquals(10 << 22, length);
    return thrown;
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", "<f8", "<i2", ">f4"})
  void everyWayOfReadingSaysSo(String descr) throws IOException {
    for (boolean fortran : new boolean[] {false, true}) {
      Path file = file(descr, fortran);
      long size = Files.size(file);
      float[] out = new float[FRAMES * FEATURES];
      int[] all = IntStream.range(0, FRAMES).toArray();
      NpyFrames frames = NpyFrames.open(file.toString());
      // Often enough that compiled code, too, meets missing pages below.
      for (int i = 0; i < 8; i++) {
        frames.read(0, FRAMES, out, 0);
        frames.gather(all, 0, FRAMES, out, 0);
      }
      cut(file, 5000);
      assertShorter(file, size, 5000, () -> frames.read(0, FRAMES, out, 0));
      assertShorter(file, size, 5000, () -> frames.gather(all, 0, FRAMES, out, 0));
      assertShorter(file, size, 5000, () -> frames.read(FRAMES - 1, 1, out, 0));
      assertShorter(file, size, 5000, () -> frames.gather(all, FRAMES - 1, 1, out, 0));
      assertShorter(file, size, 5000, () -> frames.value(FRAMES - 1, FEATURES - 1));
      assertShorter(file, size, 5000, frames::close);
      Files.delete(file);
      NpyFrames.requireWholeFiles(null);
    }
  }

  /** What is left of the last page reads as zeros, without a fault. */
  @Test
  void anEndOfZerosIsFoundAtTheLatestOnClosing() throws IOException {
    Path file = file("<f4", false);
    long size = Files.size(file);
    NpyFrames frames = NpyFrames.open(file.toString());
    cut(file, size - 4);
    frames.read(FRAMES - 1, 1, new float[FEATURES], 0);
    assertShorter(file, size, size - 4, frames::close);
    frames.close();
    Files.delete(file);
  }

  /** A file that took the name is another one; the mapped one keeps its pages. */
  @Test
  void aFileThatWasReplacedOrDeletedIsReadToItsEnd() throws IOException {
    Path file = file("<f4", false);
    float[] out = new float[FRAMES * FEATURES];
    Path shorter = Files.write(folder.resolve("y"), new byte[10]);
    try (NpyFrames frames = NpyFrames.open(file.toString())) {
      Files.move(shorter, file, StandardCopyOption.REPLACE_EXISTING);
      frames.read(0, FRAMES, out, 0);
      Files.delete(file);
      frames.read(0, FRAMES, out, 0);
    }
    assertTrue(Files.notExists(file));
  }
}
