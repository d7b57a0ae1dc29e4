// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.Batches;
import io.dynae.bins.Resampling;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentBins;
import io.dynae.model.LatentEncoder;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.Arrays;

/**
 * The batches of an epoch (Alg. 1, lines 1 to 6): random ones in epoch 0; from epoch 1 on the
 * latent space is cut into bins anew and each batch comes from one bin.
 */
final class EpochBatches implements AutoCloseable {
  /** Squared differences of d <= 32 dimensions stay below the largest float. */
  private static final float LARGEST_LATENT = 1e18f;

  /** Latents farther out than so many times all bins in a row have exploded. */
  private static final double FAR = 100;

  private final BatchTables tables;
  private final LatentEncoder encoder;
  private final LatentBins bins;
  private final float[] z;

  /**
   * Prepares for models of one shape.
   *
   * @param encoder of that shape, bound to the tables
   * @param pairs most training pairs of a model
   * @param centers most bin centres of a model
   */
  EpochBatches(
      Backend backend,
      BatchTables tables,
      LatentEncoder encoder,
      int latent,
      int pairs,
      int centers) {
    this.tables = tables;
    this.encoder = encoder;
    bins = new LatentBins(backend, latent, pairs, centers);
    z = new float[Math.multiplyExact(pairs, latent)];
  }

  /** Sets the batches of a model's state, and its bins from epoch 1 on. */
  void begin(Member member) {
    Checkpoint state = member.state;
    RunConfig config = member.config;
    int[] pairs = member.data.train();
    int batch = config.batchSize();
    if (state.epoch == 0) {
      int[] order = new Shuffle(config.seed(), Stream.BATCH_ORDER, 0).permutation(pairs.length);
      state.batches = Arrays.copyOf(order, pairs.length / batch * batch);
      return;
    }
    encoder.parameters(state.parameters);
    tables.encode(encoder, pairs, state.shape.latent(), z);
    float largest = largestLatent(pairs.length * state.shape.latent());
    if (!(largest <= LARGEST_LATENT)) {
      throw member.divergence.at(
          state,
          0,
          "largest |z| <= %s, for a finite loss, does not hold: %s"
              .formatted(LARGEST_LATENT, largest));
    }
    try {
      draw(member);
    } catch (InputException e) {
      // The bins of epoch 1 did suffice, so min_dist is not at fault where latents are this far.
      double far = FAR * config.maxCenters() * config.minDist();
      if (state.epoch > 1 && largest > far) {
        throw member.divergence.at(
            state, 0, "largest |z| <= %s does not hold: %s".formatted(far, largest));
      }
      throw e;
    }
  }

  private void draw(Member member) {
    Checkpoint state = member.state;
    RunConfig config = member.config;
    int[] order =
        new Shuffle(config.seed(), Stream.CLUSTERING_ORDER, state.epoch)
            .permutation(member.data.train().length);
    LatentBins.Bins found = bins.cut(z, order, config.minDist());
    state.binCenters = found.centers();
    Batches batches =
        new Resampling(
                config.batchSize(),
                config.biasFactor(),
                config.minDist(),
                state.shape.latent(),
                config.seed())
            .draw(found.labels(), found.count(), state.epoch);
    state.binCounts = batches.pairsPerBin();
    state.batches = batches.order();
  }

  private float largestLatent(int n) {
    float largest = 0;
    for (int i = 0; i < n; i++) {
      // Math.max keeps a NaN.
      largest = Math.max(largest, Math.abs(z[i]));
    }
    return largest;
  }

  @Override
  public void close() {
    bins.close();
  }
}
