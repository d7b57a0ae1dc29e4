// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.error.DynaeException;
import io.dynae.model.Checkpoint;
import io.dynae.train.EpochLosses;
import io.dynae.train.HeldOut;
import io.dynae.train.Member;
import io.dynae.train.RunDirectory;
import io.dynae.train.Trainer;
import io.dynae.train.TrainingData;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** JSON forms of results. */
final class Reports {
  private Reports() {}

  static JsonObject losses(EpochLosses losses) {
    JsonObject json = new JsonObject();
    json.addProperty("loss", losses.representation());
    json.addProperty("reconstruction", losses.reconstruction());
    json.addProperty("regularization", losses.regularization());
    losses.prior().ifPresent(prior -> json.addProperty("prior", prior));
    return json;
  }

  /** Adds the number of bins, of models that have some. */
  static void addBins(JsonObject json, Checkpoint state) {
    if (state.shape.kind().binned()) {
      json.addProperty("bins", state.binCounts.length);
    }
  }

  /**
   * Writes what a training gave, also one that failed on the way: latents, bin centres, summary.
   *
   * @param notes hears where the model is much worse on test pairs than on training pairs
   * @return its losses on the test pairs
   */
  static EpochLosses writeResults(
      Trainer trainer, Member member, Backend backend, Consumer<String> notes) {
    trainer.writeResults(member);
    EpochLosses test = trainer.testLosses(member);
    EpochLosses training = trainer.trainingLosses(member);
    RunDirectory.writeJson(member.directory().summary(), summary(member, test, training, backend));
    HeldOut.note(trainer, member, test, training).ifPresent(notes);
    return test;
  }

  /**
   * The same of a training that failed. What else goes wrong then must not hide why it failed.
   *
   * @return what became of them, in a line; empty where no epoch ended well
   */
  static Optional<String> writeLastResults(
      Trainer trainer, Member member, Backend backend, Consumer<String> notes) {
    if (!member.hasResults()) {
      return Optional.empty();
    }
    int epochs = member.state().epoch;
    String results = "results of %d epoch%s are ".formatted(epochs, epochs == 1 ? "" : "s");
    try {
      writeResults(trainer, member, backend, notes);
      return Optional.of(results + "written");
    } catch (DynaeException e) {
      return Optional.of(results + "not written: " + e.getMessage());
    }
  }

  private static JsonObject summary(
      Member member, EpochLosses testLosses, EpochLosses trainingLosses, Backend backend) {
    Checkpoint state = member.state();
    TrainingData data = member.data();
    JsonObject summary = new JsonObject();
    summary.addProperty("backend", backend.name());
    summary.addProperty("device", backend.description());
    summary.addProperty("model", state.shape.kind().label());
    summary.addProperty("version", Main.version());
    summary.addProperty("seed", member.config().seed());
    summary.addProperty("epochs", state.epoch);
    summary.addProperty("steps", state.step);
    if (member.failure() != null) {
      summary.addProperty("failure", member.failure().getMessage());
    }
    summary.addProperty("frames", data.input().count());
    JsonArray lengths = new JsonArray();
    Arrays.stream(data.input().lengths()).forEach(lengths::add);
    summary.add("trajectory_lengths", lengths);
    summary.addProperty("training_pairs", data.train().length);
    summary.addProperty("test_pairs", data.test().length);
    addBins(summary, state);
    summary.addProperty(
        "weights", member.config().weightAveraging() > 0 ? "running average" : "last");
    summary.add("test_losses", losses(testLosses));
    summary.add("training_losses", losses(trainingLosses));
    return summary;
  }
}
