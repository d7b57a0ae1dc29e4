// SPDX-License-Identifier: MIT
package io.dynae.compute;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Loads the program's native libraries from its own folder, {@code java.library.path}, and from
 * nowhere else.
 *
 * <p>JCuda and JOCL look there first; where that fails they load a file of a fixed name in the
 * temporary folder, whoever put it there. So their classes must not be touched before {@link #load}
 * has succeeded (what it has loaded, they find), nor outside {@link #loadBy}.
 */
public final class OwnLibraries {
  private static final String TEMPORARY = "java.io.tmpdir";

  private OwnLibraries() {}

  /**
   * Loads a library, with everything that it depends on.
   *
   * @param name as System.loadLibrary has it: "JCudaDriver-12.6.0-linux-x86_64"
   * @throws UnsatisfiedLinkError when it is not in the folder or the linker refuses it; nothing has
   *     changed then, and another attempt may succeed
   */
  public static void load(String name) {
    System.load(require(name).toString());
  }

  /**
   * Runs {@code use}, the first use of a class that loads a library which only that class can load.
   * Where it fails, it finds the same file for a second time in place of one in the temporary
   * folder.
   *
   * @param name as in {@link #load}
   * @throws LinkageError when the library is not in the folder or cannot be loaded
   */
  public static synchronized void loadBy(String name, Runnable use) {
    String temporary = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, String.valueOf(require(name).getParent()));
    try {
      use.run();
    } finally {
      System.setProperty(TEMPORARY, temporary);
    }
  }

  private static Path require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new UnsatisfiedLinkError(
                    System.mapLibraryName(name)
                        + " is not in the program's own folder of libraries, "
                        + System.getProperty("java.library.path", "")
                        + ": build or unpack the program anew"));
  }

  /**
   * The file of a library. The working directory is nobody's own: relative folders do not count.
   */
  public static Optional<Path> find(String name) {
    String file = System.mapLibraryName(name);
    for (String folder :
        System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Path.of(folder).isAbsolute()) {
        Path path = Path.of(folder, file);
        if (Files.isRegularFile(path)) {
          return Optional.of(path);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The name with this platform's, as JCuda and JOCL name their files: "JOCL_2_0_6-linux-x86_64".
   */
  public static String ofPlatform(String name) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return name
        + (system.startsWith("windows") ? "-windows" : "-linux")
        + (processor.equals("aarch64") ? "-arm64" : "-x86_64");
  }
}
