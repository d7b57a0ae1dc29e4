// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * The losses of a step: partial sums by block, and one row of totals a step of the launch.
 *
 * <p>A row of {@code losses} is reconstruction, regularisation, prior, unused.
 */
public final class Losses {
  /** Mean squared reconstruction error, both frames of a pair added up. */
  public static final int RECONSTRUCTION = 0;

  /** Squared sliced Wasserstein distance or Kullback-Leibler divergence, without beta. */
  public static final int REGULARIZATION = 1;

  /** Negative log-likelihood of the moves under the prior; 0 where no optimiser has it. */
  public static final int PRIOR = 2;

  /** Floats in a row of {@code losses}. */
  public static final int WIDTH = 4;

  private final Region partials;
  private final Region totals;
  private final int slots;

  /**
   * Adds the two regions to a layout.
   *
   * @param lanes partial sums a block at most: the lanes of a group
   * @param steps most steps of a launch
   */
  public Losses(Layout layout, int lanes, int steps) {
    this.slots = layout.blocks();
    this.partials = layout.flat("partials", 3L * slots * lanes);
    this.totals = layout.flat("losses", (long) WIDTH * steps);
  }

  /** Rows of totals, [steps][{@link #WIDTH}]. */
  public Region totals() {
    return totals;
  }

  /** Declares that {@code operation} writes partial sums: those of its own blocks. */
  public void writtenBy(Operation operation) {
    operation.writesOwn(partials);
  }

  /** Device text of block b's partial sums of one loss. */
  public String partial(int loss) {
    return "%s + (%d + b) * PARTIALS".formatted(partials.at(), loss * slots);
  }

  public void add(HostMemory memory, int loss, int b, double value) {
    memory.flat(partials)[loss * slots + b] = (float) value;
  }

  /** The operation that adds the partial sums up: losses[step] = sum over blocks. */
  public TeamOperation sum(String name) {
    return new Sum(name);
  }

  private final class Sum extends TeamOperation {
    Sum(String name) {
      super(name, "step/adam.cu");
      readsAll(partials);
      writesAll(totals);
    }

    @Override
    public String statement() {
      return "sum_losses(%s + %d * cursor, %s, %d * PARTIALS, item, items);"
          .formatted(totals.at(), WIDTH, partials.at(), slots);
    }

    @Override
    public void run(HostMemory memory, int part, int parts) {
      float[] sums = memory.flat(partials);
      for (int loss = part; loss < 3; loss += parts) {
        double total = 0;
        for (int b = 0; b < slots; b++) {
          total += sums[loss * slots + b];
        }
        memory.flat(totals)[WIDTH * memory.cursor() + loss] = (float) total;
      }
    }
  }
}
