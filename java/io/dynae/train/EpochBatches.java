// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.Draws;
import io.dynae.bins.EpochSampler;
import io.dynae.bins.Resampling;
import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelKind;
import io.dynae.op.Control;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.Consumer;

/**
 * The batches of an epoch (Alg. 1, lines 1 to 6), of all models at once: random ones in the warm-up
 * and of models without bins; else the latent space is cut into bins anew and each batch comes from
 * one bin.
 */
final class EpochBatches implements AutoCloseable {
  /** Squared differences of d <= 32 dimensions stay below the largest float. */
  private static final float LARGEST_LATENT = 1e18f;

  /** Latents farther out than so many times all bins in a row have exploded. */
  private static final double FAR = 100;

  /** Factor between two distances that are tried for the one an error suggests. */
  private static final double WIDER = 1.25;

  private static final MathContext THREE_DIGITS = new MathContext(3);

  private final List<Member> members;
  private final BatchTables tables;
  private final EpochSampler sampler;
  private final int batch;
  private final ModelKind kind;

  /** First frames of each model's batches, where the host must stage them. */
  private final int[][] staged;

  private final int[] numbers;
  private final Consumer<String> notes;

  /**
   * Prepares for the models of a group.
   *
   * @param mostSteps steps of a launch
   * @param notes hears of bins that are kept
   */
  EpochBatches(
      Backend backend,
      List<Member> members,
      BatchTables tables,
      int mostSteps,
      Consumer<String> notes) {
    this.members = members;
    this.tables = tables;
    this.notes = notes;
    RunConfig config = members.get(0).config;
    batch = config.batchSize();
    kind = members.get(0).data.modelShape().kind();
    EpochSampler.Pairs[] pairs =
        members.stream()
            .map(m -> new EpochSampler.Pairs(m.data.train(), m.config.lag(), m.config.seed()))
            .toArray(EpochSampler.Pairs[]::new);
    sampler =
        new EpochSampler(
            backend,
            members.get(0).data.modelShape(),
            batch,
            mostBins(config),
            tables.rows(),
            pairs);
    tables.bind(sampler);
    staged = new int[members.size()][];
    numbers = new int[tables.resident() ? 0 : kind.frames() * batch * mostSteps * members.size()];
  }

  /** Bins that a model may have; one without bins draws from a single one. */
  static int mostBins(RunConfig config) {
    return ModelKind.of(config.model()).binned() ? config.maxCenters() : 1;
  }

  /**
   * Draws the batches of all models in training, after their states' new bins after the warm-up; a
   * model that was stopped in the middle of an epoch takes that up. One whose first bins do not
   * suffice is left out; later the bins of the epoch before are kept then.
   */
  void begin() {
    int models = members.size();
    int[] epochs = new int[models];
    double[] minDistances = new double[models];
    Draws[] draws = new Draws[models];
    for (int slot = 0; slot < models; slot++) {
      Member member = members.get(slot);
      Checkpoint state = member.state;
      epochs[slot] = state.epoch;
      if (!member.training()) {
        continue;
      }
      if (state.stepInEpoch > 0) {
        sampler.restore(slot, state.batches);
        ready(slot, state.batches.length / batch);
      } else if (!member.binned()) {
        draws[slot] = Draws.unbinned(member.data.train().length, batch);
      } else {
        sampler.parameters(slot, state.parameters);
        minDistances[slot] = member.config.minDist();
      }
    }
    EpochSampler.Staging staging = tables.resident() ? null : tables::stageFrames;
    EpochSampler.Bins[] bins = sampler.cut(epochs, minDistances, staging);
    for (int slot = 0; slot < models; slot++) {
      int of = slot;
      if (bins[slot] != null) {
        members.get(slot).attempt(() -> draws[of] = checkedDraws(of, bins[of]));
      }
    }
    sampler.draw(epochs, draws);
    for (int slot = 0; slot < models; slot++) {
      if (draws[slot] != null) {
        ready(slot, draws[slot].batches());
      }
    }
  }

  private void ready(int slot, int steps) {
    members.get(slot).entered(steps);
    staged[slot] = tables.resident() ? null : sampler.firsts(slot, steps);
  }

  /** First frames of a model's batches, [steps][B]. */
  int[] firsts(int slot) {
    return sampler.firsts(slot, members.get(slot).steps());
  }

