// SPDX-License-Identifier: MIT
package io.dynae.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damaged forms of a file's bytes, the same for the same seed. */
public final class Mutations {
  private static final long[] ODD = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    1L << 62
  };

  private final Random random;

  public Mutations(long seed) {
    random = new Random(seed);
  }

  /** One to four changes of {@code good}: bits, numbers, cuts, repeats, bytes from elsewhere. */
  public byte[] of(byte[] good) {
    byte[] bytes = good.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    int n = 1 + random.nextInt(Math.min(16, bytes.length - at));
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> put(bytes, at, ODD[random.nextInt(ODD.length)]);
      case 3 -> System.arraycopy(bytes, random.nextInt(bytes.length - n + 1), bytes, at, n);
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        return joined(bytes, at, bytes, at + n);
      }
      default -> {
        return joined(bytes, at + n, bytes, at);
      }
    }
    return bytes;
  }

  /** In 2, 4 or 8 bytes, of either order, as far as there are any. */
  private void put(byte[] bytes, int at, long value) {
    ByteBuffer word = ByteBuffer.allocate(8);
    word.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int n = Math.min(2 << random.nextInt(3), bytes.length - at);
    if (n == 2) {
      word.putShort((short) value);
    } else if (n == 4) {
      word.putInt((int) value);
    } else {
      word.putLong(value);
    }
    System.arraycopy(word.array(), 0, bytes, at, n);
  }

  /** The first bytes of {@code head}, then {@code tail} from there on. */
  private static byte[] joined(byte[] head, int n, byte[] tail, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head, 0, n);
    out.write(tail, from, tail.length - from);
    return out.toByteArray();
  }
}
