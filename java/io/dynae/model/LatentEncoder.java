// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.op.Control;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import io.dynae.op.step.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes any number of frames, chunk by chunk on a backend. */
public final class LatentEncoder implements AutoCloseable {
  /** Frames that one call may ask for. */
  public static final int CHUNK = 8192;

  private final Executor executor;
  private final Region parameters;
  private final Region z;
  private final int latent;
  private final int rows;
  private final int[] list;

  /** Prepares the encoder of {@code shape}. */
  public LatentEncoder(Backend backend, ModelShape shape) {
    Networks networks = new Networks(shape);
    latent = shape.latent();
    rows = Layers.rows(networks.encoder(), CHUNK);
    list = new int[rows];
    Layout layout = new Layout(rows, backend.rowsPerBlock(rows));
    parameters = layout.flat("parameters", networks.size());
    List<Operation> operations = new ArrayList<>();
    Region x = layout.halfRows("x", shape.inputs());
    operations.add(new Gather("gather", layout, Table.FRAMES, x));
    z = Layers.chain(layout, operations, parameters, networks.encoder(), x);
    executor = backend.wideExecutor(new StepPlan("encode", layout, null, operations), 1);
  }

  /** Sets the weights, laid out as {@link Networks} says. */
  public void parameters(float[] values) {
    executor.write(0, parameters, values);
  }

  /** Sets the table that frame numbers refer to. */
  public void table(FrameTable table) {
    executor.table(Table.FRAMES, table);
  }

  /**
   * Encodes up to {@link #CHUNK} frames of the table; a variational encoder's latents are its
   * means.
   *
   * @param numbers frame numbers {@code numbers[from .. from+n)}
   * @param out receives [n][d] from element {@code at} on
   */
  public void encode(int[] numbers, int from, int n, float[] out, int at) {
    for (int done = 0; done < n; done += rows) {
      int now = Math.min(rows, n - done);
      System.arraycopy(numbers, from + done, list, 0, now);
      // The rest of the chunk repeats a frame that exists.
      Arrays.fill(list, now, rows, numbers[from]);
      executor.index(list, rows);
      executor.launch(new Control.Words().set(Control.STEPS, 1));
      float[] encoded = executor.read(0, z);
      for (int row = 0; row < now; row++) {
        int to = at + (done + row) * latent;
        System.arraycopy(encoded, row * z.features(), out, to, latent);
      }
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
