// SPDX-License-Identifier: MIT
package io.dynae.model;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.error.InputException;
import io.dynae.error.IoReason;
import io.dynae.trajectory.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A safetensors file of float32 and int32 tensors with text metadata.
 *
 * <table>
 *   <caption>Layout</caption>
 *   <tr><td>bytes 0-7</td><td>length n of the header, little endian</td></tr>
 *   <tr><td>n bytes</td><td>JSON: for each tensor dtype ("F32", "I32"), shape, data_offsets; under
 *       {@code __metadata__} strings</td></tr>
 *   <tr><td>the rest</td><td>tensor data, row-major, little endian, in the order of the header</td></tr>
 * </table>
 *
 * <p>The metadata key {@code crc32} holds the checksum of the header without that key, then of the
 * data, so damage is found on reading.
 */
public final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32";
  private static final Gson JSON = new Gson();
  private static final int MOST_HEADER = 1 << 24;

  /** A tensor: exactly one of the two arrays is there. */
  private record Tensor(int[] shape, float[] floats, int[] ints) {
    int length() {
      return floats != null ? floats.length : ints.length;
    }
  }

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private String source = "checkpoint";

  /** Adds or replaces a metadata entry. */
  public Safetensors put(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a float32 tensor; the product of {@code shape} is its length. */
  public Safetensors put(String name, float[] values, int... shape) {
    return put(name, new Tensor(shape, values, null));
  }

  /** Adds an int32 tensor. */
  public Safetensors put(String name, int[] values, int... shape) {
    return put(name, new Tensor(shape, null, values));
  }

  private Safetensors put(String name, Tensor tensor) {
    if (Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b) != tensor.length()) {
      throw new IllegalArgumentException(
          name + ": shape " + Arrays.toString(tensor.shape()) + ", length " + tensor.length());
    }
    tensors.put(name, tensor);
    return this;
  }

  /** A metadata entry, or null. */
  public String get(String key) {
    return metadata.get(key);
  }

  /** Whether a tensor is there. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * A float32 tensor of a known shape; -1 in the shape stands for any length.
   *
   * @throws InputException when it is missing or of another shape
   */
  public float[] floats(String name, int... shape) {
    Tensor tensor = tensor(name, shape);
    if (tensor.floats() == null) {
      throw new InputException(source + ": tensor " + name + " is I32, not F32; wrong file?");
    }
    return tensor.floats();
  }

  /**
   * An int32 tensor of a known shape; -1 in the shape stands for any length.
   *
   * @throws InputException when it is missing or of another shape
   */
  public int[] ints(String name, int... shape) {
    Tensor tensor = tensor(name, shape);
    if (tensor.ints() == null) {
      throw new InputException(source + ": tensor " + name + " is F32, not I32; wrong file?");
    }
    return tensor.ints();
  }

  private Tensor tensor(String name, int[] shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InputException(source + ": has no tensor " + name + "; it is of another model");
    }
    boolean same = tensor.shape().length == shape.length;
    for (int i = 0; same && i < shape.length; i++) {
      same = shape[i] == -1 || shape[i] == tensor.shape()[i];
    }
    if (!same) {
      throw new InputException(
          "%s: tensor %s has shape %s where the model wants %s; it is of another model"
              .formatted(source, name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
    }
    return tensor;
  }

  /** Writes the file atomically; the same content gives the same bytes. */
  public void write(Path file) {
    int bytes = tensors.values().stream().mapToInt(t -> 4 * t.length()).sum();
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    header.add(METADATA, texts);
    tensors.forEach((name, tensor) -> header.add(name, append(tensor, data)));
    metadata.forEach(texts::addProperty);
    texts.addProperty(CHECKSUM, checksum(header, data.array(), 0));
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(text.length);
    AtomicFile.write(
        file,
        out -> {
          out.write(length.array());
          out.write(text);
          out.write(data.array());
        });
  }

  /** Of a header that does not have it yet, and of the data from byte {@code start} on. */
  private static String checksum(JsonObject header, byte[] bytes, int start) {
    CRC32 crc = new CRC32();
    crc.update(header.toString().getBytes(StandardCharsets.UTF_8));
    crc.update(bytes, start, bytes.length - start);
    return Long.toHexString(crc.getValue());
  }

  private static JsonObject append(Tensor tensor, ByteBuffer data) {
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", tensor.floats() != null ? "F32" : "I32");
    entry.add("shape", JSON.toJsonTree(tensor.shape()));
    int begin = data.position();
    if (tensor.floats() != null) {
      data.asFloatBuffer().put(tensor.floats());
    } else {
      data.asIntBuffer().put(tensor.ints());
    }
    data.position(begin + 4 * tensor.length());
    entry.add("data_offsets", JSON.toJsonTree(new int[] {begin, data.position()}));
    return entry;
  }

  /**
   * Reads a file.
   *
   * @throws InputException when it is missing, cut short or damaged
   */
  public static Safetensors read(Path file) {
    try {
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file; name a run directory that `train` wrote", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + IoReason.of(e) + ")", e);
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | IndexOutOfBoundsException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw damaged(file.toString(), "its header is not that of a checkpoint", e);
    }
  }

  private static InputException damaged(String file, String what, Throwable cause) {
    return new InputException(
        file + ": " + what + ": the file is damaged; restore it from a copy or train again", cause);
  }

  private static Safetensors parse(String file, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long n = bytes.length < 8 ? -1 : buffer.getLong(0);
    if (n < 2 || n > MOST_HEADER || n > bytes.length - 8) {
      throw damaged(file, "%d bytes do not hold a header".formatted(bytes.length), null);
    }
    int start = 8 + (int) n;
    String text = new String(bytes, 8, (int) n, StandardCharsets.UTF_8);
    JsonObject header = JsonParser.parseString(text).getAsJsonObject();
    Safetensors result = new Safetensors();
    result.source = file;
    for (Map.Entry<String, JsonElement> e : header.getAsJsonObject(METADATA).entrySet()) {
      result.metadata.put(e.getKey(), e.getValue().getAsString());
    }
    int end = 0;
    for (Map.Entry<String, JsonElement> e : header.entrySet()) {
      if (e.getKey().equals(METADATA)) {
        continue;
      }
      JsonObject entry = e.getValue().getAsJsonObject();
      int from = entry.getAsJsonArray("data_offsets").get(0).getAsInt();
      int to = entry.getAsJsonArray("data_offsets").get(1).getAsInt();
      if (from != end || to < from || to > bytes.length - start) {
        throw damaged(
            file,
            "%d data bytes do not hold tensor %s".formatted(bytes.length - start, e.getKey()),
            null);
      }
      end = to;
      result.tensors.put(e.getKey(), tensor(entry, buffer.slice(start + from, to - from)));
    }
    String expected = result.metadata.remove(CHECKSUM);
    header.getAsJsonObject(METADATA).remove(CHECKSUM);
    String found = checksum(header, bytes, start);
    if (end != bytes.length - start || !found.equals(expected)) {
      throw damaged(file, "checksum %s = %s does not hold".formatted(found, expected), null);
    }
    return result;
  }

  private static Tensor tensor(JsonObject entry, ByteBuffer data) {
    int[] shape = JSON.fromJson(entry.get("shape"), int[].class);
    data.order(ByteOrder.LITTLE_ENDIAN);
    if (entry.get("dtype").getAsString().equals("F32")) {
      float[] values = new float[data.remaining() / 4];
      data.asFloatBuffer().get(values);
      return new Tensor(shape, values, null);
    }
    int[] values = new int[data.remaining() / 4];
    data.asIntBuffer().get(values);
    return new Tensor(shape, null, values);
  }
}
