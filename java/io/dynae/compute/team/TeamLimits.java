// SPDX-License-Identifier: MIT
package io.dynae.compute.team;

/**
 * What a GPU offers to teams.
 *
 * @param multiprocessors streaming multiprocessors
 * @param sharedBytes shared memory that a block may take at most, in bytes
 * @param largestCluster most blocks of a cluster; 1 where there are none
 */
public record TeamLimits(int multiprocessors, int sharedBytes, int largestCluster) {}
