// SPDX-License-Identifier: MIT
package io.dynae.bench;

import io.dynae.check.BenchConfig;
import io.dynae.model.Model;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layer;
import io.dynae.op.Operation;
import io.dynae.op.convolution.ConvDown;
import io.dynae.op.convolution.ConvGradient;
import io.dynae.op.convolution.ConvUp;
import io.dynae.op.dense.DenseBackward;
import io.dynae.op.dense.DenseForward;
import io.dynae.op.dense.DenseGradient;
import io.dynae.op.dense.TangentBackward;
import io.dynae.op.dense.TangentForward;
import io.dynae.op.dense.TangentInput;
import io.dynae.op.latent.AddMoveGradient;
import io.dynae.op.latent.EncodedMoves;
import io.dynae.op.latent.LangevinMoves;
import io.dynae.op.latent.PriorLikelihood;
import io.dynae.op.step.Adam;
import io.dynae.op.step.FoldShares;
import io.dynae.op.step.Gather;
import io.dynae.op.step.NormalNoise;
import io.dynae.op.step.SquaredError;
import io.dynae.op.wasserstein.Directions;
import io.dynae.op.wasserstein.ProjectAndSort;
import io.dynae.op.wasserstein.WassersteinGradient;

/**
 * What one run of an operation must at least move and compute.
 *
 * <p>R rows are 2B in encoder and decoder and B elsewhere; a layer has K inputs and N outputs; S
 * streams are 1 + d in the log-diffusion net and 1 elsewhere. Every value counts once for each
 * array that is read or written, whatever the caches do; products and sums count, exponentials,
 * random numbers and comparisons do not.
 *
 * @param floats values read and written
 * @param flops additions and multiplications, 0 where they say nothing
 */
record OperationCost(long floats, long flops) {
  double bytes() {
    return 4.0 * floats;
  }

  /**
   * The cost by shapes.
   *
   * <ul>
   *   <li>forward: R(K + N) + KN + N floats, 2RKN flops
   *   <li>backward: SR(K + N) + RK + KN floats, 2SRKN flops
   *   <li>weight gradient: SR(K + N) + KN + N floats, 2SRKN + RN flops
   *   <li>tangents forward: dR(K + 2N) + RN + KN floats, 2dRKN + dRN flops
   *   <li>tangents backward, width K: R K (3d + 3) floats, R K (3d + 6) flops
   *   <li>convolution of T taps between S x P and G x Q (channels x pixels): forward R(SP + GQ) +
   *       SGT floats, backward R more for each input, 2RPSGT flops; its weight gradient leaves
   *       shares of SGT, which are then added up
   *   <li>project and sort: 2Bd + dL + BL floats, 4BdL flops (its sorting counts nothing)
   *   <li>Wasserstein gradient: BL + dL + Bd floats, 2BL(d + 1) flops
   *   <li>squared error: 6BD floats, 8BD flops; Adam: 7 floats and 13 flops a parameter
   *   <li>rows alone: gather 2B(2D + 1), noise Bd, directions dL, moves 3Bd, moves' gradient 5Bd,
   *       tangents' input Bd(d + 2), prior's likelihood Bd(d + 6) floats
   * </ul>
   */
  static OperationCost of(Operation operation, BenchConfig c, Model model) {
    long batch = c.batch();
    long d = c.latent();
    long projections = c.projections();
    if (operation instanceof DenseForward
        || operation instanceof DenseBackward
        || operation instanceof DenseGradient
        || operation instanceof TangentForward
        || operation instanceof TangentBackward) {
      return dense(operation, c, (DenseLayer) layer(operation, model));
    }
    if (operation instanceof ConvDown
        || operation instanceof ConvUp
        || operation instanceof ConvGradient) {
      return convolution(operation, c, layer(operation, model));
    }
    if (operation instanceof FoldShares) {
      int slices = ConvGradient.slices(2 * c.batch());
      return new OperationCost(
          (slices + 1L) * layer(operation, model).size(),
          (long) slices * layer(operation, model).size());
    }
    if (operation instanceof ProjectAndSort) {
      return new OperationCost(
          2 * batch * d + d * projections + batch * projections, 4 * batch * d * projections);
    }
    if (operation instanceof WassersteinGradient) {
      return new OperationCost(
          batch * projections + d * projections + batch * d, 2 * batch * projections * (d + 1));
    }
    if (operation instanceof SquaredError) {
      return new OperationCost(6 * batch * c.inputs(), 8 * batch * c.inputs());
    }
    if (operation instanceof Adam) {
      int prior = model.networks().priorStart();
      long n =
          operation.name().equals("adam_prior") ? model.networks().size() - prior : (long) prior;
      return new OperationCost(7 * n, 13 * n);
    }
    return new OperationCost(rowsAlone(operation, c), 0);
  }

  private static long rowsAlone(Operation operation, BenchConfig c) {
    long latents = (long) c.batch() * c.latent();
    if (operation instanceof Gather) {
      return 2L * c.batch() * (2L * c.inputs() + 1);
    }
    if (operation instanceof NormalNoise) {
      return latents;
    }
    if (operation instanceof Directions) {
      return (long) c.latent() * c.projections();
    }
    if (operation instanceof EncodedMoves || operation instanceof LangevinMoves) {
      return 3 * latents;
    }
    if (operation instanceof AddMoveGradient) {
      return 5 * latents;
    }
    if (operation instanceof TangentInput) {
      return latents * (c.latent() + 2);
    }
    if (operation instanceof PriorLikelihood) {
      return latents * (c.latent() + 6);
    }
    return 0;
  }

  private static OperationCost dense(Operation operation, BenchConfig c, DenseLayer layer) {
    long d = c.latent();
    boolean wide = layer.name().startsWith("encoder") || layer.name().startsWith("decoder");
    long rows = (wide ? 2L : 1L) * c.batch();
    long streams = layer.name().startsWith("log_diffusion") ? 1 + d : 1;
    long k = layer.inputs();
    long n = layer.outputs();
    if (operation instanceof DenseForward) {
      return new OperationCost(rows * (k + n) + k * n + n, 2 * rows * k * n);
    }
    if (operation instanceof DenseBackward) {
      return new OperationCost(
          streams * rows * (k + n) + rows * k + k * n, 2 * streams * rows * k * n);
    }
    if (operation instanceof DenseGradient) {
      return new OperationCost(
          streams * rows * (k + n) + k * n + n, 2 * streams * rows * k * n + rows * n);
    }
    if (operation instanceof TangentForward) {
      return new OperationCost(
          d * rows * (k + 2 * n) + rows * n + k * n, 2 * d * rows * k * n + d * rows * n);
    }
    return new OperationCost(rows * k * (3 * d + 3), rows * k * (3 * d + 6));
  }

  private static OperationCost convolution(Operation operation, BenchConfig c, Layer layer) {
    long rows = 2L * c.batch();
    long maps = rows * (layer.inputs() + layer.outputs());
    long flops = 2 * rows * operation.multiplyAddsPerRow();
    if (operation instanceof ConvGradient) {
      int slices = ConvGradient.slices(2 * c.batch());
      return new OperationCost(maps + (long) slices * layer.size(), flops);
    }
    boolean forward = operation.name().endsWith("_forward");
    return new OperationCost(maps + (forward ? 0 : rows * layer.inputs()) + layer.weights(), flops);
  }

  /** The layer that an operation is called after. */
  private static Layer layer(Operation operation, Model model) {
    return model.networks().layers().stream()
        .filter(l -> operation.name().startsWith(l.bufferName() + "_"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no layer for " + operation.name()));
  }
}
