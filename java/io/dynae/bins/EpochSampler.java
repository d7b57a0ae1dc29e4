// SPDX-License-Identifier: MIT
package io.dynae.bins;

import io.dynae.compute.Backend;
import io.dynae.compute.Executor;
import io.dynae.compute.FrameTable;
import io.dynae.compute.IndexTable;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.model.Networks;
import io.dynae.op.Control;
import io.dynae.op.Table;
import io.dynae.op.bins.DrawBatches;
import io.dynae.op.bins.RegularSpace;
import io.dynae.op.bins.ReportBins;
import java.util.Arrays;

/**
 * Begins epochs of one or more models on a backend: latents of all training pairs, bins, batches.
 * The host reads the size of each bin and the centres, and says how much to draw from which bin;
 * all lists stay where the training reads them. Models without bins have the batches alone.
 */
public final class EpochSampler implements AutoCloseable {
  /**
   * Training pairs of a model and the seed of its random orders.
   *
   * @param firsts first frame of each pair
   * @param lag frames from the first to the second of a pair
   */
  public record Pairs(int[] firsts, int lag, long seed) {}

  /**
   * Bins of a model.
   *
   * @param count bins, or one more than the most that are allowed
   * @param largest largest |z|, or not a number where some z is not
   * @param sizes pairs of each bin
   * @param centers [bins][d]
   */
  public record Bins(int count, float largest, int[] sizes, float[] centers) {}

  /**
   * Puts the frames {@code numbers[0 .. n)} into the rows of the table, when they do not all fit.
   */
  public interface Staging {
    void stage(int[] numbers, int n);
  }

  private final EpochPlans plans;
  private final Pairs[] pairs;
  private final int dims;
  private final int batch;
  private final int most;
  private final int capacity;
  private final int frames;
  private final Executor encode;
  private final Executor cut;
  private final Executor draw;
  private Executor assign;
  private final IndexTable reports;
  private final IndexTable list;

