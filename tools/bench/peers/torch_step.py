#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times the DynAE training step in PyTorch, as a peer of `dynae bench training`.

The same arithmetic as the measured program: both frames encoded and decoded, squared reconstruction error, sliced
Wasserstein distance between encoded and Langevin moves, Adam on encoder and decoder, then the prior's likelihood with the
second derivative through dm_i/dz_i, Adam on force and log-diffusion nets. Three forms:

eager    as one writes it: dm_i/dz_i by autograd, one kernel after the other
compile  torch.compile of both losses with their gradients and of the optimisers; dm_i/dz_i by forward tangents, since
         compiled functions are differentiated once only
graph    the whole step, random numbers and fused Adam included, as one CUDA graph; forward tangents
"""
import math
import sys

import common

try:
    import torch
except ImportError:
    common.not_available("torch", "PyTorch is not there; on Debian: apt-get install python3-torch (for /usr/bin/python3)")


class Nets:
    """Nets as lists of layers (weights [out, in] or, of convolutions, with [k, k] behind, and biases)."""

    def __init__(self, nets, device, dtype, image=None):
        self.image = image
        self.layers = {
            name: [tuple(torch.tensor(v, device=device, dtype=dtype, requires_grad=True) for v in layer) for layer in net]
            for name, net in nets.items()
        }

    def parameters(self, names):
        return [value for name in names for layer in self.layers[name] for value in layer]

    def convolve(self, name, x, activation):
        """Encoder or decoder of images; rows go in and out flat."""
        channels, height, width = self.image
        if name == "encoder":
            x = x.view(-1, channels, height, width)
        for i, (w, b) in enumerate(self.layers[name]):
            if w.dim() == 2:
                x = torch.nn.functional.linear(x.flatten(1), w, b)
            elif name == "encoder":
                kernel = w.shape[-1]
                x = torch.nn.functional.conv2d(x, w, b, stride=kernel // 2 or 1, padding=kernel // 4)
            else:
                x = x if x.dim() == 4 else x.view(-1, w.shape[0], height // 16, width // 16)
                x = torch.nn.functional.conv_transpose2d(x, w, b, stride=2, padding=1)
            x = x if i == len(self.layers[name]) - 1 else activation(x)
        return x.flatten(1)

    def run(self, name, x, activation):
        net = self.layers[name]
        if self.image and name in common.REPRESENTATION:
            return self.convolve(name, x, activation)
        for w, b in net[:-1]:
            x = activation(torch.nn.functional.linear(x, w, b))
        return torch.nn.functional.linear(x, *net[-1])

    def with_slope(self, name, z):
        """A tanh net's outputs y and dy_i/dz_i, by tangents along each input."""
        net = self.layers[name]
        directions = torch.eye(z.shape[1], device=z.device, dtype=z.dtype)
        x, along = z, directions[:, None, :]
        for w, b in net[:-1]:
            x = torch.tanh(torch.nn.functional.linear(x, w, b))
            along = torch.nn.functional.linear(along, w) * (1 - x * x)
        w, b = net[-1]
        return torch.nn.functional.linear(x, w, b), torch.einsum("ibk,ik->bi", along, w)


