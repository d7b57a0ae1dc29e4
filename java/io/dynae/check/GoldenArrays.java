// SPDX-License-Identifier: MIT
package io.dynae.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The little-endian f8 arrays, of any number of dimensions, of an npz archive in the jar. */
final class GoldenArrays {
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");
  private static final int LENGTH_AT = 8;
  private static final int TEXT_AT = 10;

  private record Values(int[] shape, float[] floats) {}

  private final Map<String, Values> arrays = new HashMap<>();

  private GoldenArrays() {}

  static GoldenArrays read(String resource) {
    GoldenArrays golden = new GoldenArrays();
    try (InputStream in = GoldenArrays.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its reference " + resource);
      }
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] bytes = zip.readAllBytes();
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = TEXT_AT + Short.toUnsignedInt(data.getShort(LENGTH_AT));
        String head = new String(bytes, TEXT_AT, start - TEXT_AT, StandardCharsets.US_ASCII);
        if (head.contains("'<f8'") && head.contains("'fortran_order': False")) {
          golden.arrays.put(entry.getName().replace(".npy", ""), values(head, data, start));
        }
      }
      return golden;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Values values(String head, ByteBuffer data, int start) {
    Matcher shape = SHAPE.matcher(head);
    if (!shape.find()) {
      throw new IllegalStateException("no shape in " + head);
    }
    int[] lengths =
        Arrays.stream(shape.group(1).split(",", -1))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    float[] floats = new float[Arrays.stream(lengths).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) data.getDouble(start + 8 * i);
    }
    return new Values(lengths, floats);
  }

  private Values values(String name) {
    Values values = arrays.get(name);
    if (values == null) {
      throw new IllegalStateException("no array " + name + "; there are " + arrays.keySet());
    }
    return values;
  }

  boolean has(String name) {
    return arrays.containsKey(name);
  }

  int[] shape(String name) {
    return values(name).shape().clone();
  }

  /** Row-major, rounded to float. */
  float[] floats(String name) {
    return values(name).floats();
  }
}
