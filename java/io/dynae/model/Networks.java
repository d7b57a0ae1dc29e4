// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.op.Activation;
import io.dynae.op.DenseLayer;
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

  private final List<DenseLayer> encoder;
  private final List<DenseLayer> decoder;
  private final List<DenseLayer> force;
  private final List<DenseLayer> logDiffusion;
  private final int priorStart;
  private final int size;
  private int next;

  public Networks(ModelShape s) {
    encoder =
        chain(
            "encoder", s.inputs(), s.encoderWidth(), s.hiddenLayers(), s.encoded(), s.activation());
    decoder =
        chain(
            "decoder", s.latent(), s.decoderWidth(), s.hiddenLayers(), s.outputs(), s.activation());
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
      layers.add(layer);
      next = layer.end();
    }
    return List.copyOf(layers);
  }

  public List<DenseLayer> encoder() {
    return encoder;
  }

  public List<DenseLayer> decoder() {
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
  public List<DenseLayer> layers() {
    List<DenseLayer> all = new ArrayList<>(encoder);
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

  /**
   * Initial weights and biases, uniform in (-1/sqrt(K), 1/sqrt(K)) for K inputs, by counter from
   * the seed.
   */
  public float[] initial(long seed) {
    float[] parameters = new float[size];
    int[] words = new int[4];
    for (DenseLayer layer : layers()) {
      double bound = 1 / Math.sqrt(layer.inputs());
      for (int i = layer.offset(); i < layer.end(); i++) {
        Philox.words(seed, i, 0, Stream.INITIAL_WEIGHTS.id(), 0, words);
        double uniform = ((words[0] >>> 8) + 0.5) * 0x1p-24;
        parameters[i] = (float) ((2 * uniform - 1) * bound);
      }
    }
    return parameters;
  }
}
