// SPDX-License-Identifier: MIT
package io.dynae.config;

import java.util.Collection;
import java.util.Locale;

/** The closest known word to a misspelt one. */
final class Spelling {
  private Spelling() {}

  /**
   * Returns {@code "did you mean WORD? "}, or nothing where no word is within a third of its length
   * in edits (case and underscores aside).
   */
  static String hint(String word, Collection<String> known) {
    String best = "";
    double least = Double.MAX_VALUE;
    for (String candidate : known) {
      String to = plain(candidate);
      int edits = distance(plain(word), to);
      double share = edits / (double) to.length();
      boolean near = edits < to.length() && edits <= Math.max(1, to.length() / 3);
      if (near && share < least) {
        least = share;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : "did you mean " + best + "? ";
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  /** Levenshtein distance: insertions, deletions and replacements. */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
