// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

import io.dynae.op.Control;
import io.dynae.op.WideRows;
import java.util.List;

/** The kernel of one operation on rows of many features, on CUDA. */
final class WideText implements OwnKernels {
  private final String name;
  private final WideRows rows;

  /**
   * @param number among the program's own kernels
   */
  WideText(int number, WideRows rows) {
    name = "wide_" + number;
    this.rows = rows;
  }

  @Override
  public List<Launch> launches() {
    int groups = rows.blocks() * rows.parts();
    int bytes = Float.BYTES * rows.sharedFloats();
    return List.of(new Launch(name, new LaunchShape(groups, 1, rows.threads(), bytes, false, 0)));
  }

  @Override
  public String text() {
    StringBuilder text = new StringBuilder("/* " + rows.name() + " */\n");
    text.append("TILE_KERNEL(%d, 1) %s(".formatted(rows.threads(), name));
    text.append(KernelText.ARGUMENTS).append(")\n{\n");
    text.append("    const int size = 1, rank = 0;\n    float* a = arena;\n");
    KernelText.common(text);
    text.append("    const int cursor = ").append(Control.CURSOR.intWord()).append(";\n");
    text.append("    const int b = BLOCK_ID / ").append(rows.parts());
    text.append(", part = BLOCK_ID % ").append(rows.parts()).append(";\n");
    text.append("    (void)cursor; (void)part;\n    ").append(rows.statement());
    return text.append("\n}\n").toString();
  }
}
