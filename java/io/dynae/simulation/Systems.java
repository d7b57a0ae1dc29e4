// SPDX-License-Identifier: MIT
package io.dynae.simulation;

import io.dynae.error.InputException;
import io.dynae.simulation.render.Solid;
import io.dynae.simulation.render.Sprite;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The list of known systems. A new one is a class and a line here. */
public final class Systems {
  private record Entry(String name, Function<SystemOptions, KnownSystem> maker) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("three-well", options -> new ThreeWell()),
          new Entry("ornstein-uhlenbeck", options -> new OrnsteinUhlenbeck()),
          new Entry("mueller-brown", options -> new MuellerBrown()),
          new Entry("dsprites-2", options -> sprites(2, options)),
          new Entry("dsprites-3", options -> sprites(3, options)),
          new Entry(
              "shapes3d",
              options -> new Shapes3d(options.choice("shape", Solid.CUBE), options.pixels())),
          new Entry("dna", options -> new Dna(options.pixels())));

  private Systems() {}

  /** All names, in the order of their making: simple ones first. */
  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /**
   * The system called {@code name}.
   *
   * @param options {@code pixels}, {@code sprite}, {@code shape}: those that were given, as text
   * @throws InputException for an unknown name, an unknown value, or an option of another system
   */
  public static KnownSystem of(String name, Map<String, String> options) {
    for (Entry entry : ENTRIES) {
      if (entry.name.equals(name)) {
        SystemOptions taken = new SystemOptions(name, options);
        KnownSystem system = entry.maker.apply(taken);
        taken.requireAllTaken();
        return system;
      }
    }
    throw new InputException(
        "simulate: unknown system '%s'; valid: %s".formatted(name, String.join(", ", names())));
  }

  private static KnownSystem sprites(int dimension, SystemOptions options) {
    return new Sprites(dimension, options.choice("sprite", Sprite.HEART), options.pixels());
  }
}
