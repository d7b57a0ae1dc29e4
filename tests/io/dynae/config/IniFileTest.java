// SPDX-License-Identifier: MIT
package io.dynae.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IniFileTest {
  private static final String TRICKY =
      """
      # full-line comment
      ; another

      [Model Parameters]
      D = [2]   # stays in the value
      colon: a = b
      equals = a : b
      empty =
      alone
      percent = 50%% and %%%%
      list = [a.npy,
          b.npy,
        # comment inside

          c.npy]

      after = 1
      [Data]
        indented = 3
          more
        sibling = 4
      path=C:\\data\\x.npy
      [Other Controls]
      SaveTrajResults   =   True
      """;

  @Test
  void entriesCarryLowerCasedKeyJoinedValueAndLine() {
    List<IniFile.Entry> entries = IniFile.parse("x.ini", TRICKY).entries();
    assertEquals(
        new IniFile.Entry("Model Parameters", "d", "[2]   # stays in the value", 5),
        entries.get(0));
    assertEquals(new IniFile.Entry("Model Parameters", "colon", "a = b", 6), entries.get(1));
    assertEquals(new IniFile.Entry("Model Parameters", "equals", "a : b", 7), entries.get(2));
    assertEquals(new IniFile.Entry("Model Parameters", "empty", "", 8), entries.get(3));
    assertNull(entries.get(4).value());
    assertEquals("50% and %%", entries.get(5).value());
    assertEquals(
        new IniFile.Entry("Model Parameters", "list", "[a.npy,\nb.npy,\n\nc.npy]", 11),
        entries.get(6));
    assertEquals("3\nmore", entries.get(8).value());
    assertEquals(new IniFile.Entry("Data", "sibling", "4", 21), entries.get(9));
  }

  @Test
  void sectionsCarryTheirLine() {
    assertEquals(
        List.of(
            new IniFile.Section("Model Parameters", 4),
            new IniFile.Section("Data", 18),
            new IniFile.Section("Other Controls", 23)),
        IniFile.parse("x.ini", TRICKY).sections());
  }

  @Test
  void agreesWithPythonsConfigparser(@TempDir Path folder) throws Exception {
    assumeTrue(hasPython(), "python3 is not on the PATH");
    Path file = folder.resolve("tricky.ini");
    for (String text : List.of(TRICKY, TRICKY.replace("\n", "\r\n"), TRICKY.strip())) {
      Files.writeString(file, text);
      List<String> ours = new ArrayList<>();
      for (IniFile.Entry e : IniFile.read(file).entries()) {
        String value = e.value() == null ? "<none>" : e.value().replace("\n", "<newline>");
        ours.add(e.section() + "|" + e.key() + "|" + value);
      }
      assertEquals(python(file), ours);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[A]\\nx=1\\n[A]|3|[A] is given again",
        "[A]\\nx=1\\nX=2|3|x is given again",
        "x=1|1|[section]",
        "[A]\\n= 1|2|name the key",
        "[A]\\nx = 5%|2|write %%",
        "[A]\\nx = %(y)s|2|write %%",
        "[A]\\nx = %%%|2|write %%",
        "[A]\\nalone\\n  more|3|alone",
        "[A] more|1|line of its own",
      })
  void brokenTextNamesFileAndLine(String text, int line, String part) {
    String message =
        assertThrows(InputException.class, () -> IniFile.parse("f.ini", text.replace("\\n", "\n")))
            .getMessage();
    assertTrue(message.startsWith("f.ini:" + line + ": "), message);
    assertTrue(message.contains(part), message);
    assertFalse(message.contains("\n"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[A]\nx=1\n[A]", "[A]\nx=1\nX=2", "x=1", "[A]\n= 1", "[A]\nx = 5%"})
  void whatWeRefusePythonRefusesToo(String text, @TempDir Path folder) throws Exception {
    assumeTrue(hasPython(), "python3 is not on the PATH");
    Path file = folder.resolve("broken.ini");
    Files.writeString(file, text);
    assertEquals(List.of("error"), python(file));
  }

  @Test
  void anIndentedSectionLineContinuesTheValue() {
    List<IniFile.Entry> entries = IniFile.parse("f", "[A]\nx = 1\n  [B]\n").entries();
    assertEquals(List.of(new IniFile.Entry("A", "x", "1\n[B]", 2)), entries);
  }

  @Test
  void byteOrderMarkIsSkipped() {
    assertEquals(1, IniFile.parse("f", "\uFEFF[A]\nx=1").entries().size());
  }

  @Test
  void missingAndUndecodableFilesAreInputErrors(@TempDir Path folder) throws IOException {
    Path latin = folder.resolve("latin.ini");
    Files.write(latin, "[A]\nx=\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    String message = assertThrows(InputException.class, () -> IniFile.read(latin)).getMessage();
    assertTrue(message.contains("UTF-8"), message);
    assertThrows(InputException.class, () -> IniFile.read(folder.resolve("none.ini")));
    assertThrows(InputException.class, () -> IniFile.read(folder));
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import configparser").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> python(Path file) throws IOException {
    String script =
        """
        import configparser, sys
        sys.stdout.reconfigure(encoding="utf-8")
        c = configparser.ConfigParser(allow_no_value=True)
        try:
            c.read(sys.argv[1], encoding="utf-8")
            rows = [(s, k, c.get(s, k)) for s in c.sections() for k in c.options(s)]
        except configparser.Error:
            print("error")
        else:
            for s, k, v in rows:
                print(s, k, "<none>" if v is None else v.replace("\\n", "<newline>"), sep="|")
        """;
    Process process = new ProcessBuilder("python3", "-c", script, file.toString()).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}
