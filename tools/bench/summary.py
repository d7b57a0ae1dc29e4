#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns the results of one run of compare.sh into FOLDER/CONFIG.json and prints the table.

usage: summary.py FOLDER CONFIG LOAD
"""
import json
import pathlib
import re
import statistics
import sys

BASE = "torch-eager"


def rows(folder, config):
    """One row for each program and number of models, of the best of its turns."""
    found = {}
    for file in sorted(folder.glob(f"{config}-*-[12].json")):
        result = json.loads(file.read_text())
        found.setdefault((result["models"], result["backend"]), []).append(result)
    table = []
    for (models, backend), runs in sorted(found.items()):
        times = [run["us_per_model_step"] for run in runs]
        table.append({
            "backend": backend,
            "models": models,
            "device": runs[0]["device"],
            "driver": runs[0]["driver"],
            "us_per_model_step_min": min(t["min"] for t in times),
            "us_per_model_step_median": round(statistics.median(t["median"] for t in times), 3),
            "launches": sum(t["count"] for t in times),
        })
    base = [row["us_per_model_step_min"] for row in table if row["backend"] == BASE]
    for row in table:
        if base:
            row["pytorch_eager_over_it"] = round(base[0] / row["us_per_model_step_min"], 2)
    return table, [run for runs in found.values() for run in runs]


def missing(folder, config):
    """Why a program is not in the table, by its name and number of models."""
    found = {}
    for file in sorted(folder.glob(f"{config}-*-[12].missing")):
        name, models = re.fullmatch(rf"{re.escape(config)}-(.+)-(\d+)-[12]", file.stem).groups()
        found[f"{name}, {models} model(s)"] = file.read_text().strip() or "failed without a word"
    return found


def processor():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{models[0]}, {len(models)} cores" if models else "unknown"


def main():
    folder, config, load = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    table, runs = rows(folder, config)
    absent = missing(folder, config)
    if not table:
        sys.exit("summary.py: nothing ran: " + "; ".join(absent.values()))
    print(f"{config}, load at the start {load}")
    print(f"{'':14} {'models':>6} {'us/model-step min':>18} {'median':>10} {'launches':>9} {'PyTorch eager / it':>19}")
    for row in table:
        print(f"{row['backend']:14} {row['models']:6} {row['us_per_model_step_min']:18.1f} {row['us_per_model_step_median']:10.1f}"
              f" {row['launches']:9} {row.get('pytorch_eager_over_it', '-'):>19}  {row['device']}")
    for name, why in absent.items():
        print(f"not in the table: {name}: {why}")
    own = [run for run in runs if run["commit"] != "none"] or runs
    summary = {
        "schema": 2,
        "config": config,
        "cpu": processor(),
        "load_at_start": load,
        "date": own[0]["date"],
        "commit": own[0]["commit"],
        "rows": table,
        "missing": absent,
    }
    (folder / f"{config}.json").write_text(json.dumps(summary, indent=2) + "\n")


if __name__ == "__main__":
    main()
