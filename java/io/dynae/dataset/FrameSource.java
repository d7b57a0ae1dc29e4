// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.trajectory.StackedFrames;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Where the frames of pairs come from, in the words of errors about too few of them. */
public final class FrameSource {
  private final List<String> names;
  private final int[] wholeLengths;
  private final int stride;
  private final int[] shape;

  private FrameSource(List<String> names, int[] wholeLengths, int stride, int[] shape) {
    this.names = names;
    this.wholeLengths = wholeLengths;
    this.stride = stride;
    this.shape = shape;
  }

  /** Files that were opened with a stride. */
  public static FrameSource of(StackedFrames frames, int stride) {
    return new FrameSource(frames.sources(), frames.wholeLengths(), stride, frames.shape());
  }

  /** Trajectories of which nothing but names and lengths is known. */
  static FrameSource named(List<String> names, int[] lengths) {
    return new FrameSource(names, lengths, 1, new int[0]);
  }

  /** Trajectories that are named by their number, from 0. */
  static FrameSource numbered(int[] lengths) {
    return named(
        IntStream.range(0, lengths.length).mapToObj(i -> "trajectory " + i).toList(), lengths);
  }

  String name(int trajectory) {
    return names.get(trajectory);
  }

  /** A trajectory's length: {@code 10 frames}, or {@code 1 of 500 frames at stride 1000}. */
  String frames(int trajectory, int length) {
    return stride == 1
        ? length + " frames"
        : "%d of %d frames at stride %d".formatted(length, wholeLengths[trajectory], stride);
  }

  /** All trajectories: {@code x.npy, of shape [500, 3]}. */
  String all() {
    String first = names.get(0) + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "");
    String kept = stride == 1 ? "" : " at stride " + stride;
    return shape.length == 0 ? first : first + ", of shape " + Arrays.toString(shape) + kept;
  }

  /** What to do about too few frames, before what the caller advises; it may be nothing. */
  String advice() {
    boolean transposed = stride == 1 && shape.length == 2 && shape[1] > shape[0];
    return transposed
        ? "it has more features than frames: where it is transposed save x.T, else "
        : stride > 1 ? "lower stride, or " : "";
  }
}
