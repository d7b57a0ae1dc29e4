#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws results/performance.svg from the summaries of compare.sh: one panel a machine, logarithmic bars.

usage: chart.py [--config NAME] [--out FILE.svg] SUMMARY.json...
"""
import argparse
import json
import math
import pathlib
import re
import sys
from xml.sax.saxutils import escape

WIDTH, LABELS, RIGHT = 860, 270, 150
BAR, GAP, HEAD, FOOT, TITLE = 18, 8, 48, 42, 52
PLOT = WIDTH - LABELS - RIGHT
OWN = ("java", "opencl", "cuda")
NAMES = {
    "torch-eager": "PyTorch, eager",
    "torch-compile": "PyTorch, torch.compile",
    "torch-graph": "PyTorch, CUDA graph",
    "jax-scan": "JAX, one scan",
    "jax-vmap": "JAX, vmap",
    "numpy": "NumPy",
    "java": "Dynae, java",
    "opencl": "Dynae, opencl",
    "cuda": "Dynae, cuda",
}
STYLE = """
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .page { fill: #ffffff; } .title { font-size: 17px; font-weight: 600; } .machine { font-weight: 600; }
  .quiet { fill: #59636e; font-size: 12px; } .grid { stroke: #d1d9e0; stroke-width: 1; }
  .peer { fill: #9198a1; } .own { fill: #0b7a75; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .page { fill: #0d1117; } .quiet { fill: #9aa4af; } .grid { stroke: #343b44; }
    .peer { fill: #6e7681; } .own { fill: #2fb8ae; }
  }
"""


def label(row):
    models = row["models"]
    threads = re.search(r"(\d+) thread", row["device"])
    words = [NAMES.get(row["backend"], row["backend"])]
    words += [f"{models} models"] if models > 1 else []
    words += [f"{threads[1]} thread{'s' if threads[1] != '1' else ''}"] if threads else []
    return ", ".join(words)


def micros(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def machine(summary):
    """The processor, and the GPU where one took part, with versions of the programs beside ours."""
    gpus = {row["device"] for row in summary["rows"] if row["backend"] == "cuda"}
    hardware = ", ".join([*sorted(gpus), re.sub(r"\(R\)|\(TM\)", "", summary["cpu"])])
    versions = sorted({row["driver"].split(",")[0] for row in summary["rows"] if row["backend"] not in OWN})
    return hardware, ", ".join(versions)


class Drawing:
    def __init__(self, least, most):
        self.parts = []
        self.first, self.last = math.floor(math.log10(least)), math.ceil(math.log10(most))

    def x(self, value):
        return LABELS + PLOT * (math.log10(value) - self.first) / (self.last - self.first)

    def text(self, x, y, words, kind="", anchor="start"):
        style = f' class="{kind}"' if kind else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>')

    def panel(self, summary, top):
        rows = sorted(summary["rows"], key=lambda row: -row["us_per_model_step_min"])
        hardware, versions = machine(summary)
        self.text(16, top + 14, hardware, "machine")
        self.text(16, top + 31, versions, "quiet")
        bottom = top + HEAD + len(rows) * (BAR + GAP)
        for power in range(self.first, self.last + 1):
            at = self.x(10**power)
            self.parts.append(f'<line class="grid" x1="{at:.1f}" y1="{top + HEAD - 6}" x2="{at:.1f}" y2="{bottom}"/>')
            self.text(at, bottom + 16, f"{10.0**power:,.10g}", "quiet", "middle")
        for i, row in enumerate(rows):
            y = top + HEAD + i * (BAR + GAP)
            value = row["us_per_model_step_min"]
            kind = "own" if row["backend"] in OWN else "peer"
            end = self.x(value)
            self.text(LABELS - 10, y + 14, label(row), anchor="end")
            self.parts.append(f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{end - LABELS:.1f}" height="{BAR}" rx="2"/>')
            ratio = row.get("pytorch_eager_over_it")
            words = micros(value) + (f" · {micros(ratio)}×" if ratio and ratio != 1 else "")
            self.text(end + 8, y + 14, words)
        return bottom + FOOT


def draw(summaries, config):
    values = [row["us_per_model_step_min"] for summary in summaries for row in summary["rows"]]
    drawing = Drawing(min(values) / 1.01, max(values))
    drawing.text(16, 26, f"One training step of one model ({config}): microseconds, shorter is faster", "title")
    drawing.text(16, 44, "Logarithmic axis. Shortest of all launches, shared over models side by side. n×: steps in the time of one of PyTorch eager.", "quiet")
    top = TITLE + 14
    for summary in summaries:
        top = drawing.panel(summary, top)
    height = top
    body = "\n".join(drawing.parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img"'
            f' aria-label="Microseconds of a training step, by program and machine">\n<style>{STYLE}</style>\n'
            f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>\n{body}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(description="draws the performance chart")
    parser.add_argument("summaries", type=pathlib.Path, nargs="+", metavar="SUMMARY.json")
    parser.add_argument("--config", default="three-well")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results" / "performance.svg")
    options = parser.parse_args()
    found = [json.loads(file.read_text()) for file in options.summaries]
    of_config = [s for s in found if s.get("schema") == 2 and s.get("config") == options.config and "rows" in s]
    if not of_config:
        sys.exit(f"chart.py: a summary of config {options.config} among {len(found)} files does not hold; compare.sh writes them")
    options.out.write_text(draw(of_config, options.config))


if __name__ == "__main__":
    main()
