// SPDX-License-Identifier: MIT
/**
 * Measures of a trained model: its distance from a known truth, free energies, and the fields of
 * its prior on a grid.
 */
package io.dynae.analysis;
