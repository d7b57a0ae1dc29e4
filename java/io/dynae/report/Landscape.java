// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.MoveField;

/**
 * A free energy with the field that moves on it.
 *
 * @param title of its panel
 * @param xLabel first coordinate with its unit
 * @param yLabel second one
 * @param energy the map
 * @param field drift and noise, on a coarser grid, in the coordinates' units; null for none
 */
public record Landscape(
    String title, String xLabel, String yLabel, FreeEnergy energy, MoveField field) {}
