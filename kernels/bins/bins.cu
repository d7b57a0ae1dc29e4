/* SPDX-License-Identifier: MIT
 * Regular-space clustering of latent points (method section 4), assignment, and the points of each bin. CUDA C and OpenCL C;
 * needs portable.h.
 *
 * Points are [dims][n], in the order in which clustering visits them; centres are [max_centers][dims]. A squared distance is
 * fma(dx, dx, sum) over ascending dimensions, so all backends choose the same centres. */

/* |x - c|^2 of points i to i+VW-1 and one centre: points [dims][n], center [dims]. */
DEVICE_FN V squared_distance(GLOBAL const float* points, int n, int i, GLOBAL const float* center, int dims)
{
    V sum = V_SPLAT(0.0f);
    for (int d = 0; d < dims; d++) {
        V dx = VLOAD(points + (size_t)d * n + i) - V_SPLAT(center[d]);
        sum = V_FMA(dx, dx, sum);
    }
    return sum;
}

/* The smaller one. Where a point is not finite its distance may be no number; that counts as zero, so such a point is never
 * far from a centre like it, and clustering comes to an end. */
DEVICE_FN V nearer(V best, V distance)
{
    V real = V_SELECT(distance >= V_SPLAT(0.0f), distance, V_SPLAT(0.0f));
    return V_SELECT(real < best, real, best);
}

/* Greedy clustering, exactly that of the sequential rule: the first point is a centre; a point farther than d_min from every
 * centre so far becomes one. Of a chunk of points, VW an item, each keeps its distance to the nearest centre; the first far
 * point becomes a centre and the distances are brought up to date, until none is far.
 * One work-group; all of it comes here, for the barriers. In: points [dims][n], n a multiple of the chunk, padded with copies
 * of the first point. Out: centers [max_centers][dims]; count[0], the number of centres, or max_centers + 1 when they do
 * not suffice. chosen [1] is LOCAL memory. */
DEVICE_FN void regular_space(GLOBAL const float* points, int n, GLOBAL float* centers, GLOBAL int* count, LOCAL int* chosen,
                             float d_min_squared, int max_centers, int dims)
{
    int centers_now = 0;
    for (int base = 0; base < n; base += VW * GROUP_SIZE) {
        int i = base + TID * VW;
        V best = V_SPLAT(F_INFINITY);
        for (int c = 0; c < centers_now; c++) {
            best = nearer(best, squared_distance(points, n, i, centers + c * dims, dims));
        }
        int next = 0;
        ROLLED while (next < VW * GROUP_SIZE) {
            if (TID == 0) chosen[0] = VW * GROUP_SIZE;
            BARRIER();
            if (V_ANY(best > V_SPLAT(d_min_squared))) {
                float distances[VW];
                VSTORE(best, distances);
                int l = 0;
                while (!(distances[l] > d_min_squared)) l++;
                LOCAL_MIN(chosen, TID * VW + l);
            }
            BARRIER();
            next = chosen[0];
            if (next < VW * GROUP_SIZE) {
                if (centers_now == max_centers) { if (TID == 0) count[0] = max_centers + 1; return; }
                GLOBAL float* center = centers + centers_now * dims;
                if (TID == 0) for (int d = 0; d < dims; d++) center[d] = points[(size_t)d * n + base + next];
                BARRIER();
                best = nearer(best, squared_distance(points, n, i, center, dims));
                centers_now++;
            }
        }
        BARRIER();
    }
    if (TID == 0) count[0] = centers_now;
}

/* labels[i] = nearest centre of point i, the lowest index among equals; 0 for a point that is not finite.
 * In: points [dims][n], n a multiple of VW; centers [count][dims]. Out: labels [n]. */
