// SPDX-License-Identifier: MIT
package io.dynae.trajectory;

/** What unsigned bytes of a file stand for. */
public enum Bytes {
  /** There are none. */
  NONE,

  /** Pixels of images, arrays of 3 or 4 dimensions: byte b is read as b / 255. */
  PIXELS,

  /** Anything else: byte b is the number b. */
  NUMBERS
}
