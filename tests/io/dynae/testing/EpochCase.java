// SPDX-License-Identifier: MIT
package io.dynae.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.bins.Draws;
import io.dynae.bins.EpochSampler;
import io.dynae.bins.RegularSpace;
import io.dynae.bins.Resampling;
import io.dynae.compute.Backend;
import io.dynae.compute.FrameTable;
import io.dynae.model.LatentEncoder;
import io.dynae.model.ModelShape;
import io.dynae.model.Networks;
import io.dynae.random.Permutation;
import io.dynae.random.Shuffle;
import io.dynae.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The start of an epoch of several models on a backend against the definition: latents from {@link
 * LatentEncoder}, the sequential clustering, and lists that are walked one entry at a time.
 *
 * @param pairs training pairs of each model
 * @param rows rows of the staging table, or -1 where all frames are resident
 */
public record EpochCase(ModelShape shape, int batch, int rows, double minDistance, int... pairs) {
  private static final int MOST = 200;
  private static final int EPOCH = 3;
  private static final double BIAS = 2;

  /** Fails unless {@code backend} finds the bins and batches of the definition. */
  public void check(Backend backend) {
    int frames = Arrays.stream(pairs).max().orElseThrow() + 500;
    float[] x = new float[frames * shape.inputs()];
    Random random = new Random(frames);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    EpochSampler.Pairs[] of = new EpochSampler.Pairs[pairs.length];
    for (int m = 0; m < pairs.length; m++) {
      int lag = 1 + 3 * m;
      int[] firsts = new int[frames - lag];
      Arrays.setAll(firsts, i -> i);
      new Shuffle(m, Stream.SPLIT, 0).shuffle(firsts, 0, firsts.length);
      of[m] = new EpochSampler.Pairs(Arrays.copyOf(firsts, pairs[m]), lag, 1L << (33 + m));
    }
    int mostRows = rows < 0 ? Integer.MAX_VALUE : rows;
    int height = rows < 0 ? frames : rows;
    try (FrameTable all = backend.table("all frames", x.length);
        FrameTable table = backend.table("frames", (long) height * shape.inputs());
        LatentEncoder encoder = new LatentEncoder(backend, shape);
        EpochSampler sampler = new EpochSampler(backend, shape, batch, MOST, mostRows, of)) {
      all.fill(0, x, x.length);
      encoder.table(all);
      if (rows < 0) {
        table.fill(0, x, x.length);
      }
      sampler.frames(table);
      check(sampler, encoder, of, rows < 0 ? null : staging(x, table));
    }
  }

