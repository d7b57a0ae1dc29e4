// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.dense.TangentInput;
import io.dynae.op.latent.AddMoveGradient;
import io.dynae.op.latent.EncodedMoves;
import io.dynae.op.latent.LangevinMoves;
import io.dynae.op.latent.PriorLikelihood;
import io.dynae.op.step.NormalNoise;
import io.dynae.random.Stream;
import java.util.List;

/**
 * The training step of DynAE (Alg. 1, lines 8 to 14) as a list of operations.
 *
 * <p>Force and log-diffusion are evaluated at the latents of this step, before encoder and decoder
 * move, so both optimisers run at the end.
 */
final class DynAe {
  private DynAe() {}

  static void list(StepBuilder step) {
    Layout layout = step.layout;
    List<Operation> operations = step.operations;
    int d = step.shape.latent();
    boolean learned = step.shape.learnedDiffusion();
    Net encoder = step.encoder();
    Region z = encoder.output();
    Net decoder = step.decoder(z);
    Region noise = layout.halfRows("noise", d);
    Region moves = layout.halfRows("moves", d);
    Region priorMoves = layout.halfRows("prior_moves", d);
    Region moveGradient = layout.halfRows("d_moves", d);
    Region priorInput = layout.halfRows("tangent_input", (1 + d) * d);
    Net force = new Net(step.networks.force(), step.parameters, priorInput, layout);
    LogDiffusionNet logDiffusion =
        new LogDiffusionNet(
            step.networks.logDiffusion(),
            step.parameters,
            priorInput,
            step.shape.secondOrder(),
            layout);

    step.draw(new NormalNoise("langevin_noise", layout, Stream.LANGEVIN_NOISE, noise), noise);
    step.directions();
    step.gather();
    encoder.forward(operations);
    operations.add(new EncodedMoves("encoded_moves", z, moves));
    operations.add(new TangentInput("tangent_input", z, priorInput));
    force.forward(operations);
    if (learned) {
      logDiffusion.forward(operations);
      operations.add(
          LangevinMoves.learned(
              "langevin_moves", force.output(), logDiffusion.output(), noise, priorMoves));
    } else {
      operations.add(LangevinMoves.unit("langevin_moves", force.output(), noise, priorMoves));
    }
    step.wasserstein(moves, priorMoves, moveGradient);
    Region dz = encoder.outputGradient();
    step.reconstruction(decoder, dz);
    operations.add(new AddMoveGradient("add_move_gradient", dz, moveGradient));
    encoder.backward(operations, null);
    if (!learned) {
      logDiffusion.forward(operations);
    }
    operations.add(
        new PriorLikelihood(
            "prior_likelihood",
            layout,
            step.losses,
            moves,
            force.output(),
            logDiffusion.output(),
            force.outputGradient(),
            logDiffusion.outputGradient()));
    force.backward(operations, null);
    logDiffusion.backward(operations);
    step.weightGradients(encoder, decoder, force);
    logDiffusion.gradients(operations, step.gradients);
    step.optimisers();
  }
}
