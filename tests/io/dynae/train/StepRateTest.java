// SPDX-License-Identifier: MIT
package io.dynae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepRateTest {
  @Test
  void theFirstLaunchDoesNotCount() {
    StepRate rate = new StepRate(1);
    rate.epochBegins();
    rate.launched(3, 60);
    assertFalse(rate.known());
    rate.launched(300, 1);
    rate.launched(600, 3);
    assertTrue(rate.known());
    assertEquals(200, rate.ofLaunch());
    // Of three models each ran 1, 100 and 200 steps.
    assertEquals(75, rate.ofEpoch(301));
    rate.epochBegins();
    rate.launched(300, 2);
    assertEquals(50, rate.ofEpoch(100));
  }

  @Test
  void anEpochOfTheFirstLaunchAlone() {
    StepRate rate = new StepRate(1);
    rate.epochBegins();
    rate.launched(1, 4);
    assertTrue(Double.isNaN(rate.ofLaunch()));
    assertEquals(0.25, rate.ofEpoch(1));
  }

  @Test
  void anEpochThatWasStoppedAtItsEnd() {
    StepRate rate = new StepRate(1);
    rate.epochBegins();
    assertEquals(0, rate.ofEpoch(0));
  }
}
