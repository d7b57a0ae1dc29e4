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
    "images-1x64": (4096, 256, 2, 256, 50),
    "images-3x64": (3 * 4096, 256, 3, 256, 50),
}
IMAGES = {"images-1x64": (1, 64, 64), "images-3x64": (3, 64, 64)}  # of those with convolutional nets: C, H, W
CHANNELS = (32, 32, 64, 64)
FRAMES = 20_000
FRAMES_OF_IMAGES = 2000
BETA_OF_IMAGES = 1.0  # in their golden files
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
    if config in IMAGES:
        return initial_images(config, random)
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


def frames_of(config):
    return FRAMES_OF_IMAGES if config in IMAGES else FRAMES


def require_dense(name, config):
    if config in IMAGES:
        not_available(name, f"{config} has convolutional nets, which {name} does not have")


def initial_images(config, random):
    """The same of convolutional nets: weights [out, in, k, k], of transposed convolutions [in, out, k, k]."""
    channels, height, width = IMAGES[config]
    _, h, latent, _, _ = CONFIGS[config]
    pixels = height // 16 * (width // 16)

    def layer(shape, biases, fan_in):
        return random.uniform(-1, 1, shape) / math.sqrt(fan_in), random.uniform(-1, 1, biases) / math.sqrt(fan_in)

    def dense(outputs, inputs):
        return layer((outputs, inputs), outputs, inputs)

    ups = (channels, *CHANNELS)
    encoder = [layer((n, k, 4, 4), n, 16 * k) for k, n in zip(ups[:-1], CHANNELS)]
    encoder += [layer((h // 16, CHANNELS[-1], 1, 1), h // 16, CHANNELS[-1]), dense(latent, h // 16 * pixels)]
    decoder = [dense(h, latent), dense(CHANNELS[-1] * pixels, h)]
    decoder += [layer((n, k, 4, 4), k, 16 * k) for k, n in reversed(list(zip(ups[:-1], CHANNELS)))]
    prior = [(PRIOR_WIDTH, latent), (PRIOR_WIDTH, PRIOR_WIDTH), (latent, PRIOR_WIDTH)]
    return {"encoder": encoder, "decoder": decoder, **{name: [dense(*shape) for shape in prior] for name in PRIOR}}


GOLDEN_IMAGES = {
    **GOLDEN_LAYERS,
    "encoder": [
        f"model_encoder/{k}" for k in ("encoder_input_layer/0", "encoder/0", "encoder/2", "encoder/4", "encoder/6", "encoder_output")
    ],
    "decoder": [
        f"model_decoder/{k}"
        for k in ("decoder_input_layer/0", "decoder_input_layer/2", "decoder/0", "decoder/2", "decoder/4", "decoder_output/0")
    ],
}


def golden_steps(name="dynae_mlp_threewell", layers_of=GOLDEN_LAYERS):
    """Nets at first, then each step's (x [2B, D], noise [B, d], directions [d, L]), losses and, where the file has them, nets at last."""
    file = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden" / f"{name}.npz"
    with numpy.load(file) as golden:
        def nets(kind):
            return {
                net: [(golden[f"{kind}/{layer}/weight"], golden[f"{kind}/{layer}/bias"]) for layer in layers]
                for net, layers in layers_of.items()
            }

        x = numpy.concatenate((golden["input0"], golden["input1"]))
        x = x.reshape(len(x), -1)
        steps = [(x, noise, directions.T) for noise, directions in zip(golden["eps"], golden["projections"])]
        has_last = any(key.startswith("final/") for key in golden.files)
        return nets("param"), steps, golden["history"], nets("final") if has_last else None


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


def check_images(name, config, train, tolerance):
    """Compares losses of the steps of a convolutional golden file, as check does."""
    nets, steps, expected, _ = golden_steps("dynae_" + config.replace("images", "conv").replace("-", "_"), GOLDEN_IMAGES)
    losses, _ = train(nets, steps, False)
    error = require_close(f"{name}, {config}: losses", losses, expected, tolerance)
    print(f"{name}, {config}: {len(steps)} steps agree, largest relative error {error:.1e}")


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
