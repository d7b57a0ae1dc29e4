// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Layout;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.latent.AddGradient;
import io.dynae.op.step.UniformSamples;
import java.util.List;

/** The training step of SWAE (method section 5) on single frames as a list of operations. */
final class Swae {
  private Swae() {}

  static void list(StepBuilder step) {
    Layout layout = step.layout;
    List<Operation> operations = step.operations;
    int d = step.shape.latent();
    Net encoder = step.encoder();
    Region z = encoder.output();
    Region dz = encoder.outputGradient();
    Net decoder = step.decoder(z);
    Region samples = layout.halfRows("prior_samples", d);
    Region distanceGradient = layout.halfRows("d_distance", d);

    step.draw(new UniformSamples("prior_samples", samples), samples);
    step.directions();
    step.gather();
    encoder.forward(operations);
    step.wasserstein(z, samples, distanceGradient);
    step.reconstruction(decoder, dz);
    operations.add(new AddGradient("add_distance_gradient", dz, distanceGradient));
    encoder.backward(operations, null);
    step.weightGradients(encoder, decoder);
    step.optimisers();
  }
}
