// SPDX-License-Identifier: MIT
package io.dynae.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes in a process of their own: {@code TestsAlone CLASS...}. */
public final class TestsAlone {
  private static final int MOST_FAILURES = 20;

  private TestsAlone() {}

  /** Exits with 0 when none failed; stdout's last line has the numbers, stderr the failures. */
  public static void main(String[] classes) {
    List<DiscoverySelector> selected =
        Arrays.stream(classes).map(name -> (DiscoverySelector) selectClass(name)).toList();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selected).build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    if (summary.getTotalFailureCount() > 0) {
      summary.printFailuresTo(
          new PrintWriter(new OutputStreamWriter(System.err, UTF_8), true), MOST_FAILURES);
    }
    System.out.printf(
        "passed %d, failed %d, not run %d%n",
        summary.getTestsSucceededCount(),
        summary.getTotalFailureCount(),
        summary.getTestsAbortedCount() + summary.getTestsSkippedCount());
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }
}
