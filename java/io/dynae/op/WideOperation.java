// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Optional;

/** A block operation that a GPU can spread over more than one warp a block of rows. */
public interface WideOperation {
  /** How, or empty where rows are short. */
  Optional<WideRows> wide();
}
