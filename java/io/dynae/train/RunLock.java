// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.error.InputException;
import io.dynae.file.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other processes from training into the same directory, as two jobs of an array do that were
 * given one {@code --out}. The system gives it up when the process ends, however it ends. A start
 * of a run, {@code run/starts/0}, is locked together with its run.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  /** Name of the file that is locked; what a killed process leaves of it means nothing. */
  static final String FILE = ".lock";

  private static final int ATTEMPTS = 100;

  private static final Set<RunLock> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final boolean made;
  private final FileChannel channel;
  private final RunLock run;

  private RunLock(Path directory, boolean made, FileChannel channel, RunLock run) {
    this.directory = directory;
    this.made = made;
    this.channel = channel;
    this.run = run;
    HELD.add(this);
  }

  /**
   * Locks a directory, which is made where it is not there.
   *
   * @throws InputException when somebody else has locked it, or it cannot be written
   */
  public static RunLock take(Path directory) {
    boolean made = !Files.exists(directory);
    RunLock run = null;
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      Path above = directory.toRealPath().getParent();
      if (isStarts(above)) {
        run = take(above.getParent());
      }
      channel = lock(directory, () -> {});
    } catch (IOException e) {
      throw new InputException(
          directory + ": cannot be written (" + IoReason.of(e) + "); give another --out", e);
    } finally {
      if (channel == null && run != null) {
        run.close();
      }
    }
    if (channel == null) {
      throw new InputException(
          directory
              + ": locked by another process that trains into it; wait until that ends, or give"
              + " another --out");
    }
    return new RunLock(directory, made, channel, run);
  }

  /**
   * Says so where another process trains into a directory, before it is judged by what that one has
   * written until now; makes nothing.
   *
   * @throws InputException as {@link #take} does
   */
  public static void requireNotHeld(Path directory) {
    if (Files.exists(directory.resolve(FILE))) {
      take(directory).close();
    }
  }

  private static boolean isStarts(Path folder) {
    return folder != null
        && folder.endsWith(RunDirectory.STARTS)
        && folder.getParent() != null
        && Files.exists(folder.getParent().resolve("config.ini"));
  }

  /**
   * The locked file's channel, or null where another process has it.
   *
   * @param opened is run each time between opening the file and locking it
   */
  static FileChannel lock(Path directory, Runnable opened) throws IOException {
    Path file = directory.resolve(FILE);
    for (int i = 0; i < ATTEMPTS; i++) {
      Object before = identity(file);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      opened.run();
      boolean locked = locked(channel, directory);
      // Who had it may have deleted the file since it was opened, and a third have made another.
      if (locked && before != null && before.equals(identity(file))) {
        return channel;
      }
      channel.close();
      if (!locked) {
        return null;
      }
    }
    return null;
  }

  /** Device and inode, or what else tells files apart; null where there is none of that name. */
  private static Object identity(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
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

  public Path directory() {
    return directory;
  }

  /** Refuses a directory that another process has filled before this one locked it. */
  public void requireFree() {
    RunDirectory.requireFree(directory);
  }

  /** Gives it back; a directory that was made for it and is empty goes with it. */
  @Override
  public void close() {
    try (channel) {
      delete();
    } catch (IOException e) {
      LOG.warn("{}: its lock cannot be given back ({})", directory, IoReason.of(e));
    }
    if (run != null) {
      run.close();
    }
  }

  private void delete() throws IOException {
    if (!HELD.remove(this)) {
      return;
    }
    Files.deleteIfExists(directory.resolve(FILE));
    String[] left = directory.toFile().list();
    if (made && left != null && left.length == 0) {
      Files.delete(directory);
    }
  }

  /** Takes the files of all locks along, for a process that ends without unwinding its threads. */
  public static void deleteHeld() {
    for (RunLock lock : HELD) {
      try {
        lock.delete();
      } catch (IOException e) {
        LOG.warn("{}: its lock stays ({})", lock.directory, IoReason.of(e));
      }
    }
  }
}
