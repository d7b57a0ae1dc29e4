// SPDX-License-Identifier: MIT
package io.dynae.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.file.Safetensors.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("x.safetensors");
  }

  /** A file of this header, which gets its checksum, and these data. */
  private Path write(String header, int padding, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(header.getBytes(StandardCharsets.UTF_8));
    crc.update(data);
    String text =
        header.replace(
                "\"__metadata__\":{\"a\":\"b\"}",
                "\"__metadata__\":{\"a\":\"b\",\"crc32\":\"%x\"}".formatted(crc.getValue()))
            + " ".repeat(padding);
    ByteBuffer all =
        ByteBuffer.allocate(8 + text.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length()).put(text.getBytes(StandardCharsets.UTF_8)).put(data);
    return Files.write(file(), all.array());
  }

  private static String header(String dtype, String shape, String offsets) {
    return "{\"__metadata__\":{\"a\":\"b\"},\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @Test
  void theHeaderEndsAtAMultipleOfEightBytes() throws IOException {
    for (int n = 0; n < 9; n++) {
      Path file = file();
      new Safetensors().put("key", "v".repeat(n)).put("x", new float[] {1, 2}, 2).write(file);
      byte[] bytes = Files.readAllBytes(file);
      long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertEquals(0, length % 8);
      assertEquals(8 + length + 8, bytes.length);
      String text = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
      assertTrue(text.matches("\\{.*\\} {0,7}"), text);
      assertArrayEquals(new float[] {1, 2}, Safetensors.read(file).floats("x", 2));
    }
  }

  /** Files of before have no spaces. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 100})
  void headersOfAnyPaddingAreRead(int padding) throws IOException {
    byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
    Safetensors read = Safetensors.read(write(header("F32", "[1,2]", "[0,8]"), padding, data));
    assertArrayEquals(new float[] {1, 2}, read.floats("x", 1, 2));
    assertEquals("b", read.get("a"));
  }

  /** All with a good checksum. */
  @Test
  void headersThatDoNotFitTheDataAreRefused() throws IOException {
    byte[] data = new byte[8];
    String[][] wrong = {
      {"F32", "[3]", "[0,8]"},
      {"F32", "[1]", "[0,8]"},
      {"F32", "[-1,-2]", "[0,8]"},
      {"F32", "[4294967296,4294967296]", "[0,0]"},
      {"F32", "[4611686018427387905]", "[0,4]"},
      {"F32", "[1e400]", "[0,8]"},
      {"F32", "[2.5]", "[0,8]"},
      {"F32", "null", "[0,8]"},
      {"F32", "[2]", "[0]"},
      {"F32", "[1]", "[4,8]"},
      {"F32", "[2]", "[8,0]"},
      {"F16", "[4]", "[0,8]"},
      {"F64", "[1]", "[0,8]"},
      {"I64", "[2]", "[0,8]"}
    };
    for (String[] entry : wrong) {
      Path file = write(header(entry[0], entry[1], entry[2]), 0, data);
      String line = assertThrows(InputException.class, () -> Safetensors.read(file)).getMessage();
      assertTrue(line.startsWith(file + ": ") && line.contains("the file is damaged"), line);
    }
    Path nested = write("{\"__metadata__\":" + "[".repeat(1 << 20) + "}", 0, data);
    assertThrows(InputException.class, () -> Safetensors.read(nested));
  }

  /** Seventeen times the same 128 MiB: the file's parts lie beyond 2^31 bytes. */
  @Test
  void offsetsCountBeyondAnInt() throws IOException {
    Tensor large = new Tensor(new int[] {1 << 25}, new float[1 << 25], null);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 17; i++) {
      tensors.put("t" + i, large);
    }
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    long[] written = {0};
    SafetensorsFormat.write(
        Map.of(),
        tensors,
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("a byte at a time");
          }

          @Override
          public void write(byte[] bytes, int from, int n) {
            if (written[0] < 1 << 16) {
              head.write(bytes, from, Math.min(n, 1 << 16));
            }
            written[0] += n;
          }
        });
    long length = ByteBuffer.wrap(head.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(8 + length + 17 * (1L << 27), written[0]);
    String text = head.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"data_offsets\":[2147483648,2281701376]"), text.substring(0, 2000));
  }
}
