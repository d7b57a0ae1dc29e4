// SPDX-License-Identifier: MIT
package io.dynae.train;

import io.dynae.compute.Backend;
import io.dynae.config.RunConfig;
import io.dynae.dataset.DataNotes;
import io.dynae.dataset.Fingerprint;
import io.dynae.dataset.FrameSource;
import io.dynae.dataset.LaggedPairs;
import io.dynae.dataset.Split;
import io.dynae.dataset.Standardizer;
import io.dynae.error.InputException;
import io.dynae.model.ImageShape;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.trajectory.Bytes;
import io.dynae.trajectory.FrameSurvey;
import io.dynae.trajectory.StackedFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Trajectories of a run with their targets, and which pairs train and which test. */
public final class TrainingData implements AutoCloseable {
  private final RunConfig config;
  private final StackedFrames input;
  private final StackedFrames target;
  private final FrameSurvey inputSurvey;
  private final FrameSurvey targetSurvey;
  private final int[] train;
  private final int[] test;

  private TrainingData(
      RunConfig config,
      StackedFrames input,
      StackedFrames target,
      FrameSurvey inputSurvey,
      FrameSurvey targetSurvey,
      Split split) {
    this.config = config;
    this.input = input;
    this.target = target;
    this.inputSurvey = inputSurvey;
    this.targetSurvey = targetSurvey;
    train = split.train();
    test = split.test();
  }

  /**
   * Opens what the configuration names and looks at every value once.
   *
   * @throws InputException when a file is missing, of another shape, too short or not finite, or
   *     has frames that are all alike or of a size that float32 cannot square
   */
  public static TrainingData open(RunConfig config) {
    TrainingData data = open(config, config.batchSize());
    data.inputNotes().requireUsable();
    if (data.target != null) {
      data.targetNotes().requireUsable();
    }
    return data;
  }

  /**
   * Opens trajectories of any length to measure on, as {@link #open(RunConfig)} does otherwise.
   *
   * @throws InputException as there, but not for fewer pairs than a batch, nor for what the values
   *     are
   */
  public static TrainingData openToMeasure(RunConfig config) {
    return open(config, 0);
  }

  private static TrainingData open(RunConfig config, int leastPairs) {
    if (config.inputData().isEmpty()) {
      throw new InputException("input_data: names no file; set it in [Data], or give --data X.npy");
    }
    StackedFrames input = StackedFrames.open(config.inputData(), config.stride());
    List<String> targetFiles =
        config.targetData().isEmpty() ? config.inputData() : config.targetData();
    StackedFrames target =
        config.predictsInput() ? null : StackedFrames.open(targetFiles, config.stride());
    FrameSurvey inputSurvey = FrameSurvey.of(input, !images(config, input));
    FrameSurvey targetSurvey = null;
    if (target != null) {
      requireSameLengths(config.inputData(), input, targetFiles, target);
      targetSurvey = FrameSurvey.of(target, false);
    }
    Split split = split(config, input, leastPairs);
    return new TrainingData(config, input, target, inputSurvey, targetSurvey, split);
  }

  private static boolean images(RunConfig config, StackedFrames input) {
    return config.convolutional() || input.bytes() == Bytes.PIXELS;
  }

  private DataNotes inputNotes() {
    return DataNotes.ofInput(inputSurvey, config.standardize());
  }

  private DataNotes targetNotes() {
    return DataNotes.ofTarget(targetSurvey);
  }

  /** What somebody should know of the data before a training; a line each, their shape first. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(DataShape.of(input, target, config.stride()));
    notes.addAll(readingNotes());
    notes.addAll(inputNotes().scale());
    if (target != null) {
      notes.addAll(targetNotes().scale());
    }
    // Pixels of a background never change.
    if (!images(config, input)) {
      notes.addAll(inputNotes().content());
    }
    return notes;
  }

  /** How the files are read, where that changes their values; a line each. */
  public List<String> readingNotes() {
    List<String> notes = new ArrayList<>(inputNotes().reading());
    if (target != null) {
      notes.addAll(targetNotes().reading());
    }
    return notes;
  }

  /** Names the value that is farthest from 0, or from its mean where the input is standardised. */
  String largest() {
    double[] zero = new double[input.features()];
    double[] one = new double[input.features()];
    Arrays.fill(one, 1);
    Standardizer scale = standardizer();
    return scale.identity()
        ? inputSurvey.farthest(zero, one)
        : inputSurvey.farthest(scale.mean(), scale.scale());
  }

