#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times the DynAE training step in NumPy with gradients written by hand, as a peer of `dynae bench training`.

It is also the reference of the other peers: `--check` compares it with golden numbers, and the prior's gradient with
central differences.
"""
import math
import os
import sys

if __name__ == "__main__":
    # Before NumPy starts its threads.
    threads = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv[:-1] else "1"
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = threads

import numpy

import common


def forward(net, x, activation):
    """Values before each layer and after the last: [x, h1, ..., y]."""
    values = [x]
    for i, (w, b) in enumerate(net):
        y = values[-1] @ w.T + b
        values.append(y if i == len(net) - 1 else activation(y))
    return values


def relu(y):
    return numpy.maximum(y, 0)


def relu_slope(h):
    return (h > 0).astype(h.dtype)


def tanh_slope(h):
    return 1 - h * h


def backward(net, values, dy, slope, extra=None):
    """Gradients of each layer and of the input; `extra` is added to the gradients of hidden values."""
    gradients = []
    for i in reversed(range(len(net))):
        gradients.append((dy.T @ values[i], dy.sum(axis=0)))
        dy = dy @ net[i][0]
        if i > 0:
            dy = (dy if extra is None else dy + extra[i]) * slope(values[i])
    return gradients[::-1], dy


def tangents(net, values, i):
    """Derivatives by input i along a tanh net: before and after each activation."""
    before, after = [], [numpy.zeros_like(values[0])]
    after[0][:, i] = 1
    for k, (w, _) in enumerate(net):
        before.append(after[-1] @ w.T)
        after.append(before[-1] if k == len(net) - 1 else before[-1] * tanh_slope(values[k + 1]))
    return before, after


def representation(nets, x, noise, directions):
    """Losses (of all, reconstruction, regularisation), latents, gradients of encoder and decoder."""
    batch, projections = len(noise), directions.shape[1]
    encoded = forward(nets["encoder"], x, relu)
    z = encoded[-1]
    decoded = forward(nets["decoder"], z, relu)
    error = decoded[-1] - x
    reconstruction = numpy.square(error).sum() / batch
    z0, moves = z[:batch], z[batch:] - z[:batch]
    prior_moves = forward(nets["force"], z0, numpy.tanh)[-1] + math.sqrt(2) * noise
    projected = moves @ directions
    order = numpy.argsort(projected, axis=0)
    gap = numpy.take_along_axis(projected, order, 0) - numpy.sort(prior_moves @ directions, axis=0)
    regularization = numpy.square(gap).mean()
    d_projected = numpy.empty_like(gap)
    numpy.put_along_axis(d_projected, order, 2 * common.BETA / (batch * projections) * gap, 0)
    d_moves = d_projected @ directions.T
    decoder, dz = backward(nets["decoder"], decoded, 2 / batch * error, relu_slope)
    dz[:batch] -= d_moves
    dz[batch:] += d_moves
    encoder, _ = backward(nets["encoder"], encoded, dz, relu_slope)
    losses = (reconstruction + common.BETA * regularization, reconstruction, regularization)
    return losses, z0, moves, {"encoder": encoder, "decoder": decoder}


def prior(nets, z0, moves, second_order=True):
    """Loss and gradients of force and log-diffusion nets."""
    batch, latent = z0.shape
    force = forward(nets["force"], z0, numpy.tanh)
    net = nets["log_diffusion"]
    values = forward(net, z0, numpy.tanh)
    along = [tangents(net, values, i) for i in range(latent)]
    slope = numpy.stack([after[-1][:, i] for i, (_, after) in enumerate(along)], axis=1)
    log_m, m = values[-1], numpy.exp(values[-1])
    drift = force[-1] + slope
    deviation = moves - m * drift
    loss = 0.5 * (log_m + deviation * deviation / (2 * m)).sum(axis=1).mean()
    d_drift = -deviation / (2 * batch)
    d_log_m = (1 - deviation * drift - deviation * deviation / (2 * m)) / (2 * batch)
    force_gradients, _ = backward(nets["force"], force, d_drift, tanh_slope)
    extra = [numpy.zeros_like(h) for h in values]
    of_tangents = [numpy.zeros_like(w) for w, _ in net]
    for i in range(latent if second_order else 0):
        before, after = along[i]
        dt = numpy.zeros_like(log_m)
        dt[:, i] = d_drift[:, i]
        for k in reversed(range(len(net))):
            if k < len(net) - 1:
                extra[k + 1] -= 2 * values[k + 1] * before[k] * dt
                dt = dt * tanh_slope(values[k + 1])
            of_tangents[k] += dt.T @ after[k]
            dt = dt @ net[k][0]
    gradients, _ = backward(net, values, d_log_m, tanh_slope, extra)
    gradients = [(dw + more, db) for (dw, db), more in zip(gradients, of_tangents)]
    return loss, {"force": force_gradients, "log_diffusion": gradients}


class Adam:
    """Adam of some nets, in place."""

    def __init__(self, nets, names):
        self.names = names
        self.moments = {n: [[(numpy.zeros_like(v), numpy.zeros_like(v)) for v in layer] for layer in nets[n]] for n in names}
        self.done = 0

    def step(self, nets, gradients):
        self.done += 1
        rate = common.RATE / (1 - 0.9**self.done)
        root = 1 / math.sqrt(1 - 0.999**self.done)
        for name in self.names:
            for layer, dlayer, moments in zip(nets[name], gradients[name], self.moments[name]):
                for value, g, (first, second) in zip(layer, dlayer, moments):
                    first += 0.1 * (g - first)
                    second += 0.001 * (g * g - second)
                    value -= rate * first / (numpy.sqrt(second) * root + 1e-8)


class Model:
    """Nets and their two optimisers."""

    def __init__(self, nets, dtype):
        self.nets = {n: [tuple(numpy.array(v, dtype) for v in layer) for layer in net] for n, net in nets.items()}
        self.adams = Adam(self.nets, common.REPRESENTATION), Adam(self.nets, common.PRIOR)

    def step(self, x, noise, directions, second_order=True):
        """Both gradients are taken before either update, as the method evaluates the prior at this step's latents."""
        losses, z0, moves, gradients = representation(self.nets, x, noise, directions)
        loss, more = prior(self.nets, z0, moves, second_order)
        self.adams[0].step(self.nets, gradients)
        self.adams[1].step(self.nets, more)
        return (*losses, loss)


