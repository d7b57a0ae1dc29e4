// SPDX-License-Identifier: MIT
package io.dynae.config;

/** The ranges of keys, for values that do not come from a configuration. */
public final class KeyValues {
  private KeyValues() {}

  /**
   * Refuses a whole number that a configuration could not have.
   *
   * @param key as it is written in a file
   * @throws IllegalArgumentException whose message names the range and the value
   */
  public static void require(String key, long value) {
    Key.find(key).orElseThrow().type().parse(key, Long.toString(value));
  }
}
