// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configurations of tools/examples can be read, give their reasons, and are the packed ones.
 */
class ExamplesTest {
  private static final Path FOLDER = Path.of("tools/examples");

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".ini")).sorted().toList();
    }
  }

  @Test
  void everyExampleIsAConfigurationWithAReasonForEachSetting() throws IOException {
    assertTrue(examples().size() > 1);
    for (Path file : examples()) {
      RunConfig.read(file, List.of("input_data=[x.npy]"));
      List<String> lines = Files.readAllLines(file);
      assertTrue(lines.get(0).startsWith("# "), file + " opens with what it is for");
      for (int i = 1; i < lines.size(); i++) {
        // Which model it is, its first lines say.
        boolean setting = lines.get(i).matches("(?!model )\\w+ = .*");
        boolean told = lines.get(i - 1).matches("#.*|\\w+ = .*");
        assertTrue(!setting || told, file + ":" + (i + 1) + " has no reason: " + lines.get(i));
      }
    }
  }

  @Test
  void whatIsReproducedIsWhatLiesThere(@TempDir Path folder) throws IOException {
    Set<String> packed = new TreeSet<>();
    for (Example example : ReproduceCommand.examples()) {
      Path written = example.writeInto(folder);
      assertEquals(Files.readString(FOLDER.resolve(example.file())), Files.readString(written));
      packed.add(example.file());
    }
    Set<String> there =
        examples().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    assertTrue(there.containsAll(packed), packed + " of " + there);
  }
}
