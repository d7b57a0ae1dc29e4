// SPDX-License-Identifier: MIT
package io.dynae.model;

import io.dynae.dataset.Fingerprint;
import io.dynae.dataset.Standardizer;
import io.dynae.error.InputException;
import io.dynae.file.Safetensors;
import io.dynae.op.Activation;
import io.dynae.op.Layer;
import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.Frames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * Everything a run needs to go on: weights, moments, counters, bins and, in the middle of an epoch,
 * its list of batches. A safetensors file; weights are [out, in], of convolutions [out, in, kh,
 * kw], of transposed ones [in, out, kh, kw], under names such as {@code encoder.0.weight}.
 */
public final class Checkpoint {
  /** What the metadata key {@code format} says. */
  private static final String FORMAT = "dynae-checkpoint-2";

  /** Name of the file in a run directory. */
  public static final String FILE = "checkpoint.safetensors";

  private static final int[] NO_BATCHES = new int[0];

  public final ModelShape shape;
  public Standardizer standardizer = Standardizer.NONE;

  /** What tells the data of training from others; null in files of before it was kept. */
  public String data;

  /** Weights and moments, laid out as {@link Networks} says. */
  public float[] parameters;

  /** Running average of the weights: what the model is used with. */
  public float[] average;

  public float[] firstMoment;
  public float[] secondMoment;

  /** Centres of the bins of the last epoch that had some, [bins][d]. */
  public float[] binCenters = new float[0];

  /** Pairs in each bin. */
  public int[] binCounts = new int[0];

  /** Epochs finished. */
  public int epoch;

  /** Steps done in the epoch that runs; {@link #batches} holds its order when not zero. */
  public int stepInEpoch;

  /** Steps since the run began. */
  public int step;

  public int adamRepresentation;
  public int adamPrior;

  /** First frames of the running epoch's batches, [steps][B]; empty between epochs. */
  public int[] batches = NO_BATCHES;

  /** Sums of the running epoch's losses, by kind, as bits of doubles would not fit a tensor. */
  public double[] lossSums = new double[3];

  public Checkpoint(ModelShape shape) {
    this.shape = shape;
  }

  /** A run that begins: initial weights by seed. */
  public static Checkpoint initial(ModelShape shape, long seed) {
    return initial(shape, seed, 0);
  }

  /**
   * Before the first step.
   *
   * @param start number of the initial weights, of those that a seed has
   */
  public static Checkpoint initial(ModelShape shape, long seed, int start) {
    Checkpoint checkpoint = new Checkpoint(shape);
    Networks networks = new Networks(shape);
    checkpoint.parameters = networks.initial(seed, start);
    checkpoint.average = checkpoint.parameters.clone();
    checkpoint.firstMoment = new float[networks.size()];
    checkpoint.secondMoment = new float[networks.size()];
    return checkpoint;
  }

  /** This state as it is now; arrays that later steps replace are shared with it. */
  public Checkpoint snapshot() {
    Checkpoint copy = new Checkpoint(shape);
    copy.standardizer = standardizer;
    copy.data = data;
    copy.parameters = parameters;
    copy.average = average;
    copy.firstMoment = firstMoment;
    copy.secondMoment = secondMoment;
    copy.binCenters = binCenters;
    copy.binCounts = binCounts;
    copy.epoch = epoch;
    copy.stepInEpoch = stepInEpoch;
    copy.step = step;
    copy.adamRepresentation = adamRepresentation;
    copy.adamPrior = adamPrior;
    copy.batches = batches;
    copy.lossSums = lossSums.clone();
    return copy;
  }

  /**
   * Gives encoder and decoder an optimiser without history.
   *
   * @param priorStart where the prior's weights begin, which keep theirs
   */
  public void forgetMoments(int priorStart) {
    adamRepresentation = 0;
    firstMoment = firstMoment.clone();
    secondMoment = secondMoment.clone();
    Arrays.fill(firstMoment, 0, priorStart, 0);
    Arrays.fill(secondMoment, 0, priorStart, 0);
  }

