// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.latent.AddGradient;
import io.dynae.op.latent.AddMoveGradient;
import io.dynae.op.latent.EncodedMoves;
import io.dynae.op.latent.LangevinKl;
import io.dynae.op.latent.Reparameterize;
import io.dynae.op.latent.ReparameterizeGradient;
import io.dynae.op.step.NormalNoise;
import io.dynae.random.Stream;
import java.util.List;

/**
 * The training step of SDE-VAE (method section 5) on pairs as a list of operations: the decoder
 * sees samples, the prior the means; the means get gradients from both, from the move and through
 * the force net.
 */
final class SdeVae {
  private SdeVae() {}

  static void list(StepBuilder step) {
    Layout layout = step.layout;
    List<Operation> operations = step.operations;
    int d = step.shape.latent();
    Net encoder = step.encoder();
    Region code = encoder.output();
    Region dcode = encoder.outputGradient();
    Region noise = layout.rows("noise", d);
    Region z = layout.rows("z", d);
    Region dz = layout.rows("d_z", d);
    Net decoder = step.decoder(z);
    Net force = new Net(step.networks.force(), step.parameters, code, true, layout);
    Region moves = layout.halfRows("moves", d);
    Region moveGradient = layout.halfRows("d_moves", d);
    Region forceInputGradient = layout.halfRows("d_force_input", d);

    step.draw(new NormalNoise("encoder_noise", layout, Stream.REPARAMETERIZATION, noise), noise);
    step.gather();
    encoder.forward(operations);
    operations.add(new Reparameterize("reparameterize", code, noise, z));
    operations.add(new EncodedMoves("encoded_moves", code, moves));
    force.forward(operations);
    step.reconstruction(decoder, dz);
    operations.add(
        new LangevinKl(
            "langevin_kl",
            layout,
            step.losses,
            code,
            moves,
            force.output(),
            dcode,
            moveGradient,
            force.outputGradient()));
    force.backward(operations, forceInputGradient);
    operations.add(new ReparameterizeGradient("reparameterize_gradient", code, noise, dz, dcode));
    operations.add(new AddMoveGradient("add_move_gradient", dcode, moveGradient));
    operations.add(new AddGradient("add_force_gradient", dcode, forceInputGradient));
    encoder.backward(operations, null);
    step.weightGradients(encoder, decoder, force);
    step.optimisers();
  }
}
