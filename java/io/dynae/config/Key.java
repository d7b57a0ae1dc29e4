// SPDX-License-Identifier: MIT
package io.dynae.config;

import static io.dynae.config.NumberType.integer;
import static io.dynae.config.NumberType.integers;
import static io.dynae.config.NumberType.real;
import static io.dynae.config.NumberType.reals;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every key of a configuration, in the order of the written file: section, name, type with range,
 * unit, default as INI text and meaning. Parsing, errors, the written file and the table of the
 * documentation all come from here.
 */
// Every ValueType is a record of constants or stateless.
@SuppressWarnings("ImmutableEnumChecker")
enum Key {
  D(Section.MODEL, "d", integers(Range.closed(1, 32)), "", "[2]", "latent dimension"),
  ENCODER_TYPE(
      Section.MODEL,
      "encoder_type",
      ChoiceType.of("fc_encoder", "conv_encoder"),
      "",
      "fc_encoder",
      "dense or, for images of sizes divisible by 16, convolutional encoder"),
  DECODER_TYPE(
      Section.MODEL,
      "decoder_type",
      ChoiceType.of("fc_decoder", "deconv_decoder").synonym("conv_decoder", "deconv_decoder"),
      "",
      "fc_decoder",
      "dense decoder or, with conv_encoder, one of transposed convolutions"),
  NEURON_NUM1(
      Section.MODEL,
      "neuron_num1",
      integers(Range.closed(1, 4096)),
      "nodes",
      "[32]",
      "width h of each hidden layer of the encoder; a convolutional one ends in h / 16 channels, so"
          + " h is a multiple of 16 there"),
  NEURON_NUM2(
      Section.MODEL,
      "neuron_num2",
      integers(Range.closed(1, 4096)),
      "nodes",
      "[32]",
      "width of each hidden layer of the decoder, of a convolutional one of the first"),
  MODEL(
      Section.MODEL,
      "model",
      ChoiceType.of("DynamicsAE", "VAE", "SWAE", "SDEVAE")
          .synonym("DynAE", "DynamicsAE")
          .synonym("beta-VAE", "VAE")
          .synonym("SDE-VAE", "SDEVAE"),
      "",
      "DynamicsAE",
      "what is trained: dynamics, beta-variational, sliced Wasserstein or SDE-variational"
          + " autoencoder"),
  PROJECTION_NUM(
      Section.MODEL,
      "projection_num",
      integer(Range.closed(1, 65536)),
      "directions",
      "50",
      "random directions of the sliced Wasserstein distance, fresh each step"),
  MIN_DIST(
      Section.MODEL,
      "min_dist",
      real(Range.closed(1e-9, 1e9)),
      "one-lag diffusion lengths",
      "5",
      "smallest distance d_min between two bin centres in the latent space"),
  BIAS_FACTOR(
      Section.MODEL,
      "bias_factor",
      real(Range.atLeast(1)),
      "",
      "2",
      "gamma of the resampling: a bin of n frames weighs n^(1/gamma)"),
  PRIOR_DYNAMICS(
      Section.MODEL,
      "prior_dynamics",
      ChoiceType.of("Langevin").absent("Hamiltonian"),
      "",
      "Langevin",
      "overdamped Langevin prior"),
  NU(
      Section.MODEL,
      "nu",
      real(Range.above(0)),
      "",
      "0.0065",
      "precision of SDEVAE's prior of the first latent of a pair, whose variance is 1 / nu"),
  HIDDEN_LAYERS(
      Section.MODEL,
      "hidden_layers",
      integer(Range.closed(1, 16)),
      "layers",
      "3",
      "hidden layers of a dense encoder, and of a dense decoder",
      true),
  ACTIVATION(
      Section.MODEL,
      "activation",
      ChoiceType.of("relu", "tanh", "linear"),
      "",
      "relu",
      "activation of the hidden layers of encoder and decoder",
      true),
  PRIOR_NEURON_NUM(
      Section.MODEL,
      "prior_neuron_num",
      integer(Range.closed(1, 1024)),
      "nodes",
      "32",
      "width of each hidden layer of the prior's force and diffusion nets",
      true),
  PRIOR_LAYERS(
      Section.MODEL,
      "prior_layers",
      integer(Range.closed(1, 8)),
      "layers",
      "2",
      "hidden layers of each of the prior's nets",
      true),
  LEARNED_DIFFUSION(
      Section.MODEL,
      "learned_diffusion",
      ValueType.FLAG,
      "",
      "False",
      "True samples the prior with the learned diffusion, False with constant diffusion 1",
      true),
  SECOND_ORDER(
      Section.MODEL,
      "second_order",
      ValueType.FLAG,
      "",
      "True",
      "True differentiates the prior's loss through the slope of its log-diffusion too, False holds"
          + " that slope constant",
      true),
  MAX_CENTERS(
      Section.MODEL,
      "max_centers",
      integer(Range.closed(1, 65535)),
      "bins",
      "200",
      "most bin centres; more end the first epoch with bins, later ones keep the bins before",
      true),

