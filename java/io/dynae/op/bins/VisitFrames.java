// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.BlockOperation;
import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Layout;
import io.dynae.op.Region;
import io.dynae.random.Permutation;
import io.dynae.random.Stream;
import java.util.Arrays;

/**
 * The frames that clustering visits, a chunk of the batch's size a step: visited[i] = pairs[order
 * (i)] for a random order of the epoch, and x[row] = that frame.
 *
 * <p>Step s of a launch visits positions FIRST_POINT + s * batch onwards. Positions from PAIRS on
 * repeat the first. With STAGED, the table of frames holds the rows of the chunk themselves.
 */
public final class VisitFrames extends BlockOperation {
  private final Region pairs;
  private final Region visited;
  private final Region x;
  private final Layout layout;

  /**
   * @param pairs first frames of all training pairs
   * @param visited receives them in visiting order
   */
  public VisitFrames(String name, Layout layout, Region pairs, Region visited, Region x) {
    super(name, x.blocks(), "bins/permutation.cu", "bins/epoch.cu");
    this.layout = layout;
    this.pairs = pairs;
    this.visited = visited;
    this.x = x;
    readsAll(pairs);
    writesOwn(visited);
    writes(x);
  }

  /** Device text of the position of block {@code b}'s first row. */
  static String first(Layout layout) {
    return Control.FIRST_POINT.intWord() + " + cursor * " + layout.batch() + " + b * RB";
  }

  @Override
  public String statement() {
    return "visit_block(%s, frames, %s, %s, key0, key1, %s, %s, %s, %s, b * RB, %d);"
        .formatted(
            x.block("b"),
            pairs.at(),
            visited.at(),
            Control.EPOCH.intWord(),
            first(layout),
            Control.PAIRS.intWord(),
            Control.STAGED.intWord(),
            x.features());
  }

  @Override
  public void run(HostMemory memory, int b) {
    Control.Words words = memory.control();
    int count = words.get(Control.PAIRS);
    int size = layout.rowsPerBlock();
    int row0 = b * size;
    int first = words.get(Control.FIRST_POINT) + memory.cursor() * layout.batch() + row0;
    Permutation order =
        new Permutation(
            words.seed(), Stream.CLUSTERING_ORDER, words.get(Control.EPOCH), 0, 0, count);
    int real = Math.max(0, Math.min(size, count - first));
    int[] at = new int[size];
    order.fill(first, real, at);
    Arrays.fill(at, real, size, real < size ? order.at(0) : 0);
    int[] all = memory.ints(pairs);
    for (int r = 0; r < size; r++) {
      at[r] = all[at[r]];
    }
    System.arraycopy(at, 0, memory.ints(visited), Math.min(first, count), real);
    boolean staged = words.get(Control.STAGED) != 0;
    float[][] out = memory.rows(x);
    int features = x.features();
    float[] source = memory.frames();
    for (int f = 0; f < features; f++) {
      float[] values = out[b * features + f];
      for (int r = 0; r < size; r++) {
        values[r] = source[(staged ? row0 + r : at[r]) * features + f];
      }
    }
  }
}
