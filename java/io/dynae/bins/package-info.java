// SPDX-License-Identifier: MIT
/** Bins of the latent space on the host: resampling the pairs of each bin into batches. */
package io.dynae.bins;
