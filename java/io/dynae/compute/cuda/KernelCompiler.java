// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.nio.file.Path;

/** A compiler from CUDA C++ to what {@code cuModuleLoadDataEx} takes. */
interface KernelCompiler {
  /** The text does not compile; the message is the compiler's whole log. */
  final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String log) {
      super(log);
    }

    Failure(String log, Throwable cause) {
      super(log, cause);
    }
  }

  /** Name, version and options: everything besides text and architecture that decides the code. */
  String identity();

  /**
   * Compiles the text in {@code source}.
   *
   * @param source file that holds the text; files may be created beside it under its name
   * @param text the same text
   * @param architecture "sm_90"
   */
  byte[] compile(Path source, String text, String architecture) throws Failure;
}
