// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.config.SweepConfig;
import io.dynae.error.DivergedException;
import io.dynae.error.DynaeException;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.train.EpochLosses;
import io.dynae.train.Member;
import io.dynae.train.ModelGroup;
import io.dynae.train.RunDirectory;
import io.dynae.train.RunLock;
import io.dynae.train.Starts;
import io.dynae.train.StopSignal;
import io.dynae.train.Trainer;
import io.dynae.train.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models of a sweep, group by group of those that can train side by side, and of each group as
 * many at once as the backend holds.
 */
final class SweepRun implements AutoCloseable {
  /** Frames are kept once for all models that read them alike. */
  private record FramesKey(int stride, int predictionLag) {}

  private record Candidate(SweepConfig.Model model, Path path, TrainingData data) {}

  private final SweepTable table;
  private final boolean resume;
  private final Map<FramesKey, TrainingData> frames = new HashMap<>();
  private final Map<TrainingData, Truth> truths = new HashMap<>();
  private final Map<ModelGroup, List<Candidate>> groups = new LinkedHashMap<>();
  private long steps;
  private int lost;
  private DynaeException firstFailure;
  private boolean anyTrained;

  /**
   * Opens everything that the models read, so that bad input ends the sweep before it begins.
   *
   * @param out holds a run directory for each model
   * @param resume go on with the runs that are there
   * @param truth files of true latents, or null
   */
  SweepRun(SweepConfig config, Path out, boolean resume, String[] truth) {
    table = new SweepTable(config.varied());
    this.resume = resume;
    try {
      for (SweepConfig.Model model : config.models()) {
        add(model, out.resolve(model.name()), truth);
      }
    } catch (DynaeException e) {
      close();
      throw e;
    }
  }

  private void add(SweepConfig.Model model, Path path, String[] truth) {
    RunConfig config = model.config();
    FramesKey key = new FramesKey(config.stride(), config.predictionLag());
    TrainingData owner = frames.get(key);
    if (owner == null) {
      owner = TrainingData.open(config);
      frames.put(key, owner);
    }
    TrainingData data = owner.shared(config);
    if (truth != null) {
      Truth known = truthOf(owner, config.stride(), truth);
      known.requireDimension(config.latentDimension());
      truths.put(data, known);
    }
    RunDirectory.of(path, config, resume);
    ModelGroup group = ModelGroup.of(config, data.modelShape());
    groups.computeIfAbsent(group, g -> new ArrayList<>()).add(new Candidate(model, path, data));
  }

  private Truth truthOf(TrainingData owner, int stride, String[] files) {
    return truths.computeIfAbsent(owner, o -> Truth.read(Arrays.asList(files), stride, o.input()));
  }

  /**
   * Trains until all are done or until asked to stop.
   *
   * @param most models at once
   */
  void train(Backend backend, int most, StopSignal stop) {
    for (List<Candidate> group : groups.values()) {
      Candidate first = group.get(0);
      int together =
          Math.min(most, Trainer.together(first.model().config(), first.data(), backend));
      System.err.printf(
          "%d models of one shape, %d at once%n", group.size(), Math.min(together, group.size()));
      for (int from = 0; from < group.size(); from += together) {
        List<Candidate> wave = group.subList(from, Math.min(group.size(), from + together));
        if (stop.requested()) {
          wave.forEach(c -> row(c, status("not begun")));
        } else {
          train(wave, backend, most, stop);
        }
      }
    }
  }

  /** Trains what no other process trains into; each run is locked until its results are there. */
  private void train(List<Candidate> wave, Backend backend, int most, StopSignal stop) {
    List<Candidate> own = new ArrayList<>();
    List<RunLock> locks = new ArrayList<>();
    try {
      List<Member> members = new ArrayList<>();
      for (Candidate candidate : wave) {
        // One that cannot be trained, or that another process has, leaves the others alone.
        try {
          locks.add(RunLock.take(candidate.path()));
          members.add(member(candidate));
          own.add(candidate);
        } catch (InputException e) {
          row(candidate, failed(candidate.path(), e));
        }
      }
      if (!own.isEmpty()) {
        train(own, members, backend, most, stop);
      }
    } finally {
      locks.forEach(RunLock::close);
    }
  }

