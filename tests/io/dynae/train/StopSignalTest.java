// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StopSignal stop =
      new StopSignal(
          code -> events.add("at once " + code),
          (code, save) -> {
            save.run();
            events.add("end " + code);
            ended.countDown();
          });

  @Test
  void beforeTrainingItStopsAtOnce() {
    stop.request(75);
    stop.request(130);
    assertEquals(List.of("at once 75", "at once 75"), events);
  }

  /** Else the training's thread, which runs on until the end, would say that it saved something. */
  @Test
  void aStopThatEndsAtOnceIsNotSeenByTheTraining() {
    List<Boolean> seen = new CopyOnWriteArrayList<>();
    StopSignal[] signal = new StopSignal[1];
    signal[0] = new StopSignal(code -> seen.add(signal[0].requested()));
    signal[0].request(75);
    assertEquals(List.of(false), seen);
  }

  @Test
  void oneSaveGoesOnAndTwoStop() {
    stop.begin();
    stop.requestSave(75);
    assertFalse(stop.requested());
    assertTrue(stop.takeSave());
    assertFalse(stop.takeSave());
    stop.requestSave(75);
    assertTrue(stop.requested());
    assertEquals(75, stop.exitCode());
  }

  @Test
  void whoDoesNotAnswerIsEndedOnceItsStateIsKept() throws InterruptedException {
    stop.begin();
    stop.keeping(() -> events.add("kept"));
    stop.request(75);
    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertEquals(List.of("kept", "end 75"), events);
  }

  @Test
  void whoSavesIsNotInterrupted() throws InterruptedException {
    stop.begin();
    stop.keeping(() -> events.add("kept"));
    stop.request(75);
    stop.saving(
        () -> {
          pause(7);
          events.add("saved");
        });
    // Then it has as long again for what follows.
    events.add("tables");
    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertEquals(List.of("saved", "tables", "kept", "end 75"), events);
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
