// SPDX-License-Identifier: MIT
package io.dynae.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message as a terminal may have it, whatever the files and paths in it are called: one line, of
 * printable characters, not longer than people read.
 */
final class PlainText {
  /** Characters of a line: what the longest of our own messages has with short names in it. */
  static final int LONGEST = 480;

  /** Names and values in a line that is too long keep so many characters. */
  private static final int LONGEST_WORD = 80;

  private static final String CUT = "...";
  private static final Pattern WORD = Pattern.compile("\\S{" + (LONGEST_WORD + 1) + ",}");

  private PlainText() {}

  /**
   * One line with every character that a terminal obeys instead of showing it as its code point,
   * such as {@code \u001b}. Of a line that is too long the middle of long words goes first, then
   * the middle of the line: the file stands at the beginning of a message, what to do at its end.
   */
  static String line(String text) {
    String shown = escaped(text);
    if (shown.length() <= LONGEST) {
      return shown;
    }
    Matcher words = WORD.matcher(shown);
    String shorter =
        words.replaceAll(word -> Matcher.quoteReplacement(cut(word.group(), LONGEST_WORD)));
    return cut(shorter, LONGEST);
  }

  /** The same without a limit to its length. */
  static String escaped(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(shown, point));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int point) {
    switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> {
        for (char unit : Character.toChars(point)) {
          shown.append("\\u%04x".formatted((int) unit));
        }
      }
      default -> shown.appendCodePoint(point);
    }
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int head = length / 2;
    int tail = length - head - CUT.length();
    int from = text.length() - tail;
    // Not between the two halves of a character.
    head -= Character.isHighSurrogate(text.charAt(head - 1)) ? 1 : 0;
    from += Character.isLowSurrogate(text.charAt(from)) ? 1 : 0;
    return text.substring(0, head) + CUT + text.substring(from);
  }
}
