// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.error.InputException;
import io.dynae.simulation.Systems;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunLock;
import io.dynae.train.StopSignal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code dynae reproduce}: the paper's tables and figures, from data to drawing. */
final class ReproduceCommand extends Command {
  private static final int MOST_SEEDS = 1000;
  private static final String ALL = "all";
  private static final String ALANINE = "alanine";
  private static final Map<String, List<String>> SYSTEMS =
      Map.of(
          "dsprites-2",
          List.of("dsprites-2"),
          "dsprites-3",
          List.of("dsprites-3"),
          "shapes3d",
          List.of("shapes3d"),
          "table1",
          List.of("dsprites-2", "dsprites-3", "shapes3d", "dna"),
          "three-well",
          List.of("three-well"),
          ALANINE,
          List.of(ALANINE),
          "dna",
          List.of("dna"),
          ALL,
          List.of("three-well", ALANINE, "dsprites-2", "dsprites-3", "shapes3d", "dna"));

  ReproduceCommand() {
    super(
        "reproduce",
        "table1|three-well|alanine|dsprites-2|dsprites-3|shapes3d|dna|all",
        "the paper's table and figures: data, five seeds of each model, errors, drawings");
  }

  @Override
  Options options() {
    Options options = BackendChoice.addTo(new Options());
    options.addOption(value("out", "DIR", "folder of data, runs, figures and the table"));
    options.addOption(
        Option.builder()
            .longOpt("quick")
            .desc("fewer epochs on three wells, images of 16 x 16 pixels: to see what comes out")
            .get());
    options.addOption(Option.builder().longOpt("resume").desc("go on with what is in --out").get());
    options.addOption(value("seeds", "N", "seeds of each model, from 0 on (default 5)"));
    options.addOption(
        value("frames", "N", "frames of each simulated system, instead of the experiment's own"));
    options.addOption(
        value("pixels", "N", "width and height of images: 16, 32, 48 or 64 (default; --quick 16)"));
    options.addOption(
        values("models", "M", "models to train, of " + contenders() + "; all by default"));
    options.addOption(
        values("set", "KEY=VALUE", "settings of every model, instead of those of its example"));
    options.addOption(
        value(
            "data",
            "X.npy",
            "alanine: superposed heavy atoms [frames, 30], or the folder that `dynae align` wrote"));
    options.addOption(value("dihedrals", "A.npy", "alanine: phi and psi of the same frames"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    String target = argument(line);
    List<String> systems = SYSTEMS.get(target);
    if (systems == null) {
      throw new InputException(
          "reproduce: one of table1, three-well, alanine, dsprites-2, dsprites-3, shapes3d, dna, all"
              + " does not hold: '%s'".formatted(target));
    }
    List<Example.Contender> models = models(line);
    List<Experiment> experiments = experiments(systems, target, models, line);
    Path out = Path.of(required(line, "out"));
    BackendChoice.requireKnown(this, line);
    boolean resume = line.hasOption("resume");
    if (!resume) {
      RunDirectory.requireFree(out);
    }
    if (line.hasOption("pixels")) {
      if (Collections.disjoint(systems, SYSTEMS.get("table1"))) {
        throw new InputException(
            "reproduce: images, for --pixels, does not hold: %s has none; leave --pixels away"
                .formatted(target));
      }
      // Refuses what no system of images has, before hours of training on others.
      Systems.of("dna", Map.of("pixels", line.getOptionValue("pixels")));
    }
    long seeds = number(line, "seeds", 5, 1);
    if (seeds > MOST_SEEDS) {
      throw new InputException(
          "reproduce: --seeds <= %d does not hold: %d".formatted(MOST_SEEDS, seeds));
    }
    long frames = number(line, "frames", 0, 100);
    if (frames > Integer.MAX_VALUE) {
      throw new InputException(
          "reproduce: --frames <= %d does not hold: %d".formatted(Integer.MAX_VALUE, frames));
    }
    int pixels = (int) Math.min(Integer.MAX_VALUE, number(line, "pixels", 0, 16));
    List<String> settings = TrainCommand.settings(line);
    // A slip is found before hours of training; one value a key, as lists would mix in a line of
    // the table.
    for (Example example : examples(systems, models)) {
      if (!example.config(settings).saveTrajectoryResults()) {
        throw new InputException(
            "reproduce: SaveTrajResults = True does not hold: tables and figures come from latents;"
                + " leave --set SaveTrajResults away");
      }
    }
    StopSignal stop = Signals.training("run again with --resume");
    try (Backend backend = BackendChoice.open(this, line);
        RunLock lock = RunLock.take(out)) {
      if (!resume) {
        lock.requireFree();
      }
      return reproduce(
          experiments,
          new Reproduction(
              out,
              line.hasOption("quick"),
              resume,
              (int) seeds,
              frames,
              pixels,
              models,
              settings,
              backend,
              stop));
    }
  }

  private int reproduce(List<Experiment> experiments, Reproduction reproduction) {
    long began = System.nanoTime();
    Table1 table = new Table1();
    int code = 0;
    for (Experiment experiment : experiments) {
      int failed;
      try {
        failed = experiment.run(reproduction, table);
      } finally {
        // Whatever a later experiment meets, what was measured is kept.
        write(table, reproduction, began);
      }
      code = code == 0 ? failed : code;
      if (reproduction.stop().requested()) {
        System.err.println("stopped, saved; go on with --resume");
        return reproduction.stop().exitCode();
      }
    }
    if (!table.isEmpty()) {
      System.out.print(table.markdown());
      FigureFolder figures = new FigureFolder(reproduction.out());
      FigureFolder.attempt(
          () -> table.figure().ifPresent(figure -> figures.write("table1", figure)));
    }
    System.err.printf("%.1f s; everything is in %s%n", seconds(began), reproduction.out());
    return code;
  }

  private static void write(Table1 table, Reproduction reproduction, long began) {
    if (table.isEmpty()) {
      return;
    }
    JsonObject about = new JsonObject();
    about.addProperty("quick", reproduction.quick());
    about.addProperty("backend", reproduction.backend().name());
    about.addProperty("device", reproduction.backend().description());
    about.addProperty("version", Main.version());
    about.addProperty("seconds", Math.round(seconds(began) * 1e3) / 1e3);
    table.write(reproduction.out(), about);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }

  private List<Experiment> experiments(
      List<String> systems, String target, List<Example.Contender> models, CommandLine line) {
    List<Experiment> experiments = new ArrayList<>();
    for (String system : systems) {
      if (system.equals("three-well")) {
        experiments.add(new ThreeWellExperiment());
      } else if (!system.equals(ALANINE)) {
        experiments.add(new ImageExperiment(system));
      } else if (!models.contains(Example.Contender.DYNAE)) {
        if (!target.equals(ALL)) {
          throw new InputException(
              "reproduce: dynae, which alone is trained on alanine, among --models does not hold:"
                  + " leave --models away");
        }
        System.err.println("alanine: not run, as dynae alone is trained on it");
      } else if (line.hasOption("data")) {
        experiments.add(
            new AlanineExperiment(
                AlanineFiles.find(line.getOptionValue("data"), line.getOptionValue("dihedrals"))));
      } else if (target.equals(ALL)) {
        System.err.println("alanine: not run, for want of its trajectory: give --data");
      } else {
        throw new InputException(
            "reproduce: --data given for alanine does not hold; give superposed heavy atoms and"
                + " --dihedrals, or the folder that `dynae align` wrote");
      }
    }
    return experiments;
  }

  /** All configurations that are trained. */
  static List<Example> examples() {
    return examples(SYSTEMS.getOrDefault(ALL, List.of()), List.of(Example.Contender.values()));
  }

  private static List<Example> examples(List<String> systems, List<Example.Contender> models) {
    List<Example> examples = new ArrayList<>();
    for (String system : systems) {
      for (Example.Contender model : models) {
        if (!system.equals(ALANINE) || model == Example.Contender.DYNAE) {
          examples.add(new Example(system, model));
        }
      }
    }
    return examples;
  }

  private static String contenders() {
    return Arrays.stream(Example.Contender.values())
        .map(Example.Contender::folder)
        .collect(Collectors.joining(", "));
  }

  private static List<Example.Contender> models(CommandLine line) {
    String[] names = line.getOptionValues("models");
    List<Example.Contender> all = List.of(Example.Contender.values());
    if (names == null) {
      return all;
    }
    List<Example.Contender> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all.stream()
              .filter(model -> model.folder().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InputException(
                          "reproduce: --models: one of %s does not hold: '%s'"
                              .formatted(contenders(), name))));
    }
    return chosen;
  }
}
