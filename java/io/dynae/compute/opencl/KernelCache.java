// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import io.dynae.error.DeviceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which PoCL keeps compiled kernels, which it loads unseen: a damaged one ends the
 * process, or computes something else. So each file's SHA-256 is recorded after its first use, and
 * compared before OpenCL is initialised. What differs is deleted, and PoCL compiles it anew.
 *
 * <p>A file that nobody recorded is left by a process that was killed, or just being made by one
 * that runs. A shared lock tells: it is deleted only where nobody else uses the folder.
 *
 * <p>The launcher names the folder in the property {@code dynae.kernels}; without it, PoCL's folder
 * is not the program's own and is left alone.
 */
final class KernelCache {
  private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);
  private static final String MANIFEST = "dynae.sha256";
  private static final String LOCK = "dynae.lock";

  /** PoCL rewrites the last at every use; it has no content. */
  private static final List<String> NOT_KERNELS = List.of(MANIFEST, LOCK, "last_accessed");

  /** Files with which the launcher tries the folder. */
  private static final String PROBE = "probe.";

  /** Most that one program takes, with its temporary files, and some more. */
  private static final long FREE_BYTES = 8 << 20;

  private static final int LOCK_TRIES = 100;
  private static final long LOCK_PAUSE_MILLIS = 20;

  private static KernelCache used;

  private final Path folder;
  private final KernelManifest manifest;
  private boolean changed;

  /** Held until the process ends. */
  private FileLock lock;

  /** Whether the file system has locks; where not, nothing is waited for. */
  private boolean locks = true;

  KernelCache(Path folder) {
    this.folder = folder;
    this.manifest = new KernelManifest(folder.resolve(MANIFEST));
  }

  /**
   * Checks the folder, once a process; to be called before the first call of OpenCL.
   *
   * @throws DeviceException when the launcher found no folder, or it cannot be read
   */
  static synchronized void verify() {
    String name = System.getProperty("dynae.kernels");
    if (used != null || name == null) {
      return;
    }
    String note = System.getProperty("dynae.kernels.note", "");
    if (name.isEmpty()) {
      throw new DeviceException("opencl: " + note);
    }
    if (!note.isEmpty()) {
      LOG.warn("opencl: {}", note);
    }
    KernelCache cache = new KernelCache(Path.of(name));
    try {
      if (Boolean.getBoolean("dynae.kernels.private")) {
        cache.createPrivate();
      }
      cache.check();
    } catch (IOException e) {
      throw new DeviceException(
          "opencl: compiled kernels in %s cannot be checked (%s); remove the folder, or set XDG_CACHE_HOME to another"
              .formatted(name, e),
          e);
    }
    used = cache;
  }

  /** Says that a program was compiled, or a kernel launched in a way that may compile it. */
  static synchronized void mayHaveChanged() {
    if (used != null) {
      used.changed = true;
    }
  }

  /** Records what is new. */
  static synchronized void record() {
    if (used != null && used.changed) {
      used.changed = false;
      try {
        used.add();
      } catch (IOException e) {
        LOG.warn("opencl: hashes of compiled kernels are not recorded: {}", e.toString());
      }
    }
  }

  /**
   * Refuses to compile where PoCL's compiler would find the disk full, and end the process.
   *
   * @throws DeviceException with the bytes needed and free
   */
  static synchronized void requireSpace() {
    if (used != null && used.folder.toFile().getUsableSpace() < FREE_BYTES) {
      throw new DeviceException(
          "opencl: compiled kernels need %d bytes in %s, free are %d: free some, or set XDG_CACHE_HOME to a folder elsewhere"
              .formatted(FREE_BYTES, used.folder, used.folder.toFile().getUsableSpace()));
    }
  }

  /** Nobody else can have planted it: it must not be there yet. It goes when the process ends. */
  private void createPrivate() throws IOException {
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
  }

  private void delete() {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      LOG.warn("opencl: {} is left: {}", folder, e.toString());
    }
  }

  /** Deletes what is damaged, and where nobody else uses the folder, what nobody recorded. */
  void check() throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ);
    try (FileLock alone = tryLock(channel, false)) {
      manifest.read();
      List<Path> damaged = new ArrayList<>();
      for (Path file : files()) {
        boolean recorded = manifest.has(name(file));
        if (recorded && !manifest.matches(name(file), file)) {
          damaged.add(file);
          manifest.forget(name(file));
          Files.deleteIfExists(file);
        } else if (!recorded && alone != null) {
          Files.deleteIfExists(file);
        }
      }
      if (alone != null) {
        manifest.keepOnly(files().stream().map(this::name).toList());
      }
      if (!damaged.isEmpty()) {
        LOG.warn(
            "opencl: damaged: {} of the compiled kernels, the first {}: SHA-256 is not that of"
                + " when it was compiled; deleted, compiled anew",
            damaged.size(),
            damaged.get(0));
      }
    }
    for (int i = 0; i < LOCK_TRIES && lock == null && locks; i++) {
      lock = tryLock(channel, true);
      pause(lock == null);
    }
  }

  /** Lets go of the folder, as the end of the process does. */
  void release() throws IOException {
    if (lock != null) {
      lock.channel().close();
      lock = null;
    }
  }

  /** Null where another process holds it, or the file system has no locks. */
  private FileLock tryLock(FileChannel channel, boolean shared) {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (IOException e) {
      locks = false;
      return null;
    }
  }

  private static void pause(boolean needed) {
    if (needed) {
      try {
        Thread.sleep(LOCK_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Records the files that this process has not found recorded. */
  void add() throws IOException {
    for (Path file : files()) {
      if (!manifest.has(name(file))) {
        manifest.add(name(file), file);
      }
    }
  }

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  /**
   * Compiled kernels, in order; those that another process deletes meanwhile are not among them.
   */
  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean probe = file.getFileName().toString().startsWith(PROBE);
            if (!probe && NOT_KERNELS.stream().noneMatch(file::endsWith)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    Collections.sort(files);
    return files;
  }
}
