// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.config.RunConfig;
import io.dynae.model.ModelShape;
import java.util.List;

/**
 * What models must have in common to train side by side: one kernel runs them, on one table of
 * frames. Everything else is a number that differs from model to model.
 *
 * @param shape of the networks
 * @param batch B, pairs
 * @param projections L
 * @param maxCenters room for bin centres
 * @param standardized whether the table holds standardised frames
 */
public record ModelGroup(
    ModelShape shape,
    List<String> inputs,
    List<String> targets,
    int stride,
    int predictionLag,
    int batch,
    int projections,
    int maxCenters,
    boolean standardized) {
  /** The group of a configuration whose data ask for {@code shape}. */
  public static ModelGroup of(RunConfig config, ModelShape shape) {
    return new ModelGroup(
        shape,
        config.inputData(),
        config.targetData(),
        config.stride(),
        config.predictionLag(),
        config.batchSize(),
        config.projections(),
        config.maxCenters(),
        config.standardize());
  }
}
