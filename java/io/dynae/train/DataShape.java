// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.trajectory.Frames;
import io.dynae.trajectory.StackedFrames;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The shape of a run's data in words. */
final class DataShape {
  private DataShape() {}

  /**
   * A line such as {@code 400 of 4,000 frames (stride 10) of 10 x 6 = 60 features, 1 trajectory}.
   *
   * @param target what the decoder predicts, or null for the input
   */
  static String of(StackedFrames input, StackedFrames target, int stride) {
    long whole = Arrays.stream(input.wholeLengths()).asLongStream().sum();
    int trajectories = input.lengths().length;
    return number(input.count())
        + (stride > 1 ? " of " + number(whole) + " frames (stride " + stride + ")" : " frames")
        + " of "
        + features(input)
        + ", "
        + number(trajectories)
        + (trajectories == 1 ? " trajectory" : " trajectories")
        + (target == null ? "" : "; targets of " + features(target));
  }

  private static String features(Frames frames) {
    int[] shape = frames.shape();
    String factors =
        shape.length < 3
            ? ""
            : Arrays.stream(shape)
                .skip(1)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" x ", "", " = "));
    return factors
        + number(frames.features())
        + (frames.features() == 1 ? " feature" : " features");
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