  /**
   * Refuses files that are no longer those that were opened.
   *
   * @throws InputException naming what has changed
   */
  public void requireUnchanged() {
    input.requireUnchanged();
    if (target != null) {
      target.requireUnchanged();
    }
  }

  private static Split split(RunConfig config, StackedFrames input, int leastPairs) {
    FrameSource source = FrameSource.of(input, config.stride());
    LaggedPairs pairs =
        new LaggedPairs(input.lengths(), source, config.lag(), config.predictionLag());
    return config.blockedSplit()
        ? Split.blocked(pairs, config.trainFraction(), config.blocks(), leastPairs)
        : Split.random(pairs, config.trainFraction(), config.seed(), leastPairs);
  }

  /**
   * The same frames for another configuration of a {@link ModelGroup}, paired and split as that one
   * asks; to be closed no more than the frames' owner is.
   *
   * @throws InputException for fewer pairs than a batch
   */
  public TrainingData shared(RunConfig other) {
    Split split = split(other, input, other.batchSize());
    return new TrainingData(other, input, target, inputSurvey, targetSurvey, split);
  }

  private static void requireSameLengths(
      List<String> inputs, StackedFrames input, List<String> targets, StackedFrames target) {
    int[] a = input.lengths();
    int[] b = target.lengths();
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        throw new InputException(
            "%s: frames = frames of %s does not hold: %d, %d; give each trajectory its own target"
                .formatted(targets.get(i), inputs.get(i), b[i], a[i]));
      }
    }
  }

  /** What tells these trajectories and targets from others, in a line. */
  public String fingerprint() {
    boolean rounded = !config.standardize() || inputSurvey.rounded().length == 0;
    String inputs = Fingerprint.of(input, rounded);
    return target == null ? inputs : inputs + "; targets: " + Fingerprint.of(target, true);
  }

  /** All input trajectories, end to end. */
  public StackedFrames input() {
    return input;
  }

  /** Their targets, or null where the decoder predicts the input. */
  public StackedFrames target() {
    return target;
  }

  /** First frames of the training pairs. */
  public int[] train() {
    return train;
  }

  /** First frames of the test pairs. */
  public int[] test() {
    return test;
  }

  /** First frames of the pairs to measure on: the test pairs, or all where none were left out. */
  public int[] measured() {
    return test.length > 0 ? test : train;
  }

  /** First frames of all pairs. */
  public int[] pairs() {
    int[] all = Arrays.copyOf(train, train.length + test.length);
    System.arraycopy(test, 0, all, train.length, test.length);
    return all;
  }

  /** The model that the configuration asks for on this data. */
  public ModelShape modelShape() {
    int inputs = input.features();
    ImageShape image = config.convolutional() ? image() : null;
    return new ModelShape(
        ModelKind.of(config.model()),
        inputs,
        target == null ? inputs : target.features(),
        config.latentDimension(),
        config.encoderWidth(),
        config.decoderWidth(),
        config.hiddenLayers(),
        Activation.valueOf(config.activation().toUpperCase(Locale.ROOT)),
        config.priorWidth(),
        config.priorLayers(),
        config.learnedDiffusion(),
        config.secondOrder(),
        image);
  }

  /** Shape of the images, which targets share but for their channels. */
  private ImageShape image() {
    ImageShape image = ImageShape.of(input.shape(), input.source());
    if (target != null) {
      ImageShape predicted = ImageShape.of(target.shape(), target.source());
      if (predicted.height() != image.height() || predicted.width() != image.width()) {
        throw new InputException(
            "%s: height x width = those of %s does not hold: %d x %d, %d x %d; rescale one of them"
                .formatted(
                    target.source(),
                    input.source(),
                    predicted.height(),
                    predicted.width(),
                    image.height(),
                    image.width()));
      }
    }
    return image;
  }

  /** The input's standardisation, where the configuration wants one. */
  public Standardizer standardizer() {
    return config.standardize()
        ? Standardizer.of(inputSurvey, config.convolutional())
        : Standardizer.NONE;
  }

  BatchTables tables(Backend backend, Standardizer standardizer, int rows) {
    return new BatchTables(backend, input, target, config.predictionLag(), standardizer, rows);
  }

  @Override
  public void close() {
    input.close();
    if (target != null) {
      target.close();
    }
  }
}
