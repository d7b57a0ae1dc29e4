// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.Arrays;
import java.util.List;

/** The sections of a file, by their titles. */
enum Section {
  MODEL("Model Parameters"),
  TRAINING("Training Parameters"),
  DATA("Data"),
  OTHER("Other Controls");

  private final String title;

  Section(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static List<String> titles() {
    return Arrays.stream(values()).map(Section::title).toList();
  }
}
