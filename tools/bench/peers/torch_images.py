#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times the DynAE step on images in PyTorch: convolutional encoder and decoder, as a peer of `dynae bench training`.

The step of torch_step.py with the nets of the images-1x64 and images-3x64 shapes: convolutions 4x4 with stride 2 to 32, 32, 64
and 64 channels, 1x1 to h/16, then dense to d; the decoder the other way with transposed convolutions. Forms: eager, and graph,
the whole step as one CUDA graph. --tf32 lets convolutions and products use TF32; without it all is float32.
"""
import math
import pathlib
import sys

import common

try:
    import torch
except ImportError:
    common.not_available("torch", "PyTorch is not there; on Debian: apt-get install python3-torch (for /usr/bin/python3)")

import torch_step

SHAPES = {"images-1x64": (1, 2), "images-3x64": (3, 3)}  # channels, d
SIZE, WIDTH, BATCH, PROJECTIONS = 64, 256, 256, 50
FRAMES = 2000
CHANNELS = (32, 32, 64, 64)
# Modules of the golden files, in the order of the nets below.
ENCODER = [f"model_encoder/{k}" for k in ("encoder_input_layer/0", "encoder/0", "encoder/2", "encoder/4", "encoder/6", "encoder_output")]
DECODER = [
    f"model_decoder/{k}"
    for k in ("decoder_input_layer/0", "decoder_input_layer/2", "decoder/0", "decoder/2", "decoder/4", "decoder_output/0")
]


def encoder(channels, width, latent):
    nn = torch.nn
    layers, below = [], channels
    for above in CHANNELS:
        layers += [nn.Conv2d(below, above, 4, 2, 1), nn.ReLU()]
        below = above
    return nn.Sequential(*layers, nn.Conv2d(below, width // 16, 1), nn.ReLU(), nn.Flatten(), nn.Linear(width, latent))


def decoder(channels, width, latent):
    nn = torch.nn
    layers = [nn.Linear(latent, width), nn.ReLU(), nn.Linear(width, 1024), nn.ReLU(), nn.Unflatten(1, (64, 4, 4))]
    below = 64
    for above in (64, 32, 32):
        layers += [nn.ConvTranspose2d(below, above, 4, 2, 1), nn.ReLU()]
        below = above
    return nn.Sequential(*layers, nn.ConvTranspose2d(below, channels, 4, 2, 1))


class Nets(torch_step.Nets):
    """Encoder and decoder as modules, force and log-diffusion as lists of layers."""

    def __init__(self, channels, latent, device, dtype=torch.float32, width=WIDTH):
        random = common.numpy.random.default_rng(1)
        prior = {
            name: [
                (random.uniform(-1, 1, (n, k)) / math.sqrt(k), random.uniform(-1, 1, n) / math.sqrt(k))
                for k, n in ((latent, common.PRIOR_WIDTH), (common.PRIOR_WIDTH, common.PRIOR_WIDTH), (common.PRIOR_WIDTH, latent))
            ]
            for name in common.PRIOR
        }
        super().__init__(prior, device, dtype)
        self.modules = {
            "encoder": encoder(channels, width, latent).to(device, dtype),
            "decoder": decoder(channels, width, latent).to(device, dtype),
        }

    def parameters(self, names):
        modules = [p for n in names if n in self.modules for p in self.modules[n].parameters()]
        return modules + super().parameters([n for n in names if n not in self.modules])

    def run(self, name, x, activation):
        return self.modules[name](x) if name in self.modules else super().run(name, x, activation)


class Step(torch_step.Step):
    """The step of torch_step.py with other nets and frames."""

    def __init__(self, form, device, nets, latent, batch, projections, frames=None, second_order=True):
        self.latent, self.batch, self.projections = latent, batch, projections
        self.form, self.device, self.second_order = form, device, second_order
        self.nets, self.frames = nets, frames
        more = {"capturable": True, "fused": True} if form == "graph" else {}
        self.adams = [torch.optim.Adam(nets.parameters(n), lr=common.RATE, **more) for n in (common.REPRESENTATION, common.PRIOR)]
        self.losses_of_representation, self.loss_of_prior = self.representation_losses, self.prior_loss
        self.updates = [adam.step for adam in self.adams]

    def draw(self):
        at = torch.randint(FRAMES - 1, (self.batch,), device=self.device)
        noise = torch.randn(self.batch, self.latent, device=self.device)
        directions = torch.randn(self.latent, self.projections, device=self.device)
        return self.frames[torch.cat((at, at + 1))], noise, directions / directions.norm(dim=0)


def golden_layers(modules):
    return [m for m in modules if hasattr(m, "weight")]


def check(backend, device):
    """Compares losses of two steps with the golden files, in double precision and with the prior's slope constant."""
    folder = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden"
    for config, (channels, _) in SHAPES.items():
        with common.numpy.load(folder / f"dynae_conv_{config[-4:]}.npz") as golden:
            width, latent = golden[f"param/{ENCODER[-1]}/weight"].shape[::-1]
            nets = Nets(channels, latent, device, torch.float64, width)
            for name, layers in (("encoder", ENCODER), ("decoder", DECODER)):
                for module, layer in zip(golden_layers(nets.modules[name]), layers):
                    for kind in ("weight", "bias"):
                        getattr(module, kind).data.copy_(torch.as_tensor(golden[f"param/{layer}/{kind}"]))
            for name in common.PRIOR:
                for layer, values in zip(common.GOLDEN_LAYERS[name], nets.layers[name]):
                    for value, kind in zip(values, ("weight", "bias")):
                        value.data.copy_(torch.as_tensor(golden[f"param/{layer}/{kind}"]))
            x = torch.as_tensor(common.numpy.concatenate((golden["input0"], golden["input1"])), device=device)
            projections = golden["projections"]
            step = Step("eager", device, nets, latent, len(x) // 2, projections.shape[1], second_order=False)
            common.BETA = float(golden["beta"])
            losses = []
            for noise, directions in zip(golden["eps"], projections):
                values = step.learn(x, torch.as_tensor(noise, device=device), torch.as_tensor(directions.T, device=device))
                losses.append(values.cpu().numpy().copy())
            error = common.require_close(f"{backend}, {config}: losses", losses, golden["history"][: len(losses)], 1e-7)
            print(f"{backend}, {config}: {len(losses)} steps agree, largest relative error {error:.1e}")


def main():
    parser = common.parser("times the DynAE step on images in PyTorch", SHAPES, "images-1x64")
    parser.add_argument("--form", choices=("eager", "graph"), default="eager")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    parser.add_argument("--tf32", action="store_true", help="convolutions and products in TF32, on GPUs")
    options = parser.parse_args()
    backend = f"torch-{options.form}" + ("-tf32" if options.tf32 else "")
    on_gpu = options.device.startswith("cuda")
    if on_gpu and not torch.cuda.is_available():
        common.not_available(backend, "torch.cuda.is_available() does not hold; use --device cpu")
    if (options.form == "graph" or options.tf32) and not on_gpu:
        common.not_available(backend, "CUDA graphs and TF32 need --device cuda")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = options.tf32
    device = torch.device(options.device)
    if options.check:
        check(backend, device)
        return
    channels, latent = SHAPES[options.config]
    frames = torch.randn(FRAMES, channels, SIZE, SIZE, device=device)
    step = Step(options.form, device, Nets(channels, latent, device), latent, BATCH, PROJECTIONS, frames)
    if options.form == "graph":
        replay, losses = step.captured(step.run)
    else:
        replay = losses = None

    def launch(n):
        nonlocal losses
        for _ in range(n):
            if replay:
                replay()
            else:
                losses = step.run()
        if on_gpu:
            torch.cuda.synchronize()

    times, steps = common.measure(launch, options.seconds, 200)
    common.require_finite(backend, losses.detach().cpu().numpy())
    name = torch.cuda.get_device_name() if on_gpu else f"CPU, {options.threads} thread(s)"
    shape = (channels * SIZE * SIZE, WIDTH, latent, BATCH, PROJECTIONS)
    common.report(options, backend, name, f"PyTorch {torch.__version__}", times, steps, shape=shape)


if __name__ == "__main__":
    main()
