// SPDX-License-Identifier: MIT
package io.dynae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other figures: their texts, and colours where the data say what they must be. */
class FiguresTest {
  private static float[] cloud(int n, double... centers) {
    Random random = new Random(7);
    float[] points = new float[2 * n];
    for (int i = 0; i < points.length; i++) {
      int at = i / 2 % (centers.length / 2) * 2 + i % 2;
      points[i] = (float) (centers[at] + 0.3 * random.nextGaussian());
    }
    return points;
  }

  @Test
  void alignedModelsSayHowFarEachIsFromTheTruth() {
    float[] truth = cloud(4000, -2, 0, 2, 0, 0, 2);
    float[] turned = new float[truth.length];
    for (int n = 0; n < truth.length; n += 2) {
      turned[n] = 10 * truth[n + 1];
      turned[n + 1] = 10 * truth[n];
    }
    int[] lengths = {4000};
    List<AlignedModel> models =
        List.of(
            AlignedModel.of("A", turned, truth, lengths, 1, true),
            AlignedModel.of("B", truth, truth, lengths, 1, true),
            new AlignedModel("C", cloud(4000, 0, 0), 0.371, true));
    assertEquals(0, models.get(0).fvu(), 1e-6);
    Drawing drawing = new Drawing(new AlignedModelsFigure(truth, "x (nm)", "y (nm)", models));
    List<String> texts = drawing.texts();
    assertTrue(
        texts.containsAll(List.of("truth", "A: FVU 0.00%", "C: FVU 37%", "(d)")), "" + texts);
    assertEquals(4, Collections.frequency(texts, "x (nm)"));
    assertEquals(1, Collections.frequency(texts, "free energy (kT)"));
    assertTrue(texts.contains("equal true x (nm)"), "key: " + texts);
    assertEquals(2067, drawing.png.getWidth());
  }

