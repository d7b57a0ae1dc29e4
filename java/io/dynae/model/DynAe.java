// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.TeamShape;
import io.dynae.op.Adam;
import io.dynae.op.AddMoveGradient;
import io.dynae.op.Control;
import io.dynae.op.Directions;
import io.dynae.op.EncodedMoves;
import io.dynae.op.Gather;
import io.dynae.op.LangevinMoves;
import io.dynae.op.LangevinNoise;
import io.dynae.op.Layout;
import io.dynae.op.Losses;
import io.dynae.op.Operation;
import io.dynae.op.PriorLikelihood;
import io.dynae.op.ProjectAndSort;
import io.dynae.op.Region;
import io.dynae.op.SortPlan;
import io.dynae.op.SquaredError;
import io.dynae.op.StepPlan;
import io.dynae.op.TangentInput;
import io.dynae.op.WassersteinGradient;
import java.util.ArrayList;
import java.util.List;

/**
 * The training step of DynAE (Alg. 1, lines 8 to 14) as a list of operations.
 *
 * <p>Force and log-diffusion are evaluated at the latents of this step, before encoder and decoder
 * move, so both optimisers run at the end.
 */
public final class DynAe {
  /** Most steps of one launch: the rows kept of losses. */
  public static final int MOST_STEPS = 256;

  private final ModelShape shape;
  private final Networks networks;
  private final Layout layout;
  private final List<Operation> operations = new ArrayList<>();
  private final StepPlan plan;

  private final Region parameters;
  private final Region gradients;
  private final Region firstMoment;
  private final Region secondMoment;
  private final Region average;
  private final Losses losses;
  private final Region noise;
  private final Region theta;

  /** Where a step's random numbers come from. */
  public enum Draws {
    /** Drawn anew at each step. */
    FRESH,
    /** Written by the host into {@link #noise} and {@link #theta}: for known-answer tests. */
    GIVEN
  }

  /**
   * Lays the step out for a device.
   *
   * @param batch pairs in a batch
   * @param projections L
   * @param hasTarget whether the decoder predicts the table of targets instead of the input
   */
  public DynAe(
      ModelShape shape,
      int batch,
      int projections,
      boolean hasTarget,
      Draws draws,
      TeamShape team,
      int rowsPerBlock) {
    this.shape = shape;
    this.networks = new Networks(shape);
    this.layout = new Layout(batch, rowsPerBlock);
    int d = shape.latent();
    SortPlan sort = SortPlan.of(batch, projections, team.vectorWidth(), team.localBytes());

    parameters = layout.flat("parameters", networks.size());
    gradients = layout.flat("gradients", networks.size());
    firstMoment = layout.flat("first_moment", networks.size());
    secondMoment = layout.flat("second_moment", networks.size());
    average = layout.flat("average", networks.size());
    losses = new Losses(layout, team.lanes(), MOST_STEPS);
    theta = layout.flat("theta", (long) d * sort.padded());
    noise = layout.halfRows("noise", d);

    Region x = layout.rows("x", shape.inputs());
    Region target = hasTarget ? layout.rows("target", shape.outputs()) : x;
    DenseNet encoder = new DenseNet(networks.encoder(), parameters, x, layout);
    Region z = encoder.output();
    DenseNet decoder = new DenseNet(networks.decoder(), parameters, z, layout);
    Region moves = layout.halfRows("moves", d);
    Region priorMoves = layout.halfRows("prior_moves", d);
    Region moveGradient = layout.halfRows("d_moves", d);
    Region priorInput = layout.halfRows("tangent_input", (1 + d) * d);
    DenseNet force = new DenseNet(networks.force(), parameters, priorInput, layout);
    LogDiffusionNet logDiffusion =
        new LogDiffusionNet(
            networks.logDiffusion(), parameters, priorInput, shape.secondOrder(), layout);

    if (draws == Draws.FRESH) {
      operations.add(new LangevinNoise("langevin_noise", noise));
      operations.add(new Directions("directions", theta, d));
    }
    operations.add(new Gather("gather", layout, Gather.Table.FRAMES, x));
    if (hasTarget) {
      operations.add(new Gather("gather_target", layout, Gather.Table.TARGETS, target));
    }
    encoder.forward(operations);
    operations.add(new EncodedMoves("encoded_moves", z, moves));
    operations.add(new TangentInput("tangent_input", z, priorInput));
    force.forward(operations);
    if (shape.learnedDiffusion()) {
      logDiffusion.forward(operations);
      operations.add(
          LangevinMoves.learned(
              "langevin_moves", force.output(), logDiffusion.output(), noise, priorMoves));
    } else {
      operations.add(LangevinMoves.unit("langevin_moves", force.output(), noise, priorMoves));
    }
    wasserstein(moves, priorMoves, moveGradient, sort);
    decoder.forward(operations);
    Region dy = decoder.outputGradient();
    Region dz = encoder.outputGradient();
    operations.add(new SquaredError("squared_error", layout, losses, decoder.output(), target, dy));
    decoder.backward(operations, dz);
    operations.add(new AddMoveGradient("add_move_gradient", dz, moveGradient));
    encoder.backward(operations, null);
    if (!shape.learnedDiffusion()) {
      logDiffusion.forward(operations);
    }
    operations.add(
        new PriorLikelihood(
            "prior_likelihood",
            layout,
            losses,
            moves,
            force.output(),
            logDiffusion.output(),
            force.outputGradient(),
            logDiffusion.outputGradient()));
    force.backward(operations, null);
    logDiffusion.backward(operations);
    encoder.gradients(operations, gradients);
    decoder.gradients(operations, gradients);
    force.gradients(operations, gradients);
    logDiffusion.gradients(operations, gradients);
    optimisers();
    plan = new StepPlan("dynae_step", layout, sort, operations);
  }