  BATCH_SIZE(
      Section.TRAINING,
      "batch_size",
      integer(Range.closed(1, 65536)),
      "pairs",
      "256",
      "pairs of one training step, DynamicsAE's all from one bin; VAE and SWAE: single frames"),
  MAX_EPOCHS(
      Section.TRAINING,
      "max_epochs",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "epochs",
      "50",
      "epochs to train"),
  LR_SCHEDULER_STEP_SIZE(
      Section.TRAINING,
      "lr_scheduler_step_size",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "epochs",
      "100",
      "period of the learning rate's decay"),
  LR_SCHEDULER_GAMMA(
      Section.TRAINING,
      "lr_scheduler_gamma",
      real(Range.between(0, 1, true)),
      "",
      "1",
      "factor of the learning rate's decay, once a period"),
  LOG_INTERVAL(
      Section.TRAINING,
      "log_interval",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "epochs",
      "10",
      "epochs between two latent trajectories of SaveTrainingProgress; checkpoints are kept every"
          + " epoch"),
  LEARNING_RATE(
      Section.TRAINING,
      "learning_rate",
      reals(Range.atLeast(1e-10)),
      "",
      "[1e-3]",
      "initial learning rate of Adam"),
  BETA(
      Section.TRAINING,
      "beta",
      reals(Range.atLeast(0)),
      "",
      "[10]",
      "weight in the loss of the sliced Wasserstein distance, or of VAE and SDEVAE's"
          + " Kullback-Leibler divergence"),
  WEIGHT_AVERAGING(
      Section.TRAINING,
      "weight_averaging",
      real(Range.closedOpen(0, 1)),
      "",
      "0.999",
      "share that the running average of the weights keeps at each step, less at the beginning of a"
          + " training; the average is what the model is used with and never enters the training, 0"
          + " uses the last weights",
      true),
  TENSOR_CORES(
      Section.TRAINING,
      "tensor_cores",
      ChoiceType.of("auto", "True", "False"),
      "",
      "auto",
      "whether convolutions use tensor cores, which round to TF32: auto where a GPU has them",
      true),
  STARTS(
      Section.TRAINING,
      "starts",
      integer(Range.closed(1, 1000)),
      "",
      "1",
      "initial weights to try; each is trained for the warm-up and two epochs more, the one of least"
          + " test loss goes on",
      true),
  WARMUP_EPOCHS(
      Section.TRAINING,
      "warmup_epochs",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "",
      "1",
      "first epochs, without bins: random batches, at a learning rate and a beta of their own",
      true),
  WARMUP_LEARNING_RATE(
      Section.TRAINING,
      "warmup_learning_rate",
      real(Range.atLeast(1e-10)),
      "",
      "1e-4",
      "learning rate of the warm-up",
      true),
  WARMUP_BETA_FACTOR(
      Section.TRAINING,
      "warmup_beta_factor",
      real(Range.atLeast(0)),
      "",
      "0.01",
      "beta of the warm-up as a share of beta",
      true),

