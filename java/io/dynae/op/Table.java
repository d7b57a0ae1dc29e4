// SPDX-License-Identifier: MIT
package io.dynae.op;

/** Which table of frames. */
public enum Table {
  FRAMES,
  TARGETS
}
