// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.trajectory.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The element types of an npy file that can become float32.
 *
 * <p>Unsigned bytes of images are pixels: byte b is the brightness b / 255, 0 to 1. All other
 * integers are the number that they are.
 */
enum NpyType {
  F2("f2"),
  F4("f4"),
  F8("f8"),
  I1("i1"),
  I2("i2"),
  I4("i4"),
  I8("i8"),
  U1("u1"),
  U2("u2"),
  U4("u4"),
  U8("u8"),
  BOOL("b1"),

  /** An unsigned byte of an image. */
  PIXEL("u1");

  private static final float[] BRIGHTNESS = brightness();

  private final String code;
  private final int size;

  NpyType(String code) {
    this.code = code;
    size = code.charAt(1) - '0';
  }

  /** Bytes of one element: 1, 2, 4 or 8. */
  int size() {
    return size;
  }

  /** The dtype as numpy writes it for little-endian data, {@code <f4} for example. */
  String littleEndian() {
    return (size == 1 ? "|" : "<") + code;
  }

  /**
   * The type that {@code descr} names.
   *
   * @param descr byte order and code, as in {@code <f8}
   * @param source names the file in the error
   * @throws InputException for any other dtype
   */
  static NpyType of(String descr, String source) {
    for (NpyType type : values()) {
      if (descr.endsWith(type.code) && descr.length() == 3) {
        char order = descr.charAt(0);
        if (order == '<' || order == '>' || order == '=' || (order == '|' && type.size == 1)) {
          return type;
        }
      }
    }
    if (descr.equals("|O")) {
      throw new InputException(
          source
              + ": dtype |O is not supported: it holds Python objects, such as trajectories of"
              + " several lengths; numpy.save each of them into a file of its own, as float32");
    }
    throw new InputException(
        source
            + ": dtype "
            + HeaderParser.oneLine(descr)
            + " is not supported; supported are f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8 and bool:"
            + " convert the array to one of them");
  }

  /** This type in an array of {@code dimensions}, frames among them: images have 3 or 4. */
  NpyType inArrayOf(int dimensions) {
    return this == U1 && (dimensions == 3 || dimensions == 4) ? PIXEL : this;
  }

  /** Whether float32 holds every value of the type. */
  boolean exact() {
    return size < 4 || this == F4;
  }

  /** What unsigned bytes of this type stand for. */
  Bytes bytes() {
    return this == PIXEL ? Bytes.PIXELS : this == U1 ? Bytes.NUMBERS : Bytes.NONE;
  }

  /** The byte order that {@code descr} names. */
  static ByteOrder order(String descr) {
    return switch (descr.charAt(0)) {
      case '>' -> ByteOrder.BIG_ENDIAN;
      case '=' -> ByteOrder.nativeOrder();
      default -> ByteOrder.LITTLE_ENDIAN;
    };
  }

  /** Rounds {@code n} consecutive elements at byte {@code at} to float32, {@code step} apart. */
  void toFloats(ByteBuffer from, int at, int n, float[] out, int to, int step) {
    // The types of nearly all trajectories get a loop without a choice in it.
    if (this == F4) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = from.getFloat(at + i * 4);
      }
    } else if (this == F8) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = (float) from.getDouble(at + i * 8);
      }
    } else if (this == PIXEL) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = BRIGHTNESS[Byte.toUnsignedInt(from.get(at + i))];
      }
    } else {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = toFloat(from, at + i * size);
      }
    }
  }

  /** {@code n} consecutive elements at byte {@code at}, as {@link #toDouble} gives them. */
  void toDoubles(ByteBuffer from, int at, int n, double[] out, int to, int step) {
    if (this == F4) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = from.getFloat(at + i * 4);
      }
    } else if (this == F8) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = from.getDouble(at + i * 8);
      }
    } else if (this == PIXEL) {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = BRIGHTNESS[Byte.toUnsignedInt(from.get(at + i))];
      }
    } else {
      for (int i = 0; i < n; i++) {
        out[to + i * step] = toDouble(from, at + i * size);
      }
    }
  }

  private float toFloat(ByteBuffer from, int at) {
    return switch (this) {
      case I8 -> (float) from.getLong(at);
      case U8 -> unsigned(from.getLong(at));
      default -> (float) toDouble(from, at);
    };
  }

  /** The element at byte {@code at}: exact but for integers beyond 2^53, which are rounded. */
  double toDouble(ByteBuffer from, int at) {
    return switch (this) {
      case F2 -> half(from.getShort(at));
      case F4 -> from.getFloat(at);
      case F8 -> from.getDouble(at);
      case I1 -> from.get(at);
      case I2 -> from.getShort(at);
      case I4 -> from.getInt(at);
      case I8 -> (double) from.getLong(at);
      case U1 -> Byte.toUnsignedInt(from.get(at));
      case U2 -> Short.toUnsignedInt(from.getShort(at));
      case U4 -> Integer.toUnsignedLong(from.getInt(at));
      case U8 -> {
        long bits = from.getLong(at);
        yield bits >= 0 ? (double) bits : ((bits >>> 1) | (bits & 1)) * 2.0;
      }
      case BOOL -> from.get(at) == 0 ? 0 : 1;
      case PIXEL -> BRIGHTNESS[Byte.toUnsignedInt(from.get(at))];
    };
  }

  private static float[] brightness() {
    float[] levels = new float[256];
    for (int level = 0; level < 256; level++) {
      levels[level] = (float) (level / 255.0);
    }
    return levels;
  }

  private static float unsigned(long bits) {
    // The lowest bit is kept as a sticky bit, so that halving does not change the rounding.
    return bits >= 0 ? (float) bits : ((bits >>> 1) | (bits & 1)) * 2f;
  }

  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 31;
    int fraction = bits & 1023;
    if (exponent == 0) {
      return fraction * (sign == 0 ? 0x1p-24f : -0x1p-24f);
    }
    int wide = exponent == 31 ? 255 : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
