// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlca.npy.NpyDoubleArray;
import org.openlca.npy.Npz;

class NpzTest {
  @TempDir Path folder;

  /** An archive of float32 arrays [2, 2], element i of array number k being 10 k + i. */
  private Path archive(int method, String comment, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setComment(comment);
      put(zip, method, "notes.txt", new byte[] {'h', 'i'});
      for (int k = 0; k < names.length; k++) {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
          data.putFloat(10 * k + i);
        }
        byte[] npy = NpyBytes.of("<f4", false, "(2, 2)", data.array());
        put(zip, method, names[k] + ".npy", npy);
      }
    }
    return Files.write(folder.resolve("a.npz"), bytes.toByteArray());
  }

  private static void put(ZipOutputStream zip, int method, String name, byte[] content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    if (method == ZipEntry.STORED) {
      entry.setCompressedSize(content.length);
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static String refusal(String spec) {
    String line = assertThrows(InputException.class, () -> NpyFrames.open(spec)).getMessage();
    assertEquals(1, line.lines().count(), line);
    return line;
  }

  private static List<Path> unpacked() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().matches("dynae\\d+\\.npy")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void readsNamedArrays(int method) throws IOException {
    Path file = archive(method, "a comment", "first", "deep/second.0", "third");
    float[] expected = {10, 11, 12, 13};
    for (String name : new String[] {":deep/second.0", ":deep/second.0.npy"}) {
      try (Frames frames = NpyFrames.open(file + name)) {
        assertArrayEquals(expected, NpyBytes.all(frames));
        assertEquals(file + name, frames.source());
      }
    }
    String several = refusal(file.toString());
    assertTrue(several.contains("3 arrays (first, deep/second.0, third)"), several);
    assertTrue(several.contains(file + ":first"), several);
    String unknown = refusal(file + ":fourth");
    assertTrue(unknown.contains("no array fourth; it has: first, deep/second.0, third"), unknown);
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void theOnlyArrayNeedsNoName(int method) throws IOException {
    Path file = archive(method, "", "only");
    try (Frames frames = NpyFrames.open(file.toString())) {
      assertArrayEquals(new float[] {0, 1, 2, 3}, NpyBytes.all(frames));
    }
    assertTrue(refusal(archive(method, "").toString()).contains("0 arrays"));
  }

  @Test
  void readsWhatAnotherLibraryWrites() {
    Path file = folder.resolve("b.npz");
    double[] values = {0.5, -1, 2, 1e10, 4, 5};
    NpyDoubleArray array = NpyDoubleArray.rowOrderOf(values, 3, 2);
    Npz.create(file.toFile(), zip -> Npz.write(zip, "x.npy", array));
    try (Frames frames = NpyFrames.open(file + ":x")) {
      assertArrayEquals(new float[] {0.5f, -1, 2, 1e10f, 4, 5}, NpyBytes.all(frames));
    }
  }

  @Test
  void theUnpackedFileIsGoneAfterClose() throws IOException {
    Path file = archive(ZipEntry.DEFLATED, "", "only");
    List<Path> before = unpacked();
    NpyFrames.open(file.toString()).close();
    assertEquals(before, unpacked());
  }

  @Test
  void damageInDeflatedBytesIsFound() throws IOException {
    Path file = archive(ZipEntry.DEFLATED, "", "only");
    List<Path> before = unpacked();
    byte[] good = Files.readAllBytes(file);
    int start = new String(good, StandardCharsets.ISO_8859_1).indexOf("only.npy");
    for (int i = start + 8; i < start + 60; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x55;
      Files.write(file, bad);
      refusal(file.toString());
    }
    assertEquals(before, unpacked());
  }

  @Test
  void truncatedArchivesAreRefused() throws IOException {
    Path file = archive(ZipEntry.STORED, "", "a", "b");
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      String line = refusal(file + ":a");
      assertTrue(line.contains("is not a whole npz archive"), line);
    }
  }

  @Test
  void zip64OffsetsAndSizes() throws IOException {
    byte[] npy = NpyBytes.of("|i1", false, "(3,)", new byte[] {7, 8, 9});
    ByteBuffer zip = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    zip.put(new byte[5]);
    CRC32 crc = new CRC32();
    crc.update(npy);
    local(zip, npy, (int) crc.getValue());
    int directory = zip.position();
    entry(zip, npy, (int) crc.getValue());
    int end = zip.position();
    zip.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    zip.putInt(0).putInt(0).putLong(1).putLong(1).putLong(end - directory).putLong(directory);
    zip.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
    zip.putInt(-1).putInt(-1).putShort((short) 0);
    Path file = folder.resolve("wide.npz");
    Files.write(file, Arrays.copyOf(zip.array(), zip.position()));
    try (Frames frames = NpyFrames.open(file.toString())) {
      assertArrayEquals(new float[] {7, 8, 9}, NpyBytes.all(frames));
    }
  }

  private static void local(ByteBuffer zip, byte[] npy, int crc) {
    zip.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 0).putInt(0);
    zip.putInt(crc).putInt(-1).putInt(-1).putShort((short) 5).putShort((short) 20);
    zip.put(new byte[] {'w', '.', 'n', 'p', 'y'});
    zip.putShort((short) 1).putShort((short) 16).putLong(npy.length).putLong(npy.length).put(npy);
  }

  private static void entry(ByteBuffer zip, byte[] npy, int crc) {
    zip.putInt(0x02014b50).putShort((short) 45).putShort((short) 45).putShort((short) 0);
    zip.putShort((short) 0).putInt(0).putInt(crc).putInt(-1).putInt(-1);
    zip.putShort((short) 5).putShort((short) 34).putShort((short) 0).putShort((short) 0);
    zip.putShort((short) 0).putInt(0).putInt(-1).put(new byte[] {'w', '.', 'n', 'p', 'y'});
    // Another field first, then zip64: unpacked size, packed size, offset.
    zip.putShort((short) 0x5455).putShort((short) 2).putShort((short) 0);
    zip.putShort((short) 1).putShort((short) 24);
    zip.putLong(npy.length).putLong(npy.length).putLong(5);
  }
}
