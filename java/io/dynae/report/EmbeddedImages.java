// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.Image;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.apache.batik.svggen.DefaultImageHandler;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.w3c.dom.Element;

/** Puts images into an SVG as PNG in base64; Batik's own handler needs its codecs, 1 MB more. */
final class EmbeddedImages extends DefaultImageHandler {
  private static final String XLINK = "http://www.w3.org/1999/xlink";

  @Override
  protected void handleHREF(RenderedImage image, Element element, SVGGeneratorContext context) {
    element.setAttributeNS(XLINK, "xlink:href", data(image));
  }

  @Override
  protected void handleHREF(Image image, Element element, SVGGeneratorContext context) {
    handleHREF((RenderedImage) image, element, context);
  }

  private static String data(RenderedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Png.write(image, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return data(bytes.toByteArray());
  }

  /** Address that holds a PNG's bytes. */
  static String data(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }
}
