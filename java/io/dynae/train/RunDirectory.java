// SPDX-License-Identifier: MIT
package io.dynae.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.file.AtomicFile;
import io.dynae.file.IoReason;
import io.dynae.model.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one run: {@code config.ini} (resolved, can be run again), {@code
 * checkpoint.safetensors}, {@code state.json} (its counters, for people), {@code metrics.jsonl},
 * {@code latent.npy}, {@code bin_centers.npy}, {@code summary.json}.
 */
public final class RunDirectory {
  private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

  /** Page of the report. */
  public static final String REPORT = "report.html";

  /** Folder of the report's figures. */
  public static final String FIGURES = "figures";

  /** Figures that a report may have; each is a PNG and an SVG. */
  static final List<String> FIGURE_NAMES =
      List.of("profile", "landscape", "aligned", "scatter", "training");

  /** Keys that may change from one part of a run to the next. */
  private static final List<String> FREE =
      List.of("max_epochs = ", "input_data = ", "target_data = ");

  /** Folder of the runs of several starts. */
  static final String STARTS = "starts";

  /** Folder of latents on the way. */
  private static final String PROGRESS = "progress";

  /** What {@link AtomicFile} calls the files of a run before they are complete. */
  private static final Pattern OWN_TEMPORARY =
      Pattern.compile(
          "\\.(config\\.ini|checkpoint\\.safetensors|state\\.json|metrics\\.jsonl|latent\\.npy"
              + "|bin_centers\\.npy|summary\\.json)\\..*\\.tmp");

  private static final String CONFIG = "config.ini";

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /**
   * Chooses a directory for a new run; nothing is written before {@link #begin}.
   *
   * @throws InputException when it holds something, or cannot be created
   */
  public static RunDirectory vacant(Path path) {
    requireFree(path);
    Path above = path.toAbsolutePath();
    while (!Files.exists(above)) {
      above = above.getParent();
    }
    if (!Files.isDirectory(above) || !Files.isWritable(above)) {
      throw new InputException(
          "%s: cannot be created: %s is not a folder that can be written; give another --out"
              .formatted(path, above));
    }
    return new RunDirectory(path);
  }

  /**
   * Chooses the directory of a run, new or {@link #resumed}. To be asked again once it is locked,
   * as another process may have trained into it until then.
   */
  public static RunDirectory of(Path path, RunConfig config, boolean resume) {
    return resume ? resumed(path, config) : vacant(path);
  }

  /**
   * Chooses the directory of a run that is to go on, or to begin where none has begun there.
   *
   * @throws InputException when its settings are not {@code config}'s, or when it holds results but
   *     no checkpoint to go on from
   */
  private static RunDirectory resumed(Path path, RunConfig config) {
    if (!Files.isRegularFile(path.resolve(CONFIG)) || SavedNothing.in(path)) {
      return vacant(path);
    }
    RunDirectory directory = open(path);
    directory.requireSame(config);
    directory.requireCheckpointOfResults();
    return directory;
  }

  /** Refuses to begin anew where a checkpoint was lost, as that would replace what came of it. */
  void requireCheckpointOfResults() {
    if (Files.exists(checkpoint())) {
      return;
    }
    for (Path result : List.of(latent(), binCenters(), summary())) {
      if (Files.exists(result)) {
        throw new InputException(
            "%s: is not there, but %s is, and training anew would replace it; restore the checkpoint, or give another --out"
                .formatted(checkpoint(), result.getFileName()));
      }
    }
  }

  /**
   * Begins or goes on: makes the directory, writes the configuration, and drops what the state
   * lacks: temporary files of a killed run and metrics of epochs that are done again. Results stay
   * until others replace them.
   *
   * @param epochs epochs that the state holds
   * @throws InputException when the directory cannot be written
   */
  public void begin(RunConfig config, int epochs) {
    try {
      Files.createDirectories(path);
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.filter(RunDirectory::isOwnTemporary).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new InputException(
          path + ": cannot be written (" + IoReason.of(e) + "); give another --out", e);
    }
    AtomicFile.writeString(config(), config.toIni());
    trimMetrics(epochs);
  }

