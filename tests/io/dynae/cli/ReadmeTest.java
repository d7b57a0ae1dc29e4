// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is so: its paths exist, its table is the code's, its commands run. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final String TABLE = "<!-- settings: RunConfig.markdownTable() -->\n";

  @Test
  void everyFolderOpensWithAReadme() {
    for (String folder : List.of("java", "kernels", "native", "tests", "tools")) {
      assertTrue(Files.isRegularFile(Path.of(folder, "README.md")), folder);
    }
  }

  @Test
  void linkedAndNamedPathsExist() throws IOException {
    String text = Files.readString(README);
    Matcher links = Pattern.compile("\\]\\((?!http)([^)#]+)\\)").matcher(text);
    int seen = 0;
    while (links.find()) {
      assertTrue(Files.exists(Path.of(links.group(1))), links.group(1));
      seen++;
    }
    Matcher tools = Pattern.compile("\\btools/[a-z0-9_/.-]+[a-z]").matcher(text);
    while (tools.find()) {
      assertTrue(Files.exists(Path.of(tools.group())), tools.group());
      seen++;
    }
    assertTrue(seen > 8, "paths seen: " + seen);
  }

  @Test
  void theTableOfSettingsIsTheCodes() throws IOException {
    String text = Files.readString(README);
    int start = text.indexOf(TABLE) + TABLE.length();
    String table = RunConfig.markdownTable();
    assertEquals(table, text.substring(start, start + table.length()));
  }

  @Test
  void itsCommandsAreKnown() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher lines =
        Pattern.compile("^tools/dynae ([a-z]+)", Pattern.MULTILINE)
            .matcher(Files.readString(README));
    while (lines.find()) {
      commands.add(lines.group(1));
    }
    assertTrue(commands.containsAll(List.of("demo", "train", "evaluate", "embed")), "" + commands);
    for (String command : commands) {
      assertEquals(0, Main.run(command, "--help"), command);
    }
  }

  @Test
  void theDemoRunsAndLeavesWhatTheReadmeLists(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("demo");
    assertEquals(0, Main.run("demo", "--epochs", "3", "--out", out.toString()));
    for (String file :
        List.of(
            "config.ini",
            "checkpoint.safetensors",
            "state.json",
            "metrics.jsonl",
            "latent.npy",
            "bin_centers.npy",
            "summary.json",
            "report.html")) {
      assertTrue(Files.size(out.resolve("run").resolve(file)) > 0, file);
      assertTrue(Files.readString(README).contains("`" + file + "`"), file);
    }
    assertEquals(3, Files.readAllLines(out.resolve("run/metrics.jsonl")).size());
    assertFalse(Files.readString(out.resolve("evaluation.json")).isEmpty());
  }
}
