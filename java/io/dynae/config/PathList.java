// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists of file paths in a value: {@code [a.npy, "b, c.npy"]}, or one path without brackets.
 *
 * <p>A path may stand in double quotes, where {@code \\} is a backslash and {@code \"} a quote (any
 * other backslash is itself), or in single quotes, where all is literal. Without quotes it ends at
 * a comma and loses outer spaces.
 */
final class PathList {
  private final String text;
  private int at;

  private PathList(String text) {
    this.text = text;
  }

  /**
   * Splits a value into paths; none for an empty text or {@code []}.
   *
   * @throws IllegalArgumentException saying which rule of the form is broken
   */
  static List<String> parse(String value) {
    String text = value.strip();
    boolean list = text.startsWith("[") && text.endsWith("]") && text.length() > 1;
    if (!list && !startsQuoted(text)) {
      return text.isEmpty() ? List.of() : List.of(oneLine(text));
    }
    return new PathList(list ? text.substring(1, text.length() - 1).strip() : text).paths();
  }

  /** The value that {@link #parse} reads as these paths; quotes only where they are needed. */
  static String write(List<String> paths) {
    List<String> items = new ArrayList<>();
    for (String path : paths) {
      boolean bare =
          path.strip().equals(path) && !path.isEmpty() && !path.matches(".*[,\\[\\]\"'].*");
      items.add(bare ? path : '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return "[" + String.join(", ", items) + "]";
  }

  private List<String> paths() {
    List<String> paths = new ArrayList<>();
    while (at < text.length()) {
      boolean quoted = startsQuoted(text.substring(at));
      String path = quoted ? quoted() : bare();
      if (path.isEmpty()) {
        throw new IllegalArgumentException("a path stands between two commas");
      }
      paths.add(oneLine(path));
      skipSpaces();
      if (at < text.length() && text.charAt(at++) != ',') {
        throw new IllegalArgumentException("a comma follows each path");
      }
      skipSpaces();
    }
    return paths;
  }

  private String bare() {
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String path = text.substring(at, end).strip();
    at = end;
    return path;
  }

  private String quoted() {
    char quote = text.charAt(at++);
    StringBuilder path = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      if (quote == '"' && (text.startsWith("\\\\", at) || text.startsWith("\\\"", at))) {
        at++;
      }
      path.append(text.charAt(at++));
    }
    if (at == text.length()) {
      throw new IllegalArgumentException("each quote is closed");
    }
    at++;
    return path.toString();
  }

  private void skipSpaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean startsQuoted(String text) {
    return text.startsWith("\"") || text.startsWith("'");
  }

  private static String oneLine(String path) {
    if (path.lines().count() > 1 || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a path is on one line, a comma between two");
    }
    return path;
  }
}
