// SPDX-License-Identifier: MIT
/** Whether backends agree with golden numbers and with plain Java: the self-test. */
package io.dynae.check;
