// SPDX-License-Identifier: MIT
package io.dynae.op.bins;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;

/**
 * A counting sort of pairs by their bin, in visiting order within each: what batches are drawn
 * from. Does nothing in an epoch without bins.
 */
public final class SortByBin extends TeamOperation {
  private final Region labels;
  private final Region visited;
  private final Region before;
  private final Region members;
  private final int most;

  /**
   * @param labels a bin a pair
   * @param visited first frame of each pair
   * @param before [granules][most], as {@link ReportBins} leaves it; used up
   * @param members receives the first frames, bin after bin
   */
  public SortByBin(
      String name, Region labels, Region visited, Region before, Region members, int most) {
    super(name, "bins/bins.cu");
    this.labels = labels;
    this.visited = visited;
    this.before = before;
    this.members = members;
    this.most = most;
    readsAll(labels, visited);
    writesAll(before, members);
  }

  @Override
  public String statement() {
    return "sort_by_bin(%s, %s, %s, %s, list + %s, %s, %d, %d, worker, workers);"
        .formatted(
            labels.at(),
            visited.at(),
            "min(" + Control.PAIRS.intWord() + ", " + Control.POINTS.intWord() + ")",
            before.at(),
            Control.DRAWS_OFFSET.intWord(),
            members.at(),
            most,
            RegularSpace.GRANULE);
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    Control.Words words = memory.control();
    int n = Math.min(words.get(Control.PAIRS), words.get(Control.POINTS));
    int draws = words.get(Control.DRAWS_OFFSET);
    int[] list = memory.index();
    int[] bins = memory.ints(labels);
    int[] frames = memory.ints(visited);
    int[] next = memory.ints(before);
    int[] out = memory.ints(members);
    for (int c = part; c * RegularSpace.GRANULE < n; c += parts) {
      int end = Math.min(n, (c + 1) * RegularSpace.GRANULE);
      for (int i = c * RegularSpace.GRANULE; i < end; i++) {
        int place = list[draws + DrawBatches.WORDS * bins[i]];
        out[place + next[c * most + bins[i]]++] = frames[i];
      }
    }
  }
}
