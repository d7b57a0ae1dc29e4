// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;

/**
 * An ordered trajectory, read as rows of float32 features.
 *
 * <p>Reading is safe from any number of threads at once. After {@link #close} every read throws
 * {@link IllegalStateException}; a range outside the trajectory or the output array throws {@link
 * IndexOutOfBoundsException}.
 */
public interface Frames extends AutoCloseable {
  /** Number of frames, 0 to 2^31-1. */
  long count();

  /** Number of frames before a stride left some out. */
  default long wholeCount() {
    return count();
  }

  /** Features of a frame, at least 1: the product of all dimensions but the first. */
  int features();

  /** Length of every dimension, frames first; the array is the caller's. */
  int[] shape();

  /** The file or files, as they were named, for messages. */
  String source();

  /**
   * Copies frames {@code first .. first+n-1}, features fastest, to {@code out[at ..
   * at+n*features())}.
   */
  void read(int first, int n, float[] out, int at);

  /**
   * Copies the frames {@code frames[from .. from+n)}, any order and repeats allowed, to {@code
   * out[at .. at+n*features())}.
   */
  void gather(int[] frames, int from, int n, float[] out, int at);

  /**
   * All frames, [count()][features()].
   *
   * @throws InputException for more values than an array holds
   */
  default float[] readAll() {
    long values = count() * features();
    Shapes.requireAtMost(Integer.MAX_VALUE, values, "values to read at once", source());
    float[] all = new float[(int) values];
    read(0, (int) count(), all, 0);
    return all;
  }

  /**
   * Whether float32 holds every value as it is stored. Where not, {@link #read} rounds, and whoever
   * takes an offset off does so on what {@link #readDoubles} gives.
   */
  default boolean exact() {
    return true;
  }

  /** What became of unsigned bytes. */
  default Bytes bytes() {
    return Bytes.NONE;
  }

  /**
   * As {@link #read}, but without the rounding to float32; integers beyond 2^53 are rounded to
   * double.
   */
  default void readDoubles(int first, int n, double[] out, int at) {
    float[] row = new float[features()];
    for (int i = 0; i < n; i++) {
      read(first + i, 1, row, 0);
      for (int f = 0; f < row.length; f++) {
        out[at + i * row.length + f] = row[f];
      }
    }
  }

  /**
   * All frames without rounding to float32, [count()][features()].
   *
   * @throws InputException for more values than an array holds
   */
  default double[] readAllDoubles() {
    long values = count() * features();
    Shapes.requireAtMost(Integer.MAX_VALUE, values, "values to read at once", source());
    double[] all = new double[(int) values];
    readDoubles(0, (int) count(), all, 0);
    return all;
  }

  /**
   * Refuses files that are no longer those that were opened.
   *
   * @throws InputException naming the first one whose size, modification time or inode is another
   */
  default void requireUnchanged() {}

  /** One value before its rounding to float32, for messages. */
  default double value(int frame, int feature) {
    float[] row = new float[features()];
    read(frame, 1, row, 0);
    return row[feature];
  }

  /** Where {@code frame} lies, for messages: {@code x.npy: frame 17}. */
  default String locate(int frame) {
    return source() + ": frame " + frame;
  }

  /**
   * Releases the trajectory.
   *
   * @throws InputException where a file has become shorter since it was opened
   */
  @Override
  void close();
}
