// SPDX-License-Identifier: MIT
/**
 * Files that are whole or not there, safetensors, and why a file could not be read or written.
 *
 * <p>Every file that the program writes goes through {@link io.dynae.file.AtomicFile}, so a reader
 * never sees half of one.
 */
package io.dynae.file;
