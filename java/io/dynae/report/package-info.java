// SPDX-License-Identifier: MIT
/**
 * Figures of trained models and the report of a run: each figure is drawn once, for print in a
 * two-column paper, and written as PNG and SVG. Alone imports JFreeChart and Batik.
 */
package io.dynae.report;
