#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Times sliced Wasserstein distances in PyTorch, with autograd for the gradient, as a peer of `dynae bench swd`."""
import sys

import common
import swd

try:
    import torch
except ImportError:
    common.not_available("torch", "PyTorch is not there; on Debian: apt-get install python3-torch (for /usr/bin/python3)")


def distance(q, r, directions):
    """Squared distances [K] of sets q and r [K, N, d] on directions [L, d]."""
    ranked = (q @ directions.T).sort(dim=1).values
    return (ranked - (r @ directions.T).sort(dim=1).values).square().mean(dim=(1, 2))


def checked(q, r, directions):
    q = torch.tensor(q)[None].requires_grad_(True)
    value = distance(q, torch.tensor(r)[None], torch.tensor(directions))
    value.sum().backward()
    return float(value), q.grad[0].numpy()


def launcher(size, device, gradient):
    k, n, d, projections = size
    q = torch.randn(k, n, d, device=device, requires_grad=gradient)
    r = torch.randn(k, n, d, device=device) + 0.5

    def launch(times):
        for _ in range(times):
            directions = torch.randn(projections, d, device=device)
            value = distance(q, r, directions / directions.norm(dim=1, keepdim=True))
            if gradient:
                q.grad = None
                value.sum().backward()
        if device.type == "cuda":
            torch.cuda.synchronize()
        if not torch.isfinite(value).all():
            sys.exit("torch: distances are finite does not hold")

    return launch


def main():
    parser = swd.parser("times sliced Wasserstein distances in PyTorch")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    options = parser.parse_args()
    on_gpu = options.device.startswith("cuda")
    if on_gpu and not torch.cuda.is_available():
        common.not_available("torch", "torch.cuda.is_available() does not hold; use --device cpu")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    if options.check:
        swd.check("torch", checked)
        return
    device = torch.device(options.device)
    rows = []
    for size in swd.sizes(options, on_gpu):
        forms = {}
        for form, gradient in (("forward", False), ("with_gradient", True)):
            with torch.set_grad_enabled(gradient):
                forms[form] = common.measure(launcher(size, device, gradient), options.seconds, 200)
        rows.append((size, forms))
    name = torch.cuda.get_device_name() if on_gpu else f"CPU, {options.threads} thread(s)"
    swd.report(options, "torch", name, f"PyTorch {torch.__version__}", rows)


if __name__ == "__main__":
    main()
