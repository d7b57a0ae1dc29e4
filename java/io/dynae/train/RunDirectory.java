// SPDX-License-Identifier: MIT
package io.dynae.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.error.IoReason;
import io.dynae.model.Checkpoint;
import io.dynae.trajectory.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
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

  /** Keys that may change from one part of a run to the next. */
  private static final List<String> FREE =
      List.of("max_epochs = ", "input_data = ", "target_data = ");

  /** Folder of latents on the way. */
  private static final String PROGRESS = "progress";

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
   * Begins or goes on: makes the directory, writes the configuration, and drops what the state does
   * not hold: temporary files of a killed run, metrics of epochs that are done again, and where
   * there are epochs to go the results and the report of fewer.
   *
   * @param epochs epochs that the state holds
   * @throws InputException when the directory cannot be written
   */
  public void begin(RunConfig config, int epochs) {
    try {
      Files.createDirectories(path);
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.filter(RunDirectory::isTemporary).toList()) {
          Files.delete(file);
        }
      }
      if (epochs < config.maxEpochs()) {
        for (Path result : List.of(latent(), binCenters(), summary(), path.resolve(REPORT))) {
          Files.deleteIfExists(result);
        }
        deleteFigures();
      }
    } catch (IOException e) {
      throw new InputException(
          path + ": cannot be written (" + IoReason.of(e) + "); give another --out", e);
    }
    AtomicFile.writeString(config(), config.toIni());
    trimMetrics(epochs);
  }

  private void deleteFigures() throws IOException {
    Path figures = path.resolve(FIGURES);
    if (!Files.isDirectory(figures)) {
      return;
    }
    try (Stream<Path> files = Files.list(figures)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(png|svg)")).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isTemporary(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  /** Refuses a path that holds something. */
  public static void requireFree(Path path) {
    if (Files.exists(path) && !isEmptyDirectory(path)) {
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
    if (!Files.isRegularFile(path.resolve("config.ini"))) {
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
    return path.resolve("config.ini");
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

  /** Saves a state: the checkpoint, then its counters for people. */
  public void save(Checkpoint state) {
    state.write(checkpoint());
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
    return new RunDirectory(path.resolve("starts").resolve(Integer.toString(number)));
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
