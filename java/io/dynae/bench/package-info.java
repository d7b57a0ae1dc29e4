// SPDX-License-Identifier: MIT
/** Measures of speed, each verified before it is timed. */
package io.dynae.bench;
