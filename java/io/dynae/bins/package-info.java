// SPDX-License-Identifier: MIT
/** Bins of the latent space on the host: how many batches are drawn from each. */
package io.dynae.bins;
