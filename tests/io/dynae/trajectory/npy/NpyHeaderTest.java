// SPDX-License-Identifier: MIT
package io.dynae.trajectory.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
  private static final byte[] ONE_TWO = {1, 2};

  @TempDir Path folder;

  private String refusal(byte[] file) {
    String line =
        assertThrows(InputException.class, () -> NpyBytes.open(folder, file, 30)).getMessage();
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.startsWith(folder.toString()), line);
    return line;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void versions(int version) throws IOException {
    byte[] file = NpyBytes.of(version, NpyBytes.text("|i1", false, "(2,)"), ONE_TWO);
    try (Frames frames = NpyBytes.open(folder, file, 30)) {
      assertArrayEquals(new float[] {1, 2}, NpyBytes.all(frames));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}",
        "{\"descr\":\"|i1\",\"fortran_order\":False,\"shape\":(2,)}   \n",
        "  { 'descr' : '|i1' , 'fortran_order' : False , 'shape' : ( 2L , ) , } \n",
        "{'descr': '|i1', 'fortran_order': True, 'shape': (2,), }"
      })
  void spellings(String text) throws IOException {
    try (Frames frames = NpyBytes.open(folder, NpyBytes.of(1, text, ONE_TWO), 30)) {
      assertArrayEquals(new int[] {2}, frames.shape());
      assertArrayEquals(new float[] {1, 2}, NpyBytes.all(frames));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '|i1', 'fortran_order': False}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1+1,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (9999999999999999999,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': [2]}",
        "{'descr': '|i1', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), 'extra': 1}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '|i1",
        "{'descr': [('a', '<f8'",
        "{descr: 1}",
        "__import__('os').system('true')"
      })
  void anythingElseIsABadHeader(String text) {
    String line = refusal(NpyBytes.of(1, text, ONE_TWO));
    assertTrue(line.contains("bad npy header"), line);
  }

  @Test
  void badHeaderSaysWhere() {
    String line = refusal(NpyBytes.of(1, "{'descr'; '|i1'}", ONE_TWO));
    assertTrue(line.contains("expected ':' at character 8, found ';'"), line);
  }

  @Test
  void everyTruncationNamesExpectedAndActualBytes() {
    for (int version = 1; version <= 3; version++) {
      byte[] file = NpyBytes.of(version, NpyBytes.text("<f8", false, "(3, 2)"), new byte[48]);
      for (int length = 12; length < file.length; length++) {
        String line = refusal(Arrays.copyOf(file, length));
        int header = file.length - 48;
        int expected = length < header ? header : file.length;
        assertTrue(
            line.contains("truncated: expected " + expected + " bytes, found " + length), line);
      }
    }
  }

  @Test
  void bytesAfterTheArrayAreRefused() {
    byte[] file = NpyBytes.of("|i1", false, "(1,)", ONE_TWO);
    String line = refusal(file);
    assertTrue(
        line.contains("expected " + (file.length - 1) + " bytes, found " + file.length), line);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 7, 40})
  void otherFilesAreNoNpyArrays(int length) {
    String line = refusal(new byte[length]);
    assertTrue(line.contains("is not an npy array") && line.endsWith("numpy.save"), line);
  }

  @Test
  void tablesOfTextAreToldHowTheyBecomeArrays() {
    String line = refusal("# time x\n0 1.5\n".getBytes(StandardCharsets.US_ASCII));
    assertTrue(line.contains("looks like text: numpy.save('") && line.contains("loadtxt('"), line);
  }

  @Test
  void unknownVersions() {
    byte[] file = NpyBytes.of("|i1", false, "(2,)", ONE_TWO);
    file[6] = 4;
    assertTrue(refusal(file).contains("version 1, 2 or 3 does not hold: found 4"));
  }

  @Test
  void hugeHeaderIsNotRead() {
    byte[] file = NpyBytes.of(2, NpyBytes.text("|i1", false, "(2,)"), ONE_TWO);
    ByteBuffer.wrap(file).putInt(8, -1);
    assertTrue(refusal(file).contains("4294967295"));
  }

  @Test
  void shapesThatAreNoTrajectory() {
    assertTrue(refusal(NpyBytes.of("|i1", false, "()", new byte[1])).contains("dimensions >= 1"));
    assertTrue(refusal(NpyBytes.of("|i1", false, "(5, 0)", new byte[0])).contains("features >= 1"));
    assertTrue(
        refusal(NpyBytes.of("|i1", false, "(2147483648, 0)", new byte[0]))
            .contains("frames <= 2147483647 does not hold: 2147483648"));
    assertTrue(
        refusal(NpyBytes.of("|i1", false, "(0, 999999999999, 999999999999)", new byte[0]))
            .contains("features of a frame <= 2147483647"));
    assertTrue(
        refusal(NpyBytes.of("<f8", false, "(999999999999, 999999999999)", new byte[0]))
            .contains("more than 2^63 bytes"));
  }
}
