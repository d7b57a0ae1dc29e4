// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text given for one key, and where it was given.
 *
 * @param where {@code file.ini:12} or {@code --set d=2}, to start an error with
 * @param text null for a key without value
 */
record ValueSource(Key key, String text, String where) {
  /** The entries of a file, every section and key of it known. */
  static List<ValueSource> of(IniFile ini) {
    for (IniFile.Section section : ini.sections()) {
      if (!Section.titles().contains(section.name())) {
        throw new InputException(
            String.format(
                "%s: a known section does not hold: [%s]; %svalid sections: %s",
                ini.where(section.line()),
                section.name(),
                Spelling.hint(section.name(), Section.titles()),
                String.join(", ", Section.titles())));
      }
    }
    List<ValueSource> sources = new ArrayList<>();
    for (IniFile.Entry entry : ini.entries()) {
      String where = ini.where(entry.line());
      Key key = known(where, entry.section(), entry.key());
      sources.add(new ValueSource(key, entry.value(), where));
    }
    return sources;
  }

  /** One {@code key=value} or {@code section.key=value} of the command line. */
  static ValueSource of(String override) {
    String where = "--set " + override;
    int cut = override.indexOf('=');
    if (cut < 1) {
      throw new InputException(
          where
              + ": key=value does not hold: no = after a key; write"
              + " --set batch_size=128, say");
    }
    String name = override.substring(0, cut).strip();
    int dot = name.lastIndexOf('.');
    String section = dot < 0 ? null : name.substring(0, dot).strip();
    Key key = known(where, section, name.substring(dot + 1).strip());
    return new ValueSource(key, override.substring(cut + 1).strip(), where);
  }

  private static Key known(String where, String section, String name) {
    Key key = Key.find(name).orElse(null);
    String here = section == null ? "" : " of [" + section + "]";
    if (key == null) {
      throw new InputException(
          String.format(
              "%s: a known key%s does not hold: %s; %svalid keys: %s",
              where, here, name, Spelling.hint(name, allKeys()), valid(section)));
    }
    String title = key.section().title();
    if (section != null && !title.equalsIgnoreCase(section)) {
      throw new InputException(
          String.format(
              "%s: a known key%s does not hold: %s, which belongs to [%s]; move it there",
              where, here, name, title));
    }
    return key;
  }

  private static List<String> allKeys() {
    return Arrays.stream(Key.values()).map(Key::text).toList();
  }

  private static String valid(String section) {
    return Arrays.stream(Section.values())
        .filter(s -> s.title().equalsIgnoreCase(section))
        .findFirst()
        .map(s -> String.join(", ", Key.texts(s)))
        .orElseGet(() -> String.join(", ", allKeys()));
  }

  /** The value, in the key's type; an absent one is fine only for lists of paths. */
  Object value() {
    String given = text == null ? "" : text;
    if (given.isEmpty() && key.type() != ValueType.PATHS) {
      throw new InputException(
          String.format(
              "%s: %s has a value does not hold: nothing after it; write %s = %s",
              where, key.text(), key.text(), key.standard()));
    }
    try {
      return key.type().parse(key.text(), given);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          where + ": " + key.text() + ": " + e.getMessage() + " (default " + key.standard() + ")",
          e);
    }
  }
}
