// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.List;
import java.util.Map;

/**
 * Shared memory of a team's step kernel, in floats from its start: the staged parameters of every
 * layer, then one part a squad with the rows of the block it works on.
 *
 * <p>It also writes the calls of {@code kernels/dense/team_dense.cu}, whose arguments are such
 * addresses. The kernel's text gives {@code squad}, the start of the squad's own part, and {@code
 * part}, the number of the calling group in its squad.
 */
public final class TeamMemory {
  private static final int ROWS = 32;

  /** Outputs from which a warp's tile is 8 of them wide; below it is one. */
  private static final int WIDE = 8;

  /** Inputs up to which a tile of a weight gradient is 8 of them high; above it is 32. */
  private static final int LOW = 8;

  /** A layer and where its parameters lie in the arena. */
  public record Weights(Region parameters, DenseLayer layer) {
    /** Floats of the staged form: K + 1 rows, the pitch of {@code WEIGHT_PITCH} apart. */
    public int floats() {
      return (layer.inputs() + 1) * ((layer.outputs() + 3) / 4 * 4 + 4);
    }
  }

  private final Map<DenseLayer, Integer> weights;
  private final Map<Region, Integer> rows;
  private final boolean folds;

  /**
   * @param weights first float of each staged layer
   * @param rows first float of each region's block in the squad's part
   * @param folds whether gradients come as shares of the blocks of rows
   */
  public TeamMemory(Map<DenseLayer, Integer> weights, Map<Region, Integer> rows, boolean folds) {
    this.weights = weights;
    this.rows = rows;
    this.folds = folds;
  }

  /** Floats that a region's block takes. */
  public static int floats(Region region) {
    return region.features() * ROWS;
  }

  /** Device text of the pointer to the region's block. */
  public String pointer(Region region) {
    return "(SHARED + " + address(region) + ")";
  }

  private String address(Region region) {
    Integer at = rows.get(region);
    if (at == null) {
      throw new IllegalStateException("region " + region.name() + " has no place in shared memory");
    }
    return "squad + " + at;
  }

  /** Device text that copies the region's block from the arena, or back. */
  public String copy(Region region, boolean load) {
    String here = address(region);
    String there = region.block("b");
    return load
        ? "fetch_rows(%s, %s, %d);".formatted(here, there, region.features())
        : "publish_rows(%s, %s, %d);".formatted(there, here, region.features());
  }

  /** Tiles of {@code streams} products with {@code outputs} outputs. */
  public static int tiles(int outputs, int streams) {
    return streams * (outputs < WIDE ? outputs : (outputs + 7) / 8);
  }

  private static String lanes(int outputs) {
    return outputs < WIDE ? "1, 1" : "4, 2";
  }

  /** Tiles of a layer's weight gradient and groups of 32 of its biases. */
  public static int gradientTiles(DenseLayer layer) {
    int high = layer.inputs() <= LOW ? 8 : 32;
    int across = (layer.outputs() + 7) / 8;
    return (layer.inputs() + high - 1) / high * across + (layer.outputs() + 31) / 32;
  }

  /**
   * Call of {@code team_forward}.
   *
   * @param from feature of x that the first stream starts at
   * @param to feature of y that the first stream goes to
   */
  public String forward(
      DenseLayer layer,
      Activation activation,
      boolean bias,
      int streams,
      Region x,
      int from,
      Region y,
      int to) {
    return "team_forward<%s, %s, %b>(part, %d, %d, %d, %d, %s, %d, %s, %d);"
        .formatted(
            lanes(layer.outputs()),
            activation.name(),
            bias,
            weights.get(layer),
            layer.inputs(),
            layer.outputs(),
            streams,
            address(x) + " + " + from * ROWS,
            layer.inputs() * ROWS,
            address(y) + " + " + to * ROWS,
            layer.outputs() * ROWS);
  }

  /** Call of {@code team_backward}. */
  public String backward(
      DenseLayer layer, Activation below, int streams, Region dy, Region x, Region dx) {
    return "team_backward<%s, %s>(part, %d, %d, %d, %d, %s, %d, %s, %s, %d);"
        .formatted(
            lanes(layer.inputs()),
            below.name(),
            weights.get(layer),
            layer.inputs(),
            layer.outputs(),
            streams,
            address(dy),
            layer.outputs() * ROWS,
            address(x),
            address(dx),
            layer.inputs() * ROWS);
  }

  /** Call of {@code team_gradient} for the block's share. */
  public String gradient(DenseLayer layer, int streams, Region x, Region dy) {
    return "team_gradient<%d>(part, SLOT(b) + %d, %d, %d, %d, %s, %d, %s, %d, b >= FOLD_SLOTS);"
        .formatted(
            layer.inputs() <= LOW ? 1 : 4,
            layer.offset(),
            layer.inputs(),
            layer.outputs(),
            streams,
            address(x),
            layer.inputs() * ROWS,
            address(dy),
            layer.outputs() * ROWS);
  }

  /** Whether gradients come as shares of the blocks of rows, in {@code slots}. */
  public boolean folds() {
    return folds;
  }

  /** Device text that adds up the shares of a layer's gradients. */
  public static String folding(Region gradients, DenseLayer layer) {
    return "fold_gradients(%1$s + %2$d, slots + %2$d, %3$d, item, items); "
        .formatted(gradients.at(), layer.offset(), layer.size());
  }

  /** Device text that stages every layer's parameters. */
  public String staging(List<Weights> layers) {
    StringBuilder text = new StringBuilder();
    for (Weights staged : layers) {
      DenseLayer layer = staged.layer();
      text.append(
          "stage_layer<%d, %d>(%d, %s + %d); "
              .formatted(
                  layer.inputs(),
                  layer.outputs(),
                  weights.get(layer),
                  staged.parameters().at(),
                  layer.offset()));
    }
    return text.toString();
  }
}
