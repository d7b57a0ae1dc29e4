// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.error.InputException;
import io.dynae.op.Activation;
import io.dynae.op.ConvLayer;
import io.dynae.op.DenseLayer;
import io.dynae.op.Layer;
import io.dynae.random.Philox;
import io.dynae.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks of a model and where their parameters lie in one flat array.
 *
 * <p>Encoder and decoder come first. DynAE's force and log-diffusion follow from a multiple of 64
 * on, as they have an optimiser of their own; SDE-VAE's force follows at once.
 */
public final class Networks {
  private static final int ALIGNMENT = 64;
  private static final int MOST_PARAMETERS = Integer.MAX_VALUE / ALIGNMENT * ALIGNMENT;

  private static final int KERNEL = 4;

  /** Channels of the halved maps of an encoder; a decoder has them in the opposite order. */
  private static final int[] CHANNELS = {32, 32, 64, 64};

  private final List<Layer> encoder;
  private final List<Layer> decoder;
  private final List<DenseLayer> force;
  private final List<DenseLayer> logDiffusion;
  private final int priorStart;
  private final int size;
  private int next;

  public Networks(ModelShape s) {
    encoder = s.image() == null ? denseEncoder(s) : convEncoder(s);
    decoder = s.image() == null ? denseDecoder(s) : convDecoder(s);
    boolean dynae = s.kind() == ModelKind.DYNAE;
    next = dynae ? aligned(next) : next;
    int prior = next;
    force = dynae || s.kind() == ModelKind.SDE_VAE ? ofPrior("force", s) : List.of();
    logDiffusion = dynae ? ofPrior("log_diffusion", s) : List.of();
    size = aligned(next);
    priorStart = dynae ? prior : size;
  }

  private List<DenseLayer> ofPrior(String name, ModelShape s) {
    return chain(name, s.latent(), s.priorWidth(), s.priorLayers(), s.latent(), Activation.TANH);
  }

  private static int aligned(int n) {
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private List<Layer> denseEncoder(ModelShape s) {
    return List.copyOf(
        chain(
            "encoder",
            s.inputs(),
            s.encoderWidth(),
            s.hiddenLayers(),
            s.encoded(),
            s.activation()));
  }

  private List<Layer> denseDecoder(ModelShape s) {
    return List.copyOf(
        chain(
            "decoder",
            s.latent(),
            s.decoderWidth(),
            s.hiddenLayers(),
            s.outputs(),
            s.activation()));
  }

  /** Four convolutions that halve the map, one of kernel 1 to h / 16 channels, a dense layer. */
  private List<Layer> convEncoder(ModelShape s) {
    List<Layer> layers = new ArrayList<>();
    int height = s.image().height();
    int width = s.image().width();
    int channels = s.image().channels();
    for (int above : CHANNELS) {
      height /= 2;
      width /= 2;
      String name = "encoder." + layers.size();
      add(
          layers,
          new ConvLayer(name, false, above, height, width, channels, KERNEL, s.activation(), next));
      channels = above;
    }
    int last = s.encoderWidth() / ImageShape.GRANULE;
    add(
        layers,
        new ConvLayer("encoder.4", false, last, height, width, channels, 1, s.activation(), next));
    add(
        layers,
        new DenseLayer("encoder.5", last * height * width, s.encoded(), Activation.LINEAR, next));
    return List.copyOf(layers);
  }

  /** Two dense layers to the smallest map, then four transposed convolutions that double it. */
  private List<Layer> convDecoder(ModelShape s) {
    List<Layer> layers = new ArrayList<>();
    int height = s.image().height() / ImageShape.GRANULE;
    int width = s.image().width() / ImageShape.GRANULE;
    int channels = CHANNELS[CHANNELS.length - 1];
    add(layers, new DenseLayer("decoder.0", s.latent(), s.decoderWidth(), s.activation(), next));
    add(
        layers,
        new DenseLayer(
            "decoder.1", s.decoderWidth(), channels * height * width, s.activation(), next));
    for (int i = CHANNELS.length - 2; i >= -1; i--) {
      int above = i < 0 ? s.outputChannels() : CHANNELS[i];
      Activation activation = i < 0 ? Activation.LINEAR : s.activation();
      String name = "decoder." + layers.size();
      add(
          layers,
          new ConvLayer(name, true, channels, height, width, above, KERNEL, activation, next));
      channels = above;
      height *= 2;
      width *= 2;
    }
    return List.copyOf(layers);
  }

  private void add(List<Layer> layers, Layer layer) {
    requireRoom(layer);
    layers.add(layer);
    next = layer.end();
  }

  /** Where parameters lie is an int, and so is how many there are. */
  private void requireRoom(Layer layer) {
    long end = next + (long) layer.biases();
    long weights = 1;
    for (int length : layer.weightShape()) {
      weights *= length;
    }
    end += weights;
    if (end > MOST_PARAMETERS) {
      throw new InputException(
          "%s of the networks would end at parameter %d of at most %d; use fewer nodes, or smaller frames"
              .formatted(layer.name(), end, MOST_PARAMETERS));
    }
  }

  private List<DenseLayer> chain(
      String name, int inputs, int width, int hidden, int outputs, Activation activation) {
    List<DenseLayer> layers = new ArrayList<>();
    for (int i = 0; i <= hidden; i++) {
      DenseLayer layer =
          new DenseLayer(
              name + "." + i,
              i == 0 ? inputs : width,
              i == hidden ? outputs : width,
              i == hidden ? Activation.LINEAR : activation,
              next);
      requireRoom(layer);
      layers.add(layer);
      next = layer.end();
    }
    return List.copyOf(layers);
  }

  public List<Layer> encoder() {
    return encoder;
  }

  public List<Layer> decoder() {
    return decoder;
  }

  /** Empty where the model has none. */
  public List<DenseLayer> force() {
    return force;
  }

  /** Empty where the model has none. */
  public List<DenseLayer> logDiffusion() {
    return logDiffusion;
  }

  /** All layers in the order of their parameters. */
  public List<Layer> layers() {
    List<Layer> all = new ArrayList<>(encoder);
    all.addAll(decoder);
    all.addAll(force);
    all.addAll(logDiffusion);
    return all;
  }

  /** First parameter that the prior's own optimiser trains; {@link #size} where all have one. */
  public int priorStart() {
    return priorStart;
  }

  /** Floats of all parameters, padding included. */
  public int size() {
    return size;
  }

  /** The first initial weights of a seed, see {@link #initial(long, int)}. */
  public float[] initial(long seed) {
    return initial(seed, 0);
  }

  /**
   * Initial weights and biases, uniform in (-1/sqrt(K), 1/sqrt(K)) for a fan-in of K, by counter
   * from the seed.
   *
   * @param start number of the weights that a seed has, from 0
   */
  public float[] initial(long seed, int start) {
    float[] parameters = new float[size];
    int[] words = new int[4];
    for (Layer layer : layers()) {
      double bound = 1 / Math.sqrt(layer.fanIn());
      for (int i = layer.offset(); i < layer.end(); i++) {
        Philox.words(seed, i, 0, Stream.INITIAL_WEIGHTS.id(), start, words);
        double uniform = ((words[0] >>> 8) + 0.5) * 0x1p-24;
        parameters[i] = (float) ((2 * uniform - 1) * bound);
      }
    }
    return parameters;
  }
}
