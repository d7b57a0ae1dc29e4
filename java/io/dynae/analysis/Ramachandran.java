// SPDX-License-Identifier: MIT
package io.dynae.analysis;

/**
 * The basins of alanine dipeptide in its two dihedrals phi and psi, cut where the free energy at
 * 300 K is high: psi at -120 and 80 degrees, phi at 0 and 125 degrees.
 */
public enum Ramachandran {
  /**
   * Extended: C5, C7eq and polyproline II; phi outside 0 to 125, psi outside -120 to 80 degrees.
   */
  BETA,
  /** Right-handed helix: phi outside 0 to 125, psi from -120 to 80 degrees. */
  ALPHA_R,
  /** Left-handed helix and C7ax: phi from 0 to 125 degrees. */
  ALPHA_L;

  /**
   * The basin of a frame.
   *
   * @param phi radians, -pi to pi
   * @param psi radians, -pi to pi
   */
  public static Ramachandran of(double phi, double psi) {
    if (phi > 0 && phi < Math.toRadians(125)) {
      return ALPHA_L;
    }
    return psi > Math.toRadians(-120) && psi < Math.toRadians(80) ? ALPHA_R : BETA;
  }
}
