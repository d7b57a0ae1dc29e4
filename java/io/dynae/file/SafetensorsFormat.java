// SPDX-License-Identifier: MIT
package io.dynae.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.error.InputException;
import io.dynae.file.Safetensors.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The bytes of a safetensors file.
 *
 * <table>
 *   <caption>Layout</caption>
 *   <tr><td>bytes 0-7</td><td>length n of the header, little endian</td></tr>
 *   <tr><td>n bytes</td><td>JSON: for each tensor dtype ("F32", "I32"), shape, data_offsets; under
 *       {@code __metadata__} strings; then spaces up to a multiple of 8 bytes</td></tr>
 *   <tr><td>the rest</td><td>tensor data, row-major, little endian, in the order of the header</td></tr>
 * </table>
 *
 * <p>The metadata key {@code crc32} holds the checksum of the header without that key, then of the
 * data, so damage is found on reading. Data go through a block at a time, so that a file of any
 * size takes the memory of its tensors and no more.
 */
final class SafetensorsFormat {
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32";
  private static final int MOST_HEADER = 1 << 24;
  private static final int ALIGNMENT = 8;
  private static final int BLOCK = 1 << 18;

  private SafetensorsFormat() {}

  /** What takes the bytes of tensors, a block at a time. */
  private interface Sink {
    void accept(byte[] bytes, int n) throws IOException;
  }

