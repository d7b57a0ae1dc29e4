// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.check.BenchConfig;
import io.dynae.check.StepRun;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.model.Model;
import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Each operation of a step in its plain Java form, on one thread, under JMH: a JVM of its own for
 * each, so that none profits or suffers from what the JIT saw of another. {@code
 * tools/bench/jmh.sh} runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class JavaOperationsJmh {
  private static final long SEED = 1;
  private static final int RUNS = 100;

  /** Small, so that what an operation changes in place stays in range. */
  private static final float LARGEST = 0.25f;

  /** Shape of the step, as {@code dynae bench --config} calls it. */
  @Param("three-well")
  public String config;

  /** Name of the operation; {@link #main} gives those of the step. */
  @Param("")
  public String operation;

  private HostMemory memory;
  private Operation measured;

  /** Allocates the buffers, and binds frames and pairs. */
  @Setup(Level.Trial)
  public void allocate() {
    BenchConfig shape = BenchConfig.named(config);
    Model model = model(shape);
    measured =
        model.plan().operations().stream()
            .filter(o -> o.name().equals(operation))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no operation '" + operation + "'"));
    memory = new HostMemory(model.plan().layout());
    float[] frames = new float[shape.frames() * shape.inputs()];
    fill(frames, new Random(SEED));
    Control.Words words = StepRun.words(SEED, 1e-3f, 0, 1);
    memory.bind(words, frames, new float[0], StepRun.pairs(shape, SEED));
  }

  /** Puts the same random values into every region: some operations work in place. */
  @Setup(Level.Invocation)
  public void fill() {
    Random random = new Random(SEED);
    for (Region region : memory.layout().regions()) {
      if (region.blocks() == 0) {
        fill(memory.flat(region), random);
      } else {
        Arrays.stream(memory.rows(region)).forEach(row -> fill(row, random));
      }
      if (region.name().equals("second_moment")) {
        float[] values = memory.flat(region);
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.abs(values[i]);
        }
      }
    }
  }

  private static Model model(BenchConfig shape) {
    try (Backend backend = new JavaBackend(1)) {
      return shape.model(backend);
    }
  }

  private static void fill(float[] values, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = LARGEST * (2 * random.nextFloat() - 1);
    }
  }

  /** Runs of the operation over the whole batch, few enough that no value runs away. */
  @Benchmark
  @OperationsPerInvocation(RUNS)
  public void run() {
    for (int i = 0; i < RUNS; i++) {
      once();
    }
  }

  private void once() {
    if (measured instanceof BlockOperation block) {
      for (int b = 0; b < block.blocks(); b++) {
        block.run(memory, b);
      }
    } else {
      ((TeamOperation) measured).run(memory, 0, 1);
    }
  }

  /** Takes JMH's own options; without {@code -p operation=...} it runs all of the step. */
  public static void main(String... arguments) throws RunnerException, CommandLineOptionException {
    CommandLineOptions given = new CommandLineOptions(arguments);
    ChainedOptionsBuilder options = new OptionsBuilder().parent(given);
    if (given.getIncludes().isEmpty()) {
      options.include(JavaOperationsJmh.class.getName());
    }
    if (!given.getParameter("operation").hasValue()) {
      List<Operation> all = model(BenchConfig.ALL.get(0)).plan().operations();
      options.param("operation", all.stream().map(Operation::name).toArray(String[]::new));
    }
    new Runner(options.build()).run();
  }
}
