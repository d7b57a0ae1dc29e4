// SPDX-License-Identifier: MIT
/** Measures of speed, verified before they are timed, and the self-test of backends. */
package io.dynae.bench;
