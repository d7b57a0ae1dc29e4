// SPDX-License-Identifier: MIT
/** Measures of a trained model against a known truth. */
package io.dynae.analysis;
