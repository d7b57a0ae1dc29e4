// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.config.RunConfig;
import io.dynae.model.ModelKind;
import io.dynae.train.Member;
import java.util.ArrayList;
import java.util.List;

/** What somebody should know before a training: the data, settings that are hardly meant. */
final class TrainingNotes {
  private TrainingNotes() {}

  /** A line each, without repeats, for models of one kind. */
  static List<String> of(List<Member> members) {
    List<String> notes = new ArrayList<>();
    members.forEach(member -> notes.addAll(member.data().notes()));
    addUnread(members, notes);
    for (Member member : members) {
      addTooManyDimensions(member, notes);
      addNeverBinned(member.config(), notes);
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
}
