/* SPDX-License-Identifier: MIT
 * What begins an epoch around the bins (bins.cu): latents of the training pairs in the order in which clustering visits
 * them, and the batches that are drawn from the bins. CUDA C and OpenCL C; needs permutation.cu.
 *
 * A pair is named by its first frame. `pairs` [count] lists those of all training pairs. */

/* One block of rows: the frames that clustering visits at positions first to first+RB-1. visited[i] = pairs[order(i)] for
 * i < count; x[row] = that frame, x [features][RB]. Positions from count on repeat the first of all, so that they change
 * no bin. staged: frames holds the rows of this chunk, the block's first being `row0`, instead of the whole trajectory. */
DEVICE_FN void visit_block(GLOBAL float* x, GLOBAL const float* frames, GLOBAL const int* pairs, GLOBAL int* visited,
                           uint key0, uint key1, int epoch, int first, int count, int staged, int row0, int features)
{
    Permutation order = permutation(key0, key1, STREAM_CLUSTERING_ORDER, epoch, 0, 0, count);
    EACH_LANE_VECTOR(t) {
        VU position = VU_SPLAT((uint)(first + LANE_ROW(t))) + V_IOTA;
        int at[VW];
        V_TO_INTS(permuted(order, V_SELECT(position < VU_SPLAT((uint)count), position, VU_SPLAT(0u))), at);
        for (int l = 0; l < VW; l++) {
            int r = LANE_ROW(t) + l;
            int frame = pairs[at[l]];
            if (first + r < count) visited[first + r] = frame;
            GLOBAL const float* source = frames + (size_t)(staged ? row0 + r : frame) * (size_t)features;
            for (int f = 0; f < features; f++) x[f * RB + r] = source[f];
        }
    }
}

/* Latents of one block as points: points[d][first + row] = z[d][row] where first + row < width. z [dims][RB], points
 * [dims][width]; first and width are multiples of RB. */
DEVICE_FN void store_points(GLOBAL float* points, GLOBAL const float* z, int first, int width, int dims)
{
    if (first >= width) return;
    ROLLED for (int d = 0; d < dims; d++)
        EACH_LANE_VECTOR(t) VSTORE(VLOAD(z + d * RB + LANE_ROW(t)), points + (size_t)d * width + first + LANE_ROW(t));
}

/* The bin of batch `b`: orders [bins][4] holds of each bin its first member, its members, its first batch and its batches a
 * repeat; bins without batches share their first batch with the next one. */
DEVICE_FN int bin_of_batch(GLOBAL const int* orders, int bins, int b)
{
    int low = 0, high = bins;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (orders[4 * middle + 2] <= b) low = middle; else high = middle;
    }
    return low;
}

/* The epoch's batches: list [batches][frames][batch], frames at t and then, where samples are pairs, those at t + lag. Batch b
 * lies at a random place; batches of a bin are consecutive runs of a random order of its members, a new order for each repeat.
 * members [all]: pairs' first frames, bin after bin. */
DEVICE_FN void draw_batches(GLOBAL int* list, GLOBAL const int* members, GLOBAL const int* orders, int bins, int batches,
                            int batch, int frames, int lag, uint key0, uint key1, int epoch, int worker, int workers)
{
    if (batches == 0) return;
    Permutation places = permutation(key0, key1, STREAM_BATCH_ORDER, epoch, 0, 0, batches);
    ROLLED for (int s = worker; s < batches; s += workers) {
        int drawn[VW];
        V_TO_INTS(permuted(places, VU_SPLAT((uint)s)), drawn);
        int bin = bin_of_batch(orders, bins, drawn[0]);
        int count = orders[4 * bin + 1], run = drawn[0] - orders[4 * bin + 2], a_repeat = orders[4 * bin + 3];
        GLOBAL const int* bin_members = members + orders[4 * bin];
        Permutation order = permutation(key0, key1, STREAM_RESAMPLING, epoch, bin, run / a_repeat, count);
        int from = run % a_repeat * batch;
        GLOBAL int* out = list + (size_t)s * (size_t)(frames * batch);
        ROLLED for (int j = ROW_LANE * VW; j < batch; j += ROW_LANES * VW) {
            VU position = VU_SPLAT((uint)(from + j)) + V_IOTA;
            V_TO_INTS(permuted(order, V_SELECT(position < VU_SPLAT((uint)count), position, VU_SPLAT(0u))), drawn);
            for (int l = 0; l < VW && j + l < batch; l++) {
                int frame = bin_members[drawn[l]];
                out[j + l] = frame;
                if (frames == 2) out[batch + j + l] = frame + lag;
            }
        }
    }
}
