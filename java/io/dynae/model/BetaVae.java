// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.latent.GaussianKl;
import io.dynae.op.latent.Reparameterize;
import io.dynae.op.latent.ReparameterizeGradient;
import io.dynae.op.step.NormalNoise;
import io.dynae.random.Stream;
import java.util.List;

/** The training step of beta-VAE (method section 5) on single frames as a list of operations. */
final class BetaVae {
  private BetaVae() {}

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

    step.draw(new NormalNoise("encoder_noise", layout, Stream.REPARAMETERIZATION, noise), noise);
    step.gather();
    encoder.forward(operations);
    operations.add(new Reparameterize("reparameterize", code, noise, z));
    step.reconstruction(decoder, dz);
    operations.add(new GaussianKl("gaussian_kl", layout, step.losses, code, dcode));
    operations.add(new ReparameterizeGradient("reparameterize_gradient", code, noise, dz, dcode));
    encoder.backward(operations, null);
    step.weightGradients(encoder, decoder);
    step.optimisers();
  }
}
