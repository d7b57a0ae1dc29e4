// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts that make a configuration: what a file gives, and what overrides put in its place.
 *
 * @param given by the file, each key at most once
 * @param replaced by overrides, each key at most once
 * @param folder of the file, where relative paths are looked up too; null without a file
 */
record Sources(Map<Key, ValueSource> given, Map<Key, ValueSource> replaced, Path folder) {
  static Sources of(IniFile ini, Path folder, List<String> overrides) {
    Map<Key, ValueSource> given = new LinkedHashMap<>();
    for (ValueSource source : ValueSource.of(ini)) {
      given.put(source.key(), source);
    }
    Map<Key, ValueSource> replaced = new LinkedHashMap<>();
    for (String override : overrides) {
      ValueSource source = ValueSource.of(override);
      if (replaced.put(source.key(), source) != null) {
        throw new InputException(
            source.where()
                + ": one override per key does not hold: "
                + source.key().text()
                + " is given twice; remove one");
      }
    }
    dropTargetThatIsTheInput(given, replaced);
    return new Sources(given, replaced, folder);
  }

  /**
   * Published files name the trajectories again as the targets. Dropping those keeps the meaning
   * when an override replaces the trajectories; other targets would then belong to other
   * trajectories.
   */
  private static void dropTargetThatIsTheInput(
      Map<Key, ValueSource> given, Map<Key, ValueSource> replaced) {
    ValueSource target = given.get(Key.TARGET_DATA);
    ValueSource input = given.get(Key.INPUT_DATA);
    if (target == null || target.text() == null || replaced.containsKey(Key.TARGET_DATA)) {
      return;
    }
    if (input != null && target.text().equals(input.text())) {
      given.remove(Key.TARGET_DATA);
    } else if (replaced.containsKey(Key.INPUT_DATA) && !((List<?>) target.value()).isEmpty()) {
      throw new InputException(
          String.format(
              "%s: target_data replaced with input_data does not hold: %s replaces only"
                  + " input_data; also give their targets with --target",
              target.where(), replaced.get(Key.INPUT_DATA).where()));
    }
  }

  /** The text that counts for a key, or null where the default does. */
  ValueSource find(Key key) {
    return replaced.getOrDefault(key, given.get(key));
  }

  /** The same with another text for the key of {@code source}. */
  Sources with(ValueSource source) {
    boolean override = replaced.containsKey(source.key());
    Map<Key, ValueSource> map = new LinkedHashMap<>(override ? replaced : given);
    map.put(source.key(), source);
    return override ? new Sources(given, map, folder) : new Sources(map, replaced, folder);
  }
}
