// SPDX-License-Identifier: MIT
package io.dynae.compute.text;

/**
 * How a team's step kernel is launched.
 *
 * @param groups blocks in all
 * @param cluster blocks of a cluster, as the text declares it; 1 for none
 * @param groupSize threads of a block
 * @param sharedBytes shared memory of a block that the launch gives, in bytes
 * @param cooperative whether all blocks must run at once, to meet
 * @param squadSize threads that meet at a named barrier
 */
public record LaunchShape(
    int groups, int cluster, int groupSize, int sharedBytes, boolean cooperative, int squadSize) {}
