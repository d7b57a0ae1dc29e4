// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads JCuda's native libraries, and says in one line why one is missing. */
final class NativeLibraries {
  private static final Pattern MISSING_FILE =
      Pattern.compile("(lib[^\\s:/]+): cannot open shared object file");
  private static final Pattern LINK_ERROR =
      Pattern.compile("(?m)^\\s*(?:Caused by: )?java\\.lang\\.UnsatisfiedLinkError: (.+)$");

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
    try {
      firstUse.run();
      return Optional.empty();
    } catch (LinkageError | jcuda.CudaException e) {
      String reason = reason(e);
      FAILURES.put(library, reason);
      return Optional.of(reason);
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