  /**
   * Allocates and compiles.
   *
   * @param batch B, pairs of a batch
   * @param most bins that a model may have
   * @param mostRows rows that the table of frames has where they do not all fit, from {@link
   *     RegularSpace#GRANULE}
   * @param pairs of each model
   */
  public EpochSampler(
      Backend backend, ModelShape shape, int batch, int most, int mostRows, Pairs... pairs) {
    this.pairs = pairs.clone();
    this.batch = batch;
    this.most = most;
    dims = shape.latent();
    frames = shape.kind().frames();
    int mostPairs = Arrays.stream(pairs).mapToInt(p -> p.firsts().length).max().orElseThrow();
    capacity = Resampling.mostBatches(mostPairs, most, batch);
    plans = new EpochPlans(shape, batch, backend, pairs.length, mostPairs, most, mostRows);
    boolean binned = shape.kind().binned();
    encode = backend.wideExecutor(binned ? plans.encode() : plans.draw(), pairs.length);
    cut = binned ? encode.sharing(plans.cut()) : encode;
    draw = binned ? encode.sharing(plans.draw()) : encode;
    reports = backend.indexTable("bins", (long) pairs.length * ReportBins.words(most, dims));
    cut.index(reports);
    long words = listStart(pairs.length);
    if (words > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "entries of the list of batches are ints: %d for %d models do not fit"
              .formatted(words, pairs.length));
    }
    list = backend.indexTable("batches", words);
    draw.index(list);
    for (int model = 0; model < pairs.length; model++) {
      encode.writeInts(model, plans.pairs(), pairs[model].firsts());
    }
  }

  /**
   * Bytes that a model takes here.
   *
   * @param mostPairs training pairs that it may have
   */
  public static long bytes(Backend backend, ModelShape shape, int batch, int most, int mostPairs) {
    int granule = RegularSpace.GRANULE;
    EpochPlans plans = new EpochPlans(shape, batch, backend, 1, mostPairs, most, granule);
    long words = listWords(shape.kind().frames(), batch, most, mostPairs);
    return 4 * (plans.encode().layout().size() + words + ReportBins.words(most, shape.latent()));
  }

  /**
   * Models that fit here at most, however much memory there is: entries of the list are ints.
   *
   * @param mostPairs training pairs that a model may have
   */
  public static int mostModels(ModelKind kind, int batch, int most, int mostPairs) {
    return (int) Math.max(1, Integer.MAX_VALUE / listWords(kind.frames(), batch, most, mostPairs));
  }

  /** Ints of the list that a model takes, its draws included. */
  private static long listWords(int frames, int batch, int most, int mostPairs) {
    long batches = Resampling.mostBatches(mostPairs, most, batch);
    return frames * batch * batches + (long) DrawBatches.WORDS * most;
  }

  /** Ints of the list before model {@code model}'s batches: all draws come first. */
  private long listStart(int model) {
    return (long) pairs.length * DrawBatches.WORDS * most
        + (long) model * frames * batch * capacity;
  }

  /** Sets the table of all frames, or of those that are staged. */
  public void frames(FrameTable table) {
    encode.table(Table.FRAMES, table);
  }

  /** Sets a model's weights, laid out as {@link Networks} says. */
  public void parameters(int model, float[] values) {
    encode.write(model, plans.parameters(), values);
  }

  /** The list of batches, where training finds those of a model at {@link #offset}. */
  public IndexTable list() {
    return list;
  }

  /**
   * First of a model's entries in the list: [batches][2][B], frames at t, then those at t + lag, or
   * [batches][B] of single frames.
   */
  public int offset(int model) {
    return (int) listStart(model);
  }

  /**
   * Encodes and cuts the latents of models into bins.
   *
   * @param epochs number of the epoch that begins, for each model
   * @param minDistances d_min of each model; one of 0 sits this out
   * @param staging where frames do not all fit the table; else null
   * @return null for a model that sat out
   */
  public Bins[] cut(int[] epochs, double[] minDistances, Staging staging) {
    int models = pairs.length;
    if (Arrays.stream(minDistances).allMatch(distance -> distance == 0)) {
      return new Bins[models];
    }
    Control.Words[] words = new Control.Words[models];
    for (int model = 0; model < models; model++) {
      boolean active = minDistances[model] > 0;
      words[model] =
          words(model, epochs[model])
              .set(Control.POINTS, points(model))
              .set(Control.MIN_DISTANCE_SQUARED, squared(minDistances[model]))
              .set(Control.INDEX_OFFSET, model * ReportBins.words(most, dims))
              .set(Control.STEPS, active ? steps(model) : 0);
    }
    if (staging == null) {
      encode.launch(words);
    } else {
      encodeStaged(words, epochs, staging);
    }
    for (Control.Words each : words) {
      each.set(Control.STEPS, Math.min(1, each.get(Control.STEPS)));
    }
    cut.launch(words);
    int size = ReportBins.words(most, dims);
    int[] report = new int[models * size];
    reports.read(0, report, report.length);
    Bins[] bins = new Bins[models];
    for (int model = 0; model < models; model++) {
      bins[model] = minDistances[model] > 0 ? bins(report, model * size) : null;
    }
    return bins;
  }

  /** Within the range of a float: infinity would leave no centre at all. */
  private static float squared(double distance) {
    return (float) Math.min(Float.MAX_VALUE, distance * distance);
  }

  private int points(int model) {
    return RegularSpace.padded(pairs[model].firsts().length);
  }

  private int steps(int model) {
    return (points(model) + plans.chunk() - 1) / plans.chunk();
  }

  private Control.Words words(int model, int epoch) {
    return new Control.Words()
        .seed(pairs[model].seed())
        .set(Control.EPOCH, epoch)
        .set(Control.PAIRS, pairs[model].firsts().length)
        .set(Control.LAG, pairs[model].lag());
  }

  private Bins bins(int[] report, int at) {
    int count = report[at];
    int now = Math.min(count, most);
    int[] sizes = Arrays.copyOfRange(report, at + 2, at + 2 + now);
    float[] centers = new float[now * dims];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = Float.intBitsToFloat(report[at + 2 + most + i]);
    }
    return new Bins(count, Float.intBitsToFloat(report[at + 1]), sizes, centers);
  }

  /** Chunk by chunk, as the table holds the frames of one chunk of one model. */
  private void encodeStaged(Control.Words[] all, int[] epochs, Staging staging) {
    for (int model = 0; model < pairs.length; model++) {
      int steps = all[model].get(Control.STEPS);
      VisitingOrder order = new VisitingOrder(pairs[model], epochs[model]);
      for (int step = 0; step < steps; step++) {
        Control.Words[] words = new Control.Words[pairs.length];
        Arrays.setAll(words, m -> new Control.Words());
        int first = step * plans.chunk();
        words[model] =
            words(model, epochs[model])
                .set(Control.POINTS, points(model))
                .set(Control.FIRST_POINT, first)
                .set(Control.STAGED, 1)
                .set(Control.STEPS, 1);
        staging.stage(order.frames(first, plans.chunk()), plans.chunk());
        encode.launch(words);
      }
    }
  }

  /** Bins of a model that was cut, at another d_min; its bins are those from then on. */
  public Bins recut(int model, double minDistance) {
    Control.Words[] words = anew(model);
    words[model].set(Control.MIN_DISTANCE_SQUARED, squared(minDistance));
    cut.launch(words);
    return report(model);
  }

  /**
   * Assigns the latents of a model that was cut to other centres; its bins are those from then on.
   *
   * @param centers [bins][d], no more bins than the model may have
   */
  public Bins assign(int model, float[] centers) {
    if (assign == null) {
      // Few trainings need it, so few wait for its compilation.
      assign = encode.sharing(plans.assign());
      assign.index(reports);
    }
    float[] all = Arrays.copyOf(centers, plans.centers().length());
    encode.write(model, plans.centers(), all);
    encode.writeInts(model, plans.count(), new int[] {centers.length / dims});
    assign.launch(anew(model));
    return report(model);
  }

  /** Words of a launch over the latents that a model has, for it alone. */
  private Control.Words[] anew(int model) {
    Control.Words[] words = new Control.Words[pairs.length];
    Arrays.setAll(words, m -> new Control.Words());
    words[model] =
        words(model, 0)
            .set(Control.POINTS, points(model))
            .set(Control.INDEX_OFFSET, model * ReportBins.words(most, dims))
            .set(Control.STEPS, 1);
    return words;
  }

  private Bins report(int model) {
    int[] report = new int[ReportBins.words(most, dims)];
    reports.read((long) model * report.length, report, report.length);
    return bins(report, 0);
  }

  /**
   * Draws the epoch's batches of models into the list.
   *
   * @param draws of the bins that were cut last, or of all pairs; null for a model that sits out
   */
  public void draw(int[] epochs, Draws[] draws) {
    int models = pairs.length;
    int[] orders = new int[models * DrawBatches.WORDS * most];
    Control.Words[] words = new Control.Words[models];
    for (int model = 0; model < models; model++) {
      words[model] = words(model, epochs[model]);
      if (draws[model] != null) {
        int at = model * DrawBatches.WORDS * most;
        put(draws[model], orders, at);
        words[model]
            .set(Control.STEPS, 1)
            .set(Control.POINTS, draws[model].binned() ? points(model) : 0)
            .set(Control.DRAWS_OFFSET, at)
            .set(Control.INDEX_OFFSET, offset(model))
            .set(Control.BINS, draws[model].bins())
            .set(Control.BATCHES, draws[model].batches());
      }
    }
    list.fill(0, orders, orders.length);
    draw.launch(words);
  }

  private static void put(Draws draws, int[] orders, int at) {
    int start = 0;
    for (int k = 0; k < draws.bins(); k++) {
      int to = at + DrawBatches.WORDS * k;
      orders[to] = start;
      orders[to + 1] = draws.counts()[k];
      orders[to + 2] = draws.first()[k];
      orders[to + 3] = draws.perRepeat()[k];
      start += draws.counts()[k];
    }
  }

  /** The first frames of a model's batches, [batches][B]. */
  public int[] firsts(int model, int batches) {
    int[] entries = new int[frames * batch * batches];
    list.read(offset(model), entries, entries.length);
    int[] firsts = new int[batch * batches];
    for (int b = 0; b < batches; b++) {
      System.arraycopy(entries, frames * b * batch, firsts, b * batch, batch);
    }
    return firsts;
  }

  /** Puts batches back that {@link #firsts} gave. */
  public void restore(int model, int[] firsts) {
    int[] entries = new int[frames * firsts.length];
    for (int i = 0; i < firsts.length; i++) {
      int at = i / batch * frames * batch + i % batch;
      entries[at] = firsts[i];
      if (frames == 2) {
        entries[at + batch] = firsts[i] + pairs[model].lag();
      }
    }
    list.fill(offset(model), entries, entries.length);
  }

  @Override
  public void close() {
    if (assign != null) {
      assign.close();
    }
    if (draw != encode) {
      draw.close();
      cut.close();
    }
    encode.close();
    reports.close();
    list.close();
  }
}
