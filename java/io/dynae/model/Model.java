// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.compute.TeamShape;
import io.dynae.op.Losses;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;

/** The training step of a model: its operations, and the buffers that others read and write. */
public final class Model {
  /** Most steps of one launch: the rows kept of losses. */
  public static final int MOST_STEPS = 256;

  private final StepBuilder step;
  private final StepPlan plan;

  /** Where a step's random numbers come from. */
  public enum Draws {
    /** Drawn anew at each step. */
    FRESH,
    /** Written by the host into {@link #noise} and {@link #theta}: for known-answer tests. */
    GIVEN
  }

  private Model(StepBuilder step) {
    this.step = step;
    plan = step.plan();
  }

  /**
   * Lays a model's step out for a device.
   *
   * @param batch pairs, or single frames, in a batch
   * @param projections L, where the model has a sliced Wasserstein distance
   * @param hasTarget whether the decoder predicts the table of targets instead of the input
   */
  public static Model of(
      ModelShape shape,
      int batch,
      int projections,
      boolean hasTarget,
      Draws draws,
      TeamShape team,
      int rowsPerBlock) {
    StepBuilder step =
        new StepBuilder(shape, batch, projections, hasTarget, draws, team, rowsPerBlock);
    switch (shape.kind()) {
      case DYNAE -> DynAe.list(step);
      case BETA_VAE -> BetaVae.list(step);
      case SWAE -> Swae.list(step);
      case SDE_VAE -> SdeVae.list(step);
    }
    return new Model(step);
  }

  /** The step's operations and buffers. */
  public StepPlan plan() {
    return plan;
  }

  public ModelShape shape() {
    return step.shape;
  }

  public Networks networks() {
    return step.networks;
  }

  /** All weights and biases, as {@link Networks} lays them out. */
  public Region parameters() {
    return step.parameters;
  }

  /** Gradients of the last step, laid out like the parameters. */
  public Region gradients() {
    return step.gradients;
  }

  /** Adam's first moments, laid out like the parameters. */
  public Region firstMoment() {
    return step.firstMoment;
  }

  /** Adam's second moments, laid out like the parameters. */
  public Region secondMoment() {
    return step.secondMoment;
  }

  /** Running average of the weights, laid out like the parameters. */
  public Region average() {
    return step.average;
  }

  /** Losses of the launch's steps, [{@link #MOST_STEPS}][{@link Losses#WIDTH}]. */
  public Region losses() {
    return step.losses.totals();
  }

  /**
   * What is drawn for the rows: noise of DynAE's prior or SWAE's samples, [B][d]; noise of a
   * variational encoder, [frames of a sample * B][d].
   */
  public Region noise() {
    return step.noise();
  }

  /** Directions, [d][L padded], or null without a sliced Wasserstein distance. */
  public Region theta() {
    return step.theta();
  }
}
