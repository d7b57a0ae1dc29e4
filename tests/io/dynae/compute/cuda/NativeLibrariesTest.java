// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /** JCuda would look in the temporary folder for it. */
  @Test
  void nothingOfJCudaIsTouchedWithoutItsFile() {
    boolean[] touched = new boolean[1];
    Optional<String> reason = NativeLibraries.load("JNone", () -> touched[0] = true);
    assertTrue(reason.orElseThrow().contains("libJNone-"), reason.get());
    assertTrue(reason.get().contains(System.getProperty("java.library.path")), reason.get());
    assertFalse(touched[0]);
  }

  @Test
  void theFirstReasonIsKept() {
    Optional<String> first = NativeLibraries.load("JKept", () -> {});
    String path = System.setProperty("java.library.path", "/elsewhere");
    try {
      assertEquals(first, NativeLibraries.load("JKept", () -> {}));
    } finally {
      System.setProperty("java.library.path", path);
    }
  }
}
