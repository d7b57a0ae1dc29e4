// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import java.util.Arrays;

/**
 * First operation of a pass: how many keys of each digit each tile holds. Before the first pass the
 * keys are made: theta_l . row.
 */
public final class RadixCount extends TeamOperation {
  private final RadixBuffers buffers;
  private final int pass;
  private final Region q;
  private final Region r;
  private final Region theta;

  /**
   * @param pass 0 to 3
   * @param q, r flat, K sets
   * @param theta [d][padded]
   */
  public RadixCount(RadixBuffers buffers, int pass, Region q, Region r, Region theta) {
    super("count_" + pass, "wasserstein/sample_sets.cu", "wasserstein/radix_sort.cu");
    this.buffers = buffers;
    this.pass = pass;
    this.q = q;
    this.r = r;
    this.theta = theta;
    if (pass == 0) {
      readsAll(q, r, theta);
      writesAll(buffers.keys()[0]);
    } else {
      readsAll(buffers.keys()[pass % 2]);
    }
    writesAll(buffers.counts());
  }

  @Override
  public String defines() {
    return buffers.defines();
  }

  @Override
  public String localArrays() {
    return RadixBuffers.STAGE;
  }

  @Override
  public String statement() {
    SetBatch batch = buffers.batch();
    String project =
        pass > 0
            ? ""
            : ("const int pair_ = %s + p_; project_tile((s_ < %d ? %s : %s) + pair_ / %d * %d, "
                    + "%s + pair_ %% %d, %s, t_, %d, %d, %d); ")
                .formatted(
                    batch.firstPair(),
                    batch.pairs(),
                    q.at(),
                    r.at(),
                    batch.padded(),
                    batch.setFloats(),
                    theta.at(),
                    batch.padded(),
                    buffers.keysText(0),
                    batch.rows(),
                    batch.dims(),
                    batch.padded());
    String count =
        "radix_count(%s, %s, t_, %d, %d, stage);"
            .formatted(
                buffers.keysText(pass % 2),
                buffers.countsText(),
                batch.samples(),
                pass * RadixBuffers.DIGIT_BITS);
    return buffers.eachTile("both", project + count);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    SetBatch batch = buffers.batch();
    float[] keys = memory.flat(buffers.keys()[pass % 2]);
    float[] counts = memory.flat(buffers.counts());
    int now = buffers.pairsNow(memory.cursor());
    for (int s = part; s < 2 * batch.pairs(); s += parts) {
      int p = s % batch.pairs();
      if (p >= now) {
        continue;
      }
      int at = s * batch.rows();
      if (pass == 0) {
        int pair = batch.firstPair(memory.cursor()) + p;
        batch.project(
            memory.flat(s < batch.pairs() ? q : r),
            pair / batch.padded(),
            memory.flat(theta),
            pair % batch.padded(),
            keys,
            at,
            batch.samples());
      }
      int[] count = new int[RadixBuffers.DIGITS];
      for (int t = 0; t < buffers.tiles(); t++) {
        Arrays.fill(count, 0);
        for (int i = t * buffers.tile(); i < buffers.tileEnd(t); i++) {
          count[RadixBuffers.digit(keys[at + i], pass)]++;
        }
        int to = buffers.countsAt(s, t);
        for (int d = 0; d < count.length; d++) {
          counts[to + d] = Float.intBitsToFloat(count[d]);
        }
      }
    }
  }
}
