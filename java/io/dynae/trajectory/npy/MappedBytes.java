// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * The data of one array, mapped read-only in segments of 2^{@code segmentBits} bytes, since one
 * mapping holds less than 2^31.
 *
 * <p>A segment is a multiple of 8 bytes, so an element never straddles two of them; a run of
 * elements may. All reads are at absolute positions, so any number of threads may read at once. The
 * pages go back to the system when the last reference is collected.
 */
final class MappedBytes {
  /** 1 GiB. */
  static final int SEGMENT_BITS = 30;

  private static final int BULK = 16;

  private final NpyType type;
  private final int segmentBits;
  private final ByteBuffer[] segments;
  private final FloatBuffer[] floats;

  private MappedBytes(NpyType type, int segmentBits, int count) {
    this.type = type;
    this.segmentBits = segmentBits;
    segments = new ByteBuffer[count];
    floats = new FloatBuffer[count];
  }

  /** Maps bytes {@code [start, start + length)} of {@code file}, elements of {@code type}. */
  static MappedBytes map(
      FileChannel file, long start, long length, NpyType type, ByteOrder order, int segmentBits)
      throws IOException {
    long size = 1L << segmentBits;
    MappedBytes mapped =
        new MappedBytes(type, segmentBits, Math.toIntExact((length + size - 1) >>> segmentBits));
    for (int i = 0; i < mapped.segments.length; i++) {
      long from = i * size;
      long bytes = Math.min(size, length - from);
      mapped.segments[i] = file.map(MapMode.READ_ONLY, start + from, bytes).order(order);
      mapped.floats[i] = mapped.segments[i].asFloatBuffer();
    }
    return mapped;
  }

  /**
   * Reads elements {@code [first, first + n)} as float32 into {@code out[to], out[to + step], ...}.
   */
  void read(long first, int n, float[] out, int to, int step) {
    long at = first * type.size();
    int mask = (1 << segmentBits) - 1;
    int done = 0;
    while (done < n) {
      int segment = (int) (at >>> segmentBits);
      int inside = (int) at & mask;
      int fitting = (mask + 1 - inside) / type.size();
      int count = Math.min(n - done, fitting);
      if (type == NpyType.F4 && step == 1 && count >= BULK) {
        floats[segment].get(inside >>> 2, out, to + done, count);
      } else {
        type.toFloats(segments[segment], inside, count, out, to + done * step, step);
      }
      done += count;
      at += (long) count * type.size();
    }
  }

  /** The same without rounding to float32. */
  void readDoubles(long first, int n, double[] out, int to, int step) {
    int mask = (1 << segmentBits) - 1;
    for (int done = 0; done < n; ) {
      long at = (first + done) * type.size();
      int inside = (int) at & mask;
      int count = Math.min(n - done, (mask + 1 - inside) / type.size());
      ByteBuffer segment = segments[(int) (at >>> segmentBits)];
      type.toDoubles(segment, inside, count, out, to + done * step, step);
      done += count;
    }
  }

  /** Element {@code index} before its conversion to float32. */
  double element(long index) {
    long at = index * type.size();
    int segment = (int) (at >>> segmentBits);
    return type.toDouble(segments[segment], (int) at & ((1 << segmentBits) - 1));
  }
}