  /** Writes the file atomically; equal states give equal bytes. */
  public void write(Path file) {
    Safetensors out = new Safetensors();
    out.put("format", FORMAT);
    putShape(out);
    if (data != null) {
      out.put("data", data);
    }
    out.put("epoch", Integer.toString(epoch));
    out.put("step", Integer.toString(step));
    out.put("step_in_epoch", Integer.toString(stepInEpoch));
    out.put("adam_representation", Integer.toString(adamRepresentation));
    out.put("adam_prior", Integer.toString(adamPrior));
    for (int i = 0; i < lossSums.length; i++) {
      out.put("loss_sum_" + i, Double.toString(lossSums[i]));
    }
    Networks networks = new Networks(shape);
    putLayers(out, "", networks, parameters);
    putLayers(out, "average.", networks, average);
    putLayers(out, "first_moment.", networks, firstMoment);
    putLayers(out, "second_moment.", networks, secondMoment);
    if (!standardizer.identity()) {
      out.put("input.mean", standardizer.roundedMean(), shape.inputs());
      out.put("input.mean_rest", standardizer.restOfMean(), shape.inputs());
      out.put("input.scale", standardizer.roundedScale(), shape.inputs());
    }
    out.put("bins.centers", binCenters, binCenters.length / shape.latent(), shape.latent());
    out.put("bins.counts", binCounts, binCounts.length);
    out.put("epoch.first_frames", batches, batches.length);
    out.write(file);
  }

  private void putShape(Safetensors out) {
    out.put("model", shape.kind().label());
    out.put("inputs", Integer.toString(shape.inputs()));
    out.put("outputs", Integer.toString(shape.outputs()));
    out.put("latent", Integer.toString(shape.latent()));
    out.put("encoder_width", Integer.toString(shape.encoderWidth()));
    out.put("decoder_width", Integer.toString(shape.decoderWidth()));
    out.put("hidden_layers", Integer.toString(shape.hiddenLayers()));
    out.put("activation", shape.activation().name());
    out.put("prior_width", Integer.toString(shape.priorWidth()));
    out.put("prior_layers", Integer.toString(shape.priorLayers()));
    out.put("learned_diffusion", Boolean.toString(shape.learnedDiffusion()));
    out.put("second_order", Boolean.toString(shape.secondOrder()));
    if (shape.image() != null) {
      out.put("image_channels", Integer.toString(shape.image().channels()));
      out.put("image_height", Integer.toString(shape.image().height()));
      out.put("image_width", Integer.toString(shape.image().width()));
    }
  }

