// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.trajectory.npy.NpyFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the trajectories that a configuration names lie. */
final class DataPaths {
  private DataPaths() {}

  /** Paths made absolute where the file is there; other values, and missing files, as written. */
  static Object found(Object value, Path folder) {
    if (!(value instanceof List<?> paths)) {
      return value;
    }
    List<String> resolved = new ArrayList<>();
    for (Object item : paths) {
      String path = (String) item;
      String file = NpyFrames.file(path);
      Path here = Path.of(file).toAbsolutePath();
      Path beside = folder == null ? here : folder.resolve(file);
      Path there = Files.exists(here) ? here : beside;
      // Of an archive a name is left.
      String name = path.substring(file.length());
      resolved.add(Files.exists(there) ? plain(there) + name : path);
    }
    return List.copyOf(resolved);
  }

  /** Without ./ and ../, where those lead to the same file: not behind a link. */
  private static Path plain(Path file) {
    Path normal = file.normalize();
    try {
      return Files.exists(normal) && Files.isSameFile(normal, file) ? normal : file;
    } catch (IOException e) {
      return file;
    }
  }
}
