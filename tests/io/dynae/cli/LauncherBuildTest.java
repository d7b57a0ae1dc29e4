// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.testing.Dynae;
import io.dynae.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a source tree, with stand-ins: a Maven that writes the sources into the program
 * and counts, and a Java that prints its options.
 */
class LauncherBuildTest {
  private static final String MAVEN =
      """
      #!/bin/bash
      echo built >>../builds.log
      [ ! -f fail ] || exit 1
      mkdir -p target/lib
      cat java/Main.java >target/dynae.jar
      touch target/lib/a.jar target/lib/liba.so
      """;

  /** Prints its options and the program, after it was told to go on where a file tells to wait. */
  private static final String JAVA =
      """
      #!/bin/bash
      while [ $# -gt 0 ] && [ "$1" != -cp ]; do echo "$1"; shift; done
      echo started >&2
      while [ -f "$WAIT" ]; do sleep 0.05; done
      jar=${2%%:*}
      echo "jar $jar"
      echo "program $(cat "$jar") $(ls "${jar%/*}/lib" | tr '\\n' ' ')"
      """;

  @TempDir Path folder;
  private Path home;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeAll
  static void needsBash() {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "not run: no bash");
  }

  @BeforeEach
  void sourceTree() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    for (String part : new String[] {"java", "kernels", "native", "tools/examples"}) {
      Files.createDirectories(home.resolve(part));
    }
    Installation.copyLauncher(home.resolve("tools"));
    Files.writeString(home.resolve("pom.xml"), "");
    Files.writeString(home.resolve("java/Main.java"), "one");
    Files.writeString(home.resolve("tools/examples/a.ini"), "");
    program(home.resolve("native/build.sh"), "#!/bin/sh\n");
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    program(bin.resolve("java"), JAVA);
    program(Files.createDirectory(folder.resolve("maven")).resolve("mvn"), MAVEN);
    environment.put("PATH", folder.resolve("maven") + ":/usr/bin:/bin");
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("WAIT", folder.resolve("wait").toString());
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private String launcher() {
    return home.resolve("tools/dynae").toString();
  }

  private Dynae.Result run() {
    return Shell.run(folder, environment, launcher());
  }

  private String program() {
    Dynae.Result result = run();
    assertEquals(0, result.code(), result.stderr());
    return word(result, "program ");
  }

  private static String word(Dynae.Result result, String start) {
    String line =
        result.stdout().lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
    return line.substring(start.length()).strip();
  }

  private int builds() throws IOException {
    Path log = folder.resolve("builds.log");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(home.resolve("target/builds"))) {
      return all.filter(f -> !Files.isSymbolicLink(f)).toList();
    }
  }

  @Test
  void buildsWhereSourcesHaveChanged() throws IOException {
    assertEquals("one a.jar liba.so", program());
    assertEquals("one a.jar liba.so", program());
    assertEquals(1, builds());
    Files.writeString(home.resolve("java/Main.java"), "two");
    assertEquals("two a.jar liba.so", program());
    assertEquals(2, builds());
    Files.writeString(home.resolve("kernels/new.h"), "");
    program();
    assertEquals(3, builds());
    Files.delete(home.resolve("kernels/new.h"));
    program();
    assertEquals(4, builds());
    assertEquals(1, folders().size());
  }

  /** A class that it loads later would be of another program, or of none. */
  @Test
  void aRunningProgramKeepsItsFiles() throws Exception {
    Path wait = Files.writeString(folder.resolve("wait"), "");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process running = Shell.start(folder, environment, out, err, launcher());
    while (running.isAlive() && !Files.readString(err).contains("started")) {
      Dynae.pause(10);
    }
    environment.put("WAIT", "");
    for (String text : new String[] {"two", "three"}) {
      Files.writeString(home.resolve("java/Main.java"), text);
      assertEquals(text + " a.jar liba.so", program());
    }
    assertEquals(2, folders().size(), "that which runs, and the last");
    Files.delete(wait);
    assertEquals(0, running.waitFor());
    assertTrue(Files.readString(out).contains("program one a.jar liba.so"), Files.readString(out));
    Files.writeString(home.resolve("java/Main.java"), "four");
    program();
    assertEquals(1, folders().size(), "what ran last is gone");
  }

  @Test
  void sourcesFromTheFutureAreBuiltOnce() throws IOException {
    Files.setLastModifiedTime(
        home.resolve("java/Main.java"), FileTime.from(Instant.now().plus(Duration.ofDays(9))));
    program();
    program();
    assertEquals(1, builds());
  }

  @Test
  void anEditedExampleOrTextNeedsNoMaven() throws IOException {
    program();
    Files.writeString(home.resolve("fail"), "Maven");
    Files.writeString(home.resolve("tools/examples/a.ini"), "d = [3]");
    Files.writeString(home.resolve("java/README.md"), "text");
    assertEquals("one a.jar liba.so", program());
    assertEquals(1, builds());
  }

  @Test
  void aBuildThatFailsLeavesTheOld() throws IOException {
    program();
    Files.writeString(home.resolve("java/Main.java"), "two");
    Path fail = Files.writeString(home.resolve("fail"), "");
    Dynae.Result failed = run();
    assertEquals(1, failed.code(), failed.stderr());
    assertEquals(1, folders().size());
    Files.delete(fail);
    assertEquals("two a.jar liba.so", program());
  }

  /** As a full disk does. */
  @Test
  void aCopyThatFailsLeavesTheOld() throws IOException {
    assertEquals("one a.jar liba.so", program());
    Path full = Files.writeString(folder.resolve("full"), "");
    program(
        folder.resolve("maven/cp"),
        "#!/bin/bash\n[ ! -f %s ] || exit 1\nexec /bin/cp \"$@\"\n".formatted(full));
    Files.writeString(home.resolve("java/Main.java"), "two");
    Dynae.Result failed = run();
    assertEquals(1, failed.code(), failed.stderr());
    assertTrue(failed.stderr().contains("dynae: the build failed"), failed.stderr());
    assertEquals(
        "one",
        Files.readString(home.resolve("target/builds/current/dynae.jar")),
        "the program in use");
    Files.delete(full);
    assertEquals("two a.jar liba.so", program());
  }

  @Test
  void anotherUsersTreeIsNotBuiltAnew() throws IOException {
    String user = Shell.run(folder, Map.of(), "id", "-u").stdout().strip();
    Assumptions.assumeTrue(user.equals("0"), "not run: only root can give files away");
    program();
    Files.writeString(home.resolve("java/Main.java"), "two");
    Files.setAttribute(home, "unix:uid", 12345);
    Dynae.Result old = run();
    assertEquals("one a.jar liba.so", word(old, "program "));
    assertTrue(old.stderr().contains("belongs to another user"), old.stderr());
    assertEquals(1, builds());
  }

  @Test
  void aColonInThePathIsRefused() throws IOException {
    Path other = folder.resolve("a:b");
    Files.move(home, other);
    home = other;
    Dynae.Result refused = run();
    assertEquals(2, refused.code(), refused.stderr());
    assertEquals(1, refused.stderr().lines().count(), refused.stderr());
    assertTrue(refused.stderr().contains(other.toString()), refused.stderr());
    assertEquals(0, builds());
  }

  @Test
  void javaFrom24IsToldThatNativeLibrariesAreMeant() throws IOException {
    String option = "--enable-native-access=ALL-UNNAMED";
    Path release = folder.resolve("jdk/release");
    assertFalse(run().stdout().contains(option));
    Files.writeString(release, "IMPLEMENTOR=\"a\"\nJAVA_VERSION=\"17.0.15\"\n");
    assertFalse(run().stdout().contains(option));
    for (String version : new String[] {"24", "25.0.3", "26-ea"}) {
      Files.writeString(release, "JAVA_VERSION=\"" + version + "\"\n");
      assertTrue(run().stdout().lines().anyMatch(option::equals), version);
    }
  }

  @Test
  void slurmsLimitsAreDefaults() {
    program();
    String none = run().stdout();
    assertFalse(none.contains("ActiveProcessorCount"), none);
    assertFalse(none.contains("MaxRAM"), none);
    environment.put("SLURM_JOB_ID", "1");
    environment.put("SLURM_MEM_PER_NODE", "900");
    assertTrue(run().stdout().contains("-XX:MaxRAM=900m"));
    environment.put("SLURM_MEM_PER_NODE", "999999999");
    assertFalse(run().stdout().contains("MaxRAM"), "more than there is");
    environment.remove("SLURM_MEM_PER_NODE");
    environment.put("SLURM_MEM_PER_CPU", "300");
    environment.put("SLURM_CPUS_ON_NODE", "2");
    assertTrue(run().stdout().contains("-XX:MaxRAM=600m"));
    Assumptions.assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1, "not run: a single processor");
    environment.put("SLURM_CPUS_PER_TASK", "1");
    assertTrue(run().stdout().contains("-XX:ActiveProcessorCount=1"));
    environment.put("JAVA_OPTS", "-XX:ActiveProcessorCount=3 -XX:MaxRAM=1g");
    String said = run().stdout();
    assertFalse(said.contains("ActiveProcessorCount=1"), said);
    assertFalse(said.contains("MaxRAM=600m"), said);
    assertNotEquals(none, said);
  }
}
