// SPDX-License-Identifier: MIT
package io.dynae.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;

/**
 * A new file {@code .<name>.<16 random digits>.tmp} beside {@code <name>}. Who writes it has locked
 * it, so that one without a lock is known to be the rest of a process that was killed.
 *
 * @param path its name, which no other temporary has or had
 * @param channel open to write
 */
record Temporary(Path path, FileChannel channel) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ATTEMPTS = 100;

  /**
   * Makes one of {@code target}.
   *
   * @param own receives its name before the file is there
   */
  static Temporary create(Path target, Set<Path> own) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String name = prefix(target) + "%016x.tmp".formatted(RANDOM.nextLong());
      Path path = target.resolveSibling(name);
      own.add(path);
      try {
        // Neither another's file nor where a link leads to.
        FileChannel channel =
            FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        // Another process may have taken it for a rest, and deleted it, before it was locked.
        if (lock(channel) != Lock.OF_ANOTHER && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          return new Temporary(path, channel);
        }
        channel.close();
      } catch (FileAlreadyExistsException taken) {
        own.remove(path);
        continue;
      } catch (IOException e) {
        own.remove(path);
        throw e;
      }
      own.remove(path);
    }
    throw new IOException("its temporary file is deleted by another process again and again");
  }

  /**
   * Deletes the temporaries of {@code target} that nobody writes any more. One that cannot be
   * looked at or deleted stays: it does no harm but for its size.
   *
   * @param own temporaries of this process
   */
  static void deleteStale(Path target, Set<Path> own) {
    String prefix = prefix(target);
    DirectoryStream.Filter<Path> named =
        file -> {
          String name = file.getFileName().toString();
          return name.startsWith(prefix)
              && name.substring(prefix.length()).matches("[0-9a-f]{16}\\.tmp");
        };
    try (DirectoryStream<Path> files = Files.newDirectoryStream(target.getParent(), named)) {
      for (Path file : files) {
        // A channel of this process that is closed would take the lock of its writer along.
        if (!own.contains(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          deleteUnlocked(file);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      return;
    }
  }

  private static void deleteUnlocked(Path file) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (lock(channel) == Lock.TAKEN) {
        Files.deleteIfExists(file);
      }
    } catch (IOException notOurs) {
      return;
    }
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private enum Lock {
    TAKEN,
    OF_ANOTHER,
    /** Some network file systems have no locks. */
    NOT_THERE
  }

  private static Lock lock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock == null ? Lock.OF_ANOTHER : Lock.TAKEN;
    } catch (OverlappingFileLockException e) {
      return Lock.OF_ANOTHER;
    } catch (IOException e) {
      return Lock.NOT_THERE;
    }
  }
}
