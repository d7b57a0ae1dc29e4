// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.JCudaVersion;
import jcuda.LibUtils;

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
   * Runs {@code firstUse}, whose first call of a JCuda class loads {@code library}.
   *
   * @return empty when the library is loaded, else the reason why not, in one line
   */
  static Optional<String> load(String library, Runnable firstUse) {
    String known = FAILURES.get(library);
    if (known != null) {
      return Optional.of(known);
    }
    String forwarding = forward(library);
    try {
      firstUse.run();
      return Optional.empty();
    } catch (LinkageError | jcuda.CudaException e) {
      String reason = forwarding.isEmpty() ? reason(e) : forwarding;
      FAILURES.put(library, reason);
      return Optional.of(reason);
    }
  }

  /**
   * Loads the forwarding library that {@code library} needs, if it needs one.
   *
   * <p>Loading JCuda's native itself is the test of that: the linker knows best whether CUDA 12 is
   * there, and a failed attempt leaves nothing behind, while one within JCuda would spoil its
   * class.
   *
   * @return why it could not, or ""
   */
  private static String forward(String library) {
    String forwarder = FORWARDERS.get(library);
    if (forwarder == null) {
      return "";
    }
    String own = LibUtils.createPlatformLibraryName(library + "-" + JCudaVersion.get());
    try {
      System.loadLibrary(own);
      return "";
    } catch (UnsatisfiedLinkError old) {
      if (!MISSING_FILE.matcher(String.valueOf(old.getMessage())).find()) {
        // Not in the folder of natives, or broken: JCuda looks in its jar, and says why.
        return "";
      }
      try {
        System.loadLibrary(forwarder);
        return "";
      } catch (UnsatisfiedLinkError none) {
        return reason(old) + "; " + reason(none);
      }
    }
  }

  /** The line of a link error that a person can act on: JCuda's own text has twenty. */
  static String reason(Throwable error) {
    String text = error.getMessage() == null ? "" : error.getMessage();
    Matcher missing = MISSING_FILE.matcher(text);
    if (missing.find()) {
      return missing.group(1) + " is not in the library path";
    }
    String last = text.lines().findFirst().orElse(error.getClass().getSimpleName());
    for (Matcher line = LINK_ERROR.matcher(text); line.find(); ) {
      last = line.group(1);
    }
    return last.strip();
  }
}
