// SPDX-License-Identifier: MIT
package io.dynae.report;

import io.dynae.file.AtomicFile;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The two files of a figure, both from the same drawing. */
public final class FigureFile {
  private static final String SVG = "http://www.w3.org/2000/svg";

  private FigureFile() {}

  /**
   * Writes {@code name.png}, {@value Style#DPI} dots an inch, and {@code name.svg} into a folder
   * that exists, each atomically.
   *
   * @throws io.dynae.error.InputException where they cannot be written, or the machine has no fonts
   */
  public static void write(Figure figure, Path folder, String name) {
    write(png(figure), svg(figure), folder, name);
  }

  /** Writes a drawing that is done. */
  static void write(byte[] png, String svg, Path folder, String name) {
    AtomicFile.write(folder.resolve(name + ".png"), out -> out.write(png));
    AtomicFile.writeString(folder.resolve(name + ".svg"), svg);
  }

  /** The figure as a PNG that knows its size on paper. */
  public static byte[] png(Figure figure) {
    double scale = Style.DPI / 72.0;
    BufferedImage image =
        new BufferedImage(
            (int) Math.round(figure.width() * scale),
            (int) Math.round(figure.height() * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHints(hints());
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.scale(scale, scale);
    figure.draw(g);
    g.dispose();
    return encode(image);
  }

  /** All that JFreeChart sets and sets back: it cannot set back a hint that was not there. */
  private static Map<RenderingHints.Key, Object> hints() {
    return Map.of(
        RenderingHints.KEY_ANTIALIASING,
        RenderingHints.VALUE_ANTIALIAS_ON,
        RenderingHints.KEY_TEXT_ANTIALIASING,
        RenderingHints.VALUE_TEXT_ANTIALIAS_ON,
        RenderingHints.KEY_FRACTIONALMETRICS,
        RenderingHints.VALUE_FRACTIONALMETRICS_ON,
        RenderingHints.KEY_STROKE_CONTROL,
        RenderingHints.VALUE_STROKE_PURE,
        RenderingHints.KEY_INTERPOLATION,
        RenderingHints.VALUE_INTERPOLATION_BILINEAR);
  }

  private static byte[] encode(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Png.write(image, Math.round(Style.DPI / 0.0254), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The figure as an SVG with text as text and maps as embedded images. */
  public static String svg(Figure figure) {
    Document document =
        GenericDOMImplementation.getDOMImplementation().createDocument(SVG, "svg", null);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setImageHandler(new EmbeddedImages());
    context.setComment("Drawn by Dynae");
    SVGGraphics2D g = new SVGGraphics2D(context, false);
    g.setRenderingHints(hints());
    g.setSVGCanvasSize(
        new Dimension((int) Math.ceil(figure.width()), (int) Math.ceil(figure.height())));
    figure.draw(g);
    Element root = g.getRoot();
    root.setAttribute("width", millimetres(figure.width()));
    root.setAttribute("height", millimetres(figure.height()));
    root.setAttribute(
        "viewBox", String.format(Locale.ROOT, "0 0 %.3f %.3f", figure.width(), figure.height()));
    widenFamilies(root);
    StringWriter text = new StringWriter();
    try {
      g.stream(root, text, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static String millimetres(double points) {
    return String.format(Locale.ROOT, "%.2fmm", points / Style.MM);
  }

  /** Names fonts of like widths, as a reader's machine may lack this one's. */
  private static void widenFamilies(Node node) {
    if (node instanceof Element element && element.hasAttribute("font-family")) {
      element.setAttribute("font-family", Style.SVG_FAMILIES);
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      widenFamilies(child);
    }
  }
}
