// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.config.RunConfig;
import io.dynae.model.ModelKind;
import io.dynae.train.Member;
import java.util.ArrayList;
import java.util.List;

/** What somebody should know before a training: the data, settings that are hardly meant. */
final class TrainingNotes {
  private static final double LEAST_RATE = 1e-10;

  private TrainingNotes() {}

  /** A line each, without repeats, for models of one kind. */
  static List<String> of(List<Member> members) {
    List<String> notes = new ArrayList<>();
    members.forEach(member -> notes.addAll(member.data().notes()));
    addUnread(members, notes);
    for (Member member : members) {
      addTooManyDimensions(member, notes);
      addNeverBinned(member.config(), notes);
      addVanishingRate(member.config(), notes);
    }
    return notes.stream().distinct().toList();
  }

  private static void addUnread(List<Member> members, List<String> notes) {
    List<String> keys =
        members.stream().flatMap(m -> m.config().unread().stream()).distinct().toList();
    RunConfig config = members.get(0).config();
    String encoder = config.convolutional() ? " with conv_encoder" : "";
    if (!keys.isEmpty()) {
      notes.add(config.model() + encoder + " does not read " + String.join(", ", keys));
    }
  }

  private static void addTooManyDimensions(Member member, List<String> notes) {
    int d = member.config().latentDimension();
    int features = member.data().input().features();
    if (d > features) {
      notes.add(
          "d <= features of the data does not hold: %d, %d; the latents have dimensions to spare:"
                  .formatted(d, features)
              + " lower d");
    }
  }

  private static void addNeverBinned(RunConfig config, List<String> notes) {
    if (ModelKind.of(config.model()).binned() && config.warmupEpochs() >= config.maxEpochs()) {
      notes.add(
          "warmup_epochs < max_epochs does not hold: %d, %d; all epochs are warm-up, without bins:"
                  .formatted(config.warmupEpochs(), config.maxEpochs())
              + " raise max_epochs");
    }
  }

  /** A rate that falls on and on leaves the weights as they are, which looks like a training. */
  private static void addVanishingRate(RunConfig config, List<String> notes) {
    int first = ModelKind.of(config.model()).binned() ? config.warmupEpochs() : 0;
    double factor = config.learningRateFactor();
    double periods =
        Math.floor(Math.log(LEAST_RATE / config.learningRate()) / Math.log(factor)) + 1;
    double epoch = first + Math.max(0, periods) * config.learningRatePeriod();
    if (factor < 1 && epoch < config.maxEpochs()) {
      notes.add(
          "from epoch %.0f of %d the learning rate is less than %s, too little to move float32 weights: raise lr_scheduler_gamma (%s) or lr_scheduler_step_size (%d)"
              .formatted(
                  epoch + 1, config.maxEpochs(), LEAST_RATE, factor, config.learningRatePeriod()));
    }
  }
}
