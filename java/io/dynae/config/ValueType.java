// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.List;

/** How the text of a key becomes a value and the value becomes text again. */
interface ValueType {
  /** The word for the type in the table of keys: {@code integer}. */
  String label();

  /** What holds for a good value of {@code key}, in one line: {@code 1 <= key <= 32}. */
  String rule(String key);

  /**
   * Reads a value.
   *
   * @param text without outer spaces
   * @throws IllegalArgumentException whose message is the broken rule, the text and what to do
   */
  Object parse(String key, String text);

  /** Text that {@link #parse} reads as {@code value}. */
  String write(Object value);

  /** True or False, in any case; a {@code Boolean}. */
  ValueType FLAG =
      new ValueType() {
        @Override
        public String label() {
          return "True or False";
        }

        @Override
        public String rule(String key) {
          return key + " is True or False";
        }

        @Override
        public Object parse(String key, String text) {
          if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return text.equalsIgnoreCase("true");
          }
          throw new IllegalArgumentException(
              rule(key) + " does not hold: " + text + "; write one of the two");
        }

        @Override
        public String write(Object value) {
          return (Boolean) value ? "True" : "False";
        }
      };

  /** A list of file paths; a {@code List<String>}. */
  ValueType PATHS =
      new ValueType() {
        @Override
        public String label() {
          return "[paths]";
        }

        @Override
        public String rule(String key) {
          return key + " is a list [a.npy, b.npy]";
        }

        @Override
        public Object parse(String key, String text) {
          try {
            return PathList.parse(text);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                e.getMessage()
                    + " does not hold for "
                    + key
                    + ": "
                    + text.replace("\n", " ")
                    + "; write "
                    + key
                    + " = [a.npy, b.npy]",
                e);
          }
        }

        @Override
        public String write(Object value) {
          return PathList.write(((List<?>) value).stream().map(String.class::cast).toList());
        }
      };
}
