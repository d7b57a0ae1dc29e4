# SPDX-License-Identifier: MIT
"""What the peers share: shapes, initial values, known answers, timing, and the JSON of `dynae bench training`."""
import argparse
import datetime
import json
import math
import pathlib
import platform
import statistics
import sys
import time

import numpy

CONFIGS = {  # name: D, h, d, B, L
    "three-well": (2, 32, 2, 256, 50),
    "d30": (30, 64, 3, 256, 50),
    "d300": (300, 128, 3, 1024, 50),
}
FRAMES = 20_000
PRIOR_WIDTH = 32
BETA = 10.0
RATE = 1e-3
NETS = ("encoder", "decoder", "force", "log_diffusion")
REPRESENTATION, PRIOR = NETS[:2], NETS[2:]
NOT_AVAILABLE = 3  # exit code
TOLERANCE = 1e-9  # relative to the largest, of losses and weights in double precision

# Layers of each net in the golden files, in order.
GOLDEN_LAYERS = {
    "encoder": [f"model_encoder/{k}" for k in ("encoder_input_layer/0", "encoder/0", "encoder/2", "encoder_output")],
    "decoder": [f"model_decoder/{k}" for k in ("decoder_input_layer/0", "decoder/0", "decoder/2", "decoder_output")],
    "force": [f"model_prior/prior_force_net/{k}" for k in (0, 2, 4)],
    "log_diffusion": [f"model_prior/prior_logdiff_net/{k}" for k in (0, 2, 4)],
}


def parser(about, configs=CONFIGS, default="three-well"):
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--config", choices=configs, default=default)
    options.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    options.add_argument("--seconds", type=float, default=3.0, help="to time for (default 3)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=pathlib.Path, help="writes the result there too")
    options.add_argument("--check", action="store_true", help="compares with known answers, and times nothing")
    return options


def not_available(name, why):
    print(f"{name}: not available: {why}", file=sys.stderr)
    sys.exit(NOT_AVAILABLE)


def initial(config, random):
    """Nets as lists of layers (weights [out, in], biases [out]), uniform within 1 / sqrt(inputs)."""
    inputs, width, latent, _, _ = CONFIGS[config]
    hidden = {"encoder": 3 * [width], "decoder": 3 * [width], "force": 2 * [PRIOR_WIDTH], "log_diffusion": 2 * [PRIOR_WIDTH]}
    ends = {"encoder": (inputs, latent), "decoder": (latent, inputs)}
    nets = {}
    for name in NETS:
        first, last = ends.get(name, (latent, latent))
        widths = [first, *hidden[name], last]
        nets[name] = [
            (random.uniform(-1, 1, (n, k)) / math.sqrt(k), random.uniform(-1, 1, n) / math.sqrt(k))
            for k, n in zip(widths[:-1], widths[1:])
        ]
    return nets


def golden_steps(name="dynae_mlp_threewell"):
    """Nets at first, then each step's (x [2B, D], noise [B, d], directions [d, L]), losses and nets at last."""
    file = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden" / f"{name}.npz"
    with numpy.load(file) as golden:
        def nets(kind):
            return {
                net: [(golden[f"{kind}/{layer}/weight"], golden[f"{kind}/{layer}/bias"]) for layer in layers]
                for net, layers in GOLDEN_LAYERS.items()
            }

        x = numpy.concatenate((golden["input0"], golden["input1"]))
        steps = [(x, noise, directions.T) for noise, directions in zip(golden["eps"], golden["projections"])]
        return nets("param"), steps, golden["history"], nets("final")


def require_close(what, actual, expected, tolerance):
    actual, expected = numpy.asarray(actual), numpy.asarray(expected)
    error = numpy.max(numpy.abs(actual - expected)) / numpy.max(numpy.abs(expected))
    if not error <= tolerance:
        sys.exit(f"{what}: relative error <= {tolerance} does not hold: {error:.3g}")
    return error


def check(name, train, tolerance=TOLERANCE):
    """Compares with known answers in double precision.

    train(nets, steps, second_order) runs the steps and returns losses [steps, 4] (representation, reconstruction,
    regularisation, prior) and the nets. The golden file holds the prior's slope constant; with second-order terms the
    truth is numpy_step, whose gradients are checked by central differences.
    """
    import numpy_step

    nets, steps, losses, last = golden_steps()
    cases = [("golden", False, (losses, last))]
    if name != "numpy":
        cases.append(("second order", True, numpy_step.train(nets, steps, True)))
    for case, second_order, (expected_losses, expected) in cases:
        actual_losses, actual = train(nets, steps, second_order)
        errors = [require_close(f"{name}, {case}: losses", actual_losses, expected_losses, tolerance)]
        for net in NETS:
            for i, (layer, right) in enumerate(zip(actual[net], expected[net])):
                for values, truth, kind in zip(layer, right, ("weights", "biases")):
                    errors.append(require_close(f"{name}, {case}: {kind} of {net} layer {i}", values, truth, tolerance))
        print(f"{name}, {case}: {len(steps)} steps agree, largest relative error {max(errors):.1e}")


def measure(launch, seconds, most_steps):
    """Microseconds a step of launches of about a tenth of a second, and steps of one; launch(n) waits for its steps."""

    def once(n):
        began = time.perf_counter()
        launch(n)
        return (time.perf_counter() - began) / n * 1e6

    trial = min(10, most_steps)
    once(trial)
    steps = max(1, min(most_steps, round(1e5 / once(trial))))
    once(steps)
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        times.append(once(steps))
    return times, steps


def report(options, backend, device, driver, times, steps, models=1, shape=None):
    """Prints two lines and writes the JSON; `times` are microseconds of a step of all models, `shape` is D, h, d, B, L."""
    least, median = min(times), statistics.median(times)

    def timing(share):
        return {"min": round(least / share, 3), "median": round(median / share, 3), "count": len(times)}

    names = ("name", "inputs", "width", "latent", "batch", "projections")
    result = {
        "schema": 1,
        "bench": "training",
        "backend": backend,
        "device": device,
        "driver": f"{driver}, Python {platform.python_version()}",
        "java": "none",
        "commit": "none",
        "config": dict(zip(names, (options.config, *(shape or CONFIGS[options.config])))),
        "seed": options.seed,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "models": models,
        "steps_per_launch": steps,
        "us_per_step": timing(1),
        "us_per_model_step": timing(models),
        "steps_per_second": round(models * 1e6 / least, 1),
    }
    print(f"training {options.config} on {backend}: {device} ({result['driver']})")
    print(f"us/model-step  min {least / models:.1f}  median {median / models:.1f}  of {len(times)} launches of {steps} steps"
          f"  {models} model(s)")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


def require_finite(backend, losses):
    if not numpy.all(numpy.isfinite(losses)):
        sys.exit(f"{backend}: losses are finite does not hold: {losses}")
