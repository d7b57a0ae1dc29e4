// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.Frames;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dtype in both byte orders, from bytes made by java.nio. */
class NpyTypeTest {
  private static final double[] SIGNED = {0, 1, -1, 127, -128};

  @TempDir Path folder;

  private void check(String code, double[] values, BiConsumer<ByteBuffer, Double> put)
      throws IOException {
    int size = code.charAt(1) - '0';
    for (String order : size == 1 ? new String[] {"|", "<", ">"} : new String[] {"<", ">"}) {
      ByteBuffer data = ByteBuffer.allocate(values.length * size);
      data.order(order.equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      float[] expected = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        put.accept(data, values[i]);
        expected[i] = (float) values[i];
      }
      byte[] bytes = NpyBytes.of(order + code, false, "(" + values.length + ",)", data.array());
      for (int segmentBits : new int[] {3, 4, 30}) {
        try (Frames frames = NpyBytes.open(folder, bytes, segmentBits)) {
          assertArrayEquals(expected, NpyBytes.all(frames), order + code);
        }
      }
    }
  }

  @Test
  void integersOfEverySize() throws IOException {
    check("i1", SIGNED, (b, v) -> b.put(v.byteValue()));
    check("i2", new double[] {0, -1, 32767, -32768, 258}, (b, v) -> b.putShort(v.shortValue()));
    check("u2", new double[] {0, 32768, 65535, 258}, (b, v) -> b.putShort((short) v.intValue()));
    check("i4", new double[] {0, -1, -2147483648, 16909060}, (b, v) -> b.putInt(v.intValue()));
    check("u4", new double[] {0, 4294967295.0, 16909060}, (b, v) -> b.putInt((int) v.longValue()));
    check("i8", new double[] {0, -1, -0x1p63, 0x1p40 + 3}, (b, v) -> b.putLong(v.longValue()));
  }

  /** Images are [frames, height, width] or [frames, channels, height, width]. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(256,); false", "(64, 4); false", "(1, 256); false", "(4, 4, 2, 2, 4); false",
        "(4, 8, 8); true", "(64, 2, 2); true", "(16, 1, 4, 4); true", "(4, 4, 4, 4); true"
      })
  void unsignedBytesOfImagesAloneArePixels(String shape, boolean pixels) throws IOException {
    byte[] levels = new byte[256];
    float[] expected = new float[256];
    for (int level = 0; level < 256; level++) {
      levels[level] = (byte) level;
      expected[level] = pixels ? (float) (level / 255.0) : level;
    }
    for (boolean fortran : new boolean[] {false, true}) {
      byte[] file = NpyBytes.of("|u1", fortran, shape, levels);
      try (Frames frames = NpyBytes.open(folder, file, 4)) {
        assertEquals(pixels ? Bytes.PIXELS : Bytes.NUMBERS, frames.bytes());
        assertTrue(frames.exact());
        float[] found = NpyBytes.all(frames);
        if (!fortran) {
          assertArrayEquals(expected, found);
        }
        Arrays.sort(found);
        assertArrayEquals(expected, found);
      }
    }
  }

  /** What float32 cannot hold is what has to lose its offset in double. */
  @ParameterizedTest
  @CsvSource({
    "f2, true",
    "f4, true",
    "f8, false",
    "i1, true",
    "i2, true",
    "i4, false",
    "i8, false",
    "u2, true",
    "u4, false",
    "u8, false",
    "b1, true"
  })
  void onlyWideTypesAreRounded(String code, boolean exact) throws IOException {
    int size = code.charAt(1) - '0';
    byte[] file = NpyBytes.of((size == 1 ? "|" : "<") + code, false, "(3,)", new byte[3 * size]);
    try (Frames frames = NpyBytes.open(folder, file, 30)) {
      assertEquals(exact, frames.exact());
      assertEquals(Bytes.NONE, frames.bytes());
    }
  }

