// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
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

  /** As zipfile, and numpy with it, says: bad CRC-32. */
  @Test
  void damageInStoredBytesIsFound() throws IOException {
    Path file = archive(ZipEntry.STORED, "", "only");
    byte[] good = Files.readAllBytes(file);
    int data = new String(good, StandardCharsets.ISO_8859_1).indexOf("NUMPY") - 1;
    int size = NpyBytes.of("<f4", false, "(2, 2)", new byte[16]).length;
    for (int i = data; i < data + size; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(file, bad);
      String line = refusal(file.toString());
      assertTrue(line.contains("is damaged") && line.contains("CRC"), line);
    }
  }

  /** An archive that is appended to has the old entry too; zipfile and numpy read the last. */
  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
  void ofTwoEntriesOfOneNameTheLastIsRead(int method) throws IOException {
    Path file = archive(method, "", "same", "mess");
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replace("mess.npy", "same.npy"), StandardCharsets.ISO_8859_1);
    for (String spec : new String[] {"", ":same"}) {
      try (Frames frames = NpyFrames.open(file + spec)) {
        assertArrayEquals(new float[] {10, 11, 12, 13}, NpyBytes.all(frames));
      }
    }
  }

  /** The name with its ending goes before, as in numpy. */
  @Test
  void anEntryGoesBeforeAnArrayOfItsName() throws IOException {
    Path file = archive(ZipEntry.STORED, "", "x.npy", "x");
    try (Frames entry = NpyFrames.open(file + ":x.npy");
        Frames array = NpyFrames.open(file + ":x.npy.npy")) {
      assertArrayEquals(new float[] {10, 11, 12, 13}, NpyBytes.all(entry));
      assertArrayEquals(new float[] {0, 1, 2, 3}, NpyBytes.all(array));
    }
  }

  @Test
  void anotherNameWhereTheBytesAreIsRefused() throws IOException {
    Path file = archive(ZipEntry.STORED, "", "name");
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replaceFirst("name.npy", "mane.npy"), StandardCharsets.ISO_8859_1);
    String line = refusal(file.toString());
    assertTrue(line.contains("another name"), line);
  }

  /** A few bytes that say of themselves that they become 2^62. */
  @Test
  void anArrayLargerThanTheDiskIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] npy = NpyBytes.of("|i1", false, "(3,)", new byte[] {7, 8, 9});
    Path file = Files.write(folder.resolve("bomb.npz"), wide(npy, 8, 1L << 62));
    List<Path> before = unpacked();
    String line = refusal(file.toString());
    assertTrue(line.contains("more than there is space in the temporary folder"), line);
    assertTrue(line.contains("4611686018427387904 bytes"), line);
    assertEquals(before, unpacked());
  }

  @Test
  void sizesThatNoFileHasAreRefused() throws IOException {
    byte[] npy = NpyBytes.of("|i1", false, "(3,)", new byte[] {7, 8, 9});
    for (int method : new int[] {0, 8}) {
      for (long size : new long[] {-1, -5, Long.MIN_VALUE, Long.MAX_VALUE, npy.length + 1}) {
        Path file = Files.write(folder.resolve("wide.npz"), wide(npy, method, size));
        refusal(file.toString());
      }
    }
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
    Path file = Files.write(folder.resolve("wide.npz"), wide(npy, 0, npy.length));
    try (Frames frames = NpyFrames.open(file.toString())) {
      assertArrayEquals(new float[] {7, 8, 9}, NpyBytes.all(frames));
    }
  }

  /** An archive whose zip64 fields say that array w has {@code size} unpacked bytes. */
  private static byte[] wide(byte[] npy, int method, long size) {
    ByteBuffer zip = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    zip.put(new byte[5]);
    CRC32 crc = new CRC32();
    crc.update(npy);
    local(zip, npy, (int) crc.getValue());
    int directory = zip.position();
    entry(zip, npy, (int) crc.getValue(), method, size);
    int end = zip.position();
    zip.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    zip.putInt(0).putInt(0).putLong(1).putLong(1).putLong(end - directory).putLong(directory);
    zip.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
    zip.putInt(-1).putInt(-1).putShort((short) 0);
    return Arrays.copyOf(zip.array(), zip.position());
  }

  private static void local(ByteBuffer zip, byte[] npy, int crc) {
    zip.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 0).putInt(0);
    zip.putInt(crc).putInt(-1).putInt(-1).putShort((short) 5).putShort((short) 20);
    zip.put(new byte[] {'w', '.', 'n', 'p', 'y'});
    zip.putShort((short) 1).putShort((short) 16).putLong(npy.length).putLong(npy.length).put(npy);
  }

  private static void entry(ByteBuffer zip, byte[] npy, int crc, int method, long size) {
    zip.putInt(0x02014b50).putShort((short) 45).putShort((short) 45).putShort((short) 0);
    zip.putShort((short) method).putInt(0).putInt(crc).putInt(-1).putInt(-1);
    zip.putShort((short) 5).putShort((short) 34).putShort((short) 0).putShort((short) 0);
    zip.putShort((short) 0).putInt(0).putInt(-1).put(new byte[] {'w', '.', 'n', 'p', 'y'});
    // Another field first, then zip64: unpacked size, packed size, offset.
    zip.putShort((short) 0x5455).putShort((short) 2).putShort((short) 0);
    zip.putShort((short) 1).putShort((short) 24);
    zip.putLong(size).putLong(npy.length).putLong(5);
  }
}
