// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.analysis.Isometry;
import io.dynae.error.InputException;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.StackedFrames;
import java.util.Arrays;
import java.util.List;

/**
 * The true latents of some trajectories.
 *
 * @param source files, for messages
 * @param values [frames][features], as they are stored: float32 may lose what moves far from zero
 * @param lengths frames of each trajectory
 * @param survey of these values
 */
record Truth(String source, double[] values, int features, int[] lengths, FrameSurvey survey) {
  /**
   * Reads files.
   *
   * @param stride of the trajectories, which the truth is strided by too
   * @param input trajectories that the truth belongs to
   * @throws InputException for other numbers of frames, and values that are not finite
   */
  static Truth read(List<String> files, int stride, StackedFrames input) {
    return read(files, stride, input.source(), input.lengths());
  }

  /**
   * The same for trajectories that are not open.
   *
   * @param source their name, for messages
   * @param lengths frames of each that the stride keeps
   */
  static Truth read(List<String> files, int stride, String source, int[] lengths) {
    try (StackedFrames stacked = StackedFrames.open(files, stride)) {
      FrameSurvey survey = FrameSurvey.of(stacked, false);
      if (!Arrays.equals(stacked.lengths(), lengths)) {
        throw new InputException(
            "%s: frames = frames of %s does not hold at stride %d: %s, %s; give the truth of the same frames"
                .formatted(
                    stacked.source(),
                    source,
                    stride,
                    Arrays.toString(stacked.lengths()),
                    Arrays.toString(lengths)));
      }
      return new Truth(
          stacked.source(),
          stacked.readAllDoubles(),
          stacked.features(),
          stacked.lengths(),
          survey);
    }
  }

  /** The values as they are drawn. */
  float[] drawn() {
    return Drawn.floats(values, Drawn.origin(survey));
  }

  /** Refuses a latent of another dimension than the truth. */
  void requireDimension(int latent) {
    if (latent != features) {
      throw new InputException(
          "%s: dimensions of truth = d does not hold: %d and %d; choose as many columns of the truth as d"
              .formatted(source, features, latent));
    }
  }

  /** How far latents [frames][d] are from the truth. */
  Isometry isometry(float[] z, int latent, int lag) {
    requireDimension(latent);
    return Isometry.of(z, latent, values, features, lengths, lag);
  }

  /** Adds how far latents [frames][d] are from the truth. */
  void compare(JsonObject json, float[] z, int latent, int lag) {
    Isometry isometry = isometry(z, latent, lag);
    json.addProperty("lz", isometry.lz());
    json.addProperty("lz_sigma_units", isometry.lzSigmaUnits());
    json.addProperty("fvu", isometry.fvu());
    json.addProperty("scale", isometry.scale());
    json.addProperty("fvu_at_scale", isometry.fvuAtScale());
  }
}
