// SPDX-License-Identifier: MIT
package io.dynae.file;

import io.dynae.error.InputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that appears under its name complete, or not at all.
 *
 * <p>The bytes go to a {@link Temporary} beside it; {@link #commit} forces them to the disk and
 * renames it onto the target, {@link #close} without a commit deletes it. A target that is a
 * symbolic link keeps being one: the file it points to is replaced. What killed processes left of
 * the same target is deleted.
 */
public final class AtomicFile implements AutoCloseable {
  /** A consumer whose work may fail with an {@link IOException}. */
  @FunctionalInterface
  public interface IoConsumer<T> {
    /** Uses {@code value}. */
    void accept(T value) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);

  /** Of files that are being written: a process that is told to end takes them along. */
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::deleteUnfinished));
  }

  private final Path named;
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private boolean renamed;

  private AtomicFile(Path named) throws IOException {
    this.named = named;
    Path absolute = Files.isSymbolicLink(named) ? named.toRealPath() : named.toAbsolutePath();
    // One name for one folder, so that this process knows its own temporaries.
    target = absolute.getParent().toRealPath().resolve(absolute.getFileName());
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new InputException(
          named + ": cannot be written: it is not a regular file; give the name of a file");
    }
    Temporary.deleteStale(target, UNFINISHED);
    Temporary opened = Temporary.create(target, UNFINISHED);
    temporary = opened.path();
    channel = opened.channel();
  }

  /**
   * Opens the temporary of {@code target}, whose folder exists.
   *
   * @throws InputException where the target cannot be written
   */
  public static AtomicFile create(Path target) {
    try {
      return new AtomicFile(target);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /**
   * Writes what {@code content} puts into the stream given to it. When {@code content} throws, the
   * target is as it was before.
   *
   * @throws InputException where the target cannot be written
   */
  public static void write(Path target, IoConsumer<OutputStream> content) {
    try (AtomicFile file = create(target)) {
      try {
        OutputStream stream =
            new BufferedOutputStream(Channels.newOutputStream(file.channel), 1 << 16);
        content.accept(stream);
        stream.flush();
      } catch (IOException e) {
        throw file.unwritable(e);
      }
      file.commit();
    }
  }

  /**
   * Writes {@code text} as UTF-8.
   *
   * @throws InputException where the target cannot be written
   */
  public static void writeString(Path target, String text) {
    write(target, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Where the bytes go before they have their name. */
  public FileChannel channel() {
    return channel;
  }

  /** The line for a write to {@link #channel} that failed. */
  public InputException unwritable(IOException cause) {
    return unwritable(named, cause);
  }

  /**
   * Makes the bytes written so far the target's content.
   *
   * @throws InputException where that fails; the target is then as it was
   */
  public void commit() {
    try {
      channel.force(true);
      // Open until it has its name: the lock that others respect goes with the channel.
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      renamed = true;
      UNFINISHED.remove(temporary);
      channel.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
    // The rename itself survives a power cut only once the folder is on the disk; systems that
    // cannot open a folder (Windows) leave that to their journal.
    try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException notSupported) {
      return;
    }
  }

  /** Deletes the temporary unless {@link #commit} has renamed it. */
  @Override
  public void close() {
    if (renamed) {
      return;
    }
    try {
      try {
        channel.close();
      } finally {
        Files.deleteIfExists(temporary);
        UNFINISHED.remove(temporary);
      }
    } catch (IOException e) {
      throw IoFailure.of(temporary.toString(), "cannot be deleted", e);
    }
  }

  /** Deletes what is not committed, for a process that ends without unwinding its threads. */
  public static void deleteUnfinished() {
    for (Path file : UNFINISHED) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("{}: stays, as it cannot be deleted ({})", file, IoReason.of(e));
      }
    }
  }

  private static InputException unwritable(Path target, IOException cause) {
    return IoFailure.of(target.toString(), "cannot be written", cause);
  }
}
