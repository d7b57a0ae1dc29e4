// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.Device;
import io.dynae.compute.DeviceBackend;
import io.dynae.compute.DeviceMemory;
import io.dynae.compute.DeviceProgram;
import io.dynae.compute.KernelDump;
import io.dynae.compute.cuda.PackedKernels;
import io.dynae.config.RunConfig;
import io.dynae.train.Member;
import io.dynae.train.RunDirectory;
import io.dynae.train.StopSignal;
import io.dynae.train.TrainingData;
import io.dynae.trajectory.PhiloxNoise;
import io.dynae.trajectory.ThreeWell;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs that training with the default settings on two features compiles for a CUDA device:
 * a training is started on a device that only takes note of them and runs nothing.
 */
public final class DefaultPrograms {
  private static final int FRAMES = 3000;

  private DefaultPrograms() {}

  /** Compiles every program for every architecture: {@code DefaultPrograms FOLDER sm_90 ...}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (Map.Entry<String, String> program : texts().entrySet()) {
      for (int i = 1; i < arguments.length; i++) {
        String name = program.getKey();
        int bytes = PackedKernels.pack(folder, name, program.getValue(), arguments[i]);
        System.err.printf("packed %s for %s: %d KB%n", name, arguments[i], bytes >> 10);
      }
    }
  }

  /** Texts of the programs by their names. */
  static Map<String, String> texts() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    Path folder = Files.createTempDirectory("dynae-programs");
    ThreeWell.Output files = SimulateCommand.simulate(FRAMES, new PhiloxNoise(0), folder);
    // One epoch ends and is measured; two reach the bins, of which there are none.
    for (int epochs : new int[] {1, 2}) {
      String input = RunConfig.pathList(List.of(files.observed().toString()));
      RunConfig config = RunConfig.defaults(List.of("input_data=" + input, "max_epochs=" + epochs));
      RunDirectory run = RunDirectory.vacant(folder.resolve("run" + epochs));
      Device device = proxy(Device.class, new NotingDevice(texts));
      try (TrainingData data = TrainingData.open(config)) {
        Member member = Member.of(config, run, data);
        TrainCommand.train(member, new DeviceBackend(device, false), new StopSignal());
      } catch (RuntimeException e) {
        System.err.println("noted " + texts.keySet() + ", then nothing ran: " + e);
      }
    }
    return texts;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Looks like a GPU, keeps texts, and does nothing. */
  private record NotingDevice(Map<String, String> texts) implements InvocationHandler {
    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
      return switch (method.getName()) {
        case "name", "driver" -> "none";
        case "backend" -> "cuda";
        case "shape" -> KernelDump.CUDA;
        case "largestAllocation" -> 1L << 40;
        case "allocate" -> {
          long bytes = (Long) arguments[1];
          yield proxy(DeviceMemory.class, (p, m, a) -> m.getName().equals("bytes") ? bytes : null);
        }
        case "compile" -> {
          texts.put((String) arguments[0], (String) arguments[1]);
          yield proxy(DeviceProgram.class, (p, m, a) -> null);
        }
        case "record" -> proxy(Device.Recording.class, (p, m, a) -> null);
        default ->
            method.isDefault() ? InvocationHandler.invokeDefault(self, method, arguments) : null;
      };
    }
  }
}
