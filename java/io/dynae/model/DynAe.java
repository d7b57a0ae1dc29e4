// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.TeamShape;
import io.dynae.op.Activation;
import io.dynae.op.Adam;
import io.dynae.op.AddMoveGradient;
import io.dynae.op.Control;
import io.dynae.op.DenseBackward;
import io.dynae.op.DenseForward;
import io.dynae.op.DenseGradient;
import io.dynae.op.DenseLayer;
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
import io.dynae.op.TangentBackward;
import io.dynae.op.TangentForward;
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
  private final Region z;
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
    Region[] encoded = forwardBuffers(networks.encoder(), x);
    z = encoded[encoded.length - 1];
    Region moves = layout.halfRows("moves", d);
    Region priorMoves = layout.halfRows("prior_moves", d);
    Region moveGradient = layout.halfRows("d_moves", d);
    Prior prior = new Prior(d);

    if (draws == Draws.FRESH) {
      operations.add(new LangevinNoise("langevin_noise", noise));
      operations.add(new Directions("directions", theta, d));
    }
    operations.add(new Gather("gather", layout, Gather.Table.FRAMES, x));
    if (hasTarget) {
      operations.add(new Gather("gather_target", layout, Gather.Table.TARGETS, target));
    }
    forward(networks.encoder(), encoded);
    operations.add(new EncodedMoves("encoded_moves", z, moves));
    prior.forward(shape.learnedDiffusion());
    operations.add(
        shape.learnedDiffusion()
            ? LangevinMoves.learned(
                "langevin_moves", prior.forceAt, prior.logDiffusionAt, noise, priorMoves)
            : LangevinMoves.unit("langevin_moves", prior.forceAt, noise, priorMoves));
    wasserstein(moves, priorMoves, moveGradient, sort);
    Region[] decoded = forwardBuffers(networks.decoder(), z);
    forward(networks.decoder(), decoded);
    Region[] decodedGradient = backwardBuffers(networks.decoder(), "d_");
    Region dy = decodedGradient[decodedGradient.length - 1];
    operations.add(
        new SquaredError("squared_error", layout, losses, decoded[decoded.length - 1], target, dy));
    Region[] encodedGradient = backwardBuffers(networks.encoder(), "d_");
    Region dz = encodedGradient[encodedGradient.length - 1];
    backward(networks.decoder(), decoded, decodedGradient, dz);
    operations.add(new AddMoveGradient("add_move_gradient", dz, moveGradient));
    backward(networks.encoder(), encoded, encodedGradient, null);
    if (!shape.learnedDiffusion()) {
      prior.logDiffusionForward();
    }
    prior.backward(moves);
    gradients(networks.encoder(), encoded, encodedGradient, 1);
    gradients(networks.decoder(), decoded, decodedGradient, 1);
    prior.gradients();
    optimisers();
    plan = new StepPlan("dynae_step", layout, sort, operations);
  }

  /** Buffers of a net: its input, then the output of every layer. */
  private Region[] forwardBuffers(List<DenseLayer> net, Region input) {
    Region[] buffers = new Region[net.size() + 1];
    buffers[0] = input;
    for (int i = 0; i < net.size(); i++) {
      buffers[i + 1] = layout.rows(bufferName(net.get(i)), net.get(i).outputs());
    }
    return buffers;
  }

  /** Gradients of the outputs of a net's layers; entry i belongs to layer i. */
  private Region[] backwardBuffers(List<DenseLayer> net, String prefix) {
    Region[] buffers = new Region[net.size()];
    for (int i = 0; i < net.size(); i++) {
      buffers[i] = layout.rows(prefix + bufferName(net.get(i)), net.get(i).outputs());
    }
    return buffers;
  }

  private static String bufferName(DenseLayer layer) {
    return layer.name().replace('.', '_');
  }

  private void forward(List<DenseLayer> net, Region[] buffers) {
    for (int i = 0; i < net.size(); i++) {
      DenseLayer layer = net.get(i);
      operations.add(
          new DenseForward(
              bufferName(layer) + "_forward", parameters, layer, buffers[i], buffers[i + 1]));
    }
  }

  /** From the gradient of a net's output down to that of its input, if that is wanted. */
  private void backward(
      List<DenseLayer> net, Region[] buffers, Region[] layerGradients, Region inputGradient) {
    for (int i = net.size() - 1; i >= 0; i--) {
      Region dx = i == 0 ? inputGradient : layerGradients[i - 1];
      if (dx == null) {
        continue;
      }
      Activation below = i == 0 ? Activation.LINEAR : net.get(i - 1).activation();
      DenseLayer layer = net.get(i);
      operations.add(
          new DenseBackward(
              bufferName(layer) + "_backward",
              parameters,
              layer,
              below,
              layerGradients[i],
              buffers[i],
              dx,
              1));
    }
  }

  private void gradients(
      List<DenseLayer> net, Region[] buffers, Region[] layerGradients, int streams) {
    for (int i = 0; i < net.size(); i++) {
      operations.add(
          new DenseGradient(
              bufferName(net.get(i)) + "_gradient",
              gradients,
              net.get(i),
              buffers[i],
              layerGradients[i],
              streams));
    }
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

  /** Force and log-diffusion nets, the latter with its tangents along every latent axis. */
  private final class Prior {
    private final int d;
    private final Region input;
    private final Region[] force;
    private final Region[] logDiffusion;
    private final Region[] tangents;
    private final Region[] dForce;
    private final Region[] dLogDiffusion;
    final Region forceAt;
    final Region logDiffusionAt;

    Prior(int d) {
      this.d = d;
      input = layout.halfRows("tangent_input", (1 + d) * d);
      List<DenseLayer> f = networks.force();
      List<DenseLayer> m = networks.logDiffusion();
      int n = f.size();
      force = new Region[n + 1];
      dForce = new Region[n];
      logDiffusion = new Region[n + 1];
      dLogDiffusion = new Region[n];
      tangents = new Region[n];
      force[0] = input;
      logDiffusion[0] = input;
      for (int i = 0; i < n; i++) {
        int width = f.get(i).outputs();
        force[i + 1] = layout.halfRows(bufferName(f.get(i)), width);
        dForce[i] = layout.halfRows("d_" + bufferName(f.get(i)), width);
        logDiffusion[i + 1] = layout.halfRows(bufferName(m.get(i)), (1 + d) * width);
        dLogDiffusion[i] = layout.halfRows("d_" + bufferName(m.get(i)), (1 + d) * width);
        tangents[i] =
            i == n - 1 ? null : layout.halfRows("tangents_" + bufferName(m.get(i)), d * width);
      }
      forceAt = force[n];
      logDiffusionAt = logDiffusion[n];
    }

    void forward(boolean withLogDiffusion) {
      operations.add(new TangentInput("tangent_input", z, input));
      DynAe.this.forward(networks.force(), force);
      if (withLogDiffusion) {
        logDiffusionForward();
      }
    }

    void logDiffusionForward() {
      List<DenseLayer> net = networks.logDiffusion();
      for (int i = 0; i < net.size(); i++) {
        String name = bufferName(net.get(i));
        Region x = logDiffusion[i];
        Region h = logDiffusion[i + 1];
        operations.add(new DenseForward(name + "_forward", parameters, net.get(i), x, h));
        operations.add(
            new TangentForward(name + "_tangents", parameters, net.get(i), x, tangents[i], h, d));
      }
    }

    void backward(Region moves) {
      int last = networks.force().size() - 1;
      operations.add(
          new PriorLikelihood(
              "prior_likelihood",
              layout,
              losses,
              moves,
              forceAt,
              logDiffusionAt,
              dForce[last],
              dLogDiffusion[last]));
      DynAe.this.backward(networks.force(), force, dForce, null);
      List<DenseLayer> net = networks.logDiffusion();
      for (int i = last; i > 0; i--) {
        String name = bufferName(net.get(i));
        operations.add(
            new DenseBackward(
                name + "_backward",
                parameters,
                net.get(i),
                shape.secondOrder() ? Activation.LINEAR : Activation.TANH,
                dLogDiffusion[i],
                logDiffusion[i],
                dLogDiffusion[i - 1],
                streams()));
        if (shape.secondOrder()) {
          operations.add(
              new TangentBackward(
                  name + "_tangents_backward",
                  dLogDiffusion[i - 1],
                  logDiffusion[i],
                  tangents[i - 1],
                  net.get(i).inputs(),
                  d));
        }
      }
    }

    void gradients() {
      DynAe.this.gradients(networks.force(), force, dForce, 1);
      DynAe.this.gradients(networks.logDiffusion(), logDiffusion, dLogDiffusion, streams());
    }

    /**
     * Streams that the gradient runs through: the net itself and, to second order, its tangents.
     */
    private int streams() {
      return shape.secondOrder() ? 1 + d : 1;
    }
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
