// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.ConvLayer;
import io.dynae.op.Layout;
import io.dynae.op.Region;
import io.dynae.op.StepPlan;
import io.dynae.op.convolution.ConvDown;
import io.dynae.op.convolution.ConvGradient;
import io.dynae.op.convolution.ConvUp;
import io.dynae.op.step.FoldShares;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The three products of a convolution (ReLU) and of the transposed one (tanh), as a step of their
 * own, against their definition.
 */
public final class ConvolutionProductCase {
  /** Roundings of one product to TF32, half a unit of 10 fraction bits. */
  private static final int HIDDEN_BITS = 13;

  private final PlainConvolution plain;
  private final int images;
  private final ConvLayer layer;
  private final ConvLayer transposed;
  private final Layout layout;
  private final Region parameters;
  private final Region smallMap;
  private final Region bigMap;
  private final List<Region> outputs;
  private final StepPlan plan;

  /** Small maps of {@code height} x {@code width}. */
  public ConvolutionProductCase(int small, int big, int height, int width, int images) {
    this.images = images;
    plain = new PlainConvolution(small, big, height, width, 4);
    layer = new ConvLayer("a", false, small, height, width, big, 4, Activation.RELU, 3);
    transposed =
        new ConvLayer("b", true, small, height, width, big, 4, Activation.TANH, layer.end());
    layout = new Layout(images, 32);
    parameters = layout.flat("parameters", transposed.end());
    Region gradients = layout.flat("gradients", transposed.end());
    smallMap = layout.halfRows("small", plain.smallFeatures());
    bigMap = layout.halfRows("big", plain.bigFeatures());
    Region y = layout.halfRows("y", plain.smallFeatures());
    Region dx = layout.halfRows("dx", plain.bigFeatures());
    Region ty = layout.halfRows("ty", plain.bigFeatures());
    Region tdx = layout.halfRows("tdx", plain.smallFeatures());
    Region shares = layout.flat("shares", (long) ConvGradient.slices(images) * layer.size());
    Region tshares = layout.flat("tshares", (long) ConvGradient.slices(images) * transposed.size());
    outputs = List.of(y, dx, ty, tdx, gradients);
    plan =
        new StepPlan(
            "convolution",
            layout,
            null,
            List.of(
                ConvDown.forward("forward", parameters, layer, bigMap, y),
                ConvUp.backward(
                    "backward", parameters, layer, Activation.RELU, smallMap, bigMap, dx),
                new ConvGradient("gradient", shares, layer, bigMap, smallMap),
                ConvUp.forward("tforward", parameters, transposed, smallMap, ty),
                ConvDown.backward(
                    "tbackward", parameters, transposed, Activation.TANH, bigMap, smallMap, tdx),
                new ConvGradient("tgradient", tshares, transposed, smallMap, bigMap),
                new FoldShares("fold", shares, gradients, layer),
                new FoldShares("tfold", tshares, gradients, transposed)));
  }

  private float[] values(int n, int seed, boolean rounded) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits((float) (0.5 * random.nextGaussian()));
      values[i] = Float.intBitsToFloat(rounded ? bits >> HIDDEN_BITS << HIDDEN_BITS : bits);
    }
    return values;
  }

  private List<float[]> run(Backend backend, boolean rounded) {
    try (Executor executor = backend.wideExecutor(plan, 1)) {
      executor.write(0, parameters, values(transposed.end(), 1, rounded));
      executor.write(0, smallMap, values(images * plain.smallFeatures(), 2, rounded));
      executor.write(0, bigMap, values(images * plain.bigFeatures(), 3, rounded));
      executor.launch(new Control.Words().set(Control.STEPS, 1));
      List<float[]> results = new ArrayList<>();
      for (Region output : outputs) {
        results.add(executor.read(0, output));
      }
      return results;
    }
  }

  /** All outputs: y and dx of either layer, then the gradients of both. Closes the backend. */
  public List<float[]> results(Backend backend) {
    try (backend) {
      return run(backend, false);
    }
  }

  /**
   * Compares with the definition, and closes the backend.
   *
   * @param tensorCores whether operands are rounded to TF32: then values that need no rounding are
   *     taken, so that only float32 sums differ
   */
  public void check(Backend backend, boolean tensorCores) {
    List<float[]> results;
    try (backend) {
      results = run(backend, tensorCores);
    }
    float[] all = values(transposed.end(), 1, tensorCores);
    float[] small = values(images * plain.smallFeatures(), 2, tensorCores);
    float[] big = values(images * plain.bigFeatures(), 3, tensorCores);
    float[] w = weights(all, layer);
    float[] tw = weights(all, transposed);
    int pixels = plain.height() * plain.width();
    check(
        "convolution forward",
        results.get(0),
        PlainConvolution.ended(
            plain.down(big, w, images), biases(all, layer), pixels, v -> Math.max(0, v)));
    check(
        "convolution backward",
        results.get(1),
        PlainConvolution.sloped(plain.up(small, w, images), big, h -> h > 0 ? 1 : 0));
    check(
        "transposed forward",
        results.get(2),
        PlainConvolution.ended(
            plain.up(small, tw, images), biases(all, transposed), 4 * pixels, Math::tanh));
    check(
        "transposed backward",
        results.get(3),
        PlainConvolution.sloped(plain.down(big, tw, images), small, h -> 1 - h * h));
    double[] dw = plain.gradient(small, big, images);
    float[] gradients = results.get(4);
    check("weights", weights(gradients, layer), floats(dw));
    check("transposed weights", weights(gradients, transposed), floats(dw));
    check(
        "biases",
        biases(gradients, layer),
        floats(PlainConvolution.channelSums(small, plain.small(), pixels)));
    check(
        "transposed biases",
        biases(gradients, transposed),
        floats(PlainConvolution.channelSums(big, plain.big(), 4 * pixels)));
  }

  /** Errors of a sum of a few thousand products near 1. */
  private static void check(String what, float[] actual, float[] expected) {
    double largest = Math.max(1, ArrayCheck.largest(expected));
    ArrayCheck.close(what, actual, expected, 1e-5, ArrayCheck.rtol(4096) * largest);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Weights [small][big][4][4] of a layer. */
  private static float[] weights(float[] all, ConvLayer layer) {
    float[] weights = new float[layer.weights()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = all[layer.weightAt(i)];
    }
    return weights;
  }

  private static float[] biases(float[] all, ConvLayer layer) {
    float[] biases = new float[layer.biases()];
    System.arraycopy(all, layer.bias(), biases, 0, biases.length);
    return biases;
  }
}
