// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.KernelDump;
import io.dynae.compute.TeamShape;
import io.dynae.compute.cuda.PackedKernels;
import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.team.TeamLimits;
import io.dynae.config.RunConfig;
import io.dynae.simulation.PhiloxNoise;
import io.dynae.simulation.Simulation;
import io.dynae.simulation.ThreeWell;
import io.dynae.train.Member;
import io.dynae.train.RunDirectory;
import io.dynae.train.StopSignal;
import io.dynae.train.TrainingData;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs that the demo compiles for a CUDA device: default settings, two features, 160,000
 * training pairs. A training is started on a device that only takes note of them and runs nothing.
 */
public final class DefaultPrograms {
  private static final int FRAMES = 200_000;

  /**
   * Work-groups of phase kernels, two a multiprocessor: the rows that the encoding of an epoch
   * works on at once depend on them, rounded down to a power of two. These are GPUs of 64 to 127
   * multiprocessors, and of 128 to 255.
   */
  private static final int[] PHASE_GROUPS = {128, 256};

  /** From 16 on, one model's team does not depend on it. */
  private static final int LEAST_MULTIPROCESSORS = 64;

  private DefaultPrograms() {}

  /** Compiles every program for every architecture: {@code DefaultPrograms FOLDER sm_90 ...}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (int i = 1; i < arguments.length; i++) {
      for (Map.Entry<String, String> program : texts(arguments[i]).entrySet()) {
        String name = program.getValue();
        int bytes = PackedKernels.pack(folder, name, program.getKey(), arguments[i]);
        System.err.printf("packed %s for %s: %d KB%n", name, arguments[i], bytes >> 10);
      }
    }
  }

  /** Names of the programs for an architecture by their texts. */
  static Map<String, String> texts(String architecture) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    Path folder = Files.createTempDirectory("dynae-programs");
    Simulation.Output files =
        Simulation.run(new ThreeWell(), FRAMES, new PhiloxNoise(0), 0, folder);
    String input = "input_data=" + RunConfig.pathList(List.of(files.observed().toString()));
    for (int groups : PHASE_GROUPS) {
      // One epoch ends and is measured; two reach the bins, of which there are none.
      for (int epochs : new int[] {1, 2}) {
        RunConfig config = RunConfig.defaults(List.of(input, "max_epochs=" + epochs));
        RunDirectory run = RunDirectory.vacant(folder.resolve("run-" + groups + "-" + epochs));
        Device device =
            proxy(Device.class, new NotingDevice(texts, shape(groups), limits(architecture)));
        try (TrainingData data = TrainingData.open(config)) {
          Member member = Member.of(config, run, data);
          TrainCommand.train(member, new DeviceBackend(device, false), new StopSignal());
        } catch (RuntimeException e) {
          System.err.println("noted " + texts.values() + ", then nothing ran: " + e);
        }
      }
    }
    try (Stream<Path> made = Files.walk(folder)) {
      made.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    return texts;
  }

  private static TeamShape shape(int phaseGroups) {
    TeamShape gpu = KernelDump.CUDA;
    return new TeamShape(
        gpu.vectorWidth(), gpu.lanes(), gpu.groups(), gpu.localBytes(), phaseGroups);
  }

  /** Shared memory of a block and largest cluster decide on the teams of one model. */
  private static TeamLimits limits(String architecture) {
    int number = Integer.parseInt(architecture.replaceAll("\\D", ""));
    int sharedKb =
        switch (number) {
          case 75 -> 64;
          case 80, 87 -> 163;
          case 86, 89, 120, 121 -> 99;
          default -> 227;
        };
    int cluster = number < 90 ? 1 : number == 90 ? 16 : 8;
    return new TeamLimits(LEAST_MULTIPROCESSORS, sharedKb << 10, cluster);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Looks like a GPU, keeps texts, and does nothing. */
  private record NotingDevice(Map<String, String> texts, TeamShape shape, TeamLimits limits)
      implements InvocationHandler {
    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
      return switch (method.getName()) {
        case "name", "driver" -> "none";
        case "backend" -> "cuda";
        case "shape" -> shape;
        case "teamLimits" -> Optional.of(limits);
        case "largestAllocation" -> 1L << 40;
        case "allocate" -> {
          long bytes = (Long) arguments[1];
          yield proxy(
              DeviceMemory.class, (p, m, a) -> m.getName().equals("bytes") ? bytes : nothing(m));
        }
        case "compile" -> {
          texts.put((String) arguments[1], (String) arguments[0]);
          yield proxy(DeviceProgram.class, (p, m, a) -> nothing(m));
        }
        case "record" -> proxy(Device.Recording.class, (p, m, a) -> nothing(m));
        default ->
            method.isDefault()
                ? InvocationHandler.invokeDefault(self, method, arguments)
                : nothing(method);
      };
    }
  }

  /** What a method that does nothing returns: false, zero or null. */
  private static Object nothing(Method method) {
    return method.getReturnType() == void.class
        ? null
        : Array.get(Array.newInstance(method.getReturnType(), 1), 0);
  }
}
