// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.error.InputException;
import io.dynae.error.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other processes from training into the same directory, as two jobs of an array do that were
 * given one {@code --out}. The system gives it up when the process ends, however it ends.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  /** Name of the file that is locked; what a killed process leaves of it means nothing. */
  static final String FILE = ".lock";

  private final Path directory;
  private final boolean made;
  private final FileChannel channel;

  private RunLock(Path directory, boolean made, FileChannel channel) {
    this.directory = directory;
    this.made = made;
    this.channel = channel;
  }

  /**
   * Locks a directory, which is made where it is not there.
   *
   * @throws InputException when somebody else has locked it, or it cannot be written
   */
  public static RunLock take(Path directory) {
    boolean made = !Files.exists(directory);
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(FILE);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Who had it may have deleted the file since it was opened.
      if (locked(channel, directory) && Files.exists(file)) {
        return new RunLock(directory, made, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new InputException(
          directory + ": cannot be written (" + IoReason.of(e) + "); give another --out", e);
    }
    throw new InputException(
        "%s: no other process writes into it does not hold: one has locked it; wait until it ends,"
                .formatted(directory)
            + " or give another --out");
  }

  private static boolean locked(FileChannel channel, Path directory) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // Some network file systems have no locks; training there is worth more than being safe.
      LOG.warn(
          "{}: cannot be locked ({}); let no other process write into it",
          directory,
          IoReason.of(e));
      return true;
    }
  }

  /** Refuses a directory that another process has filled before this one locked it. */
  public void requireFree() {
    RunDirectory.requireFree(directory);
  }

  /** Gives it back; a directory that was made for it and is empty goes with it. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(directory.resolve(FILE));
      String[] left = directory.toFile().list();
      if (made && left != null && left.length == 0) {
        Files.delete(directory);
      }
    } catch (IOException e) {
      LOG.warn("{}: its lock cannot be given back ({})", directory, IoReason.of(e));
    }
  }
}
