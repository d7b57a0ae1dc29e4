#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times the DynAE training step in eager PyTorch, as a peer of `dynae bench training`.

The same arithmetic as the measured program: both frames encoded and decoded, squared reconstruction error, sliced
Wasserstein distance between encoded and Langevin moves, Adam on encoder and decoder, then the prior's likelihood with the
second derivative through dm_i/dz_i, Adam on force and log-diffusion nets. Prints one line, writes the same JSON fields.
"""
import argparse
import datetime
import json
import math
import pathlib
import platform
import statistics
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("torch_step: PyTorch is not there; on Debian: apt-get install python3-torch (for /usr/bin/python3)")

CONFIGS = {  # name: D, h, d, B, L
    "three-well": (2, 32, 2, 256, 50),
    "d30": (30, 64, 3, 256, 50),
    "d300": (300, 128, 3, 1024, 50),
}
FRAMES = 20_000
PRIOR_WIDTH = 32
BETA = 10.0
RATE = 1e-3


def dense_net(inputs, width, hidden, outputs, activation):
    """A chain of dense layers with `hidden` hidden ones."""
    widths = [inputs] + [width] * hidden + [outputs]
    layers = []
    for k, n in zip(widths[:-1], widths[1:]):
        layers += [torch.nn.Linear(k, n), activation()]
    return torch.nn.Sequential(*layers[:-1])


class Step:
    """One model, its two optimisers, and synthetic standard-normal frames."""

    def __init__(self, config, device):
        inputs, width, latent, self.batch, self.projections = config
        self.device = device
        self.latent = latent
        self.encoder = dense_net(inputs, width, 3, latent, torch.nn.ReLU).to(device)
        self.decoder = dense_net(latent, width, 3, inputs, torch.nn.ReLU).to(device)
        self.force = dense_net(latent, PRIOR_WIDTH, 2, latent, torch.nn.Tanh).to(device)
        self.log_diffusion = dense_net(latent, PRIOR_WIDTH, 2, latent, torch.nn.Tanh).to(device)
        representation = [*self.encoder.parameters(), *self.decoder.parameters()]
        prior = [*self.force.parameters(), *self.log_diffusion.parameters()]
        self.representation_adam = torch.optim.Adam(representation, lr=RATE)
        self.prior_adam = torch.optim.Adam(prior, lr=RATE)
        self.frames = torch.randn(FRAMES, inputs, device=device)

    def wasserstein(self, moves, prior_moves):
        directions = torch.randn(self.latent, self.projections, device=self.device)
        directions = directions / directions.norm(dim=0)
        ranked = (moves @ directions).sort(dim=0).values
        prior_ranked = (prior_moves @ directions).sort(dim=0).values
        return (ranked - prior_ranked).square().mean()

    def representation_step(self):
        """Lines 1 to 5 of the method's step; returns both latents and the loss."""
        at = torch.randint(FRAMES - 1, (self.batch,), device=self.device)
        frames = self.frames[torch.cat((at, at + 1))]
        latents = self.encoder(frames)
        error = (self.decoder(latents) - frames).square().sum(dim=1)
        z0, z1 = latents.split(self.batch)
        with torch.no_grad():
            prior_moves = self.force(z0) + math.sqrt(2) * torch.randn_like(z0)
        # Both halves have B rows, so the sum over all rows over B is the sum of both means.
        loss = error.sum() / self.batch + BETA * self.wasserstein(z1 - z0, prior_moves)
        # The prior's terms are evaluated before this update, on latents of this step.
        self.representation_adam.zero_grad()
        loss.backward()
        self.representation_adam.step()
        return z0.detach(), z1.detach(), loss.detach()

    def prior_step(self, z0, z1):
        """Line 6 of the method's step; returns the loss."""
        z0.requires_grad_(True)
        log_m = self.log_diffusion(z0)
        slopes = []
        for i in range(self.latent):
            (gradient,) = torch.autograd.grad(log_m[:, i].sum(), z0, create_graph=True)
            slopes.append(gradient[:, i])
        m = log_m.exp()
        deviation = z1 - z0.detach() - m * (self.force(z0) + torch.stack(slopes, dim=1))
        loss = 0.5 * (log_m + deviation.square() / (2 * m)).sum(dim=1).mean()
        self.prior_adam.zero_grad()
        loss.backward()
        self.prior_adam.step()
        return loss.detach()

    def run(self):
        z0, z1, representation = self.representation_step()
        return representation, self.prior_step(z0, z1)


def measure(step, seconds, synchronize):
    """Microseconds a step of launches that last about a tenth of a second, and the steps of one."""

    def launch(n):
        synchronize()
        began = time.perf_counter()
        for _ in range(n):
            losses = step.run()
        synchronize()
        return (time.perf_counter() - began) / n * 1e6, losses

    launch(10)
    first, _ = launch(10)
    steps = max(1, min(200, round(1e5 / first)))
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        micros, losses = launch(steps)
        if not all(torch.isfinite(loss) for loss in losses):
            sys.exit(f"torch_step: losses are finite does not hold: {[float(loss) for loss in losses]}")
        times.append(micros)
    return times, steps


def main():
    parser = argparse.ArgumentParser(description="times the DynAE step in eager PyTorch")
    parser.add_argument("--config", choices=CONFIGS, default="three-well")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    parser.add_argument("--seconds", type=float, default=3.0, help="to time for (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path, help="writes the result there too")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    config = CONFIGS[options.config]
    on_gpu = options.device.startswith("cuda")
    if on_gpu and not torch.cuda.is_available():
        sys.exit("torch_step: torch.cuda.is_available() does not hold; use --device cpu")
    step = Step(config, torch.device(options.device))
    times, steps = measure(step, options.seconds, torch.cuda.synchronize if on_gpu else lambda: None)

    least, median = min(times), statistics.median(times)
    device = torch.cuda.get_device_name() if on_gpu else f"CPU, {options.threads} thread(s)"
    result = {
        "schema": 1,
        "bench": "training",
        "backend": "torch",
        "device": device,
        "driver": f"PyTorch {torch.__version__}, Python {platform.python_version()}",
        "java": "none",
        "commit": "none",
        "config": dict(zip(("name", "inputs", "width", "latent", "batch", "projections"), (options.config, *config))),
        "seed": options.seed,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "steps_per_launch": steps,
        "us_per_step": {"min": round(least, 1), "median": round(median, 1), "count": len(times)},
        "steps_per_second": round(1e6 / least, 1),
    }
    print(f"training {options.config} on torch: {device} ({result['driver']})")
    print(f"us/step  min {least:.1f}  median {median:.1f}  of {len(times)} launches of {steps} steps  {1e6 / least:.1f} steps/s")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
