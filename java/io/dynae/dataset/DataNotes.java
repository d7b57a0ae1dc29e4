// SPDX-License-Identifier: MIT
package io.dynae.dataset;

import io.dynae.error.InputException;
import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.StackedFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What somebody should know of trajectories before a training, and what makes one pointless.
 *
 * @param survey of the frames
 * @param standardized whether their mean and scale are taken off
 * @param advice what to do where float32 does not suit them
 */
public record DataNotes(FrameSurvey survey, boolean standardized, String advice) {
  /** Names that a note gives before it counts. */
  private static final int NAMED = 5;

  /** Values this many times larger or smaller than 1 are hardly meant for weights of order 1. */
  private static final double FAR_FROM_ONE = 1e6;

  /** Of input trajectories. */
  public static DataNotes ofInput(FrameSurvey survey, boolean standardized) {
    return new DataNotes(survey, standardized, "set standardize = True");
  }

  /** Of what a trained model is used on. */
  public static DataNotes ofNewInput(FrameSurvey survey, boolean standardized) {
    return new DataNotes(survey, standardized, "train with standardize = True");
  }

  /** Of what a decoder predicts, which is never standardised. */
  public static DataNotes ofTarget(FrameSurvey survey) {
    return new DataNotes(
        survey, false, "save it with its mean taken off and divided by its spread");
  }

  /**
   * Refuses frames that teach nothing.
   *
   * @throws InputException for frames that are all alike, and for squares that float32 cannot hold
   */
  public void requireUsable() {
    int features = survey.frames().features();
    long count = survey.frames().count();
    if (survey.constant().length == features) {
      throw new InputException(
          text("%s: all %d frames are alike; give a trajectory that moves", name(), count));
    }
    if (standardized) {
      return;
    }
    if (survey.constantAsFloat().length == features) {
      throw new InputException(
          text(
              "%s: all %d frames are alike once rounded to float32: feature 0 spreads by %s around %.6g; %s",
              name(), count, Math.sqrt(survey.variance(0)), survey.mean(0), advice));
    }
    if (survey.meanSquare() > Float.MAX_VALUE) {
      double[] one = new double[features];
      Arrays.fill(one, 1);
      throw new InputException(
          text(
              "%s: the mean sum of squares of a frame is %.3g, more than float32 holds, %.3g; largest value: %s; %s",
              name(),
              survey.meanSquare(),
              Float.MAX_VALUE,
              survey.farthest(new double[features], one),
              advice));
    }
    if (survey.totalVariance() < Float.MIN_NORMAL) {
      throw new InputException(
          text(
              "%s: the variance of a frame is %.3g, less than float32 holds, %.3g; %s",
              name(), survey.totalVariance(), Float.MIN_NORMAL, advice));
    }
  }

  /** How the files are read, a line each: what is divided, and what rounding takes. */
  public List<String> reading() {
    List<String> notes = new ArrayList<>();
    if (survey.frames().bytes() == Bytes.PIXELS) {
      notes.add(name() + ": unsigned bytes of images: pixels, divided by 255");
    }
    if (survey.frames().bytes() == Bytes.NUMBERS) {
      notes.add(name() + ": unsigned bytes that are no images: numbers, not divided by 255");
    }
    int[] rounded = survey.rounded();
    if (!standardized && rounded.length > 0) {
      int first = rounded[0];
      notes.add(
          text(
              "%s: rounding to float32 takes over 1%% of the spread of %s: %d spreads by %.3g around %.6g; %s",
              name(),
              named(Arrays.stream(rounded)),
              first,
              Math.sqrt(survey.variance(first)),
              survey.mean(first),
              advice));
    }
    return notes;
  }

  /** Values that are far from 1, which weights and learning rates are made for. */
  public List<String> scale() {
    int features = survey.frames().features();
    double size = Math.sqrt(survey.meanSquare() / features);
    double spread = Math.sqrt(survey.totalVariance() / features);
    double told = size > FAR_FROM_ONE ? size : spread;
    return !standardized && (size > FAR_FROM_ONE || spread < 1 / FAR_FROM_ONE)
        ? List.of(
            text(
                "%s: values of size %.3g, spread %.3g: %s than learning rates are made for; %s",
                name(), size, spread, told > 1 ? "larger" : "smaller", advice))
        : List.of();
  }

  /** Features that never change or repeat another, and frames that repeat the one before. */
  public List<String> content() {
    List<String> notes = new ArrayList<>();
    int[] constant = survey.constant();
    if (constant.length > 0) {
      notes.add("never changing: " + named(Arrays.stream(constant)) + of());
    }
    var copies = survey.copies();
    if (!copies.isEmpty()) {
      int first = copies.keySet().stream().mapToInt(i -> i).min().orElseThrow();
      notes.add(
          "equal to an earlier one in every frame: "
              + named(copies.keySet().stream().mapToInt(i -> i).sorted())
              + of()
              + text("; %d equals %d", first, copies.get(first)));
    }
    long count = survey.frames().count();
    if (10 * survey.repeats() > count) {
      notes.add(
          text(
              "%,d of %,d frames equal the one before: was the trajectory written too often?",
              survey.repeats(), count));
    }
    return notes;
  }

  private String of() {
    return text(" of %,d", survey.frames().features());
  }

  /** The first features and how many more. */
  private static String named(IntStream features) {
    int[] all = features.toArray();
    String first =
        Arrays.stream(all)
            .limit(NAMED)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String word = all.length == 1 ? "feature " : "features ";
    return word + first + (all.length > NAMED ? text(" and %d more", all.length - NAMED) : "");
  }

  /** Numbers are written alike whatever the machine's language is. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private String name() {
    if (survey.frames() instanceof StackedFrames stacked && stacked.sources().size() > 1) {
      return stacked.sources().get(0) + " and " + (stacked.sources().size() - 1) + " more";
    }
    return survey.frames().source();
  }
}
