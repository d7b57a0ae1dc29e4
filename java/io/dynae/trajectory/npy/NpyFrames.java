// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import io.dynae.file.IoFailure;
import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.Frames;
import io.dynae.trajectory.MappedFile;
import io.dynae.trajectory.Shapes;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;

/**
 * A trajectory in an npy file or an npz archive, mapped into memory and rounded to float32 as it is
 * read, so that a file of any size takes no heap.
 *
 * <p>Versions 1 to 3, dtypes f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8 and bool, both byte orders, C and
 * Fortran order. Unsigned bytes (u1) of arrays of 3 or 4 dimensions are pixels and are read as
 * value / 255, in [0, 1]. C order is the fast one: there a frame is one run of bytes. A deflated
 * array of an archive is first unpacked into the folder {@code java.io.tmpdir}; the checksum of a
 * stored one is verified where it lies.
 *
 * <p>The file must not change while it is open. One that becomes shorter is refused by the read
 * that meets it, or by {@link #close} at the latest.
 */
public final class NpyFrames implements Frames {
  /** A read of so many values is long enough to ask for the file's size besides. */
  private static final int LONG_READ = 1 << 16;

  private final String source;
  private final int[] shape;
  private final int features;

  /** Element of frame 0, per feature; null in C order, where it is the feature's number. */
  private final long[] featureStarts;

  private final NpyType type;

  /** What is mapped; null for a file that has no name, which nobody else can cut. */
  private final MappedFile file;

  private volatile MappedBytes data;

  private NpyFrames(String source, NpyHeader header, MappedFile file, MappedBytes data) {
    this.source = source;
    this.file = file;
    this.data = data;
    type = header.type();
    shape = Shapes.ofTrajectory(header.shape(), source);
    features = Shapes.features(shape);
    boolean transposed = header.fortran() && shape.length > 1;
    featureStarts = transposed ? fortranStarts(shape, features) : null;
  }

  /**
   * Opens {@code x.npy}, {@code x.npz} holding exactly one array, or {@code x.npz:name}.
   *
   * @throws InputException where there is no such array, or it is not a trajectory of numbers
   */
  public static NpyFrames open(String spec) {
    return open(spec, MappedBytes.SEGMENT_BITS);
  }

  /** All frames of the array that {@link #open(String)} finds, [frames][features]. */
  public static float[] readAll(Path file) {
    try (NpyFrames frames = open(file.toString())) {
      return frames.readAll();
    }
  }

  /** The file of what {@link #open(String)} takes: {@code x.npz} of {@code x.npz:name}. */
  public static String file(String spec) {
    int colon = spec.toLowerCase(Locale.ROOT).lastIndexOf(".npz:");
    return colon >= 0 && !new File(spec).exists() ? spec.substring(0, colon + 4) : spec;
  }

