// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.config.SweepConfig;
import io.dynae.train.RunDirectory;
import io.dynae.train.StopSignal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What all experiments of {@code dynae reproduce} share: where results go, how much is asked for,
 * and how a model is trained with every seed.
 *
 * @param out folder of everything
 * @param quick fewer frames and epochs
 * @param resume go on with what is in {@code out}
 * @param seeds of each model, from 0 on
 * @param frames of each simulated system, 0 for the experiment's own number
 * @param pixels width and height of images, 0 for 64, or 16 where {@code quick}
 * @param models to train, of those that an experiment compares
 * @param settings that the command line replaces, {@code key=value}
 */
record Reproduction(
    Path out,
    boolean quick,
    boolean resume,
    int seeds,
    long frames,
    int pixels,
    List<Example.Contender> models,
    List<String> settings,
    Backend backend,
    StopSignal stop) {
  private static final int BAD_INPUT = 2;
  private static final int DIVERGED = 4;

  /**
   * Frames to simulate, where an experiment has so many of its own.
   *
   * @param quickOnes for {@code --quick}, 0 for no fewer
   */
  int frames(int own, int quickOnes) {
    return frames > 0 ? Math.toIntExact(frames) : quick && quickOnes > 0 ? quickOnes : own;
  }

  /** Width and height of images. */
  @Override
  public int pixels() {
    return pixels > 0 ? pixels : quick ? 16 : 64;
  }

  /** Options of a simulated system of images. */
  Map<String, String> imageOptions() {
    return Map.of("pixels", Integer.toString(pixels()));
  }

  /** Exit code of a model's training: 0 where a seed trained, else why the first did not. */
  static int exitCode(List<JsonObject> runs) {
    List<String> status = runs.stream().map(run -> run.get("status").getAsString()).toList();
    return status.contains("trained") ? 0 : status.contains("diverged") ? DIVERGED : BAD_INPUT;
  }

  /** Folder of a system. */
  Path folder(String system) {
    return out.resolve(system);
  }

  /** Folder of a model's runs on a system, one a seed. */
  Path folder(Example example) {
    return folder(example.system()).resolve(example.model().folder());
  }

  /** Folder of one run. */
  Path run(Example example, JsonObject row) {
    return folder(example).resolve(row.get("run").getAsString());
  }

  /** The run of the first seed that trained: what figures show. */
  Optional<Path> firstTrained(Example example, List<JsonObject> runs) {
    return runs.stream()
        .filter(run -> run.get("status").getAsString().equals("trained"))
        .findFirst()
        .map(run -> run(example, run));
  }

  /**
   * Trains an example with every seed, side by side, or goes on with what is there.
   *
   * @param data trajectories
   * @param truth true latents of the same frames; none where they are not known
   * @param quickSettings {@code key=value} for {@code --quick}; the command line's come before
   * @param dataSettings {@code key=value} that the data ask for; the command line's come before
   * @return a row of {@code sweep.json} for each seed
   */
  List<JsonObject> train(
      Example example,
      List<Path> data,
      List<Path> truth,
      List<String> quickSettings,
      List<String> dataSettings) {
    Path folder = folder(example);
    System.err.println(example.system() + ", " + example.model().title() + ": " + folder);
    Path file = example.writeInto(folder);
    SweepConfig config = SweepConfig.bySeeds(file, overrides(data, quickSettings, dataSettings));
    String[] truths =
        truth.isEmpty() ? null : truth.stream().map(Path::toString).toArray(String[]::new);
    try (SweepRun sweep = new SweepRun(config, folder, resume, truths)) {
      sweep.train(backend, Integer.MAX_VALUE, stop);
      JsonObject about = new JsonObject();
      about.addProperty("config", file.toString());
      about.addProperty("backend", backend.name());
      about.addProperty("device", backend.description());
      about.addProperty("version", Main.version());
      sweep.table().write(folder, about);
      return sweep.table().rows();
    }
  }

  /** Those of the command line, and of the others those that it does not replace. */
  private List<String> overrides(
      List<Path> data, List<String> quickSettings, List<String> dataSettings) {
    List<String> own = new ArrayList<>();
    own.add("input_data=" + RunConfig.pathList(data.stream().map(Path::toString).toList()));
    own.add("seed=" + LongStream.range(0, seeds).boxed().toList());
    own.addAll(quick ? quickSettings : List.of());
    own.addAll(dataSettings);
    Set<String> replaced = settings.stream().map(Reproduction::key).collect(Collectors.toSet());
    return Stream.concat(
            own.stream().filter(setting -> !replaced.contains(key(setting))), settings.stream())
        .toList();
  }

  /** Of {@code key=value} or {@code section.key=value}; case does not matter. */
  private static String key(String setting) {
    String name = setting.split("=", 2)[0];
    return name.substring(name.lastIndexOf('.') + 1).strip().toLowerCase(Locale.ROOT);
  }

  /** The models to compare on a system. */
  List<Example> examples(String system) {
    return models.stream().map(model -> new Example(system, model)).toList();
  }

  /** Writes JSON into a folder, which is made. */
  static void writeJson(Path file, JsonObject json) {
    Example.createFolder(file.toAbsolutePath().getParent());
    RunDirectory.writeJson(file, json);
  }
}
