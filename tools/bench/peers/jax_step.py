#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times the DynAE training step in JAX, as a peer of `dynae bench training`.

All steps of a launch are one compiled lax.scan; several models are one vmap over it, each with its own seed. The same
arithmetic as the measured program, random numbers included.
"""
import os
import sys

import common

options = None
if __name__ == "__main__":
    parser = common.parser("times the DynAE step in JAX")
    parser.add_argument("--models", type=int, default=1, help="models side by side (default 1)")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    common.require_dense("jax", options.config)
    os.environ["JAX_PLATFORMS"] = options.device
    if options.device == "cpu" and hasattr(os, "sched_setaffinity"):
        # XLA takes as many threads as it may use processors.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.threads])
        options.threads = len(os.sched_getaffinity(0))

try:
    import jax
    import jax.numpy as np
except ImportError:
    common.not_available("jax-scan", "JAX is not there; pip install jax, or jax[cuda13] for a GPU")

MOST_STEPS = 200


def run_net(net, x, activation):
    for w, b in net[:-1]:
        x = activation(x @ w.T + b)
    w, b = net[-1]
    return x @ w.T + b


def slopes(net, z):
    """A tanh net's outputs y and dy_i/dz_i, by tangents along each input."""
    along = np.broadcast_to(np.eye(z.shape[1], dtype=z.dtype)[:, None, :], (z.shape[1], *z.shape))
    x = z
    for w, b in net[:-1]:
        x = np.tanh(x @ w.T + b)
        along = (along @ w.T) * (1 - x * x)
    w, b = net[-1]
    return x @ w.T + b, np.einsum("ibk,ik->bi", along, w)


def representation_loss(nets, force, x, noise, directions):
    batch = len(noise)
    z = run_net(nets["encoder"], x, jax.nn.relu)
    reconstruction = np.square(run_net(nets["decoder"], z, jax.nn.relu) - x).sum() / batch
    moves = z[batch:] - z[:batch]
    prior_moves = jax.lax.stop_gradient(run_net(force, z[:batch], np.tanh)) + np.sqrt(2).astype(z.dtype) * noise
    gap = np.sort(moves @ directions, axis=0) - np.sort(prior_moves @ directions, axis=0)
    regularization = np.square(gap).mean()
    return reconstruction + common.BETA * regularization, (reconstruction, regularization, z)


def prior_loss(nets, z, second_order):
    z0, z1 = np.split(z, 2)
    log_m, slope = slopes(nets["log_diffusion"], z0)
    slope = slope if second_order else jax.lax.stop_gradient(slope)
    m = np.exp(log_m)
    deviation = z1 - z0 - m * (run_net(nets["force"], z0, np.tanh) + slope)
    return 0.5 * (log_m + np.square(deviation) / (2 * m)).sum(axis=1).mean()


def adam(value, gradient, first, second, done):
    first = first + 0.1 * (gradient - first)
    second = second + 0.001 * (gradient * gradient - second)
    root = np.sqrt(second / (1 - 0.999**done)) + 1e-8
    return value - common.RATE / (1 - 0.9**done) * first / root, first, second


def begin(nets, dtype):
    """State of a model: nets, both of Adam's moments, steps done."""
    nets = jax.tree_util.tree_map(lambda v: np.asarray(v, dtype), nets)
    zeros = jax.tree_util.tree_map(np.zeros_like, nets)
    return nets, zeros, zeros, np.zeros((), dtype)


def learn(state, x, noise, directions, second_order=True):
    """One step; returns the next state and the four losses. The prior is evaluated at this step's latents."""
    nets, first, second, done = state
    representation = {name: nets[name] for name in common.REPRESENTATION}
    prior = {name: nets[name] for name in common.PRIOR}
    (loss, (reconstruction, regularization, z)), gradients = jax.value_and_grad(representation_loss, has_aux=True)(
        representation, nets["force"], x, noise, directions)
    likelihood, more = jax.value_and_grad(prior_loss)(prior, z, second_order)
    gradients = {**gradients, **more}
    done = done + 1
    leaves, tree = jax.tree_util.tree_flatten(nets)
    others = [jax.tree_util.tree_leaves(t) for t in (gradients, first, second)]
    updated = [adam(*leaf, done) for leaf in zip(leaves, *others)]
    nets, first, second = (jax.tree_util.tree_unflatten(tree, part) for part in zip(*updated))
    return (nets, first, second, done), np.stack((loss, reconstruction, regularization, likelihood))


def launcher(config, frames, steps):
    """Compiled function of (state, seed): the state after `steps` steps, and the last one's losses."""
    _, _, latent, batch, projections = common.CONFIGS[config]

    def train(state, seed):
        def body(state, key):
            of_batch, of_noise, of_directions = jax.random.split(key, 3)
            at = jax.random.randint(of_batch, (batch,), 0, common.FRAMES - 1)
            noise = jax.random.normal(of_noise, (batch, latent))
            directions = jax.random.normal(of_directions, (latent, projections))
            directions = directions / np.sqrt(np.square(directions).sum(axis=0))
            return learn(state, frames[np.concatenate((at, at + 1))], noise, directions)

        keys = jax.random.split(jax.random.PRNGKey(seed), steps)
        state, losses = jax.lax.scan(body, state, keys)
        return state, losses[-1]

    return jax.jit(jax.vmap(train), donate_argnums=0)


def train_checked(nets, steps, second_order):
    state, losses = begin(nets, np.float64), []
    step = jax.jit(lambda s, *inputs: learn(s, *inputs, second_order))
    for inputs in steps:
        state, now = step(state, *inputs)
        losses.append(now)
    return losses, jax.tree_util.tree_map(common.numpy.asarray, state[0])


def main():
    try:
        device = jax.devices()[0]
    except RuntimeError as e:
        common.not_available("jax-scan", f"no {options.device} device ({str(e).splitlines()[0]})")
    if options.check:
        jax.config.update("jax_enable_x64", True)
        common.check("jax", train_checked)
        return
    backend = "jax-scan" if options.models == 1 else "jax-vmap"
    states = [begin(common.initial(options.config, common.numpy.random.default_rng(options.seed + m)), np.float32)
              for m in range(options.models)]
    state = jax.tree_util.tree_map(lambda *leaves: np.stack(leaves), *states)
    frames = jax.random.normal(jax.random.PRNGKey(options.seed), (common.FRAMES, common.CONFIGS[options.config][0]))
    compiled, seed, losses = {}, options.seed, None

    def launch(n):
        nonlocal state, seed, losses
        if n not in compiled:
            compiled[n] = launcher(options.config, frames, n)
        seeds = np.arange(seed, seed + options.models)
        seed += options.models
        state, losses = compiled[n](state, seeds)
        losses.block_until_ready()

    launch(10)  # compiles
    times, steps = common.measure(launch, options.seconds, MOST_STEPS)
    common.require_finite(backend, common.numpy.asarray(losses))
    name = device.device_kind if options.device == "cuda" else f"CPU, {options.threads} thread(s)"
    common.report(options, backend, name, f"JAX {jax.__version__}", times, steps, options.models)


if __name__ == "__main__":
    main()
