// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.List;

/**
 * One of a few words.
 *
 * @param words the words that run; the first of a synonym pair is what is written
 * @param synonym another spelling of the first word, or null
 * @param absent words of published files that name what this version does not have
 */
record ChoiceType(List<String> words, String synonym, List<String> absent) implements ValueType {
  static ChoiceType of(String... words) {
    return new ChoiceType(List.of(words), null, List.of());
  }

  ChoiceType synonym(String other) {
    return new ChoiceType(words, other, absent);
  }

  ChoiceType absent(String... others) {
    return new ChoiceType(words, synonym, List.of(others));
  }

  @Override
  public String label() {
    return "word";
  }

  @Override
  public String rule(String key) {
    return key + " is " + String.join(" or ", words) + (synonym == null ? "" : " or " + synonym);
  }

  @Override
  public Object parse(String key, String text) {
    if (text.equals(synonym)) {
      return words.get(0);
    }
    if (words.contains(text)) {
      return text;
    }
    String note = absent.contains(text) ? " (not available in this version)" : "";
    throw new IllegalArgumentException(
        rule(key)
            + " does not hold: "
            + text.replace("\n", " ")
            + note
            + "; "
            + Spelling.hint(text, words)
            + "write "
            + key
            + " = "
            + words.get(0));
  }

  @Override
  public String write(Object value) {
    return (String) value;
  }
}
