// SPDX-License-Identifier: MIT
package io.dynae.op;

/**
 * How an operation touches a region: what barriers are derived from.
 *
 * @param write whether it writes
 * @param ownBlock whether block b of the operation touches block b of the region alone
 */
public record Access(Region region, boolean write, boolean ownBlock) {
  /** Whether it touches rows, and of those its own block alone. */
  public boolean ownRows() {
    return ownBlock && region.blocks() > 0;
  }

  /** Whether one must be finished by all before the other starts. */
  boolean conflicts(Access other) {
    return region.equals(other.region) && (write || other.write) && !(ownBlock && other.ownBlock);
  }
}
