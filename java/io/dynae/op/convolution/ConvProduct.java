// SPDX-License-Identifier: MIT
package io.dynae.op.convolution;

import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.HostMemory;
import io.dynae.op.Loops;
import io.dynae.op.Region;
import io.dynae.op.TeamOperation;
import io.dynae.op.TiledConvolution;
import io.dynae.op.TiledProduct;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the two ways through a convolution share: from each pixel of one map the sum over the
 * channels and taps of the other, then what a forward or backward pass does with it.
 *
 * <p>Shared by the whole team, as the few blocks of a batch of images would leave most of it idle.
 */
abstract class ConvProduct extends TeamOperation implements TiledProduct {
  private static final int CHANNELS_OF_A_TILE = 8;

  private final boolean down;
  private final Region parameters;
  private final ConvLayer layer;
  private final boolean forward;
  private final Activation activation;
  private final Region in;
  private final Region kept;
  private final Region out;

  /**
   * Runs on as many blocks as {@code out} has.
   *
   * @param down whether the big map goes in
   * @param forward whether bias and activation follow, else the slope of {@code activation}
   * @param kept output of that activation in a backward pass, else {@code out}
   */
  ConvProduct(
      String name,
      boolean down,
      Region parameters,
      ConvLayer layer,
      boolean forward,
      Activation activation,
      Region in,
      Region kept,
      Region out) {
    super(name, "dense/dense.cu", "convolution/convolution.cu");
    this.down = down;
    this.parameters = parameters;
    this.layer = layer;
    this.forward = forward;
    this.activation = activation;
    this.in = in;
    this.kept = kept;
    this.out = out;
    readsAll(parameters, in);
    if (!forward) {
      readsAll(kept);
    }
    writesAll(out);
  }

  @Override
  public final String statement() {
    return "%s(%s, %s + %d, %d, %d, %d, %d, %d, %d, %s, %s, %s);"
        .formatted(
            kernel(),
            (forward ? "forward_" : "backward_") + activation.kernelName(),
            parameters.at(),
            layer.offset(),
            layer.kernel(),
            layer.small(),
            layer.height(),
            layer.width(),
            layer.big(),
            out.blocks(),
            in.at(),
            kept.at(),
            out.at());
  }

  private String kernel() {
    boolean few = layer.big() < CHANNELS_OF_A_TILE && layer.kernel() == 4;
    return down ? "CONV_DOWN" : few ? "CONV_UP_FEW" : "CONV_UP";
  }

  @Override
  public final Optional<TiledConvolution> tiled() {
    if (layer.kernel() != 4) {
      return Optional.empty();
    }
    return Optional.of(
        new TiledConvolution(
            name(),
            down ? TiledConvolution.Kind.DOWN : TiledConvolution.Kind.UP,
            layer.small(),
            layer.height(),
            layer.width(),
            layer.big(),
            out.blocks(),
            in.offset(),
            parameters.offset() + layer.offset(),
            parameters.offset() + layer.bias(),
            kept.offset(),
            out.offset(),
            activation,
            forward,
            false,
            0));
  }

  @Override
  public final boolean runsInTeams() {
    return false;
  }

  @Override
  public final long multiplyAddsPerRow() {
    return layer.multiplyAdds();
  }

  @Override
  public final void run(HostMemory memory, int part, int parts) {
    float[] w = memory.flat(parameters);
    float[][] from = memory.rows(in);
    float[][] to = memory.rows(out);
    int channels = down ? layer.small() : layer.big();
    int pixels = down ? layer.smallPixels() : layer.bigPixels();
    int below = down ? layer.big() : layer.small();
    // Weights lie [G][taps][S].
    int outStride = down ? 1 : layer.taps() * layer.small();
    int inStride = down ? layer.taps() * layer.small() : 1;
    ConvTaps taps = new ConvTaps(layer);
    int[] features = new int[below * layer.taps()];
    int[] weights = new int[features.length];
    for (int t = part; t < out.blocks() * pixels; t += parts) {
      int block = t / pixels;
      int pixel = t % pixels;
      if (down) {
        taps.ofSmall(pixel);
      } else {
        taps.ofBig(pixel);
      }
      int n = 0;
      for (int c = 0; c < below; c++) {
        for (int k = 0; k < taps.count(); k++) {
          features[n] = block * in.features() + c * (in.features() / below) + taps.pixel(k);
          weights[n] = layer.offset() + c * inStride + taps.weight(k) * layer.small();
          n++;
        }
      }
      int out0 = block * out.features() + pixel;
      for (int j = 0; j < channels; j++) {
        Arrays.fill(to[out0 + j * pixels], forward ? w[layer.bias() + j] : 0);
      }
      for (int j = 0; j < channels; j += 2) {
        float[] y0 = to[out0 + j * pixels];
        float[] y1 = j + 1 < channels ? to[out0 + (j + 1) * pixels] : null;
        Loops.gather(w, j * outStride, outStride, weights, from, features, n, y0, y1);
      }
      for (int j = 0; j < channels; j++) {
        finish(memory, to[out0 + j * pixels], out0 + j * pixels);
      }
    }
  }

  private void finish(HostMemory memory, float[] y, int at) {
    if (forward) {
      Loops.activate(activation, y);
    } else {
      Loops.derive(activation, y, memory.rows(kept)[at]);
    }
  }
}
