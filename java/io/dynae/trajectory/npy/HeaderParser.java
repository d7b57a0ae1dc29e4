// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import io.dynae.error.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parser of the one Python dictionary that an npy header holds.
 *
 * <p>It accepts {@code {'descr': text, 'fortran_order': True or False, 'shape': (n, ...)}} with the
 * keys in any order, each exactly once, and nothing else. A dtype that is not plain text (a
 * structured one) is kept as it is written, to be named by the error that refuses it.
 */
final class HeaderParser {
  private final String text;
  private final String source;
  private int at;
  private String descr;
  private Boolean fortran;
  private List<Long> shape;

  /** Parses {@code text}; {@code source} names the file in the error. */
  HeaderParser(String text, String source) {
    this.text = text;
    this.source = source;
    expect('{');
    while (!next('}')) {
      String key = quoted();
      expect(':');
      value(key);
      if (!next(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at != text.length()) {
      throw bad("the end");
    }
    if (descr == null || fortran == null || shape == null) {
      throw broken("a header has the keys descr, fortran_order and shape: " + oneLine(text));
    }
  }

  String descr() {
    return descr;
  }

  boolean fortran() {
    return fortran;
  }

  long[] shape() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** {@code text} without line breaks and not longer than a line. */
  static String oneLine(String text) {
    String flat = text.replaceAll("[\\p{Cntrl}\\s]+", " ").trim();
    return flat.length() <= 100 ? flat : flat.substring(0, 97) + "...";
  }

  private void value(String key) {
    if (key.equals("descr") && descr == null) {
      descr = peek() == '[' || peek() == '(' ? nested() : quoted();
    } else if (key.equals("fortran_order") && fortran == null) {
      fortran = truth();
    } else if (key.equals("shape") && shape == null) {
      shape = tuple();
    } else {
      throw broken("key '" + oneLine(key) + "' is unknown or there twice");
    }
  }

  private String quoted() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw bad("a quoted text");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw bad("a closing quote");
    }
    String inside = text.substring(at + 1, end);
    at = end + 1;
    return inside;
  }

  private String nested() {
    int start = at;
    int depth = 0;
    do {
      char c = peek();
      if (c == '\'' || c == '"') {
        quoted();
        continue;
      }
      if (c == 0) {
        throw bad("a closing bracket");
      }
      depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
      at++;
    } while (depth > 0);
    return text.substring(start, at);
  }

  private boolean truth() {
    skipBlanks();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw bad("True or False");
  }

  private List<Long> tuple() {
    List<Long> lengths = new ArrayList<>();
    expect('(');
    while (!next(')')) {
      lengths.add(length());
      if (!next(',')) {
        if (lengths.size() == 1) {
          throw bad("','");
        }
        expect(')');
        break;
      }
    }
    return lengths;
  }

  private long length() {
    skipBlanks();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    // 18 digits cannot overflow a long.
    if (at == start || at - start > 18) {
      at = start;
      throw bad("a length of at most 18 digits");
    }
    long length = Long.parseLong(text.substring(start, at));
    // Python 2 wrote its long integers as 3L.
    next('L');
    return length;
  }

  private char peek() {
    skipBlanks();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean next(char c) {
    boolean found = peek() == c;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(char c) {
    if (!next(c)) {
      throw bad("'" + c + "'");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private InputException bad(String expected) {
    String found = at < text.length() ? "'" + oneLine(text.substring(at, at + 1)) + "'" : "the end";
    return broken("expected " + expected + " at character " + at + ", found " + found);
  }

  private InputException broken(String what) {
    return new InputException(
        source + ": bad npy header: " + what + "; save the array again with numpy.save");
  }
}
