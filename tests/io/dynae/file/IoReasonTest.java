// SPDX-License-Identifier: MIT
package io.dynae.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Operations that fail for real, and what a person reads of each. */
class IoReasonTest {
  @TempDir private Path folder;

  private static void assertReason(String reason, Executable operation) {
    assertEquals(reason, IoReason.of(assertThrows(IOException.class, operation)));
  }

  @Test
  void reasonsAreWords() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertReason("no such file or folder", () -> Files.readString(folder.resolve("none")));
    assertReason("a file of that name is there", () -> Files.createDirectories(file));
    assertReason("it is not a folder", () -> Files.list(file).close());
    assertReason("the folder is not empty", () -> Files.delete(folder));
    assertReason("Is a directory", () -> Files.readString(folder));
  }

  @Test
  void anExceptionWithoutAMessageHasItsName() {
    assertEquals("IOException", IoReason.of(new IOException()));
  }
}
