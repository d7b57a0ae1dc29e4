// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.train.EpochLosses;
import io.dynae.train.TrainingListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on stderr: a bar on a terminal, elsewhere a line every few seconds. The launcher says
 * which, as Java cannot ask about stderr alone.
 */
final class ConsoleProgress implements TrainingListener, AutoCloseable {
  private static final long SECONDS_BETWEEN_LINES = 5;
  private static final int PARTS = 1000;
  private static final long NANOS_BEFORE_RATES = 1_000_000_000;

  private final ProgressBar bar;
  private long nextLine = System.nanoTime();
  private long firstShown = Long.MAX_VALUE;
  private String printed = "";

  ConsoleProgress() {
    bar =
        Boolean.getBoolean("dynae.terminal")
            ? new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(PARTS)
                .setStyle(ProgressBarStyle.ASCII)
                .hideEta()
                .build()
            : null;
  }

  @Override
  public void progress(Progress progress, EpochLosses losses) {
    show(progress, losses, false);
  }

  @Override
  public void epochDone(Progress progress, EpochLosses losses) {
    show(progress, losses, progress.epoch() + 1 == progress.epochs());
  }

  private void show(Progress progress, EpochLosses losses, boolean last) {
    long now = System.nanoTime();
    firstShown = Math.min(firstShown, now);
    // Before that Java compiles what it has seen to be hot, and steps are many times slower.
    boolean timed =
        !Double.isNaN(progress.stepsPerSecond())
            && (last || now - firstShown >= NANOS_BEFORE_RATES);
    String text =
        "epoch %d/%d step %d/%d%s %s%s"
            .formatted(
                progress.epoch() + 1,
                progress.epochs(),
                progress.step(),
                progress.steps(),
                timed ? " %.0f steps/s".formatted(progress.stepsPerSecond()) : "",
                progress.models() == 1
                    ? losses + (losses.prior().isPresent() ? " bins " + progress.bins() : "")
                    : progress.models() + " models",
                timed ? " left " + duration(progress.secondsLeft()) : "");
    if (bar != null) {
      bar.stepTo(Math.round(PARTS * progress.share()));
      bar.setExtraMessage(text);
      return;
    }
    if ((last || now >= nextLine) && !text.equals(printed)) {
      System.err.println(text);
      printed = text;
      nextLine = now + SECONDS_BETWEEN_LINES * 1_000_000_000L;
    }
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + "s"
        : s < 3600 ? s / 60 + "m" + s % 60 + "s" : s / 3600 + "h" + s % 3600 / 60 + "m";
  }

  @Override
  public void note(String text) {
    System.err.println(text);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
