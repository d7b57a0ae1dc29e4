// SPDX-License-Identifier: MIT
package io.dynae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.analysis.FreeEnergy;
import io.dynae.analysis.Grid;
import io.dynae.analysis.MoveField;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class LandscapeFigureTest {
  private static final Grid GRID = new Grid(-2, 2, 8, -2, 2, 8);

  private static LandscapeFigure figure;
  private static Drawing drawing;

  /** F = 0 in one cell, 3 in its neighbour on the right, 6 two below it, and nothing elsewhere. */
  @BeforeAll
  static void draw() {
    double[] values = new double[64];
    Arrays.fill(values, Double.NaN);
    values[5 * 8 + 2] = 0;
    values[5 * 8 + 3] = 3;
    values[3 * 8 + 2] = 6;
    FreeEnergy energy = new FreeEnergy(GRID, values);
    int[] counts = new int[16];
    counts[0] = 1;
    counts[1] = 1;
    MoveField field =
        MoveField.of((x, y, out) -> out[0] = 1, 0.01, GRID.withCells(4, 4), counts, 1);
    figure =
        new LandscapeFigure(
            List.of(
                new Landscape("truth", "x (nm)", "y (nm)", energy, field),
                new Landscape("data", "feature 1", "feature 2", energy, null),
                new Landscape("latent", "z₁ (diffusion lengths)", "z₂", energy, field)));
    drawing = new Drawing(figure);
  }

  private static double side() {
    return figure.height() - Panel.TOP - Panel.BOTTOM;
  }

  /** Colour of the middle of a cell of the second panel, which has no marks. */
  private static int cell(int column, int row) {
    double x = Panel.LEFT + side() + Panel.LEFT + (column + 0.5) / 8 * side();
    double y = Panel.TOP + (7 - row + 0.5) / 8 * side();
    return drawing.rgb(x, y);
  }

  @Test
  void pictureFillsTwoColumnsAtThreeHundredDotsAnInch() throws IOException {
    assertEquals(2067, drawing.png.getWidth());
    assertEquals(Math.round(figure.height() * 300 / 72), drawing.png.getHeight());
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    reader.setInput(
        ImageIO.createImageInputStream(new ByteArrayInputStream(FigureFile.png(figure))));
    Node dots = reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0").getFirstChild();
    while (!dots.getNodeName().equals("pHYs")) {
      dots = dots.getNextSibling();
    }
    assertEquals("11811", ((Element) dots).getAttribute("pixelsPerUnitXAxis"));
    assertEquals("175.00mm", drawing.svg.getDocumentElement().getAttribute("width"));
  }

  @Test
  void mapHasTheColoursOfItsValuesAndNoneWhereNoFrameIs() {
    assertTrue(Drawing.near(ColorMap.SEQUENTIAL.rgb(0), cell(2, 5)), "least value");
    assertTrue(Drawing.near(ColorMap.SEQUENTIAL.rgb(0.5), cell(3, 5)), "half the highest");
    assertTrue(Drawing.near(ColorMap.SEQUENTIAL.rgb(1), cell(2, 3)), "highest");
    assertEquals(0xFFFFFF, cell(2, 4), "no frame");
    assertEquals(0xFFFFFF, cell(6, 6), "no frame");
  }

  @Test
  void axesAndPanelsAreLabelledAndThereIsOneColourBar() {
    List<String> texts = drawing.texts();
    for (String label :
        List.of("(a)", "(b)", "(c)", "truth", "data", "latent", "x (nm)", "y (nm)", "feature 1")) {
      assertEquals(1, Collections.frequency(texts, label), label + " in " + texts);
    }
    assertEquals(1, Collections.frequency(texts, "z₁ (diffusion lengths)"));
    assertEquals(1, Collections.frequency(texts, "free energy (kT)"));
    assertTrue(texts.contains("−2") && texts.contains("0"), "ticks with a true minus: " + texts);
    assertEquals(4, drawing.elements("image").size(), "three maps and a bar");
  }

  @Test
  void textIsNoSmallerThanSevenPoints() {
    int sizes = 0;
    for (String name : List.of("text", "g", "svg")) {
      for (Element element : drawing.elements(name)) {
        if (element.hasAttribute("font-size")) {
          sizes++;
          // Batik's defaults on the root are not used by any text.
          double size = Double.parseDouble(element.getAttribute("font-size").replace("px", ""));
          assertTrue(size >= 7, element.getTagName() + " " + size);
        }
      }
    }
    assertTrue(sizes > 2, "sizes seen: " + sizes);
  }

  /** The field points right: in the first panel ink lies right of its places, not left. */
  @Test
  void arrowsPointAlongTheDrift() {
    double x = Panel.LEFT + 0.5 / 4 * side();
    double y = Panel.TOP + 3.5 / 4 * side();
    double length = 0.95 / 4 * side();
    assertEquals(0x111111, drawing.rgb(x + 0.6 * length, y));
    assertEquals(0xFFFFFF, drawing.rgb(x - 0.4 * length, y));
    assertTrue(figure.caption().contains("(a) Arrows"), figure.caption());
    assertTrue(!figure.caption().contains("(b) Arrows"), "no field there");
  }

  @Test
  void embeddedImagesArePartOfTheFile() {
    for (Element image : drawing.elements("image")) {
      assertTrue(image.getAttribute("xlink:href").startsWith("data:image/png;base64,"));
    }
  }
}
