// SPDX-License-Identifier: MIT
/** Bins of the latent space: regular-space clustering, nearest centres, resampling into batches. */
package io.dynae.bins;
