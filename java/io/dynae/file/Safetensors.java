// SPDX-License-Identifier: MIT
package io.dynae.file;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Float32 and int32 tensors with text metadata, kept in a file of {@link SafetensorsFormat}. A
 * tensor has less than 2^31 elements; the file may be larger.
 */
public final class Safetensors {
  /** A tensor: exactly one of the two arrays is there. */
  record Tensor(int[] shape, float[] floats, int[] ints) {
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
    long product = Arrays.stream(tensor.shape()).asLongStream().reduce(1, Math::multiplyExact);
    if (product != tensor.length()) {
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
    AtomicFile.write(file, out -> SafetensorsFormat.write(metadata, tensors, out));
  }

  /**
   * Reads a file.
   *
   * @throws InputException when it is missing, cut short or damaged
   */
  public static Safetensors read(Path file) {
    Safetensors result = new Safetensors();
    result.source = file.toString();
    try {
      SafetensorsFormat.read(file, result.metadata, result.tensors);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file; name a run directory that `train` wrote", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read (" + IoReason.of(e) + ")", e);
    }
    return result;
  }
}