  @Test
  void floats() throws IOException {
    double[] values = {0, -0.0, 1.5, -2.25, Float.MIN_VALUE, Float.MAX_VALUE, Double.NaN};
    check("f4", values, (b, v) -> b.putFloat(v.floatValue()));
    check("f8", values, (b, v) -> b.putDouble(v));
    check("f8", new double[] {0.1, Math.PI, 1e300, -1e-300}, (b, v) -> b.putDouble(v));
  }

  @Test
  void longIntegersAreRoundedOnce() throws IOException {
    // Beyond 2^53 rounding to double first would change the float32.
    long[] values = {(1L << 61) + (1L << 37) + 1, -1L, Long.MIN_VALUE, (1L << 63) + (1L << 39) + 1};
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    float[] expected = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      data.putLong(values[i]);
      expected[i] = new BigDecimal(new BigInteger(Long.toUnsignedString(values[i]))).floatValue();
    }
    byte[] bytes = NpyBytes.of("<u8", false, "(4,)", data.array());
    float[] found = new float[4];
    try (Frames frames = NpyBytes.open(folder, bytes, 30)) {
      frames.read(0, 4, found, 0);
    }
    assertArrayEquals(expected, found);
    try (Frames frames =
        NpyBytes.open(folder, NpyBytes.of("<i8", false, "(4,)", data.array()), 30)) {
      frames.read(0, 1, found, 0);
    }
    assertEquals(new BigDecimal(values[0]).floatValue(), found[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "8000, -0.0",
    "0001, 5.9604644775390625e-8",
    "83ff, -6.097555160522461e-5",
    "0400, 6.103515625e-5",
    "3c00, 1",
    "c100, -2.5",
    "3555, 0.333251953125",
    "7bff, 65504",
    "7c00, Infinity",
    "fc00, -Infinity",
    "7e00, NaN"
  })
  void halfPrecision(String bits, double value) throws IOException {
    int word = Integer.parseInt(bits, 16);
    byte[] little = {(byte) word, (byte) (word >> 8)};
    byte[] big = {little[1], little[0]};
    for (byte[] file :
        new byte[][] {
          NpyBytes.of("<f2", false, "(1,)", little), NpyBytes.of(">f2", false, "(1,)", big)
        }) {
      try (Frames frames = NpyBytes.open(folder, file, 30)) {
        assertArrayEquals(new float[] {(float) value}, NpyBytes.all(frames));
      }
    }
  }

  @Test
  void booleans() throws IOException {
    byte[] file = NpyBytes.of("|b1", false, "(2, 2)", new byte[] {0, 1, 1, 0});
    try (Frames frames = NpyBytes.open(folder, file, 30)) {
      assertArrayEquals(new float[] {0, 1, 1, 0}, NpyBytes.all(frames));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<c16", "<U10", "|S3", "<f16", "<M8", "<m8", "|V8", "|f8", "f8", ""})
  void otherTypesAreNamedAndRefused(String descr) {
    byte[] file = NpyBytes.of(descr, false, "(1,)", new byte[16]);
    String line =
        assertThrows(InputException.class, () -> NpyBytes.open(folder, file, 30)).getMessage();
    assertTrue(line.contains("dtype " + descr + " is not supported"), line);
    assertTrue(line.contains("f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8 and bool"), line);
  }

  /** What numpy makes of trajectories of several lengths; another dtype would not help. */
  @Test
  void objectsAreToBeSavedOneByOne() {
    byte[] file = NpyBytes.of("|O", false, "(1,)", new byte[16]);
    String line =
        assertThrows(InputException.class, () -> NpyBytes.open(folder, file, 30)).getMessage();
    assertTrue(line.contains("dtype |O is not supported: it holds Python objects"), line);
    assertTrue(line.contains("numpy.save each of them"), line);
  }

  @Test
  void structuredTypesAreNamedAndRefused() {
    String text =
        "{'descr': [('a', '<f8'), ('b]', '<i4', (2,))], 'fortran_order': False, 'shape': (1,), }";
    String line =
        assertThrows(
                InputException.class,
                () -> NpyBytes.open(folder, NpyBytes.of(1, text, new byte[16]), 30))
            .getMessage();
    assertTrue(line.contains("dtype [('a', '<f8'), ('b]', '<i4', (2,))] is not supported"), line);
  }
}