  /** As where TMPDIR is full: Java's own way keeps pictures in a file there. */
  @Test
  void figuresNeedNoTemporaryFolder(@TempDir Path folder) throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    File before = ImageIO.getCacheDirectory();
    boolean cache = ImageIO.getUseCache();
    ImageIO.setUseCache(true);
    ImageIO.setCacheDirectory(gone.toFile());
    try {
      Files.delete(gone);
      float[] points = cloud(1000, 0, 0);
      List<AlignedModel> models = List.of(new AlignedModel("A", points, 0.1, true));
      FigureFile.write(new AlignedModelsFigure(points, "x", "y", models), folder, "figure");
    } finally {
      ImageIO.setCacheDirectory(before);
      ImageIO.setUseCache(cache);
    }
    assertTrue(Files.size(folder.resolve("figure.png")) > 0);
    assertTrue(Files.readString(folder.resolve("figure.svg")).contains("data:image/png;base64,"));
  }

  /** All frames have phi = 92.5 and psi = -87.5 degrees, which the latent's points must show. */
  @Test
  void dihedralsColourTheLatent() {
    float[] latent = cloud(30_000, 0, 0);
    float[] dihedrals = new float[latent.length];
    for (int n = 0; n < dihedrals.length; n += 2) {
      dihedrals[n] = (float) Math.toRadians(92.5 + 360);
      dihedrals[n + 1] = (float) Math.toRadians(-87.5);
    }
    DihedralsFigure figure = new DihedralsFigure(dihedrals, latent, null);
    Drawing drawing = new Drawing(figure);
    double side = figure.height() / 2 - Panel.TOP - Panel.BOTTOM;
    double y = figure.height() / 2 + Panel.TOP + side / 2;
    double x = Panel.LEFT + side / 2;
    assertTrue(Drawing.near(ColorMap.CYCLIC.rgb(272.5 / 360), drawing.rgb(x, y)), "phi");
    x += side + Panel.LEFT;
    assertTrue(Drawing.near(ColorMap.CYCLIC.rgb(92.5 / 360), drawing.rgb(x, y)), "psi");
    // The one visited cell of the Ramachandran map.
    double cell = 0.5 / 72;
    assertTrue(
        Drawing.near(
            ColorMap.SEQUENTIAL.rgb(0),
            drawing.rgb(Panel.LEFT + (0.75 + cell) * side, Panel.TOP + (0.75 - cell) * side)),
        "F = 0 there");
    List<String> texts = drawing.texts();
    assertTrue(texts.containsAll(List.of("φ (degrees)", "ψ (degrees)", "−180", "90")), "" + texts);
    assertEquals(1, Collections.frequency(texts, "φ, ψ (degrees)"));
    assertEquals(1, Collections.frequency(texts, "free energy (kT)"));
  }

  @Test
  void imagesAreDrawnUpright() {
    float[] pixels = new float[2 * 3 * 16 * 16];
    // First image: red in its upper left pixel block; all else black.
    for (int y = 0; y < 8; y++) {
      Arrays.fill(pixels, y * 16, y * 16 + 8, 1);
    }
    ImageRow row = new ImageRow("original", 3, 16, 16, pixels);
    float[] truth = {0, 1, 2, 3};
    ImagesFigure figure =
        new ImagesFigure(
            row,
            new ImageRow("decoded", 3, 16, 16, pixels),
            List.of(new ImageRow("z₁", 3, 16, 16, pixels)),
            Scatter.of(List.of("x (pixels)", "y (pixels)"), truth, truth));
    Drawing drawing = new Drawing(figure);
    assertEquals(0xFF0000, drawing.rgb(72 + 11, Panel.TOP + 11), "upper left");
    assertEquals(0, drawing.rgb(72 + 33, Panel.TOP + 33), "lower right");
    List<String> texts = drawing.texts();
    assertTrue(
        texts.containsAll(
            List.of("original", "decoded", "z₁", "true x (pixels)", "true y (pixels)", "(d)")),
        "" + texts);
    assertThrows(InputException.class, () -> new ImageRow("a", 2, 4, 4, new float[32]));
    assertThrows(InputException.class, () -> new ImageRow("a", 1, 4, 4, new float[33]));
  }

  /** Bars of 0.1 and 10 on an axis from 0.01 to 10: a third and all of the height. */
  @Test
  void barsStandOnALogarithmicAxis() {
    BarFigure figure =
        new BarFigure(
            "error (units)",
            List.of("one", "two"),
            List.of("A", "B"),
            new double[][] {{0.1, 10}, {Double.NaN, 0.05}},
            new double[][] {{0, 0}, {Double.NaN, 0.06}});
    Drawing drawing = new Drawing(figure);
    double group = (figure.width() - 50) / 2;
    double x = 44 + 0.3 * group;
    int blue = Style.SERIES.get(0).getRGB() & 0xFFFFFF;
    assertEquals(blue, drawing.rgb(x, 16 + 150 * 0.70));
    assertEquals(0xFFFFFF, drawing.rgb(x, 16 + 150 * 0.64));
    int orange = Style.SERIES.get(1).getRGB() & 0xFFFFFF;
    assertEquals(orange, drawing.rgb(44 + 0.6 * group, 16 + 150 * 0.02));
    assertEquals(0xFFFFFF, drawing.rgb(44 + group + 0.3 * group, 16 + 150 * 0.95), "no mean");
    List<String> texts = drawing.texts();
    assertTrue(texts.containsAll(List.of("error (units)", "one", "A", "0.01", "10")), "" + texts);
  }

  @Test
  void trainingShowsEveryCurve() {
    double[] falling = {100, 10, 1, 0.1};
    double[] bins = {0, 5, 9, 12};
    Drawing drawing =
        new Drawing(
            new TrainingFigure(
                List.of(
                    new TrainingFigure.Curve("loss", "squared error", falling, true),
                    new TrainingFigure.Curve("bins", "count", bins, true))));
    List<String> texts = drawing.texts();
    assertTrue(texts.containsAll(List.of("loss", "squared error", "100", "0.1")), "" + texts);
    assertTrue(texts.contains("10"), "zero bins: a linear axis: " + texts);
    assertEquals(2, Collections.frequency(texts, "epoch"));
  }

  @Test
  void oneDimensionGetsAProfile() {
    float[] latent = new float[5000];
    Random random = new Random(1);
    for (int n = 0; n < latent.length; n++) {
      latent[n] = (float) random.nextGaussian();
    }
    Drawing drawing = new Drawing(new ProfileFigure(latent, "z₁", null));
    assertTrue(drawing.texts().containsAll(List.of("F (kT)", "z₁", "free energy")));
  }
}
