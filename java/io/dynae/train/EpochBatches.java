// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.bins.Batches;
import io.dynae.bins.Resampling;
import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.model.Checkpoint;
import io.dynae.model.LatentBins;
import io.dynae.model.LatentEncoder;
import io.dynae.model.ModelShape;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.Arrays;

/**
 * The batches of an epoch (Alg. 1, lines 1 to 6): random ones in epoch 0; from epoch 1 on the latent
 * space is cut into bins anew and each batch comes from one bin.
 */
final class EpochBatches implements AutoCloseable {
  private final RunConfig config;
  private final TrainingData data;
  private final BatchTables tables;
  private final LatentEncoder encoder;
  private final LatentBins bins;
  private final float[] z;

  EpochBatches(
      RunConfig config, Backend backend, TrainingData data, BatchTables tables, ModelShape shape) {
    this.config = config;
    this.data = data;
    this.tables = tables;
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
    int[] order =
        new Shuffle(config.seed(), Stream.CLUSTERING_ORDER, state.epoch).permutation(pairs);
    LatentBins.Bins found = bins.cut(z, order, config.minDist());
    state.binCenters = found.centers();
    Batches batches =
        new Resampling(
                batch, config.biasFactor(), config.minDist(), state.shape.latent(), config.seed())
            .draw(found.labels(), found.count(), state.epoch);
    state.binCounts = batches.pairsPerBin();
    state.batches = batches.order();
  }

  @Override
  public void close() {
    bins.close();
    encoder.close();
  }
}
