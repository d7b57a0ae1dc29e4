// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled programs in a folder, each under the SHA-256 of everything that decides its code, and
 * after the SHA-256 of the code.
 */
final class CubinCache {
  private static final Logger LOG = LoggerFactory.getLogger(CubinCache.class);

  private static final int HASH_BYTES = 32;
  private static final int OTHERS_MAY_WRITE = 0002;
  private static final int STICKY = 01000;
  private static final Integer ROOT = 0;

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
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The stored code; empty where there is none, or its hash is not the stored one. */
  Optional<byte[]> get(String key) throws IOException {
    byte[] stored;
    try {
      stored = Files.readAllBytes(file(key));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    int at = Math.min(HASH_BYTES, stored.length);
    byte[] code = Arrays.copyOfRange(stored, at, stored.length);
    if (!Arrays.equals(Arrays.copyOf(stored, at), sha256().digest(code))) {
      LOG.warn(
          "cuda: damaged: the compiled kernel {}: SHA-256 is not that of when it was compiled;"
              + " compiled anew",
          file(key));
      return Optional.empty();
    }
    return Optional.of(code);
  }

  /** Stores code after its hash; a reader sees all of it or nothing. */
  void put(String key, byte[] code) throws IOException {
    Path part = Files.createTempFile(folder(), key, ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      out.write(sha256().digest(code));
      out.write(code);
      out.close();
      Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  Path file(String key) throws IOException {
    return folder().resolve(key + ".kernel");
  }

  /**
   * The folder to use: the asked one, or where that cannot be written or is not the user's own, a
   * private temporary one.
   */
  synchronized Path folder() throws IOException {
    if (folder == null) {
      String refusal = refusal(asked);
      if (refusal.isEmpty()) {
        folder = asked;
      } else {
        // A fixed name in a shared folder would let others put code there.
        folder = Files.createTempDirectory("dynae-cuda");
        LOG.warn(
            "cuda: {} {}; compiled kernels go to {} and are lost to later runs; set XDG_CACHE_HOME"
                + " to a folder of yours",
            asked,
            refusal,
            folder);
      }
    }
    return folder;
  }

  private static Object uid(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid");
  }

  private static int mode(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode");
  }

  /** Why code of this folder cannot be trusted, or none be put there; else "". */
  private static String refusal(Path folder) {
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, "probe", ".part");
      try {
        if (!Files.getFileStore(folder).supportsFileAttributeView("unix")) {
          return "";
        }
        Object user = Files.getAttribute(probe, "unix:uid");
        Path parent = folder.toAbsolutePath().getParent();
        boolean own = uid(folder).equals(user) && (mode(folder) & OTHERS_MAY_WRITE) == 0;
        // In a folder like /tmp nobody else can move ours.
        boolean safe =
            (uid(parent).equals(user) || uid(parent).equals(ROOT))
                && ((mode(parent) & OTHERS_MAY_WRITE) == 0 || (mode(parent) & STICKY) != 0);
        return own && safe ? "" : "can be changed by other users";
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      return "cannot be written (" + e + ")";
    }
  }
}
