// SPDX-License-Identifier: MIT
/**
 * Molecules as trajectories: superposition onto a reference, and dihedral angles.
 *
 * <p>Coordinates of A atoms are 3 A numbers, x, y and z of the first atom first; lengths are in any
 * unit, angles in radians.
 */
package io.dynae.molecule;
