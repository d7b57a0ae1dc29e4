// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configurations of a sweep: every combination of the values that a file or its overrides list,
 * as in {@code seed = [0, 1, 2]}. Every number may be such a list.
 *
 * @param varied the keys with several values, in the order of the written file
 * @param models one a combination; the last key's values change fastest
 */
public record SweepConfig(List<String> varied, List<Model> models) {
  /** Models that a sweep can have at most: more is a slip of the pen. */
  private static final int MOST_MODELS = 100_000;

  /**
   * One combination.
   *
   * @param values text of each varied key
   */
  public record Model(Map<String, String> values, RunConfig config) {
    /** A name that is unique in the sweep and good for a folder: {@code beta=10,seed=0}. */
    public String name() {
      return values.isEmpty()
          ? "model"
          : values.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(","));
    }
  }

  /**
   * Reads a file and replaces what the overrides give.
   *
   * @param overrides as in {@link RunConfig#read}, with lists where the sweep shall vary
   * @throws InputException for the first thing that is wrong
   */
  public static SweepConfig read(Path file, List<String> overrides) {
    return read(file, overrides, false);
  }

  /**
   * The same for one model, or any number of them, by their seeds: a single one is named by its
   * seed too, so that more can join it.
   */
  public static SweepConfig bySeeds(Path file, List<String> overrides) {
    return read(file, overrides, true);
  }

  private static SweepConfig read(Path file, List<String> overrides, boolean bySeeds) {
    Sources sources = Sources.of(IniFile.read(file), file.toAbsolutePath().getParent(), overrides);
    Map<Key, List<ValueSource>> lists = lists(sources, bySeeds);
    long count = lists.values().stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
    if (count > MOST_MODELS) {
      throw new InputException(
          "%s: combinations <= %d does not hold: %d of %s; list fewer values"
              .formatted(file, MOST_MODELS, count, names(lists)));
    }
    List<Combination> combinations = List.of(new Combination(Map.of(), sources));
    for (Map.Entry<Key, List<ValueSource>> list : lists.entrySet()) {
      combinations =
          combinations.stream()
              .flatMap(combination -> list.getValue().stream().map(combination::with))
              .toList();
    }
    return new SweepConfig(names(lists), combinations.stream().map(Combination::model).toList());
  }

  private static List<String> names(Map<Key, List<ValueSource>> lists) {
    return lists.keySet().stream().map(Key::text).toList();
  }

  /** The values of every key that has several. */
  private static Map<Key, List<ValueSource>> lists(Sources sources, boolean bySeeds) {
    Map<Key, List<ValueSource>> lists = new LinkedHashMap<>();
    for (Key key : Key.values()) {
      ValueSource source = sources.find(key);
      if (source == null || source.text() == null || !(key.type() instanceof NumberType type)) {
        continue;
      }
      List<ValueSource> values = new ArrayList<>();
      Set<Object> distinct = new LinkedHashSet<>();
      for (String item : NumberType.items(source.text())) {
        ValueSource value = new ValueSource(key, item, source.where());
        if (!distinct.add(value.value())) {
          throw new InputException(
              "%s: different values of %s does not hold: %s twice; list each once"
                  .formatted(source.where(), key.text(), item));
        }
        values.add(new ValueSource(key, type.bare(value.value()), source.where()));
      }
      if (values.size() > 1 || bySeeds && key == Key.SEED) {
        lists.put(key, values);
      }
    }
    return lists;
  }

  private record Combination(Map<String, String> values, Sources sources) {
    Combination with(ValueSource value) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(value.key().text(), value.text());
      return new Combination(more, sources.with(value));
    }

    Model model() {
      return new Model(values, RunConfig.of(sources));
    }
  }
}
