// SPDX-License-Identifier: MIT
package io.dynae.op;

import java.util.Optional;

/** An operation that a GPU can do in kernels of its own instead of the team's. */
public interface TiledProduct {
  /** Its product, or empty where no such kernel knows its shape. */
  Optional<TiledConvolution> tiled();
}
