// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG, made in memory: Java's own way needs a temporary folder that takes a file. */
final class Png {
  private Png() {}

  /** Writes {@code image}. */
  static void write(RenderedImage image, OutputStream out) throws IOException {
    write(image, 0, out);
  }

  /**
   * Writes an image that knows its size on paper.
   *
   * @param perMetre pixels a metre; 0 for none
   */
  static void write(RenderedImage image, long perMetre, OutputStream out) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("png");
    ImageWriter writer = writers.next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
      if (perMetre > 0) {
        addSize(metadata, Long.toString(perMetre));
      }
      writer.setOutput(stream);
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static void addSize(IIOMetadata metadata, String perMetre)
      throws IIOInvalidTreeException {
    IIOMetadataNode size = new IIOMetadataNode("pHYs");
    size.setAttribute("pixelsPerUnitXAxis", perMetre);
    size.setAttribute("pixelsPerUnitYAxis", perMetre);
    size.setAttribute("unitSpecifier", "meter");
    IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
    root.appendChild(size);
    metadata.mergeTree("javax_imageio_png_1.0", root);
  }
}
