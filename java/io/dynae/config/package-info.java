// SPDX-License-Identifier: MIT
/** The settings of a run: reading INI files, checking every key, and the defaults. */
package io.dynae.config;
