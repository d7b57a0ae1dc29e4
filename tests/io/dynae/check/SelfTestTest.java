// SPDX-License-Identifier: MIT
package io.dynae.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.Backend;
import io.dynae.compute.java.JavaBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The self-test finds nothing wrong with a right backend, and finds what is wrong with another. */
class SelfTestTest {
  @Test
  void aRightBackendPasses() {
    List<String> told = new ArrayList<>();
    try (Backend java = new JavaBackend(2)) {
      SelfTest.Report report = SelfTest.run(java, name -> true, told::add);
      assertEquals(List.of(), report.failures());
      assertEquals(told.size(), report.checks());
      assertTrue(report.checks() >= 9, "checks: " + report.checks());
    }
  }

  @Test
  void wrongDistancesAndLossesAreFound() {
    try (Backend wrong = new WrongBackend(new JavaBackend(2), 1.0001f, 0)) {
      SelfTest.Report report = SelfTest.run(wrong, name -> true, check -> {});
      long distances =
          report.failures().stream().filter(f -> f.startsWith("sliced Wasserstein of ")).count();
      assertEquals(5, distances, report.failures().toString());
      assertTrue(
          report.failures().stream().anyMatch(f -> f.startsWith("steps of a reference")),
          report.failures().toString());
    }
  }
}
