// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/** Squared distances: distance[k] = sum of set k's partial sums / (L N), after the last step. */
public final class SetDistances extends TeamOperation {
  private final SetBatch batch;
  private final Region partial;
  private final Region distance;
  private final int parts;

  /**
   * @param partial [K][padded][parts]
   * @param distance [K]
   * @param parts partial sums of a pair
   */
  public SetDistances(String name, SetBatch batch, Region partial, Region distance, int parts) {
    super(name, "wasserstein/sample_sets.cu");
    this.batch = batch;
    this.partial = partial;
    this.distance = distance;
    this.parts = parts;
    readsAll(partial);
    writesAll(distance);
  }

  private float share() {
    return (float) (1.0 / ((double) batch.projections() * batch.samples()));
  }

  @Override
  public String localArrays() {
    return "LOCAL_ARRAY(float, strands, SUM_STRANDS);";
  }

  @Override
  public String statement() {
    return ("if (cursor %% %1$d == %1$d - 1) for (int k_ = rank; k_ < %2$d; k_ += size) "
            + "sum_distance(%3$s + k_, %4$s + k_ * %5$d, %6$d, %7$s, strands);")
        .formatted(
            batch.steps(),
            batch.sets(),
            distance.at(),
            partial.at(),
            Math.multiplyExact(batch.padded(), parts),
            Math.multiplyExact(batch.projections(), parts),
            literal(share()));
  }

  @Override
  public void run(HostMemory memory, int part, int shares) {
    if (memory.cursor() % batch.steps() != batch.steps() - 1) {
      return;
    }
    float[] sums = memory.flat(partial);
    for (int k = part; k < batch.sets(); k += shares) {
      double sum = 0;
      int at = k * batch.padded() * parts;
      for (int i = 0; i < batch.projections() * parts; i++) {
        sum += sums[at + i];
      }
      memory.flat(distance)[k] = (float) (sum * share());
    }
  }
}
