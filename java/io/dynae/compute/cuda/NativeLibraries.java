// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.compute.OwnLibraries;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.JCudaVersion;

/**
 * Loads JCuda's native libraries, and says in one line why one is missing.
 *
 * <p>They ask for CUDA 12's cuBLAS and NVRTC. Where only CUDA 13 is installed, a library of {@code
 * native/} under the old name, which forwards to the new one, is loaded before them.
 */
final class NativeLibraries {
  private static final Pattern MISSING_FILE =
      Pattern.compile("(lib[^\\s:/]+): cannot open shared object file");
  private static final Pattern LINK_ERROR =
      Pattern.compile("(?m)^\\s*(?:Caused by: )?java\\.lang\\.UnsatisfiedLinkError: (.+)$");

  /** What the reason ends with where a library is not installed. */
  static final String NOT_FOUND = " is not in the library path";

  /** Forwarding libraries of native/, by the library of JCuda's that needs them. */
  private static final Map<String, String> FORWARDERS =
      Map.of("JNvrtc", "dynae_nvrtc", "JCublas2", "dynae_cublas");

  /**
   * First failure of each library: a second attempt fails only with "could not initialize class",
   * which no longer says why.
   */
  private static final Map<String, String> FAILURES = new ConcurrentHashMap<>();

  private NativeLibraries() {}

  /**
   * Loads {@code library}, and runs {@code firstUse}, the first call of its JCuda class.
   *
   * @param library without version and platform: "JCudaDriver"
   * @return empty when the library is loaded, else the reason why not, in one line
   */
  static Optional<String> load(String library, Runnable firstUse) {
    String known = FAILURES.get(library);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      loadFile(library);
      firstUse.run();
      return Optional.empty();
    } catch (LinkageError | jcuda.CudaException e) {
      String reason = reason(e);
      FAILURES.put(library, reason);
      return Optional.of(reason);
    }
  }

  /**
   * Loads the library's file, before JCuda's class does: a failed attempt leaves nothing behind,
   * while one within JCuda spoils its class and ends in the temporary folder.
   *
   * <p>It is also the test of whether a driver or CUDA 12 is there: the linker knows best. Where
   * CUDA 12 is not, the forwarding library is loaded and the attempt repeated.
   */
  private static void loadFile(String library) {
    String file = OwnLibraries.ofPlatform(library + "-" + JCudaVersion.get());
    try {
      OwnLibraries.load(file);
    } catch (UnsatisfiedLinkError old) {
      String forwarder = FORWARDERS.get(library);
      if (forwarder == null || missingFile(old).isEmpty()) {
        throw old;
      }
      try {
        OwnLibraries.load(forwarder);
        OwnLibraries.load(file);
      } catch (UnsatisfiedLinkError none) {
        throw new UnsatisfiedLinkError(reason(old) + "; " + reason(none));
      }
    }
  }

  /** The library that the linker did not find, if that is the error. */
  private static Optional<String> missingFile(Throwable error) {
    Matcher missing = MISSING_FILE.matcher(String.valueOf(error.getMessage()));
    return missing.find() ? Optional.of(missing.group(1)) : Optional.empty();
  }

  /** The line of a link error that a person can act on: JCuda's own text has twenty. */
  static String reason(Throwable error) {
    String text = error.getMessage() == null ? "" : error.getMessage();
    Optional<String> missing = missingFile(error);
    if (missing.isPresent()) {
      return missing.get() + NOT_FOUND;
    }
    String last = text.lines().findFirst().orElse(error.getClass().getSimpleName());
    for (Matcher line = LINK_ERROR.matcher(text); line.find(); ) {
      last = line.group(1);
    }
    return last.strip();
  }
}
