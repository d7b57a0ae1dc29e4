// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Recognises by its first bytes what somebody gave instead of an array, and says what to do. */
public final class FileKind {
  /** Bytes that {@link #advice} looks at. */
  public static final int HEAD = 512;

  private static final String NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|[-+]?(nan|inf)";

  /** A table's first whole line of data: numbers between blanks, commas or semicolons. */
  private static final Pattern ROW =
      Pattern.compile(
          "\\s*(NUM)((\\s*[,;]\\s*|\\s+)(NUM))*\\s*".replace("NUM", NUMBER),
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PDB =
      Pattern.compile("(HEADER|TITLE |REMARK|CRYST1|MODEL |ATOM  |HETATM|COMPND|EXPDTA)[^\\n]*");

  /** An atom of GRO: residue number and name, atom name and number, in columns of five. */
  private static final Pattern GRO_ATOM =
      Pattern.compile("[ \\d]{4}\\d.{10}[ \\d]{4}\\d( *-?\\d+\\.\\d+){3}.*");

  private static final Pattern XYZ_ATOM = Pattern.compile("\\s*\\w+(\\s+-?\\d+\\.\\d+){3}.*");

  private record Magic(int at, byte[] bytes, String advice) {
    static Magic of(int at, String latin, String advice) {
      return new Magic(at, latin.getBytes(StandardCharsets.ISO_8859_1), advice);
    }

    boolean matches(byte[] head) {
      int end = at + bytes.length;
      return head.length >= end && Arrays.equals(head, at, end, bytes, 0, bytes.length);
    }
  }

  private static final String MOLECULES =
      "it looks like %s: numpy.save('WANTED', mdtraj.load('SOURCE'%s).xyz)";

  private static final String DCD = molecules("a trajectory of CHARMM or NAMD (DCD)", true);

  private static final String NETCDF =
      "it looks like NetCDF: numpy.save('WANTED', netCDF4.Dataset('SOURCE')[NAME][:]) with the name"
          + " of the variable";

  private static final String COMPRESSED = "it looks like a file of %1$s: unpack it with %1$s";

  private static final String IMAGE =
      "it looks like a picture (%s): put the frames of a movie into one array of shape [frames,"
          + " height, width] and numpy.save it";

  private static final List<Magic> KINDS =
      List.of(
          Magic.of(0, "\u0093NUMPY", "it looks like an npy array: call it WANTED"),
          Magic.of(
              0, "PK\3\4", "it looks like a zip archive: if numpy.savez wrote it, call it ARCHIVE"),
          Magic.of(0, "PK\5\6", "it looks like an empty zip archive: write it again"),
          Magic.of(0, "\u001f\u008b", COMPRESSED.formatted("gunzip")),
          Magic.of(4, "1AY&SY", COMPRESSED.formatted("bunzip2")),
          Magic.of(0, "\u00fd7zXZ\0", COMPRESSED.formatted("unxz")),
          Magic.of(0, "\u0028\u00b5\u002f\u00fd", COMPRESSED.formatted("unzstd")),
          Magic.of(0, "\0\0\7\u00cb", molecules("a trajectory of GROMACS (XTC)", true)),
          Magic.of(0, "\0\0\7\u00e7", molecules("a trajectory of GROMACS (XTC)", true)),
          Magic.of(0, "\0\0\7\u00c9", molecules("a trajectory of GROMACS (TRR)", true)),
          Magic.of(0, "T\0\0\0CORD", DCD),
          Magic.of(0, "\0\0\0TCORD", DCD),
          Magic.of(0, "T\0\0\0\0\0\0\0CORD", DCD),
          Magic.of(
              0,
              "\u0089HDF\r\n\u001a\n",
              "it looks like HDF5: numpy.save('WANTED', h5py.File('SOURCE')[NAME][:]) with the"
                  + " name of the data set"),
          Magic.of(0, "CDF\1", NETCDF),
          Magic.of(0, "CDF\2", NETCDF),
          Magic.of(0, "CDF\5", NETCDF),
          Magic.of(
              0,
              "MATLAB 5.0",
              "it looks like MATLAB: numpy.save('WANTED', scipy.io.loadmat('SOURCE')[NAME]) with"
                  + " the name of the variable"),
          Magic.of(0, "\u0089PNG", IMAGE.formatted("PNG")),
          Magic.of(0, "II*\0", IMAGE.formatted("TIFF")),
          Magic.of(0, "MM\0*", IMAGE.formatted("TIFF")));

  private FileKind() {}

  /**
   * What to do about a file that is no array, such as {@code it looks like HDF5: ...}.
   *
   * @param head its first bytes, {@link #HEAD} where there are as many
   */
  public static String advice(byte[] head, String source) {
    String stem = source.replaceAll("\\.[A-Za-z0-9]{1,7}$", "");
    return kind(head, source)
        .replace("WANTED", stem + ".npy")
        .replace("ARCHIVE", stem + ".npz")
        .replace("SOURCE", source);
  }

  private static String kind(byte[] head, String source) {
    if (head.length == 0) {
      return "it is empty: write it with numpy.save";
    }
    for (Magic kind : KINDS) {
      if (kind.matches(head)) {
        return kind.advice();
      }
    }
    // Protocols 2 to 5 begin with 80 and their number.
    if (head.length > 1 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5) {
      return "it looks like a pickle: load it in Python, and numpy.save it as an array of numbers";
    }
    return isText(head) ? text(head, source) : "write it with numpy.save";
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] head, String source) {
    List<String> lines = new String(head, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() > 2 && lines.get(1).matches("\\s*\\d+\\s*")) {
      if (GRO_ATOM.matcher(lines.get(2)).matches()) {
        return molecules("coordinates of GROMACS (GRO)", false);
      }
    }
    if (lines.size() > 2 && lines.get(0).matches("\\s*\\d+\\s*")) {
      if (XYZ_ATOM.matcher(lines.get(2)).matches()) {
        return molecules("coordinates of atoms (XYZ)", true);
      }
    }
    if (PDB.matcher(lines.get(0)).matches()) {
      return molecules("a PDB file", false);
    }
    return table(lines, source);
  }

  /** The first line may be the names of columns, the last one may be cut. */
  private static String table(List<String> lines, String source) {
    List<String> rows = lines.stream().filter(line -> !line.matches("\\s*(#.*)?")).toList();
    boolean named = rows.size() > 1 && !ROW.matcher(rows.get(0)).matches();
    String row = rows.isEmpty() ? "" : rows.get(named ? 1 : 0);
    // A head without a second line may end within a number of the first.
    String whole = lines.size() > 1 ? row : row.replaceFirst("[\\s,;]*[^\\s,;]*$", "");
    if (!ROW.matcher(row).matches() && !ROW.matcher(whole).matches()) {
      return "it looks like text: write its numbers with numpy.save";
    }
    String delimiter =
        source.endsWith(".csv") || row.contains(",")
            ? ", delimiter=','"
            : row.contains(";") ? ", delimiter=';'" : "";
    return "it looks like text: numpy.save('WANTED', numpy.loadtxt('SOURCE'%s%s))"
        .formatted(delimiter, named ? ", skiprows=1" : "");
  }

  private static String molecules(String what, boolean topology) {
    return MOLECULES.formatted(what, topology ? ", top='X.pdb'" : "");
  }
}