  static void write(Map<String, String> metadata, Map<String, Tensor> tensors, OutputStream out)
      throws IOException {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    header.add(METADATA, texts);
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long bytes = 4L * entry.getValue().length();
      header.add(entry.getKey(), described(entry.getValue(), end, end + bytes));
      end += bytes;
    }
    metadata.forEach(texts::addProperty);
    CRC32 crc = checksum(header);
    for (Tensor tensor : tensors.values()) {
      blocks(tensor, (bytes, n) -> crc.update(bytes, 0, n));
    }
    texts.addProperty(CHECKSUM, Long.toHexString(crc.getValue()));
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-text.length, ALIGNMENT);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(text.length + padding).array());
    out.write(text);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (Tensor tensor : tensors.values()) {
      blocks(tensor, (bytes, n) -> out.write(bytes, 0, n));
    }
  }

  private static JsonObject described(Tensor tensor, long begin, long end) {
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", tensor.floats() != null ? "F32" : "I32");
    JsonArray shape = new JsonArray();
    for (int length : tensor.shape()) {
      shape.add(length);
    }
    entry.add("shape", shape);
    JsonArray offsets = new JsonArray();
    offsets.add(begin);
    offsets.add(end);
    entry.add("data_offsets", offsets);
    return entry;
  }

  private static void blocks(Tensor tensor, Sink sink) throws IOException {
    ByteBuffer block = block(tensor);
    for (int from = 0; from < tensor.length(); from += BLOCK) {
      int n = Math.min(BLOCK, tensor.length() - from);
      if (tensor.floats() != null) {
        block.asFloatBuffer().put(tensor.floats(), from, n);
      } else {
        block.asIntBuffer().put(tensor.ints(), from, n);
      }
      sink.accept(block.array(), 4 * n);
    }
  }

  /** Begun with a header that does not have its checksum yet. */
  private static CRC32 checksum(JsonObject header) {
    CRC32 crc = new CRC32();
    crc.update(header.toString().getBytes(StandardCharsets.UTF_8));
    return crc;
  }

  /**
   * Reads a file into the two maps. Every size is checked against the file's before anything of it
   * is allocated.
   *
   * @throws InputException when it is cut short or damaged
   */
  static void read(Path file, Map<String, String> metadata, Map<String, Tensor> tensors)
      throws IOException {
    long size = Files.size(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] length = in.readNBytes(8);
      long n =
          length.length < 8 ? -1 : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (n < 2 || n > MOST_HEADER || n > size - 8) {
        throw damaged(file, "%d bytes have no room for its header".formatted(size), null);
      }
      JsonObject header = header(in.readNBytes((int) n));
      JsonObject texts = header.getAsJsonObject(METADATA);
      for (Map.Entry<String, JsonElement> e : texts.entrySet()) {
        metadata.put(e.getKey(), e.getValue().getAsString());
      }
      Map<String, Tensor> found = empty(header, size - 8 - n, file);
      String expected = metadata.remove(CHECKSUM);
      texts.remove(CHECKSUM);
      CRC32 crc = checksum(header);
      for (Tensor tensor : found.values()) {
        fill(tensor, in, crc);
      }
      String checksum = Long.toHexString(crc.getValue());
      if (!checksum.equals(expected)) {
        throw damaged(file, "its checksum is %s, not %s".formatted(checksum, expected), null);
      }
      tensors.putAll(found);
    } catch (EOFException e) {
      throw damaged(file, "it became shorter while it was read", e);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | ArithmeticException
        | ClassCastException
        | IndexOutOfBoundsException
        | NullPointerException
        | UnsupportedOperationException e) {
      throw damaged(file, "its header is not that of a checkpoint", e);
    }
  }

  private static JsonObject header(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == ' ') {
      end--;
    }
    if (end == 0 || bytes[0] != '{' || bytes[end - 1] != '}') {
      throw new IllegalArgumentException("a header is one object");
    }
    return JsonParser.parseString(new String(bytes, 0, end, StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  /** Tensors of zeros, of the sizes that the header says and {@code bytes} of data have. */
  private static Map<String, Tensor> empty(JsonObject header, long bytes, Path file) {
    Map<String, long[]> ends = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, JsonElement> e : header.entrySet()) {
      if (e.getKey().equals(METADATA)) {
        continue;
      }
      JsonObject entry = e.getValue().getAsJsonObject();
      long[] offsets = numbers(entry.getAsJsonArray("data_offsets"));
      long elements = 1;
      for (long length : numbers(entry.getAsJsonArray("shape"))) {
        elements = Math.multiplyExact(elements, length);
      }
      long to = Math.addExact(end, Math.multiplyExact(4L, elements));
      if (offsets.length != 2 || offsets[0] != end || offsets[1] != to || to > bytes) {
        throw damaged(
            file,
            "its %d bytes of data have no room for tensor %s".formatted(bytes, e.getKey()),
            null);
      }
      ends.put(e.getKey(), offsets);
      end = to;
    }
    if (end != bytes) {
      throw damaged(file, "%d bytes follow its %d of data".formatted(bytes - end, end), null);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ends.forEach((name, at) -> tensors.put(name, tensor(header.getAsJsonObject(name), at)));
    return tensors;
  }

  private static Tensor tensor(JsonObject entry, long[] offsets) {
    long[] lengths = numbers(entry.getAsJsonArray("shape"));
    int[] shape = new int[lengths.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.toIntExact(lengths[i]);
    }
    int elements = Math.toIntExact((offsets[1] - offsets[0]) / 4);
    return switch (entry.get("dtype").getAsString()) {
      case "F32" -> new Tensor(shape, new float[elements], null);
      case "I32" -> new Tensor(shape, null, new int[elements]);
      default -> throw new IllegalArgumentException("a tensor is F32 or I32");
    };
  }

  /** Whole numbers of at least 0. */
  private static long[] numbers(JsonArray array) {
    long[] numbers = new long[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Long.parseUnsignedLong(array.get(i).getAsString());
      if (numbers[i] < 0) {
        throw new ArithmeticException("more than 2^63");
      }
    }
    return numbers;
  }

  private static ByteBuffer block(Tensor tensor) {
    int elements = Math.min(BLOCK, tensor.length());
    return ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void fill(Tensor tensor, InputStream in, CRC32 crc) throws IOException {
    ByteBuffer block = block(tensor);
    for (int from = 0; from < tensor.length(); from += BLOCK) {
      int n = Math.min(BLOCK, tensor.length() - from);
      if (in.readNBytes(block.array(), 0, 4 * n) < 4 * n) {
        throw new EOFException();
      }
      crc.update(block.array(), 0, 4 * n);
      if (tensor.floats() != null) {
        block.asFloatBuffer().get(tensor.floats(), from, n);
      } else {
        block.asIntBuffer().get(tensor.ints(), from, n);
      }
    }
  }

  private static InputException damaged(Path file, String what, Throwable cause) {
    return new InputException(
        file + ": " + what + ": the file is damaged; restore it from a copy or train again", cause);
  }
}
