// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

import io.dynae.op.TiledConvolution;
import io.dynae.op.TiledConvolution.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels of one convolution on CUDA: sizes of its tiles, text, and launches. What lies in a
 * tile is told in {@code kernels/convolution/conv_tiles.cu}; the text asserts that both count the
 * same floats.
 */
final class ConvText implements OwnKernels {
  /** Kernel files, in order. */
  static final List<String> FILES =
      List.of(
          "convolution/conv_tiles.cu",
          "convolution/conv_gradient.cu",
          "convolution/conv_tensor.cu",
          "step/wide_rows.cu");

  /** Up to so many channels of the big map a kernel is bound by memory, and tiles are narrow. */
  private static final int FEW = 4;

  /** Blocks from which on a GPU counts as filled: nearly one a multiprocessor of an H200. */
  private static final int ENOUGH = 128;

  /** Blocks of a gradient: two a multiprocessor of an H200. Constant, so that sums are, too. */
  private static final int GRADIENT_BLOCKS = 264;

  /** Channels of a thread, groups of channels and of pixels of a block. */
  private record Split(int channels, int channelGroups, int pixelGroups) {
    int tile() {
      return channels * channelGroups;
    }

    int threads() {
      return 32 * channelGroups * pixelGroups;
    }
  }

  private final TiledConvolution c;
  private final String name;
  private final boolean tensor;
  private final boolean few;
  private final Split split;
  private final int summed;
  private final int stageFloats;
  private final int stages;
  private final int shares;

  /**
   * @param number of the convolution in its program
   */
  ConvText(int number, TiledConvolution c, TileLimits limits, boolean tensorCores) {
    this.c = c;
    name = "tile_" + number;
    few = c.big() <= FEW;
    tensor = tensorCores && !few;
    split = split();
    summed = c.kind() == Kind.UP ? 4 : few ? Math.max(1, c.big()) : 2;
    stageFloats = stageFloats();
    int steps = up(c.kind() == Kind.UP ? c.small() : c.big(), summed);
    boolean two = c.kind() == Kind.GRADIENT || steps > 1;
    stages = two && 8L * stageFloats <= limits.sharedBytes() ? 2 : 1;
    shares = c.kind() == Kind.GRADIENT ? shares() : 0;
  }

  /** Whether a block's shared memory holds the tiles. */
  boolean fits(TileLimits limits) {
    return 4L * stageFloats * stages <= limits.sharedBytes();
  }

  @Override
  public boolean usesTensorCores() {
    return tensor;
  }

  /** What its shares of a gradient take until they are added up. */
  @Override
  public long scratchFloats() {
    return (long) shares * gradientTiles() * shareFloats();
  }

  private static int up(int n, int size) {
    return (n + size - 1) / size;
  }

  private Split split() {
    List<Split> choices = new ArrayList<>();
    int channels = c.kind() == Kind.UP ? c.big() : c.small();
    if (c.kind() == Kind.UP && few) {
      return new Split(channels == 1 ? 1 : 4, 1, 8);
    }
    if (channels > 16) {
      choices.add(new Split(8, 4, 2));
    }
    choices.add(new Split(4, 4, 2));
    if (c.kind() == Kind.DOWN) {
      choices.add(new Split(4, 4, 1));
    }
    return choices.stream()
        .filter(s -> groups(s) >= ENOUGH)
        .findFirst()
        .orElse(choices.get(choices.size() - 1));
  }

  private int groups(Split s) {
    int rows = c.kind() == Kind.UP ? s.pixelGroups() / 2 : 2 * s.pixelGroups();
    int channels = c.kind() == Kind.UP ? c.big() : c.small();
    return c.blocks() * up(c.height(), rows) * up(c.width(), 4) * up(channels, s.tile());
  }

  private int stageFloats() {
    int pixel = tensor ? 40 : 32;
    int tile = split.tile();
    return switch (c.kind()) {
      case DOWN -> summed * ((4 * split.pixelGroups() + 2) * 10 * pixel + 16 * (tile + 8));
      case UP -> {
        int weights = 16 * (tile % 4 == 0 ? tile + 4 : tile) + (tensor ? 16 : 0) + 8;
        yield up(summed * ((split.pixelGroups() / 2 + 2) * 6 * pixel + weights), 4) * 4;
      }
      case GRADIENT -> few ? 8 * (32 * 36 + 340) : 32 * 36 + 32 * 356;
    };
  }

  private int gradientChannels() {
    return few ? 1 : 32;
  }

