// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.TeamShape;
import io.dynae.op.Control;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Operation;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.StepPlan;
import io.dynae.op.Table;
import io.dynae.op.step.Adam;
import io.dynae.op.step.Gather;
import io.dynae.op.step.SquaredError;
import io.dynae.op.wasserstein.Directions;
import io.dynae.op.wasserstein.ProjectAndSort;
import io.dynae.op.wasserstein.WassersteinGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the lists of operations of all models have in common: buffers, and runs of operations. */
final class StepBuilder {
  final ModelShape shape;
  final Networks networks;
  final Layout layout;
  final Losses losses;
  final Region parameters;
  final Region gradients;
  final Region firstMoment;
  final Region secondMoment;
  final Region average;
  final List<Operation> operations = new ArrayList<>();

  private final boolean fresh;
  private final SortPlan sort;
  private final Region x;
  private final Region target;
  private Region noise;
  private Region theta;

  StepBuilder(
      ModelShape shape,
      int batch,
      int projections,
      boolean hasTarget,
      Model.Draws draws,
      TeamShape team,
      int rowsPerBlock) {
    this.shape = shape;
    networks = new Networks(shape);
    layout = new Layout(batch, rowsPerBlock, shape.kind().frames());
    fresh = draws == Model.Draws.FRESH;
    sort = SortPlan.of(batch, projections, team.vectorWidth(), team.localBytes());
    parameters = layout.flat("parameters", networks.size());
    gradients = layout.flat("gradients", networks.size());
    firstMoment = layout.flat("first_moment", networks.size());
    secondMoment = layout.flat("second_moment", networks.size());
    average = layout.flat("average", networks.size());
    losses = new Losses(layout, team.lanes(), Model.MOST_STEPS);
    x = layout.rows("x", shape.inputs());
    target = hasTarget ? layout.rows("target", shape.outputs()) : x;
  }

  /** Adds an operation that draws random numbers of the rows into {@code region}. */
  void draw(Operation operation, Region region) {
    noise = region;
    if (fresh) {
      operations.add(operation);
    }
  }

  /** Adds the drawing of directions. */
  void directions() {
    int d = shape.latent();
    theta = layout.flat("theta", (long) d * sort.padded());
    if (fresh) {
      operations.add(new Directions("directions", theta, d));
    }
  }

  /** Adds the gathering of the frames and their targets. */
  void gather() {
    operations.add(new Gather("gather", layout, Table.FRAMES, x));
    if (!target.equals(x)) {
      operations.add(new Gather("gather_target", layout, Table.TARGETS, target));
    }
  }

  /** The encoder of the frames that are gathered. */
  Net encoder() {
    return new Net(networks.encoder(), parameters, x, layout);
  }

  /** The decoder of latents. */
  Net decoder(Region z) {
    return new Net(networks.decoder(), parameters, z, layout);
  }

  /**
   * Adds the reconstruction error and the way back through the decoder.
   *
   * @param dz receives the gradient of the latents
   */
  void reconstruction(Net decoder, Region dz) {
    Region dy = decoder.outputGradient();
    decoder.forward(operations);
    operations.add(new SquaredError("squared_error", layout, losses, decoder.output(), target, dy));
    decoder.backward(operations, dz);
  }

  /**
   * Adds the sliced Wasserstein distance of two sets.
   *
   * @param q, r half rows, d features
   * @param dq receives beta times the gradient of q
   */
  void wasserstein(Region q, Region r, Region dq) {
    int halfRows = layout.halfBlocks() * layout.rowsPerBlock();
    Region gap = layout.flat("gap", (long) sort.padded() * halfRows);
    Region scratch = sort.local() ? null : layout.flat("sort", sort.scratchFloats());
    operations.add(new ProjectAndSort("project_and_sort", layout, q, r, theta, gap, scratch, sort));
    operations.add(
        new WassersteinGradient("wasserstein_gradient", layout, losses, gap, theta, dq, sort));
  }

  /** Adds the weight gradients of nets. */
  void weightGradients(Net... nets) {
    for (Net net : nets) {
      net.gradients(operations, gradients);
    }
  }

  /** Adds the sums of the losses and the optimisers: one, or two where the prior has its own. */
  void optimisers() {
    operations.add(losses.sum("losses"));
    int prior = networks.priorStart();
    adam("adam_representation", 0, prior, Control.ADAM_REPRESENTATION, Control.RATE_REPRESENTATION);
    if (prior < networks.size()) {
      adam("adam_prior", prior, networks.size(), Control.ADAM_PRIOR, Control.RATE_PRIOR);
    }
  }

  private void adam(String name, int from, int to, Control stepsDone, Control rate) {
    operations.add(
        new Adam(
            name,
            parameters,
            gradients,
            firstMoment,
            secondMoment,
            average,
            from,
            to,
            stepsDone,
            rate));
  }

  /** The step. */
  StepPlan plan() {
    String name = shape.kind().name().toLowerCase(Locale.ROOT) + "_step";
    return new StepPlan(name, layout, theta == null ? null : sort, operations);
  }

  Region noise() {
    return noise;
  }

  /** Directions, or null. */
  Region theta() {
    return theta;
  }
}
