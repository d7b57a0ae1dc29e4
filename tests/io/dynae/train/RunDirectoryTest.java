// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path folder;

  private static final RunConfig CONFIG = RunConfig.defaults(List.of("max_epochs=20"));

  private Path begun() {
    Path path = folder.resolve("run");
    RunDirectory.vacant(path).begin(CONFIG, 0);
    return path;
  }

  @Test
  void resultsAndFilesOfOthersStayWhenTrainingGoesOn() throws IOException {
    Path path = begun();
    Files.writeString(path.resolve("checkpoint.safetensors"), "of 20 epochs");
    List<Path> kept = new ArrayList<>();
    Files.createDirectories(path.resolve("figures"));
    for (String name :
        List.of("latent.npy", "bin_centers.npy", "summary.json", ".mine.tmp", "figures/mine.png")) {
      kept.add(Files.writeString(path.resolve(name), "of 20 epochs"));
    }
    Path cut = Files.writeString(path.resolve(".latent.npy.12.tmp"), "of a killed run");
    RunConfig more = RunConfig.defaults(List.of("max_epochs=60"));
    RunDirectory.of(path, more, true).begin(more, 20);
    assertEquals(kept, kept.stream().filter(Files::exists).toList());
    assertTrue(Files.notExists(cut));
  }

  @Test
  void resultsWithoutTheirCheckpointAreNotReplaced() throws IOException {
    for (String name : List.of("latent.npy", "bin_centers.npy", "summary.json")) {
      Path path = begun();
      Path result = Files.writeString(path.resolve(name), "of a lost checkpoint");
      InputException refused =
          assertThrows(InputException.class, () -> RunDirectory.of(path, CONFIG, true));
      assertTrue(refused.getMessage().contains(name), refused.getMessage());
      assertThrows(InputException.class, () -> RunDirectory.of(path, CONFIG, false));
      Files.delete(result);
    }
  }

  /** Only the figures that a report draws go, and nothing behind a link. */
  @Test
  void newResultsDropTheReportOfAnotherState() throws IOException {
    Path path = begun();
    RunDirectory run = RunDirectory.open(path);
    Checkpoint state = Checkpoint.initial(ModelShape.standard(2, 1, 4), 0);
    state.step = 7;
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path linked = Files.writeString(elsewhere.resolve("training.png"), "of others");
    Files.createSymbolicLink(path.resolve("figures"), elsewhere);
    Path report = Files.writeString(path.resolve("report.html"), "of some state");
    Files.writeString(run.summary(), "{\"steps\": 7}");
    run.dropReportBefore(state);
    assertTrue(Files.exists(report), "of this state");
    Files.writeString(run.summary(), "{\"steps\": 6}");
    run.dropReportBefore(state);
    assertTrue(Files.notExists(report));
    assertTrue(Files.exists(linked));
    Files.delete(path.resolve("figures"));
    Files.createDirectories(path.resolve("figures"));
    Path own = Files.writeString(path.resolve("figures/training.png"), "of 6 steps");
    Path link = path.resolve("figures/landscape.svg");
    Files.createSymbolicLink(link, linked);
    Path foreign = Files.writeString(path.resolve("figures/mine.png"), "of a person");
    run.dropReportBefore(state);
    assertTrue(Files.notExists(own) && Files.notExists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(linked) && Files.exists(foreign));
  }

  @Test
  void aTrainingThatSavedNothingLeavesTheNameFree() throws IOException {
    RunConfig slower = RunConfig.defaults(List.of("learning_rate=1e-4"));
    Path path = begun();
    Files.writeString(path.resolve("metrics.jsonl"), "{\"epoch\": 0}\n");
    RunDirectory.open(path).start(1).begin(CONFIG, 0);
    for (boolean resume : new boolean[] {false, true}) {
      RunDirectory run = RunDirectory.of(path, slower, resume);
      run.begin(slower, 0);
      assertEquals(slower, RunConfig.read(run.config(), List.of()));
      assertEquals("", Files.readString(path.resolve("metrics.jsonl")));
    }
  }

  @Test
  void aNameThatHoldsAnythingIsTaken() throws IOException {
    RunConfig other = RunConfig.defaults(List.of("learning_rate=1e-4"));
    for (String name :
        List.of("checkpoint.safetensors", "starts/0/checkpoint.safetensors", "notes.txt")) {
      Path path = begun();
      RunDirectory.open(path).start(0).begin(CONFIG, 0);
      Path file = Files.writeString(path.resolve(name), "worth keeping");
      assertThrows(InputException.class, () -> RunDirectory.of(path, other, false), name);
      assertThrows(InputException.class, () -> RunDirectory.of(path, other, true), name);
      Files.delete(file);
    }
    Path path = begun();
    Files.writeString(path.resolve("config.ini"), "; mine\n" + CONFIG.toIni());
    assertThrows(InputException.class, () -> RunDirectory.of(path, other, false));
  }
}
