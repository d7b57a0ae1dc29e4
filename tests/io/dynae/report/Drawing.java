// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A figure's two files, read back. */
final class Drawing {
  private static final double PIXELS = 300 / 72.0;

  final BufferedImage png;
  final Document svg;

  Drawing(Figure figure) {
    try {
      png = ImageIO.read(new ByteArrayInputStream(FigureFile.png(figure)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    svg = parse(FigureFile.svg(figure));
  }

  /** Reads XML without asking the network for what it names. */
  static Document parse(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return factory
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Texts of the SVG, in the order drawn. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    elements("text").forEach(element -> texts.add(element.getTextContent().strip()));
    return texts;
  }

  List<Element> elements(String name) {
    NodeList nodes = svg.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** Colour 0xRRGGBB of the PNG at a place in points. */
  int rgb(double x, double y) {
    return png.getRGB((int) (x * PIXELS), (int) (y * PIXELS)) & 0xFFFFFF;
  }

  /** Whether two colours are the same up to the rounding of scaled images. */
  static boolean near(int a, int b) {
    int worst = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      worst = Math.max(worst, Math.abs((a >> shift & 255) - (b >> shift & 255)));
    }
    return worst <= 2;
  }
}
