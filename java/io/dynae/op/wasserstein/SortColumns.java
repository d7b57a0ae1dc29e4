// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

import io.dynae.op.Region;
import io.dynae.op.SortPlan;

/** {@link SortSets} with one projection a vector lane: the way of CPU devices. */
public final class SortColumns extends SortSets {
  private final SortPlan plan;
  private final Region scratch;

  /**
   * @param scratch 3 * keys * columns floats for each block of columns of a step, or null where
   *     work-group memory holds the keys
   */
  public SortColumns(String name, SetBatch batch, Buffers buffers, SortPlan plan, Region scratch) {
    super(name, batch, buffers, "wasserstein/sample_sets.cu", "wasserstein/column_sort.cu");
    this.plan = plan;
    this.scratch = scratch;
    if (scratch != null) {
      writesAll(scratch);
    }
  }

  @Override
  public String localArrays() {
    int keys = plan.count() * plan.columns();
    if (scratch != null) {
      return "";
    }
    String index = gradient() == 0 ? "" : "LOCAL_ARRAY(int, index_q, %d); ".formatted(keys);
    return "LOCAL_ARRAY(float, keys_q, %d); %sLOCAL_ARRAY(float, keys_r, %d);"
        .formatted(keys, index, keys);
  }

  @Override
  public String statement() {
    int keys = plan.count() * plan.columns();
    String memory =
        scratch == null
            ? "keys_q, %s, keys_r".formatted(gradient() == 0 ? "(LOCAL int*)keys_q" : "index_q")
            : "%1$s + b_ * %2$d, (GLOBAL int*)(%1$s + b_ * %2$d + %3$d), %1$s + b_ * %2$d + 2 * %3$d"
                .formatted(scratch.at(), 3 * keys, keys);
    return ("for (int b_ = rank; b_ < %d; b_ += size) { "
            + "const int pair_ = %s + b_ * SORT_COLUMNS, at_ = pair_ / %d * %d; "
            + "if (pair_ < %d) sort_set_columns(%s + at_, %s + at_, %s, %s + b_ * %d, %s + pair_, "
            + "%s, pair_ %% %d, %d, %d, %d, %d, %d); }")
        .formatted(
            batch.pairs() / batch.columns(),
            batch.firstPair(),
            batch.padded(),
            batch.setFloats(),
            batch.allPairs(),
            buffers.q().at(),
            buffers.r().at(),
            buffers.theta().at(),
            gapAt(),
            gradient() * batch.columns() * batch.rows(),
            buffers.partial().at(),
            memory,
            batch.padded(),
            batch.padded(),
            batch.samples(),
            batch.rows(),
            batch.dims(),
            gradient());
  }
}
