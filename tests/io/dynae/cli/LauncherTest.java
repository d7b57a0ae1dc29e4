// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.DeviceException;
import io.dynae.testing.Dynae;
import io.dynae.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in shared folders, and what folders cannot do: the launcher, and Java that it runs. */
class LauncherTest {
  private static final String[] TRAIN = "train small.ini --backend opencl --out".split(" ");

  @TempDir Path folder;
  private Installation dynae;

  @BeforeAll
  static void needsBash() {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "not run: no bash");
  }

  @BeforeEach
  void install() throws IOException {
    dynae = new Installation(folder);
  }

  @AfterEach
  void close() throws IOException {
    dynae.close();
  }

  private static void needsOpenCl() {
    try {
      OpenClDevice.list();
    } catch (DeviceException e) {
      Assumptions.abort("not run: " + e.getMessage());
    }
  }

  private Dynae.Result run(String... arguments) {
    return dynae.dynae(Map.of(), arguments);
  }

  private static String line(Dynae.Result devices, String backend) {
    assertEquals(0, devices.code(), devices.stderr());
    return devices.stdout().lines().filter(l -> l.startsWith(backend)).findFirst().orElseThrow();
  }

  private List<String> temporary() throws IOException {
    try (Stream<Path> files = Files.list(dynae.temporary())) {
      // The JVM's own counters.
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> !f.startsWith("hsperfdata"))
          .sorted()
          .toList();
    }
  }

  /** Half a library there ended the process, a whole one ran. */
  @Test
  void librariesInTheTemporaryFolderAreNotLoaded() throws IOException {
    String before = line(run("devices"), "opencl");
    assertEquals(List.of(), temporary());
    for (String name : new String[] {"JCudaDriver-12.6.0", "JNvrtc-12.6.0", "JOCL_2_0_6"}) {
      String file = "lib" + name + "-linux-x86_64.so";
      byte[] bytes = Files.readAllBytes(dynae.lib().resolve(file));
      Files.write(dynae.temporary().resolve(file), Arrays.copyOf(bytes, bytes.length / 2));
    }
    Dynae.Result devices = run("devices");
    assertEquals(before, line(devices, "opencl"));
    assertEquals("", devices.stderr());
  }

  @Test
  void oneInTheTemporaryFolderDoesNotStandInForOurs() throws IOException {
    String file = "libJOCL_2_0_6-linux-x86_64.so";
    Files.copy(dynae.lib().resolve(file), dynae.temporary().resolve(file));
    for (String own : new String[] {"", "no library"}) {
      Files.delete(dynae.lib().resolve(file));
      Files.writeString(dynae.lib().resolve(file), own);
      String opencl = line(run("devices"), "opencl");
      assertTrue(opencl.contains("not there"), opencl);
    }
    Files.delete(dynae.lib().resolve(file));
    String opencl = line(run("devices"), "opencl");
    assertTrue(opencl.contains(file + " is not in the program's own folder"), opencl);
  }

  @Test
  void aMissingDriverIsNotEveryCommandsTopic() {
    String cuda = line(run("devices"), "cuda");
    Assumptions.assumeTrue(cuda.contains("libcuda"), "not run: there is a driver");
    prepare();
    Dynae.Result train = run("train", "small.ini", "--set", "max_epochs=1", "--out", "auto");
    assertEquals(0, train.code(), train.stderr());
    assertFalse(train.stderr().contains("cuda"), train.stderr());
    Dynae.Result asked = run("train", "small.ini", "--backend", "cuda", "--out", "asked");
    assertEquals(3, asked.code(), asked.stderr());
    assertTrue(asked.stderr().contains("libcuda"), asked.stderr());
  }

  private void prepare() {
    assertEquals(0, run("simulate", "three-well", "--frames", "2000", "--out", "sim").code());
    try {
      Files.writeString(
          folder.resolve("small.ini"),
          """
          [Model Parameters]
          min_dist = 3
          [Training Parameters]
          batch_size = 32
          max_epochs = 2
          [Data]
          input_data = [sim/observed.npy]
          """);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] train(String out) throws IOException {
    Dynae.Result result = run(with(TRAIN, out));
    assertEquals(0, result.code(), result.stderr());
    return Files.readAllBytes(folder.resolve(out).resolve("latent.npy"));
  }

  private static String[] with(String[] words, String last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  /** It ended the process, or was run as it was. */
  @Test
  void damagedKernelsAreCompiledAnew() throws IOException {
    needsOpenCl();
    prepare();
    byte[] expected = train("first");
    Path cache = folder.resolve("cache/dynae/pocl");
    int damaged = 0;
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(so|bc)")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        // In turn a flipped bit, half a file, none of it.
        int length = bytes.length * (2 - damaged % 3) / 2;
        Files.write(file, Arrays.copyOf(bytes, length));
        damaged++;
      }
    }
    assertTrue(damaged > 2, "kernels: " + damaged);
    Dynae.Result again = run(with(TRAIN, "again"));
    assertEquals(0, again.code(), again.stderr());
    assertArrayEquals(expected, Files.readAllBytes(folder.resolve("again/latent.npy")));
    List<String> notes = again.stderr().lines().filter(l -> l.contains("damaged")).toList();
    assertEquals(1, notes.size(), again.stderr());
    assertTrue(notes.get(0).contains(damaged + " of the compiled kernels"), notes.get(0));
    assertTrue(notes.get(0).contains(cache.toString()), notes.get(0));
    Dynae.Result third = run(with(TRAIN, "third"));
    assertFalse(third.stderr().contains("damaged"), third.stderr());
  }

  /** PoCL ended the process there. */
  @ParameterizedTest
  @ValueSource(strings = {"noexec", "size=1m", "ro"})
  void aFolderThatCannotHoldKernelsIsReplaced(String mount) throws IOException {
    needsOpenCl();
    prepare();
    Path cache = folder.resolve("cache");
    String[] script = {
      "unshare",
      "--mount",
      "sh",
      "-c",
      "mount -t tmpfs -o %s tmpfs '%s' || exit 77; exec '%s' %s"
          .formatted(mount, cache, dynae.launcher(), String.join(" ", with(TRAIN, "run")))
    };
    Dynae.Result result = unshared(script);
    assertEquals(0, result.code(), result.stderr());
    List<String> notes = result.stderr().lines().filter(l -> l.contains("cannot be kept")).toList();
    assertEquals(1, notes.size(), result.stderr());
    assertTrue(notes.get(0).contains(cache.toString()), notes.get(0));
    assertTrue(notes.get(0).contains(dynae.temporary().toString()), notes.get(0));
  }

  @Test
  void withoutAnyFolderAutoTakesPlainJava() throws IOException {
    needsOpenCl();
    prepare();
    String[] script = {
      "unshare",
      "--mount",
      "sh",
      "-c",
      "mount -t tmpfs -o noexec tmpfs '%s' && mount -t tmpfs -o noexec tmpfs '%s' || exit 77; exec '%s' %s"
          .formatted(
              folder.resolve("cache"),
              dynae.temporary(),
              dynae.launcher(),
              "train small.ini --set max_epochs=1 --out run")
    };
    Dynae.Result result = unshared(script);
    assertEquals(0, result.code(), result.stderr());
    assertTrue(result.stderr().contains("backend java"), result.stderr());
    assertTrue(result.stderr().contains("set XDG_CACHE_HOME"), result.stderr());
  }

  private Dynae.Result unshared(String... script) {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "not run: no unshare");
    Dynae.Result can =
        Shell.run(folder, Map.of(), "unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "cache");
    Assumptions.assumeTrue(can.code() == 0, "not run: may not mount: " + can.stderr());
    return Shell.run(folder, dynae.environment(Map.of()), script);
  }

  private static String user() {
    return Shell.run(Path.of("/"), Map.of(), "id", "-u").stdout().strip();
  }

  private Map<String, String> homeless() {
    return Map.of("HOME", "/dev/null", "XDG_CACHE_HOME", "");
  }

  @Test
  void aHomelessUserGetsAFolderOfTheirOwn() throws IOException {
    needsOpenCl();
    Dynae.Result devices = dynae.dynae(homeless(), "devices");
    assertFalse(line(devices, "opencl").contains("not there"), devices.stdout());
    Path kept = dynae.temporary().resolve("dynae-cache-" + user());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    assertTrue(devices.stderr().contains(kept.toString()), devices.stderr());
  }

  /** Whoever made it could have put kernels there, which would run as the user. */
  @ParameterizedTest
  @ValueSource(strings = {"open", "link", "file", "foreign"})
  void aPlantedFolderIsNotUsed(String kind) throws IOException {
    needsOpenCl();
    Path planted = dynae.temporary().resolve("dynae-cache-" + user());
    Path target = Files.createDirectory(folder.resolve("target"));
    switch (kind) {
      case "open" -> {
        Files.createDirectory(planted);
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      case "link" -> {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(planted, target);
      }
      case "file" -> Files.writeString(planted, "in the way");
      default -> {
        Assumptions.assumeTrue(user().equals("0"), "not run: only root can give files away");
        Files.createDirectory(planted);
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwx------"));
        Files.setAttribute(planted, "unix:uid", 12345);
      }
    }
    assertEquals(0, dynae.dynae(homeless(), "--version").code());
    Dynae.Result devices = dynae.dynae(homeless(), "devices");
    assertFalse(line(devices, "opencl").contains("not there"), devices.stdout());
    assertTrue(devices.stderr().contains(planted.toString()), devices.stderr());
    if (Files.isDirectory(planted, LinkOption.NOFOLLOW_LINKS)) {
      assertEquals(0, planted.toFile().list().length);
    }
    assertEquals(0, target.toFile().list().length);
    // The private one is gone.
    assertEquals(List.of(planted.getFileName().toString()), temporary());
    Files.delete(planted);
  }

  /** An own folder, found through the path of a shared one, is none. */
  @Test
  void aCacheThatOthersMayWriteToIsNotUsed() throws IOException {
    needsOpenCl();
    Path open = Files.createDirectories(folder.resolve("cache/dynae"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Dynae.Result devices = run("devices");
    assertFalse(line(devices, "opencl").contains("not there"), devices.stdout());
    assertTrue(devices.stderr().contains("others may write there"), devices.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
  void aCollectorMayBeChosen(String variable) throws IOException {
    for (String choice : new String[] {"-XX:+UseSerialGC", "-XX:+UseG1GC -Xmx256m"}) {
      Dynae.Result version = dynae.dynae(Map.of(variable, choice), "--version");
      assertEquals(0, version.code(), version.stderr());
      assertTrue(version.stdout().startsWith("dynae "), version.stdout());
    }
    Path file = Files.writeString(folder.resolve("options"), "-XX:+UseSerialGC\n");
    if (variable.equals("JDK_JAVA_OPTIONS")) {
      assertEquals(0, dynae.dynae(Map.of(variable, "@" + file), "--version").code());
    }
  }
}
