// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.check.SelfTest;
import io.dynae.compute.Backend;
import io.dynae.error.DeviceException;
import io.dynae.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code dynae selftest}: checks every backend of this machine against independent truths. */
final class SelfTestCommand extends Command {
  private static final int FAILED = 1;
  private static final String ROW = "%-14s %6s %6s %6s  %s%n";

  SelfTestCommand() {
    super(
        "selftest",
        "",
        "checks that every backend of this machine computes what it should;"
            + " exit code 0 all checks passed, 1 one failed, 3 the asked backend is not there");
  }

  @Override
  Options options() {
    Options options =
        BackendChoice.addTo(new Options(), "auto checks all that are there (default)");
    options.addOption(
        value("only", "PATTERN", "runs the checks whose name holds this regular expression"));
    return options;
  }

  @Override
  int run(CommandLine line) {
    noArguments(line);
    BackendChoice.requireKnown(this, line);
    int device = BackendChoice.device(this, line);
    String asked = line.getOptionValue("backend", "auto");
    Predicate<String> wanted = wanted(line.getOptionValue("only", ""));
    List<String> failures = new ArrayList<>();
    int checks = 0;
    System.out.printf(ROW, "backend", "checks", "passed", "failed", "device, or why not run");
    for (String name : List.of("cuda", "opencl", "java")) {
      boolean given = asked.equals(name);
      if (!given && !asked.equals("auto")) {
        continue;
      }
      try {
        // Each device runs models by teams, and large ones phase by phase.
        checks += check(name, BackendChoice.open(name, device), wanted, failures);
        if (!name.equals("java")) {
          checks +=
              check(name + " phases", BackendChoice.openPhases(name, device), wanted, failures);
        }
      } catch (DeviceException e) {
        if (given) {
          throw e;
        }
        System.out.printf(ROW, name, "-", "-", "-", "not run: " + e.getMessage());
      }
    }
    if (checks == 0) {
      throw new InputException(
          "selftest: a check that ran does not hold: none did, with --backend %s, --device %d and --only '%s'; leave one of them away"
              .formatted(asked, device, line.getOptionValue("only", "")));
    }
    failures.forEach(failure -> System.out.println("FAILED " + failure));
    return failures.isEmpty() ? 0 : FAILED;
  }

  private static Predicate<String> wanted(String pattern) {
    try {
      return Pattern.compile(pattern).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new InputException(
          "selftest: --only: a regular expression does not hold: '%s'".formatted(pattern), e);
    }
  }

  /** Returns how many checks ran. */
  private static int check(
      String row, Backend opened, Predicate<String> wanted, List<String> failures) {
    try (Backend backend = opened) {
      SelfTest.Report report =
          SelfTest.run(backend, wanted, check -> System.err.println(row + ": " + check));
      int failed = report.failures().size();
      String[] counts = {
        "" + report.checks(), "" + (report.checks() - failed), "" + failed, backend.description()
      };
      System.out.printf(ROW, row, counts[0], counts[1], counts[2], counts[3]);
      report.failures().forEach(failure -> failures.add(row + ": " + failure));
      return report.checks();
    }
  }
}
