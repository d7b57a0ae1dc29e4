// SPDX-License-Identifier: MIT
/**
 * The operations of a training step, one class each: the equation, the plain Java form, the call of
 * its device function.
 *
 * <p>A model is a list of operations over named buffers ({@link io.dynae.op.StepPlan} over a {@link
 * io.dynae.op.Layout}). Executors in {@code io.dynae.compute} run such a list; nothing here knows
 * on what device.
 */
package io.dynae.op;