DEVICE_FN void nearest_center(GLOBAL const float* points, int n, GLOBAL const float* centers, int count, GLOBAL int* labels,
                              int dims, int worker, int workers)
{
    for (int i = worker * VW; i < n; i += workers * VW) {
        V best = V_SPLAT(F_INFINITY);
        VI label = VI_SPLAT(0);
        for (int c = 0; c < count; c++) {
            V distance = squared_distance(points, n, i, centers + c * dims, dims);
            VI closer = distance < best;
            best = V_SELECT(closer, distance, best);
            label = V_SELECT(closer, VI_SPLAT(c), label);
        }
        VSTORE(label, labels + i);
    }
}

/* largest[chunk] = bits of the largest |value| of a chunk of points; as ints they order like the values, and what is not a
 * number lies above infinity. points [dims][n], n a multiple of the chunk. */
DEVICE_FN void largest_values(GLOBAL const float* points, int n, GLOBAL int* largest, int chunk, int dims, int item, int items)
{
    for (int c = item; c < n / chunk; c += items) {
        VI most = VI_SPLAT(0);
        for (int d = 0; d < dims; d++) {
            for (int i = 0; i < chunk; i += VW) {
                VI bits = V_FLOAT_BITS(VLOAD(points + (size_t)d * n + c * chunk + i)) & VI_SPLAT(0x7fffffff);
                most = V_SELECT(bits > most, bits, most);
            }
        }
        int lanes[VW], all = 0;
        V_TO_INTS(most, lanes);
        for (int l = 0; l < VW; l++) all = max(all, lanes[l]);
        largest[c] = all;
    }
}

/* counts [chunk][most]: points of each bin in each chunk of them. A worker counts a chunk; each of its lanes has bins of its
 * own. labels [n], each below bins. */
DEVICE_FN void count_bins(GLOBAL const int* labels, int n, GLOBAL int* counts, int bins, int most, int chunk, int worker,
                          int workers)
{
    for (int c = worker; c * chunk < n; c += workers) {
        GLOBAL int* mine = counts + (size_t)c * most;
        for (int k = ROW_LANE; k < bins; k += ROW_LANES) mine[k] = 0;
        int end = min(n, (c + 1) * chunk);
        ROLLED for (int i = c * chunk; i < end; i++) {
            int label = labels[i];
            if (label % ROW_LANES == ROW_LANE) mine[label]++;
        }
    }
}

/* Turns counts [chunks][most] into the points of each bin before each chunk, and reports: bins found, bits of the largest
 * value, points of each bin [most], centres [most][dims] by their bits. */
DEVICE_FN void report_bins(GLOBAL int* report, GLOBAL int* counts, int chunks, int found, int most, GLOBAL const int* largest,
                           int values, GLOBAL const float* centers, int dims, int item, int items)
{
    for (int k = item; k < most; k += items) {
        int before = 0;
        if (k < found) {
            ROLLED for (int c = 0; c < chunks; c++) {
                int here = counts[(size_t)c * most + k];
                counts[(size_t)c * most + k] = before;
                before += here;
            }
        }
        report[2 + k] = before;
    }
    for (int i = item; i < most * dims; i += items) report[2 + most + i] = ((GLOBAL const int*)centers)[i];
    if (item == 0) {
        int all = 0;
        for (int c = 0; c < values; c++) all = max(all, largest[c]);
        report[0] = found;
        report[1] = all;
    }
}

/* members = names, bin after bin, each in the order of its points: a counting sort, chunk by chunk. before [chunk][most], as
 * report_bins leaves it, is used up; orders [bins][4] begins with each bin's place in members. */
DEVICE_FN void sort_by_bin(GLOBAL const int* labels, GLOBAL const int* names, int n, GLOBAL int* before,
                           GLOBAL const int* orders, GLOBAL int* members, int most, int chunk, int worker, int workers)
{
    for (int c = worker; c * chunk < n; c += workers) {
        GLOBAL int* mine = before + (size_t)c * most;
        int end = min(n, (c + 1) * chunk);
        ROLLED for (int i = c * chunk; i < end; i++) {
            int label = labels[i];
            if (label % ROW_LANES == ROW_LANE) members[orders[4 * label] + mine[label]++] = names[i];
        }
    }
}