  private EpochSampler.Staging staging(float[] x, FrameTable table) {
    int features = shape.inputs();
    return (numbers, n) -> {
      assertTrue(n <= rows);
      float[] staged = new float[n * features];
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, numbers[i] * features, staged, i * features, features);
      }
      table.fill(0, staged, staged.length);
    };
  }

  private void check(
      EpochSampler sampler,
      LatentEncoder encoder,
      EpochSampler.Pairs[] of,
      EpochSampler.Staging staging) {
    int models = of.length;
    int[] epochs = new int[models];
    Arrays.fill(epochs, EPOCH);
    double[] minDistances = new double[models];
    Arrays.fill(minDistances, minDistance);
    for (int m = 0; m < models; m++) {
      sampler.parameters(m, weights(m));
    }
    EpochSampler.Bins[] bins = sampler.cut(epochs, minDistances, staging);
    Draws[] draws = new Draws[models];
    List<int[]> expected = new ArrayList<>();
    for (int m = 0; m < models; m++) {
      encoder.parameters(weights(m));
      int[][] members = checkBins(bins[m], latents(encoder, of[m]), of[m]);
      draws[m] = new Resampling(batch, BIAS, minDistance).draws(bins[m].sizes());
      expected.add(list(of[m], members, draws[m], EPOCH));
    }
    sampler.draw(epochs, draws);
    checkLists(sampler, draws, expected);
    otherCenters(sampler, encoder, of[0], draws, expected);
    sitOut(sampler, draws, expected, of);
  }

  /** The first model's latents go to the nearest of three centres that clustering did not find. */
  private void otherCenters(
      EpochSampler sampler,
      LatentEncoder encoder,
      EpochSampler.Pairs of,
      Draws[] draws,
      List<int[]> expected) {
    int dims = shape.latent();
    float[] centers = new float[3 * dims];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = i % dims - 0.4f * (i / dims);
    }
    encoder.parameters(weights(0));
    float[] z = latents(encoder, of);
    int n = of.firsts().length;
    int[] order = new int[n];
    new Permutation(of.seed(), Stream.CLUSTERING_ORDER, EPOCH, 0, 0, n).fill(0, n, order);
    int[][] members = new int[3][];
    for (int k = 0; k < members.length; k++) {
      int bin = k;
      members[k] =
          Arrays.stream(order)
              .filter(i -> nearest(z, i, centers) == bin)
              .map(i -> of.firsts()[i])
              .toArray();
    }
    EpochSampler.Bins bins = sampler.assign(0, centers);
    assertEquals(3, bins.count());
    assertArrayEquals(centers, bins.centers());
    assertArrayEquals(Arrays.stream(members).mapToInt(m -> m.length).toArray(), bins.sizes());
    draws[0] = new Resampling(batch, BIAS, minDistance).draws(bins.sizes());
    expected.set(0, list(of, members, draws[0], EPOCH));
    int[] epochs = new int[draws.length];
    Arrays.fill(epochs, EPOCH);
    Draws[] first = new Draws[draws.length];
    first[0] = draws[0];
    sampler.draw(epochs, first);
    checkLists(sampler, draws, expected);
  }

  private int nearest(float[] z, int point, float[] centers) {
    int dims = shape.latent();
    int best = -1;
    float least = Float.POSITIVE_INFINITY;
    for (int k = 0; k < centers.length / dims; k++) {
      float distance = 0;
      for (int d = 0; d < dims; d++) {
        float dx = z[point * dims + d] - centers[k * dims + d];
        distance = Math.fma(dx, dx, distance);
      }
      if (distance < least) {
        least = distance;
        best = k;
      }
    }
    return best;
  }

  /** Initial weights enlarged, so that latents spread. */
  private float[] weights(int model) {
    float[] weights = new Networks(shape).initial(model);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 3;
    }
    return weights;
  }

  /** A model that sits out keeps its list; the first one draws from all its pairs instead. */
  private void sitOut(
      EpochSampler sampler, Draws[] draws, List<int[]> expected, EpochSampler.Pairs[] of) {
    int models = of.length;
    draws[0] = Draws.unbinned(of[0].firsts().length, batch);
    int[] epochs = new int[models];
    expected.set(0, list(of[0], new int[][] {of[0].firsts()}, draws[0], 0));
    Draws[] first = new Draws[models];
    first[0] = draws[0];
    sampler.draw(epochs, first);
    checkLists(sampler, draws, expected);
    int[] firsts = sampler.firsts(0, draws[0].batches());
    sampler.restore(0, new int[firsts.length]);
    sampler.restore(0, firsts);
    checkLists(sampler, draws, expected);
    double[] none = new double[models];
    assertArrayEquals(new EpochSampler.Bins[models], sampler.cut(epochs, none, null));
  }

  private void checkLists(EpochSampler sampler, Draws[] draws, List<int[]> expected) {
    for (int m = 0; m < draws.length; m++) {
      assertTrue(draws[m].batches() > 1, "too few batches to compare");
      int[] actual = new int[draws[m].batches() * 2 * batch];
      sampler.list().read(sampler.offset(m), actual, actual.length);
      assertArrayEquals(expected.get(m), actual, "list of model " + m);
    }
  }

  private float[] latents(LatentEncoder encoder, EpochSampler.Pairs of) {
    int n = of.firsts().length;
    float[] z = new float[n * shape.latent()];
    for (int from = 0; from < n; from += LatentEncoder.CHUNK) {
      int size = Math.min(LatentEncoder.CHUNK, n - from);
      encoder.encode(of.firsts(), from, size, z, from * shape.latent());
    }
    return z;
  }

  /** Returns the first frames of each bin's pairs, in visiting order. */
  private int[][] checkBins(EpochSampler.Bins bins, float[] z, EpochSampler.Pairs of) {
    int n = of.firsts().length;
    int[] order = new int[n];
    new Permutation(of.seed(), Stream.CLUSTERING_ORDER, EPOCH, 0, 0, n).fill(0, n, order);
    RegularSpace truth = RegularSpace.cluster(z, shape.latent(), order, (float) minDistance, MOST);
    assertTrue(truth.count() > 3, "too few bins to compare");
    assertEquals(truth.count(), bins.count());
    assertArrayEquals(truth.centers(), bins.centers());
    float largest = 0;
    for (float value : z) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertEquals(largest, bins.largest());
    int[] labels = truth.nearest(z);
    int[][] members = new int[truth.count()][];
    for (int k = 0; k < members.length; k++) {
      int bin = k;
      members[k] =
          Arrays.stream(order).filter(i -> labels[i] == bin).map(i -> of.firsts()[i]).toArray();
    }
    assertArrayEquals(Arrays.stream(members).mapToInt(m -> m.length).toArray(), bins.sizes());
    return members;
  }

  /** Batches bin after bin, repeat after repeat, then put into random order. */
  private int[] list(EpochSampler.Pairs of, int[][] members, Draws draws, int epoch) {
    List<int[]> batches = new ArrayList<>();
    for (int k = 0; k < draws.bins(); k++) {
      for (int b = 0; b < draws.batches(k); b++) {
        int repeat = b / draws.perRepeat()[k];
        int from = b % draws.perRepeat()[k] * batch;
        int[] bin = members[k];
        Permutation order =
            new Permutation(of.seed(), Stream.RESAMPLING, epoch, k, repeat, bin.length);
        int[] frames = new int[batch];
        Arrays.setAll(frames, j -> bin[order.at(from + j)]);
        batches.add(frames);
      }
    }
    Permutation places =
        new Permutation(of.seed(), Stream.BATCH_ORDER, epoch, 0, 0, batches.size());
    int[] list = new int[batches.size() * 2 * batch];
    for (int s = 0; s < batches.size(); s++) {
      for (int j = 0; j < batch; j++) {
        int frame = batches.get(places.at(s))[j];
        list[s * 2 * batch + j] = frame;
        list[s * 2 * batch + batch + j] = frame + of.lag();
      }
    }
    return list;
  }
}
