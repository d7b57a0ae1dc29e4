#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times sliced Wasserstein distances in NumPy with the gradient by hand, as a peer of `dynae bench swd`."""
import os
import sys

if __name__ == "__main__":
    # Before NumPy starts its threads.
    threads = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv[:-1] else "1"
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = threads

import numpy

import common
import swd


def distance(q, r, directions, gradient):
    """Squared distance of sets q and r [N, d] on directions [L, d], and its gradient with respect to q or None."""
    projected = directions @ q.T
    ranked_r = numpy.sort(directions @ r.T, axis=1)
    if not gradient:
        return numpy.square(numpy.sort(projected, axis=1) - ranked_r).mean(), None
    order = numpy.argsort(projected, axis=1)
    ranked_gap = numpy.take_along_axis(projected, order, axis=1) - ranked_r
    gap = numpy.empty_like(ranked_gap)
    numpy.put_along_axis(gap, order, ranked_gap, axis=1)
    return numpy.square(ranked_gap).mean(), 2 / gap.size * (gap.T @ directions)


def launcher(size, random, gradient):
    k, n, d, projections = size
    q = random.standard_normal((k, n, d), dtype=numpy.float32)
    r = random.standard_normal((k, n, d), dtype=numpy.float32) + numpy.float32(0.5)

    def launch(times):
        for _ in range(times):
            directions = random.standard_normal((projections, d), dtype=numpy.float32)
            directions /= numpy.linalg.norm(directions, axis=1, keepdims=True)
            values = [distance(q[i], r[i], directions, gradient)[0] for i in range(k)]
        if not numpy.all(numpy.isfinite(values)):
            sys.exit("numpy: distances are finite does not hold")

    return launch


def main():
    options = swd.parser("times sliced Wasserstein distances in NumPy").parse_args()
    if options.check:
        swd.check("numpy", lambda q, r, directions: distance(q, r, directions, True))
        return
    rows = []
    for size in swd.sizes(options, False):
        random = numpy.random.default_rng(options.seed)
        forms = {}
        for form, gradient in (("forward", False), ("with_gradient", True)):
            forms[form] = common.measure(launcher(size, random, gradient), options.seconds, 200)
        rows.append((size, forms))
    swd.report(options, "numpy", f"CPU, {options.threads} thread(s)", f"NumPy {numpy.__version__}", rows)


if __name__ == "__main__":
    main()
