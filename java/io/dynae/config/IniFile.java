// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One INI file as Python's {@code configparser.ConfigParser(allow_no_value=True)} reads it, with
 * the line of every section and entry.
 *
 * <table>
 * <caption>Format (UTF-8 text)</caption>
 * <tr><th>line</th><th>meaning</th></tr>
 * <tr><td>{@code [name]}</td><td>starts a section; its name keeps case and inner spaces</td></tr>
 * <tr><td>{@code key = value}, {@code key: value}</td><td>an entry, cut at the first = or :; the
 * key is lower-cased, both sides lose outer spaces</td></tr>
 * <tr><td>{@code key}</td><td>an entry without value ({@code null})</td></tr>
 * <tr><td>deeper indented than its key's line</td><td>continues the value: joined with a
 * newline; blank lines inside are kept</td></tr>
 * <tr><td>first non-space is # or ;</td><td>a comment; later on a line they belong to the
 * value</td></tr>
 * <tr><td>{@code %%} in a value</td><td>one percent sign; a single one is an error, as there is no
 * interpolation</td></tr>
 * </table>
 *
 * <p>Errors, each naming file and line: a section or a key of one section given twice, an entry
 * before the first section, an empty key, a continued key without value, text after the closing
 * bracket of a section. {@code [DEFAULT]} is an ordinary section here.
 */
public final class IniFile {
  /** A section's name and the line, from 1, of its header. */
  public record Section(String name, int line) {}

  /**
   * One key of a section.
   *
   * @param key lower case
   * @param value unescaped, or null for a key alone on its line
   * @param line where the key stands, from 1
   */
  public record Entry(String section, String key, String value, int line) {}

  private final String name;
  private final List<Section> sections = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private String section;
  private String key;
  private List<String> value;
  private int keyLine;
  private int indent;

  private IniFile(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @throws InputException for a file that cannot be read or breaks the format
   */
  public static IniFile read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": text is not UTF-8; save the file as UTF-8", e);
    } catch (IOException e) {
      throw new InputException(
          file + ": cannot be read (" + IoReason.of(e) + "); check the path", e);
    }
  }

  /**
   * Reads text.
   *
   * @param name stands for the file in errors
   * @throws InputException for text that breaks the format
   */
  public static IniFile parse(String name, String text) {
    IniFile ini = new IniFile(name);
    int number = 0;
    for (String line : (Iterable<String>) withoutByteOrderMark(text).lines()::iterator) {
      ini.line(line, ++number);
    }
    ini.endEntry();
    return ini;
  }

  /** Sections in file order. */
  public List<Section> sections() {
    return List.copyOf(sections);
  }

  /** Entries in file order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The place for an error: {@code file.ini:12}. */
  public String where(int line) {
    return name + ":" + line;
  }

  private void line(String raw, int number) {
    String text = raw.strip();
    if (text.startsWith("#") || text.startsWith(";")) {
      return;
    }
    if (text.isEmpty()) {
      if (value != null) {
        value.add("");
      }
      return;
    }
    int depth = raw.length() - raw.stripLeading().length();
    if (key != null && depth > indent) {
      continueValue(text, number);
      return;
    }
    endEntry();
    indent = depth;
    if (text.startsWith("[") && text.indexOf(']') > 1) {
      startSection(text, number);
    } else {
      startEntry(text, number);
    }
  }

  private void continueValue(String text, int number) {
    if (value == null) {
      throw error(
          number,
          "a continued key has a value does not hold for "
              + key
              + "; write "
              + key
              + " = value, or remove the indentation");
    }
    value.add(text);
  }

  private void startSection(String text, int number) {
    if (!text.endsWith("]")) {
      throw error(
          number,
          "a section's line ends with ] does not hold: "
              + text
              + "; put a comment on a line of its own");
    }
    section = text.substring(1, text.length() - 1);
    if (!seen.add(section)) {
      throw error(
          number,
          "one header per section does not hold: [" + section + "] is given again; merge the two");
    }
    sections.add(new Section(section, number));
  }

  private void startEntry(String text, int number) {
    if (section == null) {
      throw error(
          number,
          "a [section] comes before the first key does not hold: "
              + text
              + "; add the section's line above it");
    }
    int cut = delimiter(text);
    key = text.substring(0, cut).strip().toLowerCase(Locale.ROOT);
    if (key.isEmpty()) {
      throw error(
          number,
          "a key stands before " + text.charAt(0) + " does not hold: " + text + "; name the key");
    }
    if (!seen.add(section + "\n" + key)) {
      throw error(
          number,
          "one value per key does not hold: "
              + key
              + " is given again in ["
              + section
              + "]; remove one");
    }
    keyLine = number;
    value = null;
    if (cut < text.length()) {
      value = new ArrayList<>();
      value.add(text.substring(cut + 1).strip());
    }
  }

  private static int delimiter(String text) {
    int cut = 0;
    while (cut < text.length() && text.charAt(cut) != '=' && text.charAt(cut) != ':') {
      cut++;
    }
    return cut;
  }

  private void endEntry() {
    if (key != null) {
      String text = value == null ? null : unescape(String.join("\n", value).stripTrailing());
      entries.add(new Entry(section, key, text, keyLine));
    }
    key = null;
    value = null;
  }

  private String unescape(String text) {
    if (text.replace("%%", "").indexOf('%') >= 0) {
      throw error(
          keyLine,
          "every % of a value is doubled does not hold for "
              + key
              + ": "
              + text.replace("\n", " ")
              + "; write %% for one percent sign");
    }
    return text.replace("%%", "%");
  }

  private InputException error(int line, String message) {
    return new InputException(where(line) + ": " + message);
  }

  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
