// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.testing.Dynae;
import io.dynae.testing.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The program as a bundle lays it out, with what the tests run, in a folder. */
final class Installation {
  private final Path folder;
  private final Path runtime;
  private final Map<String, String> environment = new HashMap<>();

  Installation(Path folder) throws IOException {
    this.folder = folder;
    Path bin = Files.createDirectories(folder.resolve("home/bin"));
    copyLauncher(bin);
    Path lib = Files.createDirectory(folder.resolve("home/lib"));
    runtime = folder.resolve("home/runtime");
    Files.createSymbolicLink(runtime, Path.of(System.getProperty("java.home")));
    Files.writeString(folder.resolve("home/commit"), "none");
    writeJar(lib.resolve("dynae.jar"));
    Path natives = Path.of(System.getProperty("java.library.path").split(File.pathSeparator)[0]);
    try (Stream<Path> files = Files.list(natives)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".so")).toList()) {
        Files.copy(file, lib.resolve(file.getFileName()));
      }
    }
    environment.put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
    environment.put("XDG_CACHE_HOME", Files.createDirectory(folder.resolve("cache")).toString());
    environment.put("JAVA_OPTS", "-Xmx512m");
  }

  /** Copies the launcher and its parts. */
  static void copyLauncher(Path bin) throws IOException {
    Path parts = Files.createDirectory(bin.resolve("launcher"));
    Path launcher = bin.resolve("dynae");
    Files.copy(Path.of("tools/dynae"), launcher);
    launcher.toFile().setExecutable(true);
    for (String part : new String[] {"build.sh", "cache.sh", "java.sh"}) {
      Files.copy(Path.of("tools/launcher", part), parts.resolve(part));
    }
  }

  /** A jar of nothing but the names of what the tests run. */
  private static void writeJar(Path jar) throws IOException {
    StringBuilder names = new StringBuilder();
    String classPath = System.getProperty("java.class.path");
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      names.append(Path.of(entry).toUri()).append(' ');
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, names.toString());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  /** Removes the link to the JVM, which JUnit would speak of. */
  void close() throws IOException {
    Files.delete(runtime);
  }

  Path lib() {
    return folder.resolve("home/lib");
  }

  Path temporary() {
    return folder.resolve("tmp");
  }

  String launcher() {
    return folder.resolve("home/bin/dynae").toString();
  }

  /** Runs it with variables added to its usual ones. */
  Dynae.Result dynae(Map<String, String> more, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = launcher();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Shell.run(folder, environment(more), command);
  }

  /** The variables that it runs with. */
  Map<String, String> environment(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return all;
  }
}
