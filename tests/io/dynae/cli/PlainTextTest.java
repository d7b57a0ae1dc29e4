// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.testing.Dynae;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a terminal gets of names and contents that would steer it. */
class PlainTextTest {
  @TempDir Path folder;

  @Test
  void whatATerminalObeysIsShownAsItsCodePoint() {
    assertEquals("a\\u001b[31mred\\u0007", PlainText.line("a\u001b[31mred\u0007"));
    assertEquals("two\\u000alines\\u000d\\u0009", PlainText.line("two\nlines\r\t"));
    assertEquals("\\u009b2J \\u007f", PlainText.line("\u009b2J \u007f"));
    // Text that runs backwards, a separator of lines, half a character, an invisible letter.
    assertEquals(
        "\\u202e \\u2028 \\ud800 \\udb40\\udc41",
        PlainText.line("\u202e \u2028 \ud800 \udb40\udc41"));
    assertEquals("Zwölf β 轨迹 \ud83d\ude00 %s", PlainText.line("Zwölf β 轨迹 \ud83d\ude00 %s"));
  }

  @Test
  void ofALongLineBeginningAndEndStay() {
    String most = "x.npy: " + "y ".repeat(150) + "; do so";
    assertTrue(most.length() <= PlainText.LONGEST);
    assertEquals(most, PlainText.line(most));
    String word = PlainText.line("/a/" + "b".repeat(4000) + "/x.npy: is wrong; mend it");
    assertEquals(80 + " is wrong; mend it".length(), word.length(), word);
    assertTrue(word.startsWith("/a/bbb") && word.contains("bb...bb"), word);
    assertTrue(word.endsWith("/x.npy: is wrong; mend it"), word);
    String words = PlainText.line("x.npy: key " + "k ".repeat(4000) + "is wrong; mend it");
    assertEquals(PlainText.LONGEST, words.length());
    assertTrue(words.startsWith("x.npy: key k k"), words);
    assertTrue(words.endsWith("k k is wrong; mend it"), words);
    String emoji = PlainText.line("\ud83d\ude00".repeat(4000) + " a");
    assertFalse(emoji.contains("\\ud8"), emoji);
    assertTrue(
        emoji.chars().filter(c -> Character.isHighSurrogate((char) c)).count() * 2 <= 80, emoji);
    String odd = PlainText.line("a" + "\ud83d\ude00".repeat(4000) + " a");
    assertEquals(odd, new String(odd.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  /** By the name of a file, a header, a key and a section: four ways in. */
  @Test
  void noCommandPassesOnWhatAFileSays() throws IOException {
    String red = "\u001b]0;title\u0007";
    String text = "{'descr': '" + red + "', 'fortran_order': False, 'shape': (2,), }\n";
    byte[] head = new byte[10 + text.length()];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, head, 0, 8);
    head[8] = (byte) text.length();
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, head, 10, text.length());
    Files.write(folder.resolve("x.npy"), head);
    String name = "a\u001b[2Jb\nc.npy";
    Files.write(folder.resolve(name), head);
    Files.writeString(folder.resolve("key.ini"), "[Data]\nla" + red + "g = 1\n");
    Files.writeString(folder.resolve("section.ini"), "[Da" + red + "ta]\nlag = 1\n");
    Files.writeString(folder.resolve("long.ini"), "[Data]\nlag = " + "9".repeat(5000) + "\n");
    assertPlain("train", "--data", "x.npy", "--out", "run");
    assertPlain("train", "--data", name, "--out", "run");
    assertPlain("train", "--data", "absent" + name, "--out", "run");
    assertPlain("train", "key.ini", "--data", "x.npy", "--out", "run");
    assertPlain("train", "section.ini", "--data", "x.npy", "--out", "run");
    assertPlain("train", "long.ini", "--data", "x.npy", "--out", "run");
    assertPlain("train" + name);
    assertPlain("train", "--" + name);
  }

  private void assertPlain(String... arguments) {
    Dynae.Result result = Dynae.run(folder, arguments);
    assertEquals(2, result.code(), result.stderr());
    String printed = result.stderr() + result.stdout();
    assertEquals(1, printed.lines().count(), printed);
    assertTrue(printed.length() <= PlainText.LONGEST + 1, printed);
    assertTrue(printed.strip().chars().noneMatch(Character::isISOControl), printed);
  }
}
