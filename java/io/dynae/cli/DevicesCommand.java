// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.compute.Backend;
import io.dynae.compute.cuda.CudaGpu;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.DeviceException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae devices}: every backend and its devices, and for a missing one why. */
final class DevicesCommand extends Command {
  DevicesCommand() {
    super(
        "devices",
        "",
        "lists every backend and device, and for a missing one why; --device takes the numbers."
            + " CUDA_VISIBLE_DEVICES hides and reorders GPUs before they are numbered");
  }

  @Override
  Options options() {
    return new Options();
  }

  @Override
  int run(CommandLine line) {
    noArguments(line);
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    if (visible != null) {
      System.err.println("CUDA_VISIBLE_DEVICES=" + visible + ": cuda shows no other GPUs");
    }
    list("cuda", () -> CudaGpu.list().stream().map(DevicesCommand::describe).toList());
    list("opencl", OpenClDevice::list);
    try (Backend java = new JavaBackend()) {
      System.out.printf(
          "java    0  %s, heap up to %d MiB%n",
          java.description(), Runtime.getRuntime().maxMemory() >> 20);
    }
    return 0;
  }

  private static String describe(CudaGpu gpu) {
    return "%s, %s, %d GiB (%s)"
        .formatted(gpu.name(), gpu.architecture(), gpu.memoryBytes() >> 30, gpu.driver());
  }

  private static void list(String backend, Supplier<List<String>> devices) {
    try {
      List<String> names = devices.get();
      for (int i = 0; i < names.size(); i++) {
        System.out.printf("%-7s %d  %s%n", backend, i, names.get(i));
      }
    } catch (DeviceException e) {
      System.out.printf("%-7s -  not there: %s%n", backend, PlainText.line(e.getMessage()));
    }
  }
}
