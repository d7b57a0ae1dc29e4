// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of a few words.
 *
 * @param words the words that run, and are written
 * @param synonyms other spellings, each with its word
 * @param absent words of published files that name what this version does not have
 */
record ChoiceType(List<String> words, Map<String, String> synonyms, List<String> absent)
    implements ValueType {
  static ChoiceType of(String... words) {
    return new ChoiceType(List.of(words), Map.of(), List.of());
  }

  ChoiceType synonym(String other, String word) {
    Map<String, String> more = new LinkedHashMap<>(synonyms);
    more.put(other, word);
    return new ChoiceType(words, more, absent);
  }

  ChoiceType absent(String... others) {
    return new ChoiceType(words, synonyms, List.of(others));
  }

  @Override
  public String label() {
    return "word";
  }

  @Override
  public String rule(String key) {
    String others = synonyms.isEmpty() ? "" : " or " + String.join(" or ", synonyms.keySet());
    return key + " is " + String.join(" or ", words) + others;
  }

  @Override
  public Object parse(String key, String text) {
    String word = synonyms.getOrDefault(text, text);
    if (words.contains(word)) {
      return word;
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
