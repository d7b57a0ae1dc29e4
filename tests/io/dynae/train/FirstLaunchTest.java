// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.java.JavaBackend;
import io.dynae.config.RunConfig;
import io.dynae.op.Control;
import io.dynae.trajectory.npy.NpyWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop waits for the launch in flight, and before the first nobody knows what a step takes. */
class FirstLaunchTest {
  private static final int FRAMES = 4000;

  @TempDir Path folder;
  private final List<Integer> launches = new ArrayList<>();
  private final List<TrainingListener.Progress> told = new ArrayList<>();

  @Test
  void isOneStepThatTellsNoRate() {
    Random random = new Random(1);
    float[] x = new float[2 * FRAMES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, x, FRAMES, 2);
    RunConfig config =
        RunConfig.defaults(
            List.of("model=VAE", "input_data=[" + file + "]", "max_epochs=2", "batch_size=50"));
    RunDirectory directory = RunDirectory.vacant(folder.resolve("run"));
    StopSignal stop = new StopSignal();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void progress(Progress progress, EpochLosses losses) {
            told.add(progress);
          }

          @Override
          public void epochDone(Progress progress, EpochLosses losses) {}

          @Override
          public void note(String text) {}
        };
    try (TrainingData data = TrainingData.open(config);
        Backend backend = new JavaBackend(1)) {
      Member member = Member.of(config, directory, data);
      try (Trainer trainer = new Trainer(watched(backend), List.of(member), listener, stop)) {
        stop.begin();
        directory.begin(config, 0);
        trainer.run();
        assertNull(member.failure());
      }
    }
    assertEquals(1, launches.get(0));
    assertEquals(launches.size() - 1, told.size());
    assertTrue(told.stream().allMatch(progress -> progress.stepsPerSecond() > 0));
    assertTrue(launches.stream().anyMatch(steps -> steps > 1), launches.toString());
  }

  private Backend watched(Backend backend) {
    return proxy(
        Backend.class,
        backend,
        (method, result) ->
            method.equals("executor") ? proxy(Executor.class, result, (m, r) -> r) : result);
  }

  private interface Result {
    Object of(String method, Object result);
  }

  private <T> T proxy(Class<T> type, Object target, Result result) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("launch")) {
                launches.add(((Control.Words[]) arguments[0])[0].get(Control.STEPS));
              }
              try {
                return result.of(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
