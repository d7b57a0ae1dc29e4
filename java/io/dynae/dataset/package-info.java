// SPDX-License-Identifier: MIT
/** Pairs of frames one lag apart, and their split into training and test pairs. */
package io.dynae.dataset;
