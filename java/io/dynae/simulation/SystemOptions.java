// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.error.InputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a person chose about a system, by name. A system takes what it knows; the rest is refused.
 */
final class SystemOptions {
  private final String system;
  private final Map<String, String> given;
  private final Set<String> taken = new HashSet<>();

  SystemOptions(String system, Map<String, String> given) {
    this.system = system;
    this.given = given;
  }

  /** Width and height of a frame: 64, or another multiple of 16 below. */
  int pixels() {
    taken.add("pixels");
    String value = given.getOrDefault("pixels", "64");
    if (!value.matches("16|32|48|64")) {
      throw new InputException(
          "--pixels: one of 16, 32, 48, 64 does not hold: '%s'".formatted(value));
    }
    return Integer.parseInt(value);
  }

  /** A constant of {@code usual}'s type, by its name in lower case. */
  <E extends Enum<E>> E choice(String option, E usual) {
    taken.add(option);
    String value = given.getOrDefault(option, name(usual));
    E[] all = usual.getDeclaringClass().getEnumConstants();
    return Arrays.stream(all)
        .filter(constant -> name(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "simulate: --%s: one of %s does not hold: '%s'"
                        .formatted(
                            option,
                            Arrays.stream(all)
                                .map(SystemOptions::name)
                                .collect(Collectors.joining(", ")),
                            value)));
  }

  /** Refuses an option that nothing has taken. */
  void requireAllTaken() {
    for (String option : given.keySet()) {
      if (!taken.contains(option)) {
        throw new InputException(
            "simulate: --%s is not for %s, which has %s"
                .formatted(
                    option,
                    system,
                    taken.isEmpty()
                        ? "no option of its own"
                        : taken.stream()
                            .sorted()
                            .map(name -> "--" + name)
                            .collect(Collectors.joining(", "))));
      }
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
