// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {
  @Test
  void theMissingFileIsTheReason() {
    String text =
        """
        Error while loading native library "JThing"
        Operating system name: Linux
        java.lang.UnsatisfiedLinkError: no JThing in java.library.path: /usr/lib
        \tat somewhere
        java.lang.UnsatisfiedLinkError: /tmp/libJThing.so: libthing.so.12: cannot open shared \
        object file: No such file or directory
        """;
    assertEquals(
        "libthing.so.12 is not in the library path",
        NativeLibraries.reason(new UnsatisfiedLinkError(text)));
  }

  @Test
  void elseTheLastLinkErrorIs() {
    String text =
        """
        Error while loading native library "JThing"
        java.lang.UnsatisfiedLinkError: no JThing in java.library.path: /usr/lib
        java.lang.UnsatisfiedLinkError: libJThing.so: wrong ELF class
        """;
    assertEquals(
        "libJThing.so: wrong ELF class", NativeLibraries.reason(new UnsatisfiedLinkError(text)));
    assertEquals("NoClassDefFoundError", NativeLibraries.reason(new NoClassDefFoundError()));
  }

  @Test
  void theFirstReasonIsKept() {
    String library = "library of this test";
    Optional<String> first =
        NativeLibraries.load(
            library,
            () -> {
              throw new UnsatisfiedLinkError("the cause");
            });
    Optional<String> second =
        NativeLibraries.load(
            library,
            () -> {
              throw new NoClassDefFoundError("could not initialise");
            });
    assertEquals(Optional.of("the cause"), first);
    assertEquals(first, second);
    assertEquals(Optional.empty(), NativeLibraries.load("another", () -> {}));
  }
}
