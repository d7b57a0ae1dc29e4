// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.model.DynAe;
import io.dynae.op.Operation;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Times every operation of the step alone, each after its result has agreed with plain Java's. */
public final class KernelBench {
  /** As many as no cache holds. */
  private static final int MEMORY_FLOATS = 1 << 25;

  private KernelBench() {}

  /**
   * Verifies and times.
   *
   * @param rates measures what the backend can do at best
   * @param wide let the whole device share each operation, and not the team of one model
   * @param seconds to time each operation for
   * @param progress told what goes on
   * @return the numbers, and who they belong to
   * @throws MismatchException when a result is not that of plain Java
   */
  public static JsonObject run(
      BenchConfig config,
      Backend backend,
      Rates.Source rates,
      boolean wide,
      long seed,
      double seconds,
      Consumer<String> progress) {
    DynAe model = config.model(backend);
    progress.accept("measuring copy and multiply-add");
    int floats = model.plan().layout().size() / 2;
    Map<Integer, Rates> best = new TreeMap<>();
    JsonObject json = Origin.of("kernels", config, backend, seed);
    JsonArray rows = new JsonArray();
    String clock = "";
    for (Operation operation : model.plan().operations()) {
      progress.accept("%s: verifying and timing %s".formatted(config.name(), operation.name()));
      try (OperationRun run = new OperationRun(config, backend, model, operation, wide, seed)) {
        run.verify();
        Timing timing = run.time(seconds);
        Rates yardstick =
            best.computeIfAbsent(run.groups(), groups -> rates.measure(groups, floats, seconds));
        rows.add(row(operation, timing, OperationCost.of(operation, config, model), yardstick));
        clock = run.clock();
      }
    }
    json.addProperty("clock", clock);
    JsonArray measured = new JsonArray();
    best.values().forEach(r -> measured.add(r.json()));
    measured.add(rates.measure(backend.shape().phaseGroups(), MEMORY_FLOATS, seconds).json());
    json.add("rates", measured);
    json.add("operations", rows);
    return json;
  }

  private static JsonObject row(
      Operation operation, Timing timing, OperationCost cost, Rates best) {
    JsonObject row = new JsonObject();
    row.addProperty("name", operation.name());
    row.addProperty("groups", best.groups());
    row.add("us", timing.json());
    row.addProperty("bytes", (long) cost.bytes());
    row.addProperty("flops", cost.flops());
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