class Step:
    """One model, its two optimisers, and synthetic standard-normal frames."""

    def __init__(self, config, form, device, nets, frames=None, dtype=torch.float32, second_order=True):
        _, _, self.latent, self.batch, self.projections = common.CONFIGS[config]
        self.form, self.device, self.second_order = form, device, second_order
        self.nets = Nets(nets, device, dtype, common.IMAGES.get(config))
        self.frames = frames
        self.beta = common.BETA
        # The defaults in eager form; in a graph, the fused optimiser that keeps its step count on the device.
        more = {"capturable": True, "fused": True} if form == "graph" else {}
        self.adams = [torch.optim.Adam(self.nets.parameters(n), lr=common.RATE, **more) for n in (common.REPRESENTATION, common.PRIOR)]
        self.losses_of_representation, self.loss_of_prior = self.representation_losses, self.prior_loss
        self.updates = [adam.step for adam in self.adams]
        if form == "compile":
            self.losses_of_representation = torch.compile(self.representation_losses)
            self.loss_of_prior = torch.compile(self.prior_loss)
            self.updates = [torch.compile(update) for update in self.updates]

    def draw(self):
        """A batch [2B, D], noise [B, d] and unit directions [d, L]."""
        at = torch.randint(len(self.frames) - 1, (self.batch,), device=self.device)
        noise = torch.randn(self.batch, self.latent, device=self.device)
        directions = torch.randn(self.latent, self.projections, device=self.device)
        return self.frames[torch.cat((at, at + 1))], noise, directions / directions.norm(dim=0)

    def representation_losses(self, x, noise, directions):
        z = self.nets.run("encoder", x, torch.relu)
        # Both halves have B rows, so the sum over all rows over B is the sum of both means.
        reconstruction = (self.nets.run("decoder", z, torch.relu) - x).square().sum() / self.batch
        z0, z1 = z.split(self.batch)
        with torch.no_grad():
            prior_moves = self.nets.run("force", z0, torch.tanh) + math.sqrt(2) * noise
        ranked = ((z1 - z0) @ directions).sort(dim=0).values
        regularization = (ranked - (prior_moves @ directions).sort(dim=0).values).square().mean()
        loss = reconstruction + self.beta * regularization
        return loss, reconstruction.detach(), regularization.detach(), z.detach()

    def prior_loss(self, z):
        z0, z1 = z.split(self.batch)
        if self.form == "eager":
            z0 = z0.clone().requires_grad_(True)
            log_m = self.nets.run("log_diffusion", z0, torch.tanh)
            slope = torch.stack(
                [torch.autograd.grad(log_m[:, i].sum(), z0, create_graph=True)[0][:, i] for i in range(self.latent)], dim=1)
            z0 = z0.detach()
        else:
            log_m, slope = self.nets.with_slope("log_diffusion", z0)
        if not self.second_order:
            slope = slope.detach()
        m = log_m.exp()
        deviation = z1 - z0 - m * (self.nets.run("force", z0, torch.tanh) + slope)
        return 0.5 * (log_m + deviation.square() / (2 * m)).sum(dim=1).mean()

    def learn(self, x, noise, directions):
        """One step; returns its four losses. The prior is evaluated at this step's latents."""
        for adam in self.adams:
            adam.zero_grad(set_to_none=self.form != "graph")
        loss, reconstruction, regularization, z = self.losses_of_representation(x, noise, directions)
        loss.backward()
        prior = self.loss_of_prior(z)
        prior.backward()
        for update in self.updates:
            update()
        return torch.stack((loss.detach(), reconstruction, regularization, prior.detach()))

    def run(self):
        return self.learn(*self.draw())

    def captured(self, body):
        """`body` as a CUDA graph; returns its replay and its result. Three runs before warm up, as capturing asks for."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                body()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            result = body()
        return graph.replay, result

    def restore(self, nets):
        """Back to these nets and fresh optimisers, in place."""
        with torch.no_grad():
            for name, net in nets.items():
                for layer, given in zip(self.nets.layers[name], net):
                    for value, v in zip(layer, given):
                        value.copy_(torch.as_tensor(v))
            for adam in self.adams:
                for state in adam.state.values():
                    for moment in state.values():
                        moment.zero_()


def trainer(form, device, config="three-well", beta=common.BETA):
    """What common.check runs."""

    def train(nets, steps, second_order):
        step = Step(config, form, device, nets, dtype=torch.float64, second_order=second_order)
        step.batch, step.beta = len(steps[0][1]), beta
        given = [tuple(torch.tensor(v, device=device) for v in inputs) for inputs in steps]
        if form == "graph":
            inputs = [v.clone() for v in given[0]]
            replay, result = step.captured(lambda: step.learn(*inputs))
            step.restore(nets)
        losses = []
        for values in given:
            if form == "graph":
                for fixed, v in zip(inputs, values):
                    fixed.copy_(v)
                replay()
            else:
                result = step.learn(*values)
            losses.append(result.cpu().numpy().copy())
        layers = step.nets.layers
        return losses, {n: [[v.detach().cpu().numpy() for v in layer] for layer in net] for n, net in layers.items()}

    return train


def main():
    parser = common.parser("times the DynAE step in PyTorch")
    parser.add_argument("--form", choices=("eager", "compile", "graph"), default="eager")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    options = parser.parse_args()
    backend = f"torch-{options.form}"
    on_gpu = options.device.startswith("cuda")
    if on_gpu and not torch.cuda.is_available():
        common.not_available(backend, "torch.cuda.is_available() does not hold; use --device cpu")
    if options.form == "graph" and not on_gpu:
        common.not_available(backend, "CUDA graphs need --device cuda")
    if options.form == "compile" and not hasattr(torch, "compile"):
        common.not_available(backend, f"PyTorch {torch.__version__} has no torch.compile; 2.0 or later has")

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device(options.device)
    if options.check:
        # Compiled and captured Adams count steps in float32, also where all else is double: 1 - 0.999^n loses digits.
        tolerance = common.TOLERANCE if options.form == "eager" else 1e-5
        common.check(backend, trainer(options.form, device), tolerance)
        for images in common.IMAGES:
            common.check_images(backend, images, trainer(options.form, device, images, common.BETA_OF_IMAGES), tolerance)
        return
    random = common.numpy.random.default_rng(options.seed)
    nets = common.initial(options.config, random)
    frames = torch.randn(common.frames_of(options.config), common.CONFIGS[options.config][0], device=device)
    step = Step(options.config, options.form, device, nets, frames)
    if options.form == "graph":
        replay, losses = step.captured(step.run)
    else:
        losses = None

    def launch(n):
        nonlocal losses
        for _ in range(n):
            if options.form == "graph":
                replay()
            else:
                losses = step.run()
        if on_gpu:
            torch.cuda.synchronize()

    times, steps = common.measure(launch, options.seconds, 200)
    common.require_finite(backend, losses.cpu().numpy())
    name = torch.cuda.get_device_name() if on_gpu else f"CPU, {options.threads} thread(s)"
    common.report(options, backend, name, f"PyTorch {torch.__version__}", times, steps)


if __name__ == "__main__":
    main()
