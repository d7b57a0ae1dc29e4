// SPDX-License-Identifier: MIT
/** Pairs of frames one lag apart, their split, and what is worth knowing of the data. */
package io.dynae.dataset;
