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
import io.dynae.model.ModelShape;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.nio.file.Path;
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

  private final RunConfig config;
  private final TrainingData data;
  private final BatchTables tables;
  private final LatentEncoder encoder;
  private final LatentBins bins;
  private final Divergence divergence;
  private final float[] z;

  EpochBatches(
      RunConfig config,
      Backend backend,
      TrainingData data,
      BatchTables tables,
      ModelShape shape,
      Divergence divergence) {
    this.config = config;
    this.data = data;
    this.tables = tables;
    this.divergence = divergence;
    encoder = new LatentEncoder(backend, shape, false);
    tables.bind(encoder);
    int pairs = data.train().length;
    bins = new LatentBins(backend, shape.latent(), pairs, config.maxCenters());
    z = new float[Math.multiplyExact(pairs, shape.latent())];
  }

  /** Sets the state's batches, and its bins from epoch 1 on. */
  void begin(Checkpoint state) {
    int pairs = data.train().length;
    int batch = config.batchSize();
    if (state.epoch == 0) {
      int[] order = new Shuffle(config.seed(), Stream.BATCH_ORDER, 0).permutation(pairs);
      state.batches = Arrays.copyOf(order, pairs / batch * batch);
      return;
    }
    encoder.parameters(state.parameters);
    tables.encode(encoder, data.train(), state.shape.latent(), z);
    try {
      draw(state);
    } catch (InputException e) {
      // The bins of epoch 1 did suffice, so min_dist is not at fault where latents are this far.
      double far = FAR * config.maxCenters() * config.minDist();
      float largest = largestLatent();
      if (state.epoch > 1 && largest > far) {
        throw divergence.at(
            state, 0, "largest |z| <= %s does not hold: %s".formatted(far, largest));
      }
      throw e;
    }
  }

  private void draw(Checkpoint state) {
    LatentBins.Bins found = cut(state);
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

  private LatentBins.Bins cut(Checkpoint state) {
    float largest = largestLatent();
    if (!(largest <= LARGEST_LATENT)) {
      throw divergence.at(
          state,
          0,
          "largest |z| <= %s, for a finite loss, does not hold: %s"
              .formatted(LARGEST_LATENT, largest));
    }
    int[] order =
        new Shuffle(config.seed(), Stream.CLUSTERING_ORDER, state.epoch)
            .permutation(data.train().length);
    return bins.cut(z, order, config.minDist());
  }

  private float largestLatent() {
    float largest = 0;
    for (float value : z) {
      // Math.max keeps a NaN.
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Writes the latents of all frames, [frames][d], atomically. */
  void writeLatents(Checkpoint state, Path file) {
    encoder.parameters(state.average);
    LatentTrajectory.write(encoder, tables, data.input().count(), state.shape.latent(), file);
  }

  @Override
  public void close() {
    bins.close();
    encoder.close();
  }
}
