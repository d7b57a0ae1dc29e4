// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
  private static final String KERNEL = "AB/CDEF/step/1-1-1/step.so";
  private static final String PROGRAM = "AB/CDEF/program.bc";

  @TempDir Path folder;

  @BeforeEach
  void twoAreCompiledAndRecorded() throws IOException {
    KernelCache first = opened();
    write(KERNEL, "machine code");
    write(PROGRAM, "bit code");
    write("AB/CDEF/last_accessed", "");
    first.add();
    first.release();
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private boolean isThere(String name) {
    return Files.exists(folder.resolve(name));
  }

  private KernelCache opened() throws IOException {
    KernelCache cache = new KernelCache(folder);
    cache.check();
    return cache;
  }

  @Test
  void recordedFilesStay() throws IOException {
    opened().release();
    assertTrue(isThere(KERNEL));
    assertTrue(isThere(PROGRAM));
    List<String> lines = Files.readAllLines(folder.resolve("dynae.sha256"));
    assertEquals(2, lines.size());
    // By sha256sum.
    String hash = "4994529305c545c7b9f491742c429c3e01a1f335144e43ce1f396bf03f986cf8";
    assertEquals(hash + " " + PROGRAM, lines.get(0));
  }

  @Test
  void aDamagedFileAloneGoesAndComesBack() throws IOException {
    write(KERNEL, "machine cod3");
    KernelCache cache = opened();
    assertFalse(isThere(KERNEL));
    assertTrue(isThere(PROGRAM));
    // A compiler need not give the same bytes twice.
    write(KERNEL, "machine code of another day");
    cache.add();
    cache.release();
    opened().release();
    assertTrue(isThere(KERNEL));
  }

  @Test
  void aDamagedFileGoesWhoeverElseIsThere() throws IOException {
    KernelCache other = opened();
    write(KERNEL, "");
    KernelCache cache = opened();
    assertFalse(isThere(KERNEL));
    write(KERNEL, "machine code of another day");
    cache.add();
    cache.release();
    other.release();
    opened().release();
    assertTrue(isThere(KERNEL));
  }

  /** They may be half written, as after a crash, or just be written by another process. */
  @Test
  void unrecordedFilesGoWhenNobodyElseIsThere() throws IOException {
    KernelCache other = opened();
    write("AB/NEW/program.bc", "of a process that was killed, or is at it");
    opened().release();
    assertTrue(isThere("AB/NEW/program.bc"));
    other.release();
    opened().release();
    assertFalse(isThere("AB/NEW/program.bc"));
    assertTrue(isThere(KERNEL));
  }

  /** Two processes compile the same kernel at once: both record what they wrote, the last stays. */
  @Test
  void eitherOfTwoCompilationsIsGood() throws IOException {
    KernelCache one = opened();
    KernelCache two = opened();
    write("AB/BOTH/program.bc", "of one");
    one.add();
    write("AB/BOTH/program.bc", "of two");
    two.add();
    one.release();
    two.release();
    opened().release();
    assertTrue(isThere("AB/BOTH/program.bc"));
  }

  @Test
  void aDamagedManifestCostsOnlyCompilations() throws IOException {
    Files.write(folder.resolve("dynae.sha256"), new byte[] {(byte) 0xff, '\n', 0, 1, 2});
    opened().release();
    assertFalse(isThere(KERNEL));
  }

  @Test
  void theManifestForgetsWhatIsGone() throws IOException {
    Files.delete(folder.resolve(KERNEL));
    opened().release();
    assertEquals(1, Files.readAllLines(folder.resolve("dynae.sha256")).size());
  }
}