  /** Opens with segments of 2^{@code segmentBits} bytes, 3 to 30. */
  static NpyFrames open(String spec, int segmentBits) {
    String file = file(spec);
    String name = file.equals(spec) ? null : spec.substring(file.length() + 1);
    Path path = path(file);
    if (Files.isDirectory(path)) {
      throw new InputException(file + ": cannot be read: it is a folder; name a file in it");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (!file.toLowerCase(Locale.ROOT).endsWith(".npz")) {
        return map(channel, path, 0, channel.size(), spec, segmentBits);
      }
      NpzEntry entry = NpzEntry.choose(ZipDirectory.arrays(channel, file), name, file);
      if (!entry.stored(spec)) {
        try (FileChannel unpacked = Unpacking.inflate(entry, channel, spec)) {
          return map(unpacked, null, 0, unpacked.size(), spec, segmentBits);
        }
      }
      entry.requireChecksum(channel, spec);
      return map(channel, path, entry.at(), entry.size(), spec, segmentBits);
    } catch (IOException e) {
      throw IoFailure.of(spec, "cannot be read", e);
    }
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new InputException(file + ": is not the name of a file: " + e.getReason(), e);
    }
  }

  private static NpyFrames map(
      FileChannel file, Path path, long start, long length, String source, int segmentBits)
      throws IOException {
    NpyHeader header = NpyHeader.read(file, start, length, source);
    long end = start + header.dataOffset() + header.dataBytes();
    MappedFile mapped = path == null ? null : new MappedFile(source, path, end);
    if (file.size() < end) {
      throw IoFailure.shorter(source, end, file.size(), null);
    }
    MappedBytes data =
        MappedBytes.map(
            file,
            start + header.dataOffset(),
            header.dataBytes(),
            header.type(),
            header.order(),
            segmentBits);
    return new NpyFrames(source, header, mapped, data);
  }

  /** In Fortran order element (t, i, j, ...) is at t + N (i + n_i (j + ...)). */
  private static long[] fortranStarts(int[] shape, int features) {
    long[] starts = new long[features];
    for (int feature = 0; feature < features; feature++) {
      int rest = feature;
      for (int dimension = shape.length - 1, run = features; dimension > 0; dimension--) {
        run /= shape[dimension];
        starts[feature] += (long) (rest % shape[dimension]) * run * shape[0];
        rest /= shape[dimension];
      }
    }
    return starts;
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
    return source;
  }

  @Override
  public void read(int first, int n, float[] out, int at) {
    MappedBytes elements = open();
    Shapes.checkRead(this, first, n, out, at);
    if (featureStarts == null) {
      elements.read((long) first * features, n * features, out, at, 1);
    }
    for (int feature = 0; featureStarts != null && feature < features; feature++) {
      elements.read(featureStarts[feature] + first, n, out, at + feature, features);
    }
    requireWhole(n);
  }

  @Override
  public void gather(int[] frames, int from, int n, float[] out, int at) {
    MappedBytes elements = open();
    Shapes.checkOutput(n, features, out, at);
    for (int i = 0; i < n; i++) {
      int frame = Objects.checkIndex(frames[from + i], shape[0]);
      int to = at + i * features;
      if (featureStarts == null) {
        elements.read((long) frame * features, features, out, to, 1);
        continue;
      }
      for (int feature = 0; feature < features; feature++) {
        elements.read(featureStarts[feature] + frame, 1, out, to + feature, 1);
      }
    }
    requireWhole(n);
  }

  @Override
  public boolean exact() {
    return type.exact();
  }

  @Override
  public Bytes bytes() {
    return type.bytes();
  }

  @Override
  public void readDoubles(int first, int n, double[] out, int at) {
    MappedBytes elements = open();
    Shapes.checkRead(this, first, n, out.length, at);
    if (featureStarts == null) {
      elements.readDoubles((long) first * features, n * features, out, at, 1);
      requireWhole(n);
      return;
    }
    for (int feature = 0; feature < features; feature++) {
      elements.readDoubles(featureStarts[feature] + first, n, out, at + feature, features);
    }
    requireWhole(n);
  }

  @Override
  public double value(int frame, int feature) {
    Objects.checkIndex(frame, shape[0]);
    Objects.checkIndex(feature, features);
    return open()
        .element(
            featureStarts == null
                ? (long) frame * features + feature
                : featureStarts[feature] + frame);
  }

  /** After a read of {@code n} frames; asking for the file's size takes longer than a short one. */
  private void requireWhole(int n) {
    if (file != null && (long) n * features >= LONG_READ) {
      file.requireWhole(null);
    }
  }

  /**
   * Names the file that explains an {@link InternalError}, which may come from anywhere: that is
   * how Java tells that a mapped file has become shorter.
   *
   * @throws InputException for an open file that is shorter than it was
   */
  public static void requireWholeFiles(Throwable thrown) {
    MappedFile.requireAllWhole(thrown);
  }

  /**
   * Releases the file.
   *
   * @throws InputException where it has become shorter, so that what was read may be wrong
   */
  @Override
  public void close() {
    if (data != null) {
      data = null;
      if (file != null) {
        file.close();
      }
    }
  }

  private MappedBytes open() {
    MappedBytes elements = data;
    if (elements == null) {
      throw new IllegalStateException(source + ": closed");
    }
    return elements;
  }
}
