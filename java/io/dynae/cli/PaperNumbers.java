// SPDX-License-Identifier: MIT
package io.dynae.cli;

import java.util.Map;

/** L_z that the paper's Table 1 gives, on its own versions of the systems. */
final class PaperNumbers {
  private static final Map<String, Double> DYNAE =
      Map.of("dsprites-2", 0.0020, "dsprites-3", 0.22, "shapes3d", 0.10, "dna", 0.39);
  private static final Map<String, Double> BETA_VAE =
      Map.of("dsprites-2", 0.022, "dsprites-3", 0.730, "shapes3d", 0.91);

  private PaperNumbers() {}

  /** L_z of a model on a system, or null where the paper gives none. */
  static Double lz(String system, Example.Contender model) {
    return switch (model) {
      case DYNAE -> DYNAE.get(system);
      case BETA_VAE -> BETA_VAE.get(system);
      default -> null;
    };
  }
}
