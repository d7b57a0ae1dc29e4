// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import io.dynae.error.InputException;
import io.dynae.file.FileStamp;
import io.dynae.trajectory.npy.NpyFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Several trajectories end to end: frame 0 of the second follows the last frame of the first. */
public final class StackedFrames implements Frames {
  private final List<Frames> parts;
  private final List<FileStamp> stamps;
  private final int[] starts;
  private final int[] shape;
  private final int features;

  /**
   * Joins {@code parts}, at least one, which {@link #close} closes.
   *
   * @throws InputException where two parts have frames of different shapes, or all have more than
   *     2^31-1 frames together; the parts stay open
   */
  public StackedFrames(List<? extends Frames> parts) {
    this(parts, List.of());
  }

  private StackedFrames(List<? extends Frames> parts, List<FileStamp> stamps) {
    this.parts = List.copyOf(parts);
    this.stamps = List.copyOf(stamps);
    Frames first = parts.get(0);
    features = first.features();
    starts = new int[parts.size() + 1];
    long total = 0;
    for (int i = 0; i < parts.size(); i++) {
      requireSameFrames(first, parts.get(i));
      total += parts.get(i).count();
      Shapes.requireAtMost(Integer.MAX_VALUE, total, "frames of all files", source());
      starts[i + 1] = (int) total;
    }
    shape = first.shape();
    shape[0] = (int) total;
  }

  /**
   * Opens the files {@code specs}, at least one, each as {@link NpyFrames#open} reads it.
   *
   * @throws InputException as {@link NpyFrames#open} and the constructor do; nothing stays open
   */
  public static StackedFrames open(List<String> specs) {
    return open(specs, 1);
  }

  /**
   * The same, of each file every {@code stride}-th frame, from its first on.
   *
   * @param stride at least 1
   */
  public static StackedFrames open(List<String> specs, int stride) {
    List<Frames> opened = new ArrayList<>();
    List<FileStamp> stamps = new ArrayList<>();
    try {
      for (String spec : specs) {
        stamps.add(FileStamp.of(NpyFrames.file(spec)));
        Frames frames = NpyFrames.open(spec);
        opened.add(stride == 1 ? frames : new StridedFrames(frames, stride));
      }
      return new StackedFrames(opened, stamps);
    } catch (InputException e) {
      opened.forEach(Frames::close);
      throw e;
    }
  }

  /** Number of frames of every part, in order. */
  public int[] lengths() {
    int[] lengths = new int[parts.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = starts[i + 1] - starts[i];
    }
    return lengths;
  }

  /** Number of frames of every part's file, those that a stride leaves out too. */
  public int[] wholeLengths() {
    return parts.stream().mapToInt(part -> Math.toIntExact(part.wholeCount())).toArray();
  }

  /** Names of all parts, in order. */
  public List<String> sources() {
    return parts.stream().map(Frames::source).toList();
  }

  @Override
  public long count() {
    return shape[0];
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public String source() {
    return String.join(", ", sources());
  }

  @Override
  public void read(int first, int n, float[] out, int at) {
    Shapes.checkRead(this, first, n, out, at);
    for (int done = 0; done < n; ) {
      int part = part(first + done);
      int count = Math.min(n - done, starts[part + 1] - first - done);
      parts.get(part).read(first + done - starts[part], count, out, at + done * features);
      done += count;
    }
  }

  @Override
  public void gather(int[] frames, int from, int n, float[] out, int at) {
    Shapes.checkOutput(n, features, out, at);
    if (parts.size() == 1) {
      parts.get(0).gather(frames, from, n, out, at);
      return;
    }
    for (int i = 0; i < n; i++) {
      int part = part(Objects.checkIndex(frames[from + i], shape[0]));
      parts.get(part).read(frames[from + i] - starts[part], 1, out, at + i * features);
    }
  }

  @Override
  public boolean exact() {
    return parts.stream().allMatch(Frames::exact);
  }

  @Override
  public Bytes bytes() {
    return parts.stream()
        .map(Frames::bytes)
        .filter(bytes -> bytes != Bytes.NONE)
        .findFirst()
        .orElse(Bytes.NONE);
  }

  @Override
  public void requireUnchanged() {
    stamps.forEach(FileStamp::requireSame);
  }

  @Override
  public void readDoubles(int first, int n, double[] out, int at) {
    Shapes.checkRead(this, first, n, out.length, at);
    for (int done = 0; done < n; ) {
      int part = part(first + done);
      int count = Math.min(n - done, starts[part + 1] - first - done);
      parts.get(part).readDoubles(first + done - starts[part], count, out, at + done * features);
      done += count;
    }
  }

  @Override
  public double value(int frame, int feature) {
    int part = part(Objects.checkIndex(frame, shape[0]));
    return parts.get(part).value(frame - starts[part], feature);
  }

  /** Names the part and the frame in it. */
  @Override
  public String locate(int frame) {
    int part = part(Objects.checkIndex(frame, shape[0]));
    return parts.get(part).locate(frame - starts[part]);
  }

  @Override
  public void close() {
    InputException first = null;
    for (Frames part : parts) {
      try {
        part.close();
      } catch (InputException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private int part(int frame) {
    int found = Arrays.binarySearch(starts, frame);
    if (found < 0) {
      return -found - 2;
    }
    // Empty parts start where the next one does; the frame is in the last of them.
    while (starts[found + 1] == frame) {
      found++;
    }
    return found;
  }

  private static void requireSameFrames(Frames first, Frames other) {
    if (first.features() != other.features()) {
      throw new InputException(
          String.format(
              "%s and %s: equal features do not hold: %d and %d; trajectories of one run have the"
                  + " same features",
              first.source(), other.source(), first.features(), other.features()));
    }
    if (!Arrays.equals(frameShape(first), frameShape(other))) {
      throw new InputException(
          String.format(
              "%s and %s: equal shapes of a frame do not hold: %s and %s; reshape one of them",
              first.source(),
              other.source(),
              Arrays.toString(frameShape(first)),
              Arrays.toString(frameShape(other))));
    }
  }

  private static int[] frameShape(Frames frames) {
    int[] shape = frames.shape();
    return shape.length == 1 ? new int[] {1} : Arrays.copyOfRange(shape, 1, shape.length);
  }
}