  /**
   * Makes way for the results of a state: a report of an earlier one goes, with its figures.
   * Neither other files nor what a link points to is touched.
   */
  void dropReportBefore(Checkpoint state) {
    if (RunResults.steps(summary()) == state.step) {
      return;
    }
    try {
      Files.deleteIfExists(path.resolve(REPORT));
      Path figures = path.resolve(FIGURES);
      if (Files.isDirectory(figures, LinkOption.NOFOLLOW_LINKS)) {
        for (String name : FIGURE_NAMES) {
          Files.deleteIfExists(figures.resolve(name + ".png"));
          Files.deleteIfExists(figures.resolve(name + ".svg"));
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: the report of an earlier state cannot be deleted (%s); delete it and --resume"
              .formatted(path, IoReason.of(e)),
          e);
    }
  }

  private static boolean isOwnTemporary(Path file) {
    return OWN_TEMPORARY.matcher(file.getFileName().toString()).matches()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isTemporary(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  /** Refuses a path that holds something. */
  public static void requireFree(Path path) {
    if (Files.isRegularFile(path)) {
      throw new InputException(path + ": is a file, not a folder; give another --out");
    }
    if (Files.exists(path) && !isEmptyDirectory(path) && !SavedNothing.in(path)) {
      throw new InputException(
          path
              + ": holds another run or other files; give another --out, or --resume to go on with it");
    }
  }

  private static boolean isEmptyDirectory(Path path) {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.allMatch(f -> isTemporary(f) || f.endsWith(RunLock.FILE));
    } catch (IOException e) {
      throw new InputException(
          path + ": cannot be read (" + IoReason.of(e) + "); give another --out", e);
    }
  }

  /** Opens the directory of an earlier run. */
  public static RunDirectory open(Path path) {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw new InputException(
          path + ": is no run directory: it has no config.ini; name one that `train` wrote");
    }
    return new RunDirectory(path);
  }

  /**
   * Refuses to go on with another configuration. max_epochs may differ, and where the data lie: a
   * checkpoint knows the data themselves.
   */
  public void requireSame(RunConfig wanted) {
    List<String> here = RunConfig.readRun(config(), List.of()).toIni().lines().toList();
    List<String> there = wanted.toIni().lines().toList();
    for (int i = 0; i < here.size(); i++) {
      if (!here.get(i).equals(there.get(i)) && FREE.stream().noneMatch(here.get(i)::startsWith)) {
        throw new InputException(
            "%s: the run has '%s', this configuration '%s'; resume with the run's, or --set %s"
                .formatted(config(), here.get(i), there.get(i), here.get(i).replace(" = ", "=")));
      }
    }
  }

  public Path path() {
    return path;
  }

  public Path config() {
    return path.resolve(CONFIG);
  }

  public Path checkpoint() {
    return path.resolve(Checkpoint.FILE);
  }

  public Path latent() {
    return path.resolve("latent.npy");
  }

  public Path binCenters() {
    return path.resolve("bin_centers.npy");
  }

  /** Latents of all frames after {@code epochs} epochs, in a folder that is made. */
  Path progress(int epochs) {
    Path file = path.resolve(PROGRESS).resolve("latent_epoch_" + epochs + ".npy");
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new InputException(
          file + ": its folder cannot be created (" + IoReason.of(e) + "); free the name", e);
    }
    return file;
  }

  public Path summary() {
    return path.resolve("summary.json");
  }

  private Path metricsFile() {
    return path.resolve("metrics.jsonl");
  }

  /**
   * Saves a state: the checkpoint, then its counters for people. A process that is killed in
   * between leaves the counters of the state before, until the run goes on.
   */
  public void save(Checkpoint state) {
    state.write(checkpoint());
    writeCounters(state);
  }

  /** Writes the counters of the checkpoint's state. */
  void writeCounters(Checkpoint state) {
    JsonObject counters = new JsonObject();
    counters.addProperty("epochs_done", state.epoch);
    counters.addProperty("step", state.step);
    counters.addProperty("step_in_epoch", state.stepInEpoch);
    if (state.shape.kind().binned()) {
      counters.addProperty("bins", state.binCounts.length);
    }
    writeJson(path.resolve("state.json"), counters);
  }

  /** Writes JSON for people, atomically. */
  public static void writeJson(Path file, JsonObject object) {
    AtomicFile.writeString(file, PRETTY.toJson(object) + "\n");
  }

  /** Directory of one of several starts of this run. */
  RunDirectory start(int number) {
    return new RunDirectory(path.resolve(STARTS).resolve(Integer.toString(number)));
  }

  /** Takes over what a start wrote of its epochs: metrics, and latents on the way. */
  void takeOver(RunDirectory start) {
    try {
      AtomicFile.writeString(metricsFile(), Files.readString(start.metricsFile()));
      Path latents = start.path.resolve(PROGRESS);
      if (Files.isDirectory(latents)) {
        Path here = Files.createDirectories(path.resolve(PROGRESS));
        try (Stream<Path> files = Files.list(latents)) {
          for (Path file : files.filter(f -> !isTemporary(f)).toList()) {
            Files.copy(file, here.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be taken over into %s (%s); free the disk and --resume"
              .formatted(start.path, path, IoReason.of(e)),
          e);
    }
  }

  /** Appends one line of metrics. */
  void appendMetrics(JsonObject line) {
    try {
      Files.writeString(
          metricsFile(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new InputException(
          metricsFile()
              + ": cannot be written ("
              + IoReason.of(e)
              + "); free the disk and --resume",
          e);
    }
  }

  /** Drops metrics of epochs that the checkpoint does not hold, and a line cut short. */
  private void trimMetrics(int epochs) {
    if (!Files.exists(metricsFile())) {
      return;
    }
    try {
      List<String> lines = Files.readAllLines(metricsFile(), StandardCharsets.UTF_8);
      StringBuilder kept = new StringBuilder();
      lines.stream()
          .filter(line -> epochOf(line) < epochs)
          .forEach(line -> kept.append(line).append('\n'));
      AtomicFile.writeString(metricsFile(), kept.toString());
    } catch (IOException e) {
      throw new InputException(
          metricsFile() + ": cannot be read (" + IoReason.of(e) + "); restore or delete it", e);
    }
  }

  private static int epochOf(String line) {
    try {
      return JsonParser.parseString(line).getAsJsonObject().get("epoch").getAsInt();
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      return Integer.MAX_VALUE;
    }
  }
}