  /**
   * Makes the next {@code steps} batches of each model those of the executor's next launch.
   *
   * @return the control words of that launch
   */
  Control.Words[] load(Executor executor, int[] steps) {
    Control.Words[] words = new Control.Words[steps.length];
    int filled = 0;
    for (int slot = 0; slot < steps.length; slot++) {
      Member member = members.get(slot);
      int step = member.state.stepInEpoch;
      int offset = sampler.offset(slot) + kind.frames() * batch * step;
      if (!tables.resident()) {
        offset = filled;
        for (int s = step; s < step + steps[slot]; s++) {
          stage(member, staged[slot], s, filled);
          filled += kind.frames() * batch;
        }
      }
      words[slot] = member.words(steps[slot], offset);
    }
    if (tables.resident()) {
      executor.index(sampler.list());
    } else {
      tables.load(executor, numbers, filled);
    }
    return words;
  }

  private void stage(Member member, int[] firsts, int step, int at) {
    for (int i = 0; i < batch; i++) {
      int frame = firsts[step * batch + i];
      numbers[at + i] = frame;
      if (kind.frames() == 2) {
        numbers[at + batch + i] = frame + member.config.lag();
      }
    }
  }

  private Draws checkedDraws(int slot, EpochSampler.Bins bins) {
    Member member = members.get(slot);
    Checkpoint state = member.state;
    RunConfig config = member.config;
    if (!(bins.largest() <= LARGEST_LATENT)) {
      throw member.divergence.at(
          state,
          0,
          "largest |z| (%s) > %s, too large for a finite loss"
              .formatted(bins.largest(), LARGEST_LATENT));
    }
    Resampling rule = new Resampling(batch, config.biasFactor(), config.minDist());
    boolean tooMany = bins.count() > config.maxCenters();
    if (!tooMany && rule.suffices(bins.sizes())) {
      return drawn(member, rule, bins);
    }
    String reason =
        tooMany
            ? "bins > max_centers (%d) at min_dist %s"
                .formatted(config.maxCenters(), config.minDist())
            : rule.shortfall(bins.sizes());
    if (state.epoch == member.schedule.firstBinned()) {
      throw refusal(slot, rule, reason);
    }
    // The first bins did suffice, so min_dist is not at fault where latents are this far.
    double far = FAR * config.maxCenters() * config.minDist();
    if (bins.largest() > far) {
      throw member.divergence.at(state, 0, "largest |z| (%s) > %s".formatted(bins.largest(), far));
    }
    return kept(slot, rule, reason);
  }

  private static Draws drawn(Member member, Resampling rule, EpochSampler.Bins bins) {
    member.state.binCenters = bins.centers();
    member.state.binCounts = bins.sizes();
    return rule.draws(bins.sizes());
  }

  /** Latents that moved away from what min_dist fitted are no reason to end a training. */
  private Draws kept(int slot, Resampling rule, String reason) {
    Member member = members.get(slot);
    EpochSampler.Bins bins = sampler.assign(slot, member.state.binCenters);
    Draws draws = drawn(member, rule, bins);
    if (draws.batches() == 0) {
      throw member.divergence.at(
          member.state, 0, "no bin of the epoch before has more than batch_size pairs");
    }
    if (member.keptBins()) {
      notes.accept(
          "%s: epoch %d: %s; the bins of the epoch before are kept, here and where it comes again"
                  .formatted(member.directory.path(), member.state.epoch, reason)
              + " (bins_kept in metrics.jsonl); a larger min_dist avoids it");
    }
    return draws;
  }

  /** Says what to set where the first bins do not suffice. */
  private InputException refusal(int slot, Resampling rule, String reason) {
    RunConfig config = members.get(slot).config;
    double wider = config.minDist();
    EpochSampler.Bins bins;
    // Tried on these points, so that the distance suggested is known to do for them.
    do {
      wider = BigDecimal.valueOf(wider * WIDER).round(THREE_DIGITS).doubleValue();
      bins = sampler.recut(slot, wider);
    } while (bins.count() > config.maxCenters()
        || bins.count() > 1 && !rule.suffices(bins.sizes()));
    String advice =
        rule.suffices(bins.sizes())
            ? "use a larger min_dist: %s gives %d bin%s"
                .formatted(wider, bins.count(), bins.count() == 1 ? "" : "s")
            : "use more frames";
    return new InputException(
        "%s; %s, or use a smaller batch_size (%d)".formatted(reason, advice, config.batchSize()));
  }

  @Override
  public void close() {
    sampler.close();
  }
}
