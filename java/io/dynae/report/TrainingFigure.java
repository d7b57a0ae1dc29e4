// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A run's losses by epoch, each under its own axis, and its bins where it has some. */
public final class TrainingFigure extends Figure {
  private static final double SIDE_WIDTH = 98;
  private static final double HEIGHT = 92;
  private static final int COLUMNS = 3;
  private static final double GAP = 37;

  /**
   * One curve.
   *
   * @param title of its panel
   * @param label of its axis, with the unit
   * @param values by epoch; NaN where an epoch has none
   * @param logarithmic whether the axis is, where all values are more than 0
   */
  public record Curve(String title, String label, double[] values, boolean logarithmic) {}

  private final List<Curve> curves;

  /**
   * @param curves one or more, all of the same number of epochs
   */
  public TrainingFigure(List<Curve> curves) {
    super(
        Math.min(COLUMNS, curves.size()) * (SIDE_WIDTH + Panel.LEFT + GAP - Panel.LEFT + 22) + 12,
        rows(curves.size()) * (HEIGHT + Panel.TOP + Panel.BOTTOM));
    this.curves = List.copyOf(curves);
  }

  private static int rows(int curves) {
    return (curves + COLUMNS - 1) / COLUMNS;
  }

  @Override
  public String caption() {
    String thinned =
        Thinning.applies(curves.get(0).values())
            ? " Of neighbouring epochs only the lowest and the highest are drawn."
            : "";
    return "Training by epoch: means over the epoch's batches, with the last weights, those of each"
        + " step. Other figures and numbers are of the trained model, the running average of the"
        + " weights unless weight_averaging is 0."
        + thinned;
  }

  @Override
  void draw(Graphics2D g) {
    for (int i = 0; i < curves.size(); i++) {
      double x = GAP + i % COLUMNS * (SIDE_WIDTH + GAP + 22);
      double y = Panel.TOP + i / COLUMNS * (HEIGHT + Panel.TOP + Panel.BOTTOM);
      panel(LandscapeFigure.letter(i), curves.get(i))
          .draw(g, new Rectangle2D.Double(x, y, SIDE_WIDTH, HEIGHT));
    }
  }

  private static Panel panel(String letter, Curve curve) {
    XYSeries series = new XYSeries(curve.title());
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i : Thinning.drawn(curve.values())) {
      double value = curve.values()[i];
      if (Double.isFinite(value)) {
        series.add(i + 1, logarithmic(curve) ? Math.log10(value) : value);
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, series.getItemCount() < 2);
    renderer.setSeriesPaint(0, Style.SERIES.get(0));
    renderer.setSeriesStroke(0, Style.LINE);
    int epochs = Math.max(2, curve.values().length);
    NumberAxis x =
        epochs <= 5 ? Axis.linear("epoch", 1, epochs, 1) : Axis.linear("epoch", 1, epochs);
    return new Panel(letter, curve.title(), x, range(curve, least, most))
        .withGridLines()
        .add(new XYSeriesCollection(series), renderer);
  }

  /** Whether asked for, and possible. */
  private static boolean logarithmic(Curve curve) {
    return curve.logarithmic() && Arrays.stream(curve.values()).noneMatch(value -> value <= 0);
  }

  private static ValueAxis range(Curve curve, double least, double most) {
    if (!(least <= most)) {
      return Axis.linear(curve.label(), 0, 1);
    }
    if (logarithmic(curve)) {
      return Axis.logarithmicAround(curve.label(), least, most);
    }
    double margin = most > least ? 0.06 * (most - least) : 0.5;
    return Axis.linear(curve.label(), least - margin, most + margin);
  }
}