  private static void putLayers(Safetensors out, String prefix, Networks networks, float[] flat) {
    for (Layer layer : networks.layers()) {
      float[] weight = new float[layer.weights()];
      for (int i = 0; i < weight.length; i++) {
        weight[i] = flat[layer.weightAt(i)];
      }
      out.put(prefix + layer.name() + ".weight", weight, layer.weightShape());
      float[] bias = Arrays.copyOfRange(flat, layer.bias(), layer.end());
      out.put(prefix + layer.name() + ".bias", bias, bias.length);
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws InputException when the file is missing, damaged, or no checkpoint of this program
   */
  public static Checkpoint read(Path file) {
    Safetensors in = Safetensors.read(file);
    if (!FORMAT.equals(in.get("format"))) {
      throw new InputException(
          "%s: format = %s does not hold: %s; use a checkpoint of this version"
              .formatted(file, FORMAT, in.get("format")));
    }
    try {
      Checkpoint result = read(in);
      CheckpointCheck.require(result);
      return result;
    } catch (NullPointerException | NoSuchElementException e) {
      throw damaged(file, "its metadata are incomplete", e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e.getMessage(), e);
    }
  }

  private static InputException damaged(Path file, String what, Exception cause) {
    return new InputException(
        file + ": " + what + ": the file is damaged; restore it from a copy or train again", cause);
  }

  private static Checkpoint read(Safetensors in) {
    ModelShape shape =
        new ModelShape(
            // Checkpoints of before there was a choice do not name it.
            in.get("model") == null ? ModelKind.DYNAE : ModelKind.of(in.get("model")),
            number(in, "inputs"),
            number(in, "outputs"),
            number(in, "latent"),
            number(in, "encoder_width"),
            number(in, "decoder_width"),
            number(in, "hidden_layers"),
            Activation.valueOf(in.get("activation")),
            number(in, "prior_width"),
            number(in, "prior_layers"),
            Boolean.parseBoolean(in.get("learned_diffusion")),
            Boolean.parseBoolean(in.get("second_order")),
            image(in));
    CheckpointCheck.require(shape);
    Checkpoint result = new Checkpoint(shape);
    Networks networks = new Networks(shape);
    result.parameters = layers(in, "", networks);
    result.average = layers(in, "average.", networks);
    result.firstMoment = layers(in, "first_moment.", networks);
    result.secondMoment = layers(in, "second_moment.", networks);
    if (in.has("input.mean")) {
      result.standardizer =
          Standardizer.of(
              in.floats("input.mean", shape.inputs()),
              // Checkpoints of before it was kept have float32 means.
              in.has("input.mean_rest") ? in.floats("input.mean_rest", shape.inputs()) : null,
              in.floats("input.scale", shape.inputs()));
    }
    result.data = in.get("data");
    result.binCenters = in.floats("bins.centers", -1, shape.latent());
    result.binCounts = in.ints("bins.counts", -1);
    result.batches = in.ints("epoch.first_frames", -1);
    result.epoch = number(in, "epoch");
    result.step = number(in, "step");
    result.stepInEpoch = number(in, "step_in_epoch");
    result.adamRepresentation = number(in, "adam_representation");
    result.adamPrior = number(in, "adam_prior");
    for (int i = 0; i < result.lossSums.length; i++) {
      result.lossSums[i] = Double.parseDouble(in.get("loss_sum_" + i));
    }
    return result;
  }

  private static ImageShape image(Safetensors in) {
    return in.get("image_channels") == null
        ? null
        : new ImageShape(
            number(in, "image_channels"), number(in, "image_height"), number(in, "image_width"));
  }

  private static int number(Safetensors in, String key) {
    return Integer.parseInt(in.get(key));
  }

  private static float[] layers(Safetensors in, String prefix, Networks networks) {
    for (Layer layer : networks.layers()) {
      in.floats(prefix + layer.name() + ".weight", layer.weightShape());
    }
    // Not before all are there: a model that is named only could be larger than the memory.
    float[] flat = new float[networks.size()];
    for (Layer layer : networks.layers()) {
      float[] weight = in.floats(prefix + layer.name() + ".weight", layer.weightShape());
      float[] bias = in.floats(prefix + layer.name() + ".bias", layer.biases());
      for (int i = 0; i < weight.length; i++) {
        flat[layer.weightAt(i)] = weight[i];
      }
      System.arraycopy(bias, 0, flat, layer.bias(), bias.length);
    }
    return flat;
  }

  /**
   * Refuses to go on with other data, whose frames the bins and the split would not fit.
   *
   * @param wanted what tells the data at hand from others
   */
  public void requireData(String wanted, Path file) {
    if (data != null && !data.equals(wanted)) {
      throw new InputException(
          "%s: data = data of the run's beginning does not hold: %s; %s; give the data it began with, or another --out"
              .formatted(file, wanted, data));
    }
  }

  /**
   * Refuses unsigned bytes that are read as numbers where the run's data were none: runs of before
   * read bytes of any shape as pixels.
   */
  public void requireSameBytes(Frames frames) {
    if (frames.bytes() == Bytes.NUMBERS && !Fingerprint.tellsBytes(data)) {
      throw new InputException(
          frames.source()
              + ": holds unsigned bytes that are no images, to be read as numbers; the run's data"
              + " were no such bytes: save these as the run's were, as x / 255.0 or"
              + " x.astype('float32')");
    }
  }

  /**
   * Refuses to go on with another model's checkpoint.
   *
   * @param wanted shape that the configuration and the data ask for
   */
  public void requireShape(ModelShape wanted, Path file) {
    ShapeDifference.first(shape, wanted)
        .ifPresent(
            difference -> {
              throw new InputException(file + ": " + difference);
            });
  }
}
