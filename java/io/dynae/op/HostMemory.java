// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One model's buffers as the plain Java forms see them.
 *
 * <p>A rows region is {@code float[blocks * features][rowsPerBlock]}: one array a block and
 * feature, because the JIT vectorises loops over whole arrays with one common index, and no others.
 */
public final class HostMemory {
  private final Layout layout;
  private final Map<Region, float[][]> rows = new IdentityHashMap<>();
  private final Map<Region, float[]> flat = new IdentityHashMap<>();
  private final Map<Region, int[]> ints = new IdentityHashMap<>();
  private Control.Words control = new Control.Words();
  private float[] frames = new float[0];
  private float[] targets = new float[0];
  private int[] index = new int[0];
  private int cursor;

  /** Allocates zeroed buffers for every region of {@code layout}. */
  public HostMemory(Layout layout) {
    this.layout = layout;
    for (Region region : layout.regions()) {
      if (region.blocks() > 0) {
        rows.put(region, new float[region.blocks() * region.features()][layout.rowsPerBlock()]);
      } else if (region.ints()) {
        ints.put(region, new int[region.length()]);
      } else {
        flat.put(region, new float[region.length()]);
      }
    }
  }

  public Layout layout() {
    return layout;
  }

  /** Arrays of a rows region: entry {@code b * features + f} holds feature f of block b. */
  public float[][] rows(Region region) {
    return rows.get(region);
  }

  /** Array of a flat region of floats. */
  public float[] flat(Region region) {
    return flat.get(region);
  }

  /** Array of a flat region of ints. */
  public int[] ints(Region region) {
    return ints.get(region);
  }

  /** Sets what the launch reads: control words, [frame][feature] tables, frame numbers. */
  public void bind(Control.Words words, float[] frameTable, float[] targetTable, int[] frameIndex) {
    this.control = words;
    this.frames = frameTable;
    this.targets = targetTable;
    this.index = frameIndex;
  }

  public Control.Words control() {
    return control;
  }

  public float[] frames() {
    return frames;
  }

  public float[] targets() {
    return targets;
  }

  public int[] index() {
    return index;
  }

  /** Moves to step {@code value} of the launch. */
  public void cursor(int value) {
    cursor = value;
  }

  public int cursor() {
    return cursor;
  }

  /** Number of the current step since the run began. */
  public int step() {
    return control.get(Control.STEP) + cursor;
  }
}
