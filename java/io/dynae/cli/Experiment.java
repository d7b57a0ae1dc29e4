// SPDX-License-Identifier: MIT
package io.dynae.cli;

/** A table or figure of the paper: its data, its models, what is measured and drawn. */
interface Experiment {
  /**
   * Generates or reads the data, trains, measures and draws.
   *
   * @param table receives a line for each model with a known truth
   * @return 0, or the exit code of a model of which no seed trained
   */
  int run(Reproduction reproduction, Table1 table);
}
