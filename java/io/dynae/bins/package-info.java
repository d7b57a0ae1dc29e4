// SPDX-License-Identifier: MIT
/**
 * Algorithm 1, lines 1 to 6: bins of the latent space, how often each is drawn from, and an epoch's
 * batches.
 */
package io.dynae.bins;
