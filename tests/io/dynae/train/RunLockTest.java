// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final int THREADS = 4;
  private static final int TURNS = 5000;

  @TempDir Path folder;

  /** A lock on a file that another one has replaced since it was opened is none. */
  @Test
  void whatIsLockedIsTheFileOfThatName() throws IOException {
    Path file = Files.createFile(folder.resolve(RunLock.FILE));
    AtomicInteger opened = new AtomicInteger();
    Runnable replaceOnce =
        () -> {
          if (opened.getAndIncrement() == 0) {
            try {
              Files.delete(file);
              Files.createFile(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    try (FileChannel channel = RunLock.lock(folder, replaceOnce)) {
      assertNotNull(channel);
      channel.write(ByteBuffer.wrap(new byte[3]));
      assertEquals(3, Files.size(file), "bytes written through the locked channel");
    }
  }

  @Test
  void onlyOneHoldsItHoweverOftenItIsGivenBack() throws InterruptedException, ExecutionException {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all =
          IntStream.range(0, THREADS)
              .<Future<?>>mapToObj(t -> pool.submit(() -> turns(holders, most, taken)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(1, most.get(), "holders at once");
    assertTrue(taken.get() > TURNS / 10, "taken " + taken);
  }

  private void turns(AtomicInteger holders, AtomicInteger most, AtomicInteger taken) {
    for (int i = 0; i < TURNS; i++) {
      try (RunLock lock = RunLock.take(folder)) {
        most.accumulateAndGet(holders.incrementAndGet(), Math::max);
        taken.incrementAndGet();
        assertEquals(folder, lock.directory());
        holders.decrementAndGet();
      } catch (InputException busy) {
        assertTrue(busy.getMessage().contains("locked"), busy.getMessage());
      }
    }
  }

  @Test
  void aStartIsLockedWithItsRun() throws IOException {
    Path start = Files.createDirectories(folder.resolve("starts/0"));
    Files.writeString(folder.resolve("config.ini"), "");
    try (RunLock run = RunLock.take(folder)) {
      assertThrows(InputException.class, () -> RunLock.take(start), run.directory().toString());
    }
    try (RunLock one = RunLock.take(start)) {
      assertThrows(InputException.class, () -> RunLock.take(folder), one.directory().toString());
    }
    RunLock.take(folder).close();
    assertTrue(Files.notExists(folder.resolve(RunLock.FILE)));
  }

  @Test
  void aProcessThatIsHaltedTakesItAlong() {
    Path run = folder.resolve("run");
    try (RunLock lock = RunLock.take(run)) {
      assertTrue(Files.exists(lock.directory().resolve(RunLock.FILE)));
      RunLock.deleteHeld();
      assertTrue(Files.notExists(run));
    }
  }
}
