// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dynae.check.BenchConfig;
import io.dynae.check.MismatchException;
import io.dynae.check.OperationRun;
import io.dynae.check.StepRun;
import io.dynae.compute.Backend;
import io.dynae.model.Model;
import io.dynae.op.Operation;
import java.util.function.Consumer;

/** Times every operation of the step alone, each after its result has agreed with plain Java's. */
public final class KernelBench {
  /** More than caches hold, in bytes read and written. */
  private static final double MEMORY_BYTES = 1 << 28;

  private static final int WARM_TIMES = 10;

  /** Long beside the cost of a launch, short beside what a busy machine's scheduler grants. */
  private static final double LAUNCH_MICROS = 2000;

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
    Model model = config.model(backend);
    Rates best = new Rates(rates, seconds);
    JsonObject json = Origin.of("kernels", config, backend, seed);
    JsonArray rows = new JsonArray();
    String clock = "";
    for (Operation operation : model.plan().operations()) {
      progress.accept("%s: verifying and timing %s".formatted(config.name(), operation.name()));
      try (OperationRun run = new OperationRun(config, backend, model, operation, wide, seed)) {
        run.verify();
        OperationCost cost = OperationCost.of(operation, config, model);
        rows.add(row(operation, time(run, seconds), cost, run.groups(), best));
        clock = run.clock();
      }
    }
    json.addProperty("clock", clock);
    progress.accept("measuring what the whole device can do");
    best.copy(backend.shape().phaseGroups(), MEMORY_BYTES);
    best.flops(backend.shape().phaseGroups());
    json.add("rates", best.json());
    json.add("operations", rows);
    return json;
  }

  private static Timing time(OperationRun run, double seconds) {
    run.micros(WARM_TIMES);
    double once = run.micros(WARM_TIMES) / WARM_TIMES;
    int times = (int) Math.max(1, Math.min(StepRun.MOST_STEPS, LAUNCH_MICROS / once));
    return Timing.measure(seconds, times, () -> run.micros(times));
  }

  private static JsonObject row(
      Operation operation, Timing timing, OperationCost cost, int groups, Rates best) {
    JsonObject row = new JsonObject();
    row.addProperty("name", operation.name());
    row.addProperty("groups", groups);
    row.add("us", timing.json());
    row.addProperty("bytes", (long) cost.bytes());
    row.addProperty("flops", cost.flops());
    double seconds = timing.min() * 1e-6;
    if (cost.floats() > 0) {
      double rate = cost.bytes() / seconds;
      row.addProperty("gb_per_second", Timing.rounded(rate / 1e9));
      row.addProperty("share_of_copy", Timing.rounded(rate / best.copy(groups, cost.bytes())));
    }
    if (cost.flops() > 0) {
      double rate = cost.flops() / seconds;
      row.addProperty("gflop_per_second", Timing.rounded(rate / 1e9));
      row.addProperty("share_of_fma", Timing.rounded(rate / best.flops(groups)));
    }
    return row;
  }
}
