// SPDX-License-Identifier: MIT
package io.dynae.bench;

import com.google.gson.JsonObject;
import io.dynae.error.InputException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sizes of sliced Wasserstein distances in one call, named like {@code K64-N256-d2-L50}.
 *
 * @param sets K
 * @param samples N
 * @param dims d
 * @param projections L
 */
public record SwdSize(int sets, int samples, int dims, int projections) {
  /** From one training step's sort to a million samples. */
  public static final List<SwdSize> ALL =
      List.of(
          new SwdSize(1, 256, 2, 50),
          new SwdSize(64, 256, 2, 50),
          new SwdSize(64, 1024, 3, 128),
          new SwdSize(16, 4096, 8, 256),
          new SwdSize(1, 65_536, 3, 128),
          new SwdSize(1, 1_000_000, 3, 64),
          new SwdSize(1, 1_000_000, 10, 256));

  private static final Pattern NAME =
      Pattern.compile("K(\\d{1,9})-N(\\d{1,9})-d(\\d{1,9})-L(\\d{1,9})");

  /** Sorted keys of each side up to which a size is measured on a CPU unless it is asked for. */
  private static final long MOST_KEYS_ON_CPU = 20_000_000;

  /** The sizes measured unless others are asked for: all on a GPU. */
  public static List<SwdSize> usual(String backend) {
    return ALL.stream()
        .filter(s -> backend.equals("cuda") || s.keys() <= MOST_KEYS_ON_CPU)
        .toList();
  }

  /**
   * The sizes that a list such as {@code K1-N256-d2-L50,K1-N65536-d3-L128} names; {@code all} names
   * those of {@link #ALL}.
   *
   * @throws InputException for what is no size
   */
  public static List<SwdSize> listed(String names) {
    return names.equals("all") ? ALL : Stream.of(names.split(",", -1)).map(SwdSize::named).toList();
  }

  private static SwdSize named(String name) {
    Matcher found = NAME.matcher(name.strip());
    if (!found.matches()) {
      throw new InputException(
          "--sizes: sizes such as %s do not hold: '%s'".formatted(ALL.get(0).name(), name));
    }
    int[] n = new int[4];
    for (int i = 0; i < n.length; i++) {
      n[i] = Integer.parseInt(found.group(i + 1));
      if (n[i] < 1) {
        throw new InputException("--sizes: K, N, d, L >= 1 do not hold: '%s'".formatted(name));
      }
    }
    return new SwdSize(n[0], n[1], n[2], n[3]);
  }

  /** Its name. */
  public String name() {
    return "K%d-N%d-d%d-L%d".formatted(sets, samples, dims, projections);
  }

  private long keys() {
    return (long) sets * samples * projections;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name());
    json.addProperty("sets", sets);
    json.addProperty("samples", samples);
    json.addProperty("dims", dims);
    json.addProperty("projections", projections);
    return json;
  }
}
