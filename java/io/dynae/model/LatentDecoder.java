// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.op.Control;
import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes any number of latents, chunk by chunk on a backend: reconstructions, and walks through
 * the latent space.
 */
public final class LatentDecoder implements AutoCloseable {
  private static final int MOST_ROWS = 256;

  private final Executor executor;
  private final Region parameters;
  private final Region z;
  private final Region y;
  private final int rows;

  /** Prepares the decoder of {@code shape}. */
  public LatentDecoder(Backend backend, ModelShape shape) {
    Networks networks = new Networks(shape);
    rows = Layers.rows(networks.decoder(), MOST_ROWS);
    Layout layout = new Layout(rows, backend.rowsPerBlock(rows));
    parameters = layout.flat("parameters", networks.size());
    z = layout.halfRows("z", shape.latent());
    List<Operation> operations = new ArrayList<>();
    y = Layers.chain(layout, operations, parameters, networks.decoder(), z);
    executor = backend.wideExecutor(new StepPlan("decode", layout, null, operations), 1);
  }

  /** Sets the weights, laid out as {@link Networks} says. */
  public void parameters(float[] values) {
    executor.write(0, parameters, values);
  }

  /**
   * Decodes {@code n} latents.
   *
   * @param latents [n][d] from its beginning
   * @param n from 0
   * @return [n][D_out]: frames as the decoder predicts them, of images [n][C][H][W]; where it
   *     predicts its own input, standardised as that is
   */
  public float[] decode(float[] latents, int n) {
    int d = z.features();
    int features = y.features();
    float[] frames = new float[Math.multiplyExact(n, features)];
    float[] chunk = new float[rows * d];
    for (int done = 0; done < n; done += rows) {
      int now = Math.min(rows, n - done);
      System.arraycopy(latents, done * d, chunk, 0, now * d);
      Arrays.fill(chunk, now * d, chunk.length, 0);
      executor.write(0, z, chunk);
      executor.launch(new Control.Words().set(Control.STEPS, 1));
      System.arraycopy(executor.read(0, y), 0, frames, done * features, now * features);
    }
    return frames;
  }

  @Override
  public void close() {
    executor.close();
  }
}