  private void wasserstein(Region moves, Region priorMoves, Region moveGradient, SortPlan sort) {
    int halfRows = layout.halfBlocks() * layout.rowsPerBlock();
    Region gap = layout.flat("gap", (long) sort.padded() * halfRows);
    Region scratch = sort.local() ? null : layout.flat("sort", sort.scratchFloats());
    operations.add(
        new ProjectAndSort(
            "project_and_sort", layout, moves, priorMoves, theta, gap, scratch, sort));
    operations.add(
        new WassersteinGradient(
            "wasserstein_gradient", layout, losses, gap, theta, moveGradient, sort));
  }

  private void optimisers() {
    operations.add(losses.sum("losses"));
    operations.add(
        new Adam(
            "adam_representation",
            parameters,
            gradients,
            firstMoment,
            secondMoment,
            average,
            0,
            networks.priorStart(),
            Control.ADAM_REPRESENTATION,
            Control.RATE_REPRESENTATION));
    operations.add(
        new Adam(
            "adam_prior",
            parameters,
            gradients,
            firstMoment,
            secondMoment,
            average,
            networks.priorStart(),
            networks.size(),
            Control.ADAM_PRIOR,
            Control.RATE_PRIOR));
  }

  /** The step's operations and buffers. */
  public StepPlan plan() {
    return plan;
  }

  public ModelShape shape() {
    return shape;
  }

  public Networks networks() {
    return networks;
  }

  /** All weights and biases, as {@link Networks} lays them out. */
  public Region parameters() {
    return parameters;
  }

  /** Gradients of the last step, laid out like the parameters. */
  public Region gradients() {
    return gradients;
  }

  /** Adam's first moments, laid out like the parameters. */
  public Region firstMoment() {
    return firstMoment;
  }

  /** Adam's second moments, laid out like the parameters. */
  public Region secondMoment() {
    return secondMoment;
  }

  /** Running average of the weights, laid out like the parameters. */
  public Region average() {
    return average;
  }

  /** Losses of the launch's steps, [{@link #MOST_STEPS}][{@link Losses#WIDTH}]. */
  public Region losses() {
    return losses.totals();
  }

  /** Noise of the prior, [B][d]. */
  public Region noise() {
    return noise;
  }

  /** Directions, [d][L padded]. */
  public Region theta() {
    return theta;
  }
}
