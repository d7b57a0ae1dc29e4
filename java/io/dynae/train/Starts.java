// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.DynaeException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tries several initial weights for a model and goes on with the best, by the loss on its test
 * pairs. A latent that has folded over itself by the time bins begin stays folded, and its loss
 * stays high, so a few epochs tell.
 *
 * <p>Each start is a run of its own in {@code starts/0}, {@code starts/1} and so on of the model's
 * directory, so one that was stopped goes on from there.
 */
public final class Starts {
  private Starts() {}

  /**
   * The members, where their settings ask for several starts and nothing was trained yet with the
   * start of least loss taken over: its state, and its lines of metrics. One whose starts all fail
   * has failed.
   *
   * @param members of one group
   * @param most runs at once
   */
  public static List<Member> choose(
      Backend backend, List<Member> members, int most, TrainingListener listener, StopSignal stop) {
    List<Member> trials =
        members.stream().filter(Starts::open).flatMap(m -> trials(m).stream()).toList();
    if (trials.isEmpty()) {
      return members;
    }
    Map<Member, Double> losses = new HashMap<>();
    Member any = trials.get(0);
    int together = Math.min(most, Trainer.together(any.config, any.data, backend));
    for (int from = 0; from < trials.size(); from += together) {
      List<Member> wave = trials.subList(from, Math.min(trials.size(), from + together));
      try (Trainer trainer = new Trainer(backend, wave, listener, stop)) {
        stop.begin();
        members.forEach(Member::begin);
        wave.forEach(Member::begin);
        trainer.run();
        if (!stop.requested()) {
          wave.stream()
              .filter(trial -> trial.failure() == null)
              .forEach(trial -> trial.attempt(() -> losses.put(trial, loss(trainer, trial))));
        }
      }
      if (stop.requested()) {
        return members;
      }
    }
    List<Member> chosen = new ArrayList<>();
    int first = 0;
    for (Member member : members) {
      int last = first + (open(member) ? member.config.starts() : 0);
      chosen.add(
          first == last ? member : best(member, trials.subList(first, last), losses, listener));
      first = last;
    }
    return chosen;
  }

  private static boolean open(Member member) {
    return member.config.starts() > 1 && !Files.exists(member.directory.checkpoint());
  }

  private static List<Member> trials(Member member) {
    int epochs = member.schedule.firstBinned() + RunConfig.START_EPOCHS;
    List<Member> trials = new ArrayList<>();
    for (int start = 0; start < member.config.starts(); start++) {
      trials.add(Member.trial(member, start, epochs));
    }
    return trials;
  }

  private static Member best(
      Member member, List<Member> trials, Map<Member, Double> losses, TrainingListener listener) {
    List<Member> trained = trials.stream().filter(trial -> trial.failure() == null).toList();
    if (trained.isEmpty()) {
      DynaeException failure = trials.get(0).failure();
      member.attempt(
          () -> {
            throw failure;
          });
      return member;
    }
    Member best = trained.get(0);
    for (Member trial : trained) {
      best = Double.compare(losses.get(trial), losses.get(best)) < 0 ? trial : best;
    }
    listener.note(
        "%s: start %d goes on, losses %s"
            .formatted(
                member.directory.path(),
                trials.indexOf(best),
                trials.stream()
                    .map(t -> t.failure() != null ? "failed" : text(losses.get(t)))
                    .collect(Collectors.joining(" "))));
    member.directory.takeOver(best.directory);
    member.directory.save(best.state);
    return Member.of(member.config, member.directory, member.data);
  }

  private static String text(double loss) {
    return String.format(Locale.ROOT, "%.4g", loss);
  }

  /** On the test pairs, by the average of the weights: the last steps' noise is out of it. */
  private static double loss(Trainer trainer, Member trial) {
    return trainer.testLosses(trial).representation();
  }
}
