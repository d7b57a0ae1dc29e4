// SPDX-License-Identifier: MIT
/**
 * Pictures of simulated systems: sprites, a room with an object, a fluorescent molecule.
 *
 * <p>Pure functions of what is to be seen. Pictures are arrays of brightness, 0 to 1, [channels,
 * height, width], row 0 at the top; the centre of the first pixel is at (0.5, 0.5).
 */
package io.dynae.trajectory.render;
