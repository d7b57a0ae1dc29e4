// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Control;
import io.dynae.op.DenseForward;
import io.dynae.op.DenseLayer;
import io.dynae.op.Gather;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes any number of frames, and decodes what it encoded, chunk by chunk on a backend. */
public final class LatentEncoder implements AutoCloseable {
  /** Frames of a chunk. */
  public static final int CHUNK = 8192;

  private final Executor executor;
  private final Region parameters;
  private final Region z;
  private final Region reconstruction;
  private final Networks networks;
  private final int latent;
  private final int[] list = new int[CHUNK];

  /**
   * Prepares the encoder of {@code shape}.
   *
   * @param decode whether {@link #reconstruction} is wanted
   */
  public LatentEncoder(Backend backend, ModelShape shape, boolean decode) {
    networks = new Networks(shape);
    latent = shape.latent();
    Layout layout = new Layout(CHUNK, backend.rowsPerBlock(CHUNK));
    parameters = layout.flat("parameters", networks.size());
    List<Operation> operations = new ArrayList<>();
    Region x = layout.halfRows("x", shape.inputs());
    operations.add(new Gather("gather", layout, Gather.Table.FRAMES, x));
    z = chain(layout, operations, networks.encoder(), x);
    reconstruction = decode ? chain(layout, operations, networks.decoder(), z) : null;
    String name = decode ? "encode_decode" : "encode";
    executor = backend.wideExecutor(new StepPlan(name, layout, null, operations), 1);
  }

  private Region chain(
      Layout layout, List<Operation> operations, List<DenseLayer> net, Region input) {
    Region below = input;
    for (DenseLayer layer : net) {
      String name = layer.name().replace('.', '_');
      Region above = layout.halfRows(name, layer.outputs());
      operations.add(new DenseForward(name + "_forward", parameters, layer, below, above));
      below = above;
    }
    return below;
  }

  /** Sets the weights, laid out as {@link Networks} says. */
  public void parameters(float[] values) {
    executor.write(0, parameters, values);
  }

  /** Sets the table that frame numbers refer to. */
  public void table(FrameTable table) {
    executor.table(Gather.Table.FRAMES, table);
  }

  /**
   * Encodes up to {@link #CHUNK} frames of the table; a variational encoder's latents are its
   * means.
   *
   * @param numbers frame numbers {@code numbers[from .. from+n)}
   * @param out receives [n][d] from element {@code at} on
   */
  public void encode(int[] numbers, int from, int n, float[] out, int at) {
    System.arraycopy(numbers, from, list, 0, n);
    // The rest of the chunk repeats a frame that exists.
    Arrays.fill(list, n, CHUNK, numbers[from]);
    executor.index(list, CHUNK);
    executor.launch(new Control.Words().set(Control.STEPS, 1));
    float[] encoded = executor.read(0, z);
    for (int row = 0; row < n; row++) {
      System.arraycopy(encoded, row * z.features(), out, at + row * latent, latent);
    }
  }

  /** Reconstructions of the last chunk, [CHUNK][outputs]; only when decoding was asked for. */
  public float[] reconstruction() {
    return executor.read(0, reconstruction);
  }

  @Override
  public void close() {
    executor.close();
  }
}
