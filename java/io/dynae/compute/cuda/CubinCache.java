// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiled programs in a folder, each under the SHA-256 of everything that decides its code. */
final class CubinCache {
  private static final Logger LOG = LoggerFactory.getLogger(CubinCache.class);

  private final Path asked;
  private Path folder;

  /** The folder is created at first use. */
  CubinCache(Path asked) {
    this.asked = asked;
  }

  /** {@code $XDG_CACHE_HOME/dynae/cuda}, or {@code ~/.cache/dynae/cuda}. */
  static Path standardFolder(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG rules say that a relative path is not valid and is to be ignored.
    Path root =
        cache.isEmpty() || !Path.of(cache).isAbsolute()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return root.resolve("dynae").resolve("cuda");
  }

  /** Key of a program; the parts cannot run into each other. */
  static String key(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The stored code, or empty. */
  Optional<byte[]> get(String key) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Stores code; a reader sees all of it or nothing. */
  void put(String key, byte[] code) throws IOException {
    Path part = Files.createTempFile(folder(), key, ".part");
    try {
      Files.write(part, code);
      Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  Path file(String key) throws IOException {
    return folder().resolve(key + ".cubin");
  }

  /** The folder to use: the asked one, or where that cannot be written, a private temporary one. */
  synchronized Path folder() throws IOException {
    if (folder == null) {
      try {
        Files.createDirectories(asked);
        Files.delete(Files.createTempFile(asked, "probe", ".part"));
        folder = asked;
      } catch (IOException e) {
        // A fixed name in a shared folder would let others put code there.
        folder = Files.createTempDirectory("dynae-cuda");
        LOG.warn(
            "cuda: {} cannot be written ({}); compiled kernels go to {} and are lost to later runs;"
                + " set XDG_CACHE_HOME to a folder of yours",
            asked,
            e.toString(),
            folder);
      }
    }
    return folder;
  }
}
