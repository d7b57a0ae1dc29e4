#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns a result of `dynae bench kernels` into a table of each kernel against its roofline.

A kernel can take no less than its bytes at the measured copy rate, nor less than its flops at the measured rate of
multiply-adds, both of as many work-groups as ran it; the rate of copying is that of arrays together as large as what the
kernel touches, in the same cache. Kernels of one kind and cost share a row, with their mean.

usage: roofline.py KERNELS.json [--config NAME] [--into kernels/README.md]
--into replaces what stands between <!-- roofline BACKEND --> and <!-- end of roofline BACKEND --> there.
"""
import argparse
import json
import pathlib
import sys


def chosen(file, config):
    result = json.loads(file.read_text())
    if result.get("bench") != "kernels":
        sys.exit(f"roofline.py: {file}: bench = kernels does not hold: {result.get('bench')}")
    for one in result.get("results", [result]):
        if config in (None, one["config"]["name"]):
            return one
    sys.exit(f"roofline.py: {file}: a result of config {config} does not hold; see its \"name\"s")


def merged(operations):
    """Lists of operations of one kind and cost."""
    alike = {}
    for row in operations:
        kind = row["name"].rsplit("_", 1)[-1]
        alike.setdefault((kind, row["bytes"], row["flops"], row["groups"]), []).append(row)
    return alike.values()


def mean(rows, value):
    return sum(value(row) for row in rows) / len(rows)


def digits(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def rates_text(result):
    for groups in sorted({rate["groups"] for rate in result["rates"]["copy"]}):
        copies = [r for r in result["rates"]["copy"] if r["groups"] == groups]
        flops = [r["gflop_per_second"] for r in result["rates"]["multiply_add"] if r["groups"] == groups]
        sizes = ", ".join(f"{digits(r['gb_per_second'])} ({digits(4e-3 * r['floats'])} KB)" for r in copies)
        yield (f"{groups} work-group{'s' if groups > 1 else ''}: multiply-add {digits(flops[0]) if flops else '-'} GFLOP/s;"
               f" copy, in GB/s (of an array of): {sizes}.")


def table(result):
    config = result["config"]
    yield (f"`{config['name']}` (D {config['inputs']}, h {config['width']}, d {config['latent']}, B {config['batch']},"
           f" L {config['projections']}) with `{result['backend']}` on {result['device']} ({result['driver']}),"
           f" commit {result['commit'][:10]}, {result['date'][:10]}, clock: {result['clock']}.")
    yield from rates_text(result)
    yield ""
    yield "| kernel | us | KB | kflop | bound | least us | share of roofline |"
    yield "|---|---|---|---|---|---|---|"
    total = least_total = 0
    for rows in merged(result["operations"]):
        first = rows[0]
        us = mean(rows, lambda row: row["us"]["min"])
        copy = mean(rows, lambda row: row.get("share_of_copy", 0))
        fma = mean(rows, lambda row: row.get("share_of_fma", 0))
        share = max(copy, fma)
        bound = "-" if share == 0 else "copy" if copy >= fma else "multiply-add"
        name = f"`{first['name']}`" + (f" and {len(rows) - 1} alike" if len(rows) > 1 else "")
        percent = f"{100 * share:.0f}%" if share else "-"
        yield (f"| {name} | {us:.2f} | {first['bytes'] / 1e3:.1f} | {first['flops'] / 1e3:.1f} | {bound} | {share * us:.2f}"
               f" | {percent} |")
        total += len(rows) * us
        least_total += len(rows) * share * us
    yield f"| all | {total:.1f} |  |  |  | {least_total:.1f} | {100 * least_total / total:.0f}% |"


def main():
    parser = argparse.ArgumentParser(description="table of kernels against their roofline")
    parser.add_argument("json", type=pathlib.Path)
    parser.add_argument("--config", help="of several in the file; the first by default")
    parser.add_argument("--into", type=pathlib.Path, help="file whose marked table is replaced")
    options = parser.parse_args()
    result = chosen(options.json, options.config)
    text = "\n".join(table(result))
    if not options.into:
        print(text)
        return
    start, end = f"<!-- roofline {result['backend']} -->", f"<!-- end of roofline {result['backend']} -->"
    page = options.into.read_text()
    if page.count(start) != 1 or page.count(end) != 1:
        sys.exit(f"roofline.py: {options.into}: one {start} and one {end} does not hold; add them where the table belongs")
    before, rest = page.split(start)
    options.into.write_text(f"{before}{start}\n{text}\n{end}{rest.split(end)[1]}")


if __name__ == "__main__":
    main()