  private int gradientTiles() {
    return up(c.small(), 32) * up(c.big(), gradientChannels());
  }

  private int shareFloats() {
    return 32 * gradientChannels() * 16 + 32;
  }

  private int shares() {
    int units = c.blocks() * 4 * c.height() * up(c.width(), 4);
    int steps = few ? up(units, 8) : units;
    return Math.max(1, Math.min(GRADIENT_BLOCKS / gradientTiles(), steps / 2));
  }

  @Override
  public List<Launch> launches() {
    int shared = 4 * stageFloats * stages;
    if (c.kind() != Kind.GRADIENT) {
      return List.of(launch(name, groups(split), split.threads(), shared));
    }
    int pieces = few ? 17 : Math.min(32, c.small()) * up(Math.min(32, c.big()), 2) + 1;
    return List.of(
        launch(name, shares * gradientTiles(), 256, shared),
        launch(name + "_fold", gradientTiles() * pieces, 256, 4 * 256));
  }

  private static Launch launch(String kernel, int groups, int threads, int shared) {
    return new Launch(kernel, new LaunchShape(groups, 1, threads, shared, false, 0));
  }

  /** Its constants and kernels. */
  @Override
  public String text() {
    String struct = "Tile" + name.substring(name.indexOf('_') + 1);
    StringBuilder text = new StringBuilder("/* " + c.name() + " */\n");
    text.append("struct ").append(struct).append(" { static constexpr int CS = ").append(c.small());
    constant(text, "CB", c.big());
    constant(text, "H", c.height());
    constant(text, "W", c.width());
    constant(text, "BLOCKS", c.blocks());
    constant(text, "MW", split.channels());
    constant(text, "CG", split.channelGroups());
    constant(text, "PG", split.pixelGroups());
    constant(text, "KC", summed);
    constant(text, "STAGES", stages);
    constant(text, "ALIGNED", c.small() % 4 == 0 && c.with() % 4 == 0 ? 1 : 0);
    constant(text, "TENSOR", tensor ? 1 : 0);
    if (c.kind() == Kind.GRADIENT) {
      constant(text, "CBT", gradientChannels());
      constant(text, "SHARES", shares);
      constant(text, "BIAS", c.bigBias() ? 2 : 1);
      text.append("; };\n");
      gradient(text, struct);
    } else {
      String end = c.activation().name();
      text.append(", END = CONV_").append(c.forward() ? "" : "SLOPE_").append(end).append("; };\n");
      product(text, struct);
    }
    return text.toString();
  }

  private static void constant(StringBuilder text, String key, int value) {
    text.append(", ").append(key).append(" = ").append(value);
  }

  private void product(StringBuilder text, String struct) {
    String kind = c.kind() == Kind.UP ? "up" : "down";
    assertion(text, (c.kind() == Kind.UP ? "UpTile<" : "DownTile<") + struct + ">::STAGE");
    kernel(text, name, split.threads(), 512 / split.threads());
    text.append("    (void)list;\n    conv_%s%s<%s>(".formatted(kind, form(), struct));
    text.append(
        "arena + %d, arena + %d, arena + %d, arena + %d, arena + %d);\n}\n"
            .formatted(c.from(), c.with(), c.bias(), c.kept(), c.to()));
  }

  private void gradient(StringBuilder text, String struct) {
    assertion(text, "GradientTile<" + struct + ">::STAGE");
    kernel(text, name, 256, 2);
    text.append("    conv_gradient%s<%s>(".formatted(form(), struct));
    text.append("arena + %d, arena + %d, (float*)list);\n}\n".formatted(c.from(), c.with()));
    kernel(text, name + "_fold", 256, 2);
    text.append("    conv_fold<%s>((const float*)list, ".formatted(struct));
    text.append("arena + %d, arena + %d, %d);\n}\n".formatted(c.to(), c.bias(), c.zeros()));
  }

  private String form() {
    return tensor ? "_tensor" : "";
  }

  private void assertion(StringBuilder text, String floats) {
    text.append("static_assert(%s == %d, \"floats of a stage\");\n".formatted(floats, stageFloats));
  }

  /** Shares of a gradient lie where other kernels have the list of frame numbers. */
  private static void kernel(StringBuilder text, String name, int threads, int blocks) {
    text.append("TILE_KERNEL(%d, %d) %s(".formatted(threads, blocks, name));
    text.append(KernelText.ARGUMENTS).append(")\n{\n    (void)frames; (void)targets;\n");
  }
}
