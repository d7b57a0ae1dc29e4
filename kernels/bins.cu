/* SPDX-License-Identifier: MIT
 * Regular-space clustering and Voronoi assignment of latent points (method section 4). CUDA C and OpenCL C; needs portable.h.
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
 * centre so far becomes one. A chunk of points keeps its distance to the nearest centre (nearest [chunk], chunk = VW *
 * GROUP_SIZE, in LOCAL memory); its first far point becomes a centre and the distances are brought up to date.
 * One work-group; all of it comes here, for the barriers. In: points [dims][n], n a multiple of the chunk, padded with copies
 * of the first point. Out: centers [max_centers][dims]; count[0], the number of centres, or max_centers + 1 when they do
 * not suffice. chosen [1] is LOCAL memory too. */
DEVICE_FN void regular_space(GLOBAL const float* points, int n, GLOBAL float* centers, GLOBAL int* count, LOCAL float* nearest,
                             LOCAL int* chosen, float d_min_squared, int max_centers, int dims)
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
            VSTORE(best, nearest + TID * VW);
            BARRIER();
            if (TID == 0) {
                while (next < VW * GROUP_SIZE && !(nearest[next] > d_min_squared)) next++;
                chosen[0] = next;
                if (next < VW * GROUP_SIZE && centers_now < max_centers)
                    for (int d = 0; d < dims; d++) centers[centers_now * dims + d] = points[(size_t)d * n + base + next];
            }
            BARRIER();
            next = chosen[0];
            if (next < VW * GROUP_SIZE) {
                if (centers_now == max_centers) { if (TID == 0) count[0] = max_centers + 1; return; }
                best = nearer(best, squared_distance(points, n, i, centers + centers_now * dims, dims));
                centers_now++;
            }
            BARRIER();
        }
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
