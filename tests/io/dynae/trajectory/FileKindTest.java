// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyBytes;
import io.dynae.trajectory.npy.NpyFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads of files as the descriptions of their formats have them. */
class FileKindTest {
  private static final String GRO =
      """
      Alanine dipeptide t=   0.00000
         22
          1ACE    HH3    1   2.000   1.000   0.000
          1ACE    CH3    2   2.000   2.090   0.000
      """;
  private static final String PDB_TEXT =
      """
      ATOM      1  N   ALA A   1      11.104   6.134  -6.504  1.00  0.00           N
      END
      """;

  @TempDir Path folder;

  private String advice(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    String line =
        assertThrows(InputException.class, () -> NpyFrames.open(file.toString())).getMessage();
    assertEquals(1, line.lines().count(), line);
    return line.replace(folder + "/", "");
  }

  private String advice(String name, String content) throws IOException {
    return advice(name, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Bytes in hexadecimal, filled up with zeros. */
  @ParameterizedTest
  @CsvSource({
    "x.xtc, 000007cb00000016, 'GROMACS (XTC): numpy.save(''x.npy'', mdtraj.load(''x.xtc'', top='",
    "x.trr, 000007c90000000d0000000c474d585f74726e5f66696c65, GROMACS (TRR)",
    "x.dcd, 54000000434f5244, (DCD)",
    "x.dcd, 00000054434f5244, (DCD)",
    "x.h5, 894844460d0a1a0a, 'HDF5: numpy.save(''x.npy'', h5py.File(''x.h5'')'",
    "x.nc, 43444602, NetCDF",
    "x.nc, 43444605, NetCDF",
    "x.dat, 504b0304, call it x.npz",
    "x.pkl, 80049500, pickle",
    "x.npy.gz, 1f8b08, gunzip",
    "x.tif, 49492a00, TIFF",
    "x.bin, 0102030405, write it with numpy.save"
  })
  void binaryFiles(String name, String head, String expected) throws IOException {
    byte[] content = new byte[100];
    for (int i = 0; i < head.length() / 2; i++) {
      content[i] = (byte) Integer.parseInt(head.substring(2 * i, 2 * i + 2), 16);
    }
    String line = advice(name, content);
    assertTrue(line.contains(expected), line);
  }

  @Test
  void compressedArrays() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[100]);
    }
    String line = advice("x.npy", packed.toByteArray());
    assertTrue(line.contains("unpack it with gunzip"), line);
  }

  @Test
  void coordinatesAreNoTables() throws IOException {
    String gro = advice("x.gro", GRO);
    assertTrue(gro.contains("mdtraj.load('x.gro').xyz"), gro);
    assertFalse(gro.contains("loadtxt"), gro);
    String pdb = advice("x.pdb", PDB_TEXT);
    assertTrue(pdb.contains("mdtraj.load('x.pdb').xyz"), pdb);
    String xyz = advice("x.xyz", "2\nwater\nO 0.0 0.0 0.1\nH 0.0 0.0 1.0\n");
    assertTrue(xyz.contains("mdtraj.load('x.xyz', top="), xyz);
  }

  @ParameterizedTest
  @CsvSource({
    "x.csv, '1,2\n', 'loadtxt(''x.csv'', delimiter='',''))'",
    "x.csv, 'a,b\n1,2\n', 'loadtxt(''x.csv'', delimiter='','', skiprows=1))'",
    "x.dat, '# step x\n0 -1.5e-3 nan\n', loadtxt('x.dat'))",
    "x.txt, '1;2\n3;4\n', 'loadtxt(''x.txt'', delimiter='';''))'",
    "x.txt, 'Dear reader,\nhow are you?\n', write its numbers with numpy.save",
    "x.txt, '', it is empty"
  })
  void text(String name, String content, String expected) throws IOException {
    String line = advice(name, content);
    assertTrue(line.contains(expected), line);
  }

  @Test
  void tablesWhoseFirstRowGoesOn() throws IOException {
    String line = advice("x.csv", "1.25e-3,".repeat(1000) + "1\n");
    assertTrue(line.contains("loadtxt('x.csv', delimiter=','))"), line);
  }

  /** Words of a table that formats begin with, too. */
  @Test
  void headsOfTablesAreNoOtherFormats() throws IOException {
    for (String head : new String[] {"CDF PDF", "X Y CORD", "BZh"}) {
      String line = advice("x.txt", head + "\n1 2 3\n");
      assertTrue(line.contains("loadtxt('x.txt', skiprows=1))"), line);
    }
    String gro = advice("x.gro", GRO.replace("Alanine", "TITLE Alanine"));
    assertTrue(gro.contains("(GRO)"), gro);
  }

  @Test
  void archivesAndArraysUnderEachOthersName() throws IOException {
    String array = advice("x.npz", NpyBytes.of("<f4", false, "(2, 2)", new byte[16]));
    assertTrue(array.contains("it looks like an npy array: call it x.npy"), array);
    String archive = advice("x.npy", "PK\3\4 and so on");
    assertTrue(archive.contains("if numpy.savez wrote it, call it x.npz"), archive);
  }

  @Test
  void arraysOfPythonObjects() throws IOException {
    String line = advice("x.npy", NpyBytes.of("|O", false, "(2,)", new byte[16]));
    assertTrue(line.contains("Python objects, such as trajectories of several lengths"), line);
    assertTrue(line.contains("a file of its own"), line);
  }
}
