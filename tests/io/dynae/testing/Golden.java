// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.model.Networks;
import io.dynae.op.ConvLayer;
import io.dynae.op.Layer;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openlca.npy.Npz;

/** A reference case of tests/golden, read by a library that is not ours. */
public final class Golden {
  private static final Map<String, String> NAMES = new LinkedHashMap<>();
  private static final Map<String, String> CONVOLUTIONAL = new LinkedHashMap<>();

  static {
    NAMES.put("encoder.0", "model_encoder/encoder_input_layer/0");
    NAMES.put("encoder.1", "model_encoder/encoder/0");
    NAMES.put("encoder.2", "model_encoder/encoder/2");
    NAMES.put("encoder.3", "model_encoder/encoder_output");
    NAMES.put("decoder.0", "model_decoder/decoder_input_layer/0");
    NAMES.put("decoder.1", "model_decoder/decoder/0");
    NAMES.put("decoder.2", "model_decoder/decoder/2");
    NAMES.put("decoder.3", "model_decoder/decoder_output");
    CONVOLUTIONAL.put("encoder.0", "model_encoder/encoder_input_layer/0");
    CONVOLUTIONAL.put("encoder.5", "model_encoder/encoder_output");
    CONVOLUTIONAL.put("decoder.0", "model_decoder/decoder_input_layer/0");
    CONVOLUTIONAL.put("decoder.5", "model_decoder/decoder_output/0");
    for (int i = 1; i < 5; i++) {
      CONVOLUTIONAL.put("encoder." + i, "model_encoder/encoder/" + 2 * (i - 1));
      CONVOLUTIONAL.put("decoder." + i, "model_decoder/decoder/" + 2 * (i - 2));
    }
    CONVOLUTIONAL.put("decoder.1", "model_decoder/decoder_input_layer/2");
    for (int i = 0; i < 3; i++) {
      NAMES.put("force." + i, "model_prior/prior_force_net/" + 2 * i);
      NAMES.put("log_diffusion." + i, "model_prior/prior_logdiff_net/" + 2 * i);
    }
  }

  private final File file;

  /** The case {@code tests/golden/<name>.npz}. */
  public Golden(String name) {
    file = new File("tests/golden/" + name + ".npz");
  }

  /** An array's values, row-major, as double. */
  public double[] values(String name) {
    return Npz.read(file, name + ".npy").asDoubleArray().data();
  }

  /** An array's shape. */
  public int[] shape(String name) {
    return Npz.read(file, name + ".npy").shape();
  }

  /** A single number. */
  public double scalar(String name) {
    return values(name)[0];
  }

  /** Whether the case holds an array of that name. */
  public boolean has(String name) {
    return Npz.entries(file).contains(name + ".npy");
  }

  /** All parameters of one kind ("param", "grad", "final") in this program's order. */
  public float[] parameters(String kind, Networks networks) {
    float[] flat = new float[networks.size()];
    for (Layer layer : networks.layers()) {
      String name = kind + "/" + name(networks, layer);
      double[] weight = values(name + "/weight");
      double[] bias = values(name + "/bias");
      for (int i = 0; i < weight.length; i++) {
        flat[layer.weightAt(i)] = (float) weight[i];
      }
      for (int j = 0; j < bias.length; j++) {
        flat[layer.bias() + j] = (float) bias[j];
      }
    }
    return flat;
  }

  private static String name(Networks networks, Layer layer) {
    boolean convolutional = networks.encoder().get(0) instanceof ConvLayer;
    return convolutional
        ? CONVOLUTIONAL.getOrDefault(layer.name(), NAMES.get(layer.name()))
        : NAMES.get(layer.name());
  }

  /** An array as floats. */
  public float[] floats(String name) {
    double[] values = values(name);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
