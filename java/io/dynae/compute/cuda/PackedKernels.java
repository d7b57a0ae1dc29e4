// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Programs compiled when the jar was made, for machines with neither NVRTC nor nvcc.
 *
 * <p>They lie under {@code /cubins} of the class path, each under the SHA-256 of its text and
 * architecture, so a program that has changed is not found and never mistaken for another.
 */
public final class PackedKernels {
  private static final String FOLDER = "/cubins/";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Opens the resource of a name, or gives null where there is none. */
  interface Resources {
    InputStream open(String name);
  }

  private final Resources resources;

  /** Those of {@code resources}; the program's own are {@link #ofJar()}. */
  PackedKernels(Resources resources) {
    this.resources = resources;
  }

  static PackedKernels ofJar() {
    return new PackedKernels(PackedKernels.class::getResourceAsStream);
  }

  /**
   * The code of a text for {@code architecture}, or for an earlier one of the same major number,
   * whose code a later one also runs.
   *
   * @param architecture "sm_86"
   */
  Optional<byte[]> find(String text, String architecture) throws IOException {
    int digits = architecture.length() - 1;
    String major = architecture.substring(0, digits);
    for (int minor = architecture.charAt(digits) - '0'; minor >= 0; minor--) {
      try (InputStream in = resources.open(FOLDER + file(text, major + minor))) {
        if (in != null) {
          return Optional.of(in.readAllBytes());
        }
      }
    }
    return Optional.empty();
  }

  private static String file(String text, String architecture) {
    return CubinCache.key(text, architecture) + ".cubin";
  }

  /**
   * Compiles a program with nvcc into {@code root}, which goes into the jar.
   *
   * @param name names the program in errors
   * @param architecture "sm_90"
   * @return bytes of code
   * @throws DeviceException when there is no nvcc, or it refuses the text
   */
  public static int pack(Path root, String name, String text, String architecture)
      throws IOException {
    NvccCompiler nvcc =
        NvccCompiler.find(System.getenv(), TIMEOUT)
            .orElseThrow(() -> new DeviceException("nvcc: not there: programs cannot be packed"));
    Path folder = Files.createDirectories(root.resolve(FOLDER.substring(1)));
    Path source = Files.createTempFile("dynae-pack", ".cu");
    try {
      Files.writeString(source, text);
      byte[] code = nvcc.compile(source, text, architecture);
      Files.write(folder.resolve(file(text, architecture)), code);
      return code.length;
    } catch (KernelCompiler.Failure e) {
      throw new DeviceException(
          "program %s: does not compile for %s: %s"
              .formatted(name, architecture, CompilerLog.oneLine(e.getMessage())),
          e);
    } finally {
      Files.delete(source);
    }
  }
}
