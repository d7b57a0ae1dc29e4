// SPDX-License-Identifier: MIT
/** Measures of speed: the training step and its operations, verified before they are timed. */
package io.dynae.bench;
