// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.model.DynAe;
import io.dynae.op.Operation;
import java.util.function.Consumer;

/** Times every operation of the step alone, each after its result has agreed with plain Java's. */
public final class KernelBench {
  private KernelBench() {}

  /**
   * Verifies and times.
   *
   * @param rates measures what the backend can do at best
   * @param seconds to time each operation for
   * @param progress told what goes on
   * @return the numbers, and who they belong to
   * @throws MismatchException when a result is not that of plain Java
   */
  public static JsonObject run(
      BenchConfig config,
      Backend backend,
      Rates.Source rates,
      long seed,
      double seconds,
      Consumer<String> progress) {
    DynAe model = config.model(backend);
    progress.accept("measuring copy and multiply-add");
    Rates best = rates.measure(model.plan().layout().size() / 2, seconds);
    JsonObject json = Origin.of("kernels", config, backend, seed);
    json.add("rates", best.json());
    JsonArray rows = new JsonArray();
    for (Operation operation : model.plan().operations()) {
      progress.accept("verifying and timing " + operation.name());
      try (OperationRun run = new OperationRun(config, backend, model, operation, seed)) {
        run.verify();
        rows.add(
            row(operation, run.time(seconds), OperationCost.of(operation, config, model), best));
      }
    }
    json.add("operations", rows);
    return json;
  }

  private static JsonObject row(
      Operation operation, Timing timing, OperationCost cost, Rates best) {
    JsonObject row = new JsonObject();
    row.addProperty("name", operation.name());
    row.add("us", timing.json());
    double seconds = timing.min() * 1e-6;
    if (cost.floats() > 0) {
      double rate = cost.bytes() / seconds;
      row.addProperty("gb_per_second", Timing.rounded(rate / 1e9));
      row.addProperty("share_of_copy", Timing.rounded(rate / best.copyBytesPerSecond()));
    }
    if (cost.flops() > 0) {
      double rate = cost.flops() / seconds;
      row.addProperty("gflop_per_second", Timing.rounded(rate / 1e9));
      row.addProperty("share_of_fma", Timing.rounded(rate / best.flopsPerSecond()));
    }
    return row;
  }
}