  private Member member(Candidate candidate) {
    RunConfig config = candidate.model().config();
    return Member.of(config, RunDirectory.of(candidate.path(), config, resume), candidate.data());
  }

  private void train(
      List<Candidate> wave, List<Member> untrained, Backend backend, int most, StopSignal stop) {
    List<Member> members = untrained;
    long before = members.stream().mapToLong(m -> m.state().step).sum();
    try (ConsoleProgress progress = new ConsoleProgress()) {
      TrainCommand.note(members, progress);
      members = Starts.choose(backend, members, most, progress, stop);
      if (stop.requested()) {
        wave.forEach(c -> row(c, status("stopped")));
      } else {
        train(wave, members, backend, stop, progress);
      }
    }
    steps += members.stream().mapToLong(m -> m.state().step).sum() - before;
  }

  private void train(
      List<Candidate> wave,
      List<Member> members,
      Backend backend,
      StopSignal stop,
      ConsoleProgress progress) {
    try (Trainer trainer = new Trainer(backend, members, progress, stop)) {
      stop.begin();
      members.forEach(Member::begin);
      trainer.run();
      for (int i = 0; i < members.size(); i++) {
        // Whoever asked to stop does not wait for measurements.
        row(
            wave.get(i),
            stop.requested() && members.get(i).failure() == null
                ? status("stopped")
                : result(trainer, members.get(i), backend));
      }
    }
  }

  private void row(Candidate candidate, JsonObject row) {
    table.add(candidate.model(), row);
  }

  private JsonObject result(Trainer trainer, Member member, Backend backend) {
    try {
      if (member.failure() != null) {
        String where = member.directory().path() + ": ";
        Reports.writeLastResults(trainer, member, backend, System.err::println)
            .ifPresent(text -> System.err.println(where + text));
        throw member.failure();
      }
      Checkpoint state = member.state();
      if (state.epoch < member.config().maxEpochs()) {
        return status("stopped");
      }
      EpochLosses losses = Reports.writeResults(trainer, member, backend, System.err::println);
      JsonObject row = status("trained");
      row.addProperty("epochs", state.epoch);
      row.addProperty("steps", state.step);
      Reports.addBins(row, state);
      Reports.losses(losses).entrySet().forEach(e -> row.add(e.getKey(), e.getValue()));
      Truth truth = truths.get(member.data());
      if (truth != null) {
        truth.compare(row, trainer.latents(member), state.shape.latent(), member.config().lag());
      }
      anyTrained = true;
      return row;
    } catch (DynaeException e) {
      JsonObject failed = failed(member.directory().path(), e);
      failed.addProperty("epochs", member.state().epoch);
      return failed;
    }
  }

  private JsonObject failed(Path run, DynaeException e) {
    firstFailure = firstFailure == null ? e : firstFailure;
    lost++;
    System.err.println(run + ": " + e.getMessage());
    JsonObject failed = status(e instanceof DivergedException ? "diverged" : "failed");
    failed.addProperty("error", e.getMessage());
    return failed;
  }

  private static JsonObject status(String word) {
    JsonObject row = new JsonObject();
    row.addProperty("status", word);
    return row;
  }

  SweepTable table() {
    return table;
  }

  /** Steps that were run, all models together. */
  long steps() {
    return steps;
  }

  /** Says what is left to do: models that were lost, or that a stop left unfinished. */
  void tellRest(StopSignal stop) {
    if (lost > 0) {
      System.err.printf("%d models diverged or failed; their errors are in the table%n", lost);
    }
    if (stop.requested()) {
      System.err.println("stopped, saved; go on with --resume");
    }
  }

  /** 0 where a model was trained, else why the first was not. */
  int exitCode(StopSignal stop) {
    return stop.requested()
        ? stop.exitCode()
        : anyTrained || firstFailure == null ? 0 : firstFailure.exitCode();
  }

  @Override
  public void close() {
    frames.values().forEach(TrainingData::close);
  }
}
