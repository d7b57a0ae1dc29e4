// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlca.npy.Npy;
import org.openlca.npy.NpyArray;

class NpyWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8191, 8192, 8193, 16_376, 16_384, 100_003})
  void anotherLibraryReadsTheValues(int n) throws IOException {
    float[] floats = new float[n];
    double[] doubles = new double[n];
    int[] ints = new int[n];
    byte[] bytes = new byte[n];
    for (int i = 0; i < n; i++) {
      doubles[i] = (i % 2 == 0 ? 1 : -1) / (i + 3.0);
      floats[i] = (float) doubles[i];
      ints[i] = Integer.MIN_VALUE + 5 * i;
      bytes[i] = (byte) (7 * i);
    }
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, floats, n);
    assertArrayEquals(floats, Npy.read(file.toFile()).asFloatArray().data());
    // In uneven pieces, so that the internal buffer fills up in the middle of one.
    try (NpyWriter writer = NpyWriter.float64(file, n)) {
      for (int at = 0; at < n; at += 777) {
        writer.write(doubles, at, Math.min(777, n - at));
      }
    }
    assertArrayEquals(doubles, Npy.read(file.toFile()).asDoubleArray().data());
    try (NpyWriter writer = NpyWriter.int32(file, n)) {
      writer.write(ints, 0, n);
    }
    assertArrayEquals(ints, Npy.read(file.toFile()).asIntArray().data());
    try (NpyWriter writer = NpyWriter.uint8(file, n)) {
      for (int at = 0; at < n; at += 70_001) {
        writer.write(bytes, at, Math.min(70_001, n - at));
      }
    }
    byte[] all = Files.readAllBytes(file);
    assertTrue(new String(all, 0, 64, StandardCharsets.ISO_8859_1).contains("'descr': '|u1'"));
    assertArrayEquals(bytes, Arrays.copyOfRange(all, all.length - n, all.length));
  }

  @Test
  void anotherLibraryReadsTheShape() {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, new float[24], 2, 3, 4);
    NpyArray<?> array = Npy.read(file.toFile());
    assertArrayEquals(new int[] {2, 3, 4}, array.shape());
    assertFalse(array.hasColumnOrder());
  }

  @Test
  void headerIsThatOfTheFormat() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, new float[] {1}, 1);
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 4, bytes.length);
    String head = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    assertTrue(
        head.startsWith(
            "\u0093NUMPY\u0001\u0000v\u0000"
                + "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }  "),
        head);
    assertEquals('\n', head.charAt(127));
  }

  @Test
  void dataStartsAtAMultipleOf64() {
    for (long frames = 1, digits = 1; digits <= 18; digits++, frames *= 10) {
      long[] shape = new long[(int) digits];
      Arrays.fill(shape, frames);
      assertEquals(0, NpyWriter.header(NpyType.F4, shape).length % 64);
    }
  }

  @Test
  void incompleteFilesLeaveNothing() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyWriter unfinished = NpyWriter.float32(file, 3, 2);
    unfinished.write(new float[5], 0, 5);
    String line = assertThrows(IllegalStateException.class, unfinished::close).getMessage();
    assertTrue(line.contains("has 6 values; closed after 5"), line);
    try (NpyWriter writer = NpyWriter.float32(file, 2)) {
      writer.write(new float[2], 0, 2);
      assertThrows(IllegalStateException.class, () -> writer.write(new float[1], 0, 1));
      assertThrows(IllegalStateException.class, () -> writer.write(new int[1], 0, 1));
      assertFalse(Files.exists(file));
    }
    assertTrue(Files.exists(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  /** An interrupt closes the channel under the writer, as a full disk fails it. */
  @Test
  void whatFailedOnTheWayLeavesNothing() throws IOException {
    Path file = folder.resolve("x.npy");
    float[] values = new float[1 << 16];
    try {
      Thread.currentThread().interrupt();
      assertThrows(InputException.class, () -> NpyWriter.write(file, values, values.length));
    } finally {
      Thread.interrupted();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void unwritableTargetsAreOneLine() {
    Path file = folder.resolve("none/x.npy");
    assertEquals(
        file + ": cannot be written: no such file or folder; check the path",
        assertThrows(InputException.class, () -> NpyWriter.write(file, new float[1], 1))
            .getMessage());
  }
}