def train(nets, steps, second_order):
    model = Model(nets, numpy.float64)
    return [model.step(*step, second_order) for step in steps], model.nets


def check_gradients():
    """Central differences of the prior's loss, whose second-order terms the golden file lacks, by all its weights."""
    nets, steps, _, _ = common.golden_steps()
    nets = {n: [tuple(v.copy() for v in layer) for layer in net] for n, net in nets.items()}
    _, z0, moves, _ = representation(nets, *steps[0])
    _, gradients = prior(nets, z0, moves)
    h, worst = 1e-6, 0.0
    for name in common.PRIOR:
        for layer, dlayer in zip(nets[name], gradients[name]):
            for value, gradient in zip(layer, dlayer):
                for at in numpy.ndindex(value.shape):
                    before, ends = value[at], []
                    for sign in (1, -1):
                        value[at] = before + sign * h
                        ends.append(prior(nets, z0, moves)[0])
                    value[at] = before
                    error = abs((ends[0] - ends[1]) / (2 * h) - gradient[at]) / numpy.max(numpy.abs(gradient))
                    worst = max(worst, error)
    if not worst <= 1e-6:
        sys.exit(f"numpy: the prior's gradient equals central differences within 1e-6 does not hold: {worst:.3g}")
    print(f"numpy: the prior's gradient with second-order terms agrees with central differences, worst {worst:.1e}")


def main():
    options = common.parser("times the DynAE step in NumPy").parse_args()
    common.require_dense("numpy", options.config)
    if options.check:
        common.check("numpy", train)
        check_gradients()
        return
    inputs, _, latent, batch, projections = common.CONFIGS[options.config]
    random = numpy.random.default_rng(options.seed)
    model = Model(common.initial(options.config, random), numpy.float32)
    frames = random.standard_normal((common.FRAMES, inputs), dtype=numpy.float32)

    def launch(n):
        for _ in range(n):
            at = random.integers(common.FRAMES - 1, size=batch)
            noise = random.standard_normal((batch, latent), dtype=numpy.float32)
            directions = random.standard_normal((latent, projections), dtype=numpy.float32)
            directions /= numpy.sqrt(numpy.square(directions).sum(axis=0))
            losses = model.step(frames[numpy.concatenate((at, at + 1))], noise, directions)
        common.require_finite("numpy", losses)

    times, steps = common.measure(launch, options.seconds, 200)
    common.report(options, "numpy", f"CPU, {options.threads} thread(s)", f"NumPy {numpy.__version__}", times, steps)


if __name__ == "__main__":
    main()
