// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static io.dynae.cli.Workspace.training;
import static io.dynae.cli.Workspace.trainingOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.cuda.CudaGpu;
import io.dynae.error.DeviceException;
import io.dynae.testing.Dynae;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slips on the command line: exit code 2, one line, nothing written. */
class BadUsageTest {
  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void prepare() {
    work = new Workspace(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "'', a command is given",
    "trian small.ini, 'unknown command ''trian''; valid: '",
    "train, one CONFIG.ini",
    "train small.ini other.ini --out run, 'one CONFIG.ini does not hold: small.ini, other.ini'",
    "train --data a.npy small.ini --out run, 'none; --data took small.ini; put CONFIG.ini first'",
    "train --data a.npy b.npy --set d=1 small.ini --out run, --set took small.ini",
    "report --truth a.npy sim, --truth took sim; put RUN first",
    "train small.ini, option --out is missing",
    "train small.ini --out, option --out lacks its value",
    "train small.ini --out run --bakend java, unknown option --bakend",
    "train small.ini --out run --backend nonsense, 'one of auto, cuda, opencl, java'",
    "train small.ini --out run --backend java --device x, --device",
    "train small.ini --out run --backend java --seed x, seed",
    "embed, one RUN",
    "embed absent --data sim/observed.npy --out z.npy, absent",
    "evaluate absent, absent",
    "devices all, unknown argument all",
    "simulate four-well --out run, 'unknown system ''four-well''; valid: three-well, ornstein'",
    "simulate three-well --out run --sprite heart, --sprite is not for three-well",
    "simulate dsprites-2 --out run --pixels 50, '--pixels: one of 16, 32, 48, 64'",
    "align absent.npy --out run, absent.npy",
    "align sim/true.npy --out run, '[frames, 3 atoms]'",
    "align sim/true.npy --out run --dihedral 1;2, four atoms",
    "align sim/true.npy --out run --like a --reference 1, not both",
    "simulate three-well --out run --frames 1, --frames >= 2",
    "simulate three-well --out run --frames few, few",
    "simulate three-well --out run --seed 99999999999999999999, --seed <= 9223372036854775807",
    "simulate three-well --out small.ini, 'small.ini: cannot be made a folder: a file of that name'",
    "simulate three-well --out small.ini/run, small.ini/run",
    "simulate three-well --out run --backend opencl, 'java, cuda'",
    "simulate three-well --out run --device 0, --device is for --backend cuda",
    "selftest --backend nonsense, 'one of auto, cuda, opencl, java'",
    "selftest --only (, --only: a regular expression",
    "bench training --backend cuda --threads 48, --threads: a multiple of 32",
    "bench training --backend java --team 4, --backend cuda",
    "bench training --backend cuda --team 3, '16, grid or grid:N'",
    "bench training --backend cuda --threads 96 --squads 2, squads 2",
    "bench training --backend cuda --threads 1024 --squads 16, squads <= 15",
    "bench training --backend cuda --squads 9, squads <= 8",
    "demo --out sim, 'sim: holds files already; go on with an earlier demo with --resume'",
    "demo --out sim --resume, 'sim: was not written by `demo`: frames.png is none of its files'",
    "train small.ini --out run --data sim/true.npy --ot x, unknown option --ot",
    "train small.ini --out run --set d=1 --sed 3, unknown option --sed",
    "train small.ini --out run --data -x.npy, write ./-x.npy for a file of that name",
    "train small.ini --out run --data ./-x.npy, ./-x.npy: ",
    "report sim --truth a.npy --dta=b.npy, unknown option --dta",
    "train small.ini --out run --backend java --seed -1 --data absent.npy, absent.npy",
    "demo --backend nonsense --out fresh, 'one of auto, cuda, opencl, java'",
    "demo --epochs 1 --out run, --epochs >= 2",
  })
  void isRefused(String line, String words) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    work.assertRefusedAtOnce(work.dynae(arguments), words);
    work.assertAbsent("run");
    work.assertAbsent("z.npy");
  }

  /** A variable of the shell that is not set would write into the current folder. */
  @Test
  void emptyValuesAreRefused() {
    work.assertRefusedAtOnce(work.dynae(training("")), "train: --out is not empty");
    work.assertRefusedAtOnce(work.dynae(training("run", "--data", "")), "--data is not empty");
    work.assertRefusedAtOnce(work.dynae("report", ""), "report: RUN is not empty");
    work.assertAbsent("config.ini");
  }

  @Test
  void outputThatCannotBeWrittenIsRefusedBeforeTheDataAreRead() {
    // Permissions would not stop a root user; a folder below a file stops everyone.
    work.assertRefusedAtOnce(
        work.dynae(training("small.ini/run", "--data", "absent.npy")), "small.ini", "--out");
    work.assertRefusedAtOnce(work.dynae(training("sim")), "sim", "another --out");
    work.assertRefusedAtOnce(work.dynae(training("small.ini")), "small.ini", "another --out");
  }

  @ParameterizedTest
  @CsvSource({"java, java: device < 1 does not hold: 7", "auto, device"})
  void missingDeviceIsNotReplacedByAnother(String backend, String words) {
    Dynae.Result result = work.dynae(trainingOn(backend, "run", "--device", "7"));
    assertEquals(3, result.code(), result.stderr());
    assertTrue(result.errors().get(0).contains(words), result.stderr());
    work.assertAbsent("run");
  }

  @Test
  void aSelftestOfNothingIsNotPassed() {
    Dynae.Result result = work.dynae("selftest", "--backend", "java", "--only", "no such check");
    assertEquals(2, result.code(), result.stderr());
    assertTrue(result.errors().get(0).contains("a check that ran"), result.stderr());
  }

  @Test
  void missingGpuIsNamedWithExitCodeThree() {
    try {
      Assumptions.assumeTrue(CudaGpu.list().isEmpty(), "not run: there is a GPU");
    } catch (DeviceException none) {
      // What this test is about.
    }
    Dynae.Result result = work.dynae(trainingOn("cuda", "run"));
    assertEquals(3, result.code(), result.stderr());
    assertEquals(List.of(result.stderr().strip()), result.errors());
    work.assertAbsent("run");
  }
}
