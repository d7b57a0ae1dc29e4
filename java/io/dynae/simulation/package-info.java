// SPDX-License-Identifier: MIT
/**
 * Known systems to test on: {@link io.dynae.simulation.Systems} lists them, {@link
 * io.dynae.simulation.Simulation} streams one to disk.
 */
package io.dynae.simulation;
