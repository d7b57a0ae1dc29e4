// SPDX-License-Identifier: MIT
package io.dynae.op.wasserstein;

/** {@link SortSets} with one pair in the registers of one or more warps: the way of CUDA. */
public final class SortInRegisters extends SortSets {
  /** Most keys a lane holds of each of q and r. */
  private static final int MOST_KEYS = 32;

  private static final int FEWEST_KEYS = 8;
  private static final int WORDS_A_KEY = 3;

  /**
   * How the lanes of a device share a pair.
   *
   * @param keys keys a lane
   * @param groups groups of lanes a pair, a power of two
   * @param chunk keys a lane that meet in work-group memory at a time
   */
  public record Shape(int keys, int groups, int chunk) {
    /**
     * The shape for a number of samples, or null where registers are too few.
     *
     * @param lanes of a group
     * @param most groups of lanes of a work-group
     * @param localBytes work-group memory
     */
    public static Shape of(int samples, int lanes, int most, int localBytes) {
      int keys = FEWEST_KEYS;
      int groups = 1;
      while (keys < MOST_KEYS && (long) keys * lanes < samples) {
        keys *= 2;
      }
      while ((long) keys * lanes * groups < samples) {
        groups *= 2;
      }
      int chunk = FEWEST_KEYS;
      while (chunk > 1 && (long) Integer.BYTES * WORDS_A_KEY * chunk * lanes * most > localBytes) {
        chunk /= 2;
      }
      return most % groups == 0 ? new Shape(keys, groups, chunk) : null;
    }
  }

  private final Shape shape;

  public SortInRegisters(String name, SetBatch batch, Buffers buffers, Shape shape) {
    super(name, batch, buffers, "wasserstein/sample_sets.cu", "wasserstein/register_sort.cu");
    this.shape = shape;
  }

  @Override
  public String defines() {
    return "#define SORT_KEYS %d\n#define SORT_GROUPS %d\n#define SORT_CHUNK %d\n"
        .formatted(shape.keys(), shape.groups(), shape.chunk());
  }

  @Override
  public String localArrays() {
    return shape.groups() == 1
        ? ""
        : "LOCAL_ARRAY(int, meeting, %d * SORT_CHUNK * GROUP_SIZE);".formatted(WORDS_A_KEY);
  }

  /** All groups of lanes go round equally often, for the barriers; some without a pair. */
  @Override
  public String statement() {
    return ("for (int round_ = 0; round_ < %1$d; round_ += size * (GROUPS / SORT_GROUPS)) { "
            + "const int i_ = round_ + GROUP / SORT_GROUPS * size + rank, pair_ = %2$s + i_; "
            + "const int there_ = i_ < %1$d && pair_ < %3$d, "
            + "set_ = there_ ? pair_ / %4$d : 0, at_ = set_ * %5$d; "
            + "if (SORT_GROUPS > 1 || there_) sort_pair_in_registers(%6$s + at_, %7$s + at_, %8$s, "
            + "%9$s + (there_ ? i_ * %10$d : 0), %11$s + pair_, there_ ? pair_ - set_ * %4$d : 0, %4$d, "
            + "there_ ? %12$d : 0, %13$d, %14$d, %15$s); }")
        .formatted(
            batch.pairs(),
            batch.firstPair(),
            batch.allPairs(),
            batch.padded(),
            batch.setFloats(),
            buffers.q().at(),
            buffers.r().at(),
            buffers.theta().at(),
            gapAt(),
            gradient() * batch.rows(),
            buffers.partial().at(),
            batch.samples(),
            batch.dims(),
            gradient(),
            shape.groups() == 1 ? "0" : "meeting");
  }
}
