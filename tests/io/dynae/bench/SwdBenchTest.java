// SPDX-License-Identifier: MIT
package io.dynae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.dynae.check.MismatchException;
import io.dynae.check.WrongBackend;
import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import io.dynae.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distances' bench: its JSON and table, its sizes, and that wrong results are not timed. */
class SwdBenchTest {
  private static final SwdSize SIZE = new SwdSize(2, 100, 3, 8);

  @TempDir Path folder;

  @Test
  void numbersAreWrittenAndReadAgain() throws Exception {
    try (Backend backend = new JavaBackend(1)) {
      JsonObject result = SwdBench.run(SIZE, backend, 1, 0.01, progress -> {});
      for (String key : List.of("us_forward", "us_with_gradient", "us_one_call_forward")) {
        JsonObject us = result.getAsJsonObject(key);
        assertTrue(us.get("min").getAsDouble() > 0, key);
        assertTrue(us.get("count").getAsInt() >= 3, key);
      }
      assertEquals("columns", result.get("sort").getAsString());
      assertEquals("wall", result.get("clock").getAsString());
      Path file = Files.writeString(folder.resolve("swd.json"), Results.json(List.of(result)));
      JsonObject earlier = Results.read(file, "swd").named("K2-N100-d3-L8");
      assertTrue(SwdTable.head(result).startsWith("swd on java: "));
      String line = SwdTable.line(result, earlier);
      assertTrue(line.startsWith("K2-N100-d3-L8"), line);
      assertTrue(line.contains("1.00 and 1.00 times as fast"), line);
    }
  }

  @Test
  void wrongDistancesAreNotTimed() {
    try (Backend wrong = new WrongBackend(new JavaBackend(1), 1.001f, 0)) {
      MismatchException e =
          assertThrows(
              MismatchException.class, () -> SwdBench.run(SIZE, wrong, 1, 0.01, progress -> {}));
      assertTrue(e.getMessage().startsWith("distance of set 0[0]: "), e.getMessage());
    }
  }

  @Test
  void sizesHaveNames() {
    assertEquals(List.of(SIZE), SwdSize.listed("K2-N100-d3-L8"));
    assertEquals(SwdSize.ALL, SwdSize.listed("all"));
    assertEquals(SwdSize.ALL, SwdSize.usual("cuda"));
    assertTrue(SwdSize.usual("java").size() < SwdSize.ALL.size());
    for (String wrong : new String[] {"", "K1", "K0-N1-d1-L1", "K1-N256-d2-L50;"}) {
      assertThrows(InputException.class, () -> SwdSize.listed(wrong), wrong);
    }
  }
}
