// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.model.Checkpoint;
import io.dynae.train.EpochLosses;
import io.dynae.train.Member;
import io.dynae.train.TrainingData;
import java.util.Arrays;

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

  /** What a run's {@code summary.json} holds. */
  static JsonObject summary(Member member, EpochLosses testLosses, Backend backend) {
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
    return summary;
  }
}
