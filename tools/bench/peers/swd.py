# SPDX-License-Identifier: MIT
"""What the peers of `dynae bench swd` share: sizes, known answers, timing, and its JSON."""
import argparse
import datetime
import json
import pathlib
import platform
import re
import statistics
import sys

import numpy

import common

SIZES = (  # K, N, d, L
    (1, 256, 2, 50),
    (64, 256, 2, 50),
    (64, 1024, 3, 128),
    (16, 4096, 8, 256),
    (1, 65536, 3, 128),
    (1, 1000000, 3, 64),
    (1, 1000000, 10, 256),
)
MOST_KEYS_ON_CPU = 20_000_000
FIELDS = ("sets", "samples", "dims", "projections")


def name_of(size):
    return "K{}-N{}-d{}-L{}".format(*size)


def parser(about):
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--sizes", help="all, or sizes such as K1-N256-d2-L50, by commas; on a CPU the lesser ones by default")
    options.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    options.add_argument("--seconds", type=float, default=1.0, help="to time each form for (default 1)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=pathlib.Path, help="writes the result there too")
    options.add_argument("--check", action="store_true", help="compares with known answers, and times nothing")
    return options


def sizes(options, on_gpu):
    if options.sizes is None:
        return [s for s in SIZES if on_gpu or s[0] * s[1] * s[3] <= MOST_KEYS_ON_CPU]
    if options.sizes == "all":
        return list(SIZES)
    found = [re.fullmatch(r"K(\d+)-N(\d+)-d(\d+)-L(\d+)", word) for word in options.sizes.split(",")]
    if not all(found):
        sys.exit(f"--sizes: sizes such as {name_of(SIZES[0])} do not hold: '{options.sizes}'")
    return [tuple(map(int, match.groups())) for match in found]


def check(name, distance):
    """Compares distance(q, r, directions) -> (squared distance, gradient), all in double, with the golden cases."""
    file = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden" / "sliced_wasserstein.npz"
    with numpy.load(file) as golden:
        for case in "abc":
            sets = [golden[f"{case}/{part}"].astype(float) for part in ("encoded", "prior", "projections")]
            value, gradient = distance(*sets)
            common.require_close(f"{name}, {case}: distance", value, golden[f"{case}/value"], common.TOLERANCE)
            error = common.require_close(f"{name}, {case}: gradient", gradient, golden[f"{case}/grad_encoded"], common.TOLERANCE)
            print(f"{name}, {case}: agrees, largest relative error of the gradient {error:.1e}")


def report(options, backend, device, driver, rows):
    """Prints a table and writes the JSON; rows: (size, {form: (microseconds an evaluation, evaluations a launch)})."""
    print(f"swd on {backend}: {device} ({driver}, Python {platform.python_version()})")
    print(f"{'us an evaluation':24} {'forward min':>12} {'median':>12} {'gradient min':>12} {'median':>12}")
    results = []
    for size, forms in rows:
        result = {
            "schema": 1,
            "bench": "swd",
            "backend": backend,
            "device": device,
            "driver": f"{driver}, Python {platform.python_version()}",
            "java": "none",
            "commit": "none",
            "config": {"name": name_of(size), **dict(zip(FIELDS, size))},
            "seed": options.seed,
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sort": "library",
        }
        cells = []
        for form, (times, evaluations) in forms.items():
            least, median = min(times), statistics.median(times)
            result[f"us_{form}"] = {"min": round(least, 3), "median": round(median, 3), "count": len(times)}
            result[f"evaluations_per_launch_{form}"] = evaluations
            cells += [f"{least:12.1f}", f"{median:12.1f}"]
        result["clock"] = "wall"
        results.append(result)
        print(f"{name_of(size):24}", *cells)
    if options.json:
        text = results[0] if len(results) == 1 else {"schema": 1, "bench": "swd", "results": results}
        options.json.write_text(json.dumps(text, indent=2) + "\n")
