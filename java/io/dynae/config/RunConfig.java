// SPDX-License-Identifier: MIT
package io.dynae.config;

import io.dynae.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All settings of one training run, checked, and the only home of defaults. Immutable.
 *
 * <p>Settings come from an INI file as published for DynamicsAE (see {@link IniFile} for the
 * format), then from overrides {@code key=value}; what neither gives has its default. {@link
 * #markdownTable()} lists every key. An unknown section or key, a value out of range and a value
 * that names something this version cannot do are errors with file and line.
 */
public final class RunConfig {
  /**
   * Epochs after the warm-up that each of several starts gets: the loss of the first is that of a
   * rough map.
   */
  public static final int START_EPOCHS = 2;

  private final Map<Key, Object> values;

  /**
   * Keys that somebody set: by an override, or in a file to another value than the default, as the
   * program's own files have them all. No part of equality, as a training does not depend on them.
   */
  private final Set<Key> given;

  private RunConfig(Map<Key, Object> values, Set<Key> given) {
    this.values = new EnumMap<>(values);
    this.given = Set.copyOf(given);
  }

  /**
   * Reads a file and replaces what the overrides give.
   *
   * @param overrides {@code key=value} or {@code section.key=value}, each key once
   * @throws InputException for the first thing that is wrong
   */
  public static RunConfig read(Path file, List<String> overrides) {
    return of(Sources.of(IniFile.read(file), file.toAbsolutePath().getParent(), overrides));
  }

  /**
   * Like {@link #read}, of the file that a run keeps, which has every key of its time. Runs from
   * before {@code blocks} tested on the end of each trajectory.
   */
  public static RunConfig readRun(Path file, List<String> overrides) {
    Sources sources = Sources.of(IniFile.read(file), file.toAbsolutePath().getParent(), overrides);
    RunConfig config = of(sources);
    if (!config.blockedSplit() || sources.find(Key.BLOCKS) != null) {
      return config;
    }
    List<String> whole = new ArrayList<>(overrides);
    whole.add(Key.BLOCKS.text() + "=1");
    return read(file, whole);
  }

  /** Like {@link #read}, of an empty file. */
  public static RunConfig defaults(List<String> overrides) {
    return parse("defaults", "", overrides);
  }

  /** Like {@link #read}, of a file's text, whose name errors give. */
  public static RunConfig parse(String name, String text, List<String> overrides) {
    return of(Sources.of(IniFile.parse(name, text), null, overrides));
  }

  static RunConfig of(Sources sources) {
    Map<Key, Object> values = new EnumMap<>(Key.class);
    for (ValueSource source : sources.given().values()) {
      if (!sources.replaced().containsKey(source.key())) {
        values.put(source.key(), DataPaths.found(source.value(), sources.folder()));
      }
    }
    for (ValueSource source : sources.replaced().values()) {
      values.put(source.key(), DataPaths.found(source.value(), null));
    }
    Set<Key> given = EnumSet.noneOf(Key.class);
    for (Key key : Key.values()) {
      Object standard = key.type().parse(key.text(), key.standard());
      Object value = values.putIfAbsent(key, standard);
      if (sources.replaced().containsKey(key) || value != null && !value.equals(standard)) {
        given.add(key);
      }
    }
    RunConfig config = new RunConfig(values, given);
    KeyRules.require(config, sources);
    return config;
  }

  /**
   * The text of a value of {@code input_data} or {@code target_data}: {@code [a.npy, b.npy]}, with
   * quotes where a path needs them.
   */
  public static String pathList(List<String> paths) {
    return PathList.write(paths);
  }

  /**
   * The whole configuration as an INI file; reading it gives an equal one from any working
   * directory.
   */
  public String toIni() {
    StringBuilder ini = new StringBuilder();
    for (Section section : Section.values()) {
      ini.append(ini.isEmpty() ? "" : "\n").append("[" + section.title() + "]\n");
      for (Key key : Key.values()) {
        if (key.section() == section) {
          String text = key.type().write(values.get(key)).replace("%", "%%");
          ini.append(key.text()).append(" = ").append(text).append('\n');
        }
      }
    }
    return ini.toString();
  }

  /** Every key as a Markdown table: section, key, type, rule, unit, default and meaning. */
  public static String markdownTable() {
    StringBuilder table = new StringBuilder();
    table.append("| section | key | type | rule | unit | default | meaning |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (Key key : Key.values()) {
      table.append(
          String.format(
              "| %s | `%s`%s | %s | %s | %s | `%s` | %s |\n",
              key.section().title(),
              key.text(),
              key.own() ? " (Dynae's own)" : "",
              key.type().label(),
              key.type().rule(key.text()),
              key.unit(),
              key.standard(),
              key.meaning()));
    }
    return table.toString();
  }

  /** The model: DynamicsAE, VAE, SWAE or SDEVAE. */
  public String model() {
    return (String) values.get(Key.MODEL);
  }

  /**
   * Keys that somebody set, by an override or to another value than the default, and that the
   * model, its convolutions or its split do not read.
   */
  public List<String> unread() {
    List<String> unread = new ArrayList<>();
    for (Key key : Key.values()) {
      boolean read =
          key == Key.BLOCKS ? blockedSplit() : ModelKeys.reads(model(), convolutional(), key);
      if (given.contains(key) && !read) {
        unread.add(key.text());
      }
    }
    return unread;
  }

  /** Precision of SDE-VAE's prior of the first latent. */
  public double nu() {
    return real(Key.NU);
  }

  /** Latent dimension d. */
  public int latentDimension() {
    return integer(Key.D);
  }

  /** Whether encoder and decoder are convolutional. */
  public boolean convolutional() {
    return values.get(Key.ENCODER_TYPE).equals("conv_encoder");
  }

  boolean convolutionalDecoder() {
    return values.get(Key.DECODER_TYPE).equals("deconv_decoder");
  }

  /** Nodes of each hidden layer of the encoder. */
  public int encoderWidth() {
    return integer(Key.NEURON_NUM1);
  }

  /** Nodes of each hidden layer of the decoder. */
  public int decoderWidth() {
    return integer(Key.NEURON_NUM2);
  }

  /** Hidden layers of the encoder, and of the decoder. */
  public int hiddenLayers() {
    return integer(Key.HIDDEN_LAYERS);
  }

  /** Activation of encoder and decoder: relu, tanh or linear. */
  public String activation() {
    return (String) values.get(Key.ACTIVATION);
  }

  /** Nodes of each hidden layer of the prior's nets. */
  public int priorWidth() {
    return integer(Key.PRIOR_NEURON_NUM);
  }

  /** Hidden layers of each of the prior's nets. */
  public int priorLayers() {
    return integer(Key.PRIOR_LAYERS);
  }

  /** Whether the prior is sampled with the learned diffusion (Eq. 4) instead of 1 (Eq. 7). */
  public boolean learnedDiffusion() {
    return flag(Key.LEARNED_DIFFUSION);
  }

  /** Whether the prior's gradient runs through the slope of its log-diffusion. */
  public boolean secondOrder() {
    return flag(Key.SECOND_ORDER);
  }

  /** Random directions of the sliced Wasserstein distance. */
  public int projections() {
    return integer(Key.PROJECTION_NUM);
  }

  /** Smallest distance of two bin centres, in one-lag diffusion lengths. */
  public double minDist() {
    return real(Key.MIN_DIST);
  }

  /** Most bin centres. */
  public int maxCenters() {
    return integer(Key.MAX_CENTERS);
  }

  /** Gamma of the resampling, at least 1. */
  public double biasFactor() {
    return real(Key.BIAS_FACTOR);
  }

  /** Pairs of one training step. */
  public int batchSize() {
    return integer(Key.BATCH_SIZE);
  }

  /** Epochs to train. */
  public int maxEpochs() {
    return integer(Key.MAX_EPOCHS);
  }

  /** Period of the learning rate's decay, in epochs. */
  public int learningRatePeriod() {
    return integer(Key.LR_SCHEDULER_STEP_SIZE);
  }

  /** Factor of the learning rate's decay, once a period. */
  public double learningRateFactor() {
    return real(Key.LR_SCHEDULER_GAMMA);
  }

  /** Epochs between two latent trajectories that {@link #saveTrainingProgress} asks for. */
  public int logInterval() {
    return integer(Key.LOG_INTERVAL);
  }

  /** Initial learning rate of Adam; of DynAE from the end of the warm-up. */
  public double learningRate() {
    return real(Key.LEARNING_RATE);
  }

  /** Weight of the regularisation; of DynAE from the end of the warm-up. */
  public double beta() {
    return real(Key.BETA);
  }

  /** Initial weights to try. */
  public int starts() {
    return integer(Key.STARTS);
  }

  /** First epochs, of random batches, before those that have bins. */
  public int warmupEpochs() {
    return integer(Key.WARMUP_EPOCHS);
  }

  /** Learning rate of the warm-up. */
  public double warmupLearningRate() {
    return real(Key.WARMUP_LEARNING_RATE);
  }

  /** Beta of the warm-up as a share of {@link #beta()}. */
  public double warmupBetaFactor() {
    return real(Key.WARMUP_BETA_FACTOR);
  }

  /** Share that the running average of the weights keeps at each step, 0 to below 1. */
  public double weightAveraging() {
    return real(Key.WEIGHT_AVERAGING);
  }

  /** Whether convolutions run on tensor cores: {@code auto}, {@code True} or {@code False}. */
  public String tensorCores() {
    return (String) values.get(Key.TENSOR_CORES);
  }

  /** Trajectory files: absolute where the file was there, else as written; may be empty. */
  public List<String> inputData() {
    return paths(Key.INPUT_DATA);
  }

  /**
   * Target files, as many as {@link #inputData()}, or none: the trajectories are their own targets.
   */
  public List<String> targetData() {
    return paths(Key.TARGET_DATA);
  }

  /** Frames between the two of a pair. */
  public int lag() {
    return integer(Key.LAG);
  }

  /** Keeps every stride-th frame. */
  public int stride() {
    return integer(Key.STRIDE);
  }

  /** Whether the decoder predicts its own input, unshifted: the plain autoencoder. */
  public boolean predictsInput() {
    return predictionLag() == 0 && (targetData().isEmpty() || targetData().equals(inputData()));
  }

  /** Frames from a frame to the decoder's target. */
  public int predictionLag() {
    return integer(Key.PREDICTION_LAG);
  }

  /** Into how many stretches a blocked split cuts each trajectory. */
  public int blocks() {
    return integer(Key.BLOCKS);
  }

  /** Whether the test set are ends of stretches of time, instead of a random choice of pairs. */
  public boolean blockedSplit() {
    return values.get(Key.SPLIT).equals("blocked");
  }

  /** Share of the pairs to train on, between 0 and 1. */
  public double trainFraction() {
    return real(Key.TRAIN_FRACTION);
  }

  /** Whether features are scaled to mean 0 and variance 1. */
  public boolean standardize() {
    return flag(Key.STANDARDIZE);
  }

  /** Seed of every random number. */
  public long seed() {
    return (Long) values.get(Key.SEED);
  }

  /** Whether the latent trajectory is written after training. */
  public boolean saveTrajectoryResults() {
    return flag(Key.SAVE_TRAJ_RESULTS);
  }

  /** Whether the latent trajectory is written every {@link #logInterval} epochs. */
  public boolean saveTrainingProgress() {
    return flag(Key.SAVE_TRAINING_PROGRESS);
  }

  private int integer(Key key) {
    return Math.toIntExact((Long) values.get(key));
  }

  private double real(Key key) {
    return (Double) values.get(key);
  }

  private boolean flag(Key key) {
    return (Boolean) values.get(key);
  }

  private List<String> paths(Key key) {
    return ((List<?>) values.get(key)).stream().map(String.class::cast).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunConfig config && values.equals(config.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return toIni();
  }
}
