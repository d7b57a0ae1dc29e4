// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlca.npy.Npy;
import org.openlca.npy.NpyDoubleArray;
import org.openlca.npy.NpyFloatArray;
import org.openlca.npy.NpyIntArray;

class NpyFramesTest {
  @TempDir Path folder;

  /**
   * Small segments are thousands of mappings, of which a process may have 65530 until it cleans up.
   */
  @AfterEach
  void unmap() {
    System.gc();
  }

  private static float[] uniform(int n) {
    Random random = new Random(n);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "7, 1", "5, 3", "17, 2", "13, 37", "1009, 31"})
  void readsWhatAnotherLibraryWrites(int rows, int columns) throws IOException {
    float[] values = uniform(rows * columns);
    double[] wide = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    Path file = folder.resolve("x.npy");
    // Segments of 8 bytes make nearly every frame straddle some.
    for (int segmentBits : new int[] {3, 7, 30}) {
      // The other library does not shorten a longer file.
      Files.deleteIfExists(file);
      Npy.write(file.toFile(), NpyFloatArray.rowOrderOf(values, rows, columns));
      try (Frames frames = NpyFrames.open(file.toString(), segmentBits)) {
        assertArrayEquals(new int[] {rows, columns}, frames.shape());
        assertEquals(file.toString(), frames.source());
        assertArrayEquals(values, NpyBytes.all(frames));
      }
      Files.delete(file);
      Npy.write(file.toFile(), NpyDoubleArray.rowOrderOf(wide, rows, columns));
      try (Frames frames = NpyFrames.open(file.toString(), segmentBits)) {
        assertArrayEquals(values, NpyBytes.all(frames));
      }
      Files.delete(file);
      Npy.write(file.toFile(), NpyDoubleArray.columnOrderOf(wide, rows, columns));
      try (Frames frames = NpyFrames.open(file.toString(), segmentBits)) {
        float[] found = NpyBytes.all(frames);
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            assertEquals(values[j * rows + i], found[i * columns + j]);
          }
        }
      }
    }
  }

  @Test
  void fortranOrderOfFourDimensions() throws IOException {
    int[] shape = {5, 2, 3, 4};
    ByteBuffer data = ByteBuffer.allocate(120 * 4).order(ByteOrder.BIG_ENDIAN);
    for (int l = 0; l < 4; l++) {
      for (int k = 0; k < 3; k++) {
        for (int j = 0; j < 2; j++) {
          for (int i = 0; i < 5; i++) {
            data.putInt(((i * 2 + j) * 3 + k) * 4 + l);
          }
        }
      }
    }
    byte[] bytes = NpyBytes.of(">i4", true, "(5, 2, 3, 4)", data.array());
    for (int segmentBits : new int[] {3, 30}) {
      try (Frames frames = NpyBytes.open(folder, bytes, segmentBits)) {
        assertArrayEquals(shape, frames.shape());
        assertEquals(24, frames.features());
        float[] found = NpyBytes.all(frames);
        for (int i = 0; i < 120; i++) {
          assertEquals(i, found[i]);
        }
      }
    }
  }

  @Test
  void oneDimensionIsOneFeature() {
    Path file = folder.resolve("x.npy");
    Npy.write(file.toFile(), NpyIntArray.vectorOf(new int[] {3, -4, 5}));
    try (Frames frames = NpyFrames.open(file.toString())) {
      assertEquals(3, frames.count());
      assertEquals(1, frames.features());
      assertArrayEquals(new float[] {3, -4, 5}, NpyBytes.all(frames));
    }
  }

  @Test
  void readsPartsAndRepeatsAtAnOffset() {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, new float[] {0, 1, 10, 11, 20, 21}, 3, 2);
    try (Frames frames = NpyFrames.open(file.toString())) {
      float[] out = new float[6];
      frames.read(1, 2, out, 1);
      assertArrayEquals(new float[] {0, 10, 11, 20, 21, 0}, out);
      frames.gather(new int[] {9, 2, 2, 0}, 1, 3, out, 0);
      assertArrayEquals(new float[] {20, 21, 20, 21, 0, 1}, out);
    }
  }

  @Test
  void rangesOutsideAreRefused() {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, new float[6], 3, 2);
    Frames frames = NpyFrames.open(file.toString());
    float[] out = new float[4];
    Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
    assertThrows(outside, () -> frames.read(2, 2, out, 0));
    assertThrows(outside, () -> frames.read(-1, 1, out, 0));
    assertThrows(outside, () -> frames.read(0, 3, out, 0));
    assertThrows(outside, () -> frames.read(0, 2, out, 1));
    assertThrows(outside, () -> frames.gather(new int[] {3}, 0, 1, out, 0));
    assertThrows(outside, () -> frames.gather(new int[] {-1}, 0, 1, out, 0));
    assertThrows(outside, () -> frames.gather(new int[3], 0, 3, out, 0));
    frames.close();
    assertThrows(IllegalStateException.class, () -> frames.read(0, 1, out, 0));
  }

  @Test
  void manyThreadsReadTheSameValues() {
    Path file = folder.resolve("x.npy");
    float[] values = uniform(3 * 4000);
    NpyWriter.write(file, values, 4000, 3);
    try (Frames frames = NpyFrames.open(file.toString(), 5)) {
      long equal =
          IntStream.range(0, 4000)
              .parallel()
              .filter(
                  i -> {
                    float[] row = new float[3];
                    frames.gather(new int[] {i}, 0, 1, row, 0);
                    return row[0] == values[3 * i] && row[2] == values[3 * i + 2];
                  })
              .count();
      assertEquals(4000, equal);
    }
  }

  @Test
  void framesBeyondTwoGigabytes() throws IOException {
    long rows = 300_000_000;
    Path file = folder.resolve("sparse.npy");
    byte[] header = NpyWriter.header(NpyType.F8, rows, 1);
    // A sparse file: only the pages that are written take space.
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(header));
      for (long row : new long[] {134_217_727, 134_217_728, 268_435_456, rows - 1}) {
        ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        channel.write(value.putDouble(0, (double) row), header.length + 8 * row);
      }
    }
    try (Frames frames = NpyFrames.open(file.toString())) {
      float[] out = new float[4];
      frames.read(134_217_726, 4, out, 0);
      assertArrayEquals(new float[] {0, 134_217_727, 134_217_728, 0}, out);
      frames.gather(new int[] {268_435_456, (int) rows - 1, 1}, 0, 3, out, 0);
      assertArrayEquals(new float[] {268_435_456, rows - 1, 0, 0}, out);
    }
  }

  @Test
  void unreadableFilesAreOneLine() {
    String missing = folder.resolve("none.npy").toString();
    assertEquals(
        missing + ": cannot be read: no such file or folder; check the path",
        assertThrows(InputException.class, () -> NpyFrames.open(missing)).getMessage());
    String line =
        assertThrows(InputException.class, () -> NpyFrames.open(folder.toString())).getMessage();
    assertTrue(line.contains("it is a folder"), line);
    String nothing =
        assertThrows(InputException.class, () -> NpyFrames.open("x\0.npy")).getMessage();
    assertTrue(nothing.contains("is not the name of a file"), nothing);
  }

  @Test
  void openingLeavesTheFileAsItIs() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, new float[] {1, 2}, 2);
    byte[] before = Files.readAllBytes(file);
    NpyFrames.open(file.toString()).close();
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
