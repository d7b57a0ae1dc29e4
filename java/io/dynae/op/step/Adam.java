// SPDX-License-Identifier: MIT
package io.dynae.op.step;

import io.dynae.op.Control;
import io.dynae.op.HostMemory;
import io.dynae.op.Region;
import io.dynae.op.TeamMemory;
import io.dynae.op.TeamOperation;

/**
 * Adam (Kingma and Ba 2014) with betas 0.9 and 0.999, epsilon 1e-8 and no weight decay on a range
 * of the parameters.
 *
 * <p>Beside it runs an average of the weights, average = p + keep (average - p), for whoever uses
 * the model; it never enters the training (Polyak and Juditsky 1992). Step t of the optimiser keeps
 * {@link #averageKeep}, which is never more than a control word says.
 */
public final class Adam extends TeamOperation {
  /** Steps that a constant share takes, in units of what it reaches back; the kernel's twin. */
  private static final float AVERAGE_GROWN = 8;

  private final Region parameters;
  private final Region gradients;
  private final Region firstMoment;
  private final Region secondMoment;
  private final Region average;
  private final int from;
  private final int to;
  private final Control stepsDone;
  private final Control rate;

  /**
   * @param from first parameter, a multiple of 64
   * @param to one past the last, a multiple of 64 ahead; what pads it has no gradient
   * @param stepsDone control word with the Adam steps done before the launch
   * @param rate control word with the learning rate
   */
  public Adam(
      String name,
      Region parameters,
      Region gradients,
      Region firstMoment,
      Region secondMoment,
      Region average,
      int from,
      int to,
      Control stepsDone,
      Control rate) {
    super(name, "step/adam.cu");
    this.parameters = parameters;
    this.gradients = gradients;
    this.firstMoment = firstMoment;
    this.secondMoment = secondMoment;
    this.average = average;
    this.from = from;
    this.to = to;
    this.stepsDone = stepsDone;
    this.rate = rate;
    readsAll(gradients);
    // Ranges of several optimisers do not overlap.
    writesOwn(parameters);
    writesOwn(firstMoment);
    writesOwn(secondMoment);
    writesOwn(average);
  }

  @Override
  public String statement() {
    return ("adam(%s + %d, %s + %d, %s + %d, %s + %d, %s + %d, %d, %s + cursor + 1, %s, %s, item,"
            + " items);")
        .formatted(
            parameters.at(),
            from,
            gradients.at(),
            from,
            firstMoment.at(),
            from,
            secondMoment.at(),
            from,
            average.at(),
            from,
            to - from,
            stepsDone.intWord(),
            rate.floatWord(),
            Control.AVERAGE_KEEP.floatWord());
  }

  /**
   * Adds the shares of the gradients up on the way, where there are shares. The items that the
   * optimiser before this one leaves idle come first.
   */
  @Override
  public String teamStatement(TeamMemory memory) {
    String deal = "(item + items - %1$d %% items) %% items, items);".formatted(from);
    return memory.folds()
        ? statement()
            .replace("adam(", "fold_and_adam(")
            .replace(
                gradients.at() + " + " + from + ",",
                "%s + %d, slots + %d,".formatted(gradients.at(), from, from))
            .replace("item, items);", deal)
        : statement();
  }

  /**
   * Share that the average keeps at a step: what it reaches back, 1 / (1 - share) steps, grows with
   * the square of t up to that of {@code keep}. A training learns fastest at its beginning, and
   * where data are few, it is over before a constant share has forgotten the untrained weights.
   *
   * @param keep largest share, 0 to 1
   * @param t number of the step, from 1
   */
  static float averageKeep(float keep, int t) {
    float forget = 1 - keep;
    float young = AVERAGE_GROWN / (forget * t);
    float share = young > 1 ? forget * young * young : forget;
    return share < 1 ? 1 - share : 0;
  }

  @Override
  public void run(HostMemory memory, int part, int parts) {
    int t = memory.control().get(stepsDone) + memory.cursor() + 1;
    float stepSize = (float) (memory.control().getFloat(rate) / (1 - Math.pow(0.9, t)));
    float c2 = (float) (1 / (1 - Math.pow(0.999, t)));
    float[] p = memory.flat(parameters);
    float[] g = memory.flat(gradients);
    float[] m = memory.flat(firstMoment);
    float[] v = memory.flat(secondMoment);
    float[] mean = memory.flat(average);
    float keep = averageKeep(memory.control().getFloat(Control.AVERAGE_KEEP), t);
    int begin = from + (int) ((long) (to - from) * part / parts);
    int end = from + (int) ((long) (to - from) * (part + 1) / parts);
    for (int i = begin; i < end; i++) {
      m[i] = 0.9f * m[i] + 0.1f * g[i];
      v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
      p[i] -= stepSize * m[i] / ((float) Math.sqrt(v[i] * c2) + 1e-8f);
      mean[i] = p[i] + keep * (mean[i] - p[i]);
    }
  }
}