  INPUT_DATA(
      Section.DATA,
      "input_data",
      ValueType.PATHS,
      "",
      "[]",
      "trajectories; a relative path is looked up in the working directory, then beside the INI"
          + " file"),
  TARGET_DATA(
      Section.DATA,
      "target_data",
      ValueType.PATHS,
      "",
      "[]",
      "what the decoder predicts, one file per trajectory; none or the same files: the"
          + " trajectories themselves"),
  LAG(
      Section.DATA,
      "lag",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "frames",
      "1",
      "time between the two frames of a pair, in frames that stride keeps",
      true),
  STRIDE(
      Section.DATA,
      "stride",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "frames",
      "1",
      "keeps every stride-th frame of each trajectory",
      true),
  PREDICTION_LAG(
      Section.DATA,
      "prediction_lag",
      integer(Range.closed(0, Integer.MAX_VALUE)),
      "frames",
      "0",
      "how far ahead of a frame the decoder's target lies, in frames that stride keeps",
      true),
  SPLIT(
      Section.DATA,
      "split",
      ChoiceType.of("random", "blocked"),
      "",
      "random",
      "random shares pairs out one by one; blocked tests on the end of each of many stretches of a"
          + " trajectory",
      true),
  BLOCKS(
      Section.DATA,
      "blocks",
      integer(Range.closed(1, Integer.MAX_VALUE)),
      "stretches",
      "30",
      "with split = blocked, into how many equal stretches each trajectory is cut, fewer where it"
          + " is short",
      true),
  TRAIN_FRACTION(
      Section.DATA,
      "train_fraction",
      real(Range.between(0, 1, false)),
      "",
      "0.8",
      "share of the pairs to train on; the others are for testing",
      true),
  STANDARDIZE(
      Section.DATA,
      "standardize",
      ValueType.FLAG,
      "",
      "False",
      "True scales each input feature to mean 0 and variance 1; with conv_encoder images"
          + " lose their mean image and share one scale",
      true),

  SEED(
      Section.OTHER,
      "seed",
      integers(
          new Range(
              BigDecimal.valueOf(Long.MIN_VALUE), true, BigDecimal.valueOf(Long.MAX_VALUE), true)),
      "",
      "[0]",
      "seed of every random number of the run"),
  SAVE_TRAJ_RESULTS(
      Section.OTHER,
      "SaveTrajResults",
      ValueType.FLAG,
      "",
      "True",
      "True writes the latent trajectory after training"),
  SAVE_TRAINING_PROGRESS(
      Section.OTHER,
      "SaveTrainingProgress",
      ValueType.FLAG,
      "",
      "False",
      "True writes the latent trajectory every log_interval epochs, into progress/");

  private final Section section;
  private final String text;
  private final ValueType type;
  private final String unit;
  private final String standard;
  private final String meaning;
  private final boolean own;

  Key(Section section, String text, ValueType type, String unit, String standard, String meaning) {
    this(section, text, type, unit, standard, meaning, false);
  }

  Key(
      Section section,
      String text,
      ValueType type,
      String unit,
      String standard,
      String meaning,
      boolean own) {
    this.section = section;
    this.text = text;
    this.type = type;
    this.unit = unit;
    this.standard = standard;
    this.meaning = meaning;
    this.own = own;
  }

  Section section() {
    return section;
  }

  /** The key as it is written in a file; reading ignores its case. */
  String text() {
    return text;
  }

  ValueType type() {
    return type;
  }

  String unit() {
    return unit;
  }

  /** The default as INI text. */
  String standard() {
    return standard;
  }

  String meaning() {
    return meaning;
  }

  /** Whether the key is Dynae's, so that published files do not have it. */
  boolean own() {
    return own;
  }

  static Optional<Key> find(String text) {
    return Arrays.stream(values())
        .filter(key -> key.text.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  static List<String> texts(Section section) {
    return Arrays.stream(values()).filter(k -> k.section == section).map(Key::text).toList();
  }
}
