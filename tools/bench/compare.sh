#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Times the training step in PyTorch and on this program's backends, in turn and twice, and prints one table.
set -eu
usage="usage: compare.sh FOLDER [--config NAME] [--seconds S] [--backends 'java opencl']"
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
dynae=$here/../dynae
python=${PYTHON:-/usr/bin/python3}

folder=
config=three-well
seconds=3
backends="java opencl"
while [ $# -gt 0 ]; do
  case $1 in
    --help) echo "$usage"; exit 0 ;;
    --config | --seconds | --backends)
      [ $# -ge 2 ] || { echo "compare.sh: $1 lacks its value; $usage" >&2; exit 2; }
      declare "${1#--}=$2"; shift 2 ;;
    -*) echo "compare.sh: unknown option $1; $usage" >&2; exit 2 ;;
    *) [ -z "$folder" ] || { echo "compare.sh: one FOLDER does not hold: $folder, $1; $usage" >&2; exit 2; }
      folder=$1; shift ;;
  esac
done
[ -n "$folder" ] || { echo "$usage" >&2; exit 2; }
mkdir -p "$folder"

# Linux alone has the file.
load=$(cut -d ' ' -f 1 /proc/loadavg)
quiet=$(awk -v load="$load" 'BEGIN { print (load < 0.5) ? "yes" : "no" }')
[ "$quiet" = yes ] || echo "compare.sh: load < 0.5 does not hold: $load; others use this machine, read minima alone" >&2

peer=torch
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "compare.sh: PyTorch is left out: $python cannot import torch; on Debian: apt-get install python3-torch" >&2
  peer=
fi

# What ran: its JSON files. Turns alternate, so that a change of the clock or of other load meets all alike.
for turn in 1 2; do
  for name in $peer $backends; do
    json=$folder/$config-$name-$turn.json
    rm -f "$json"
    echo "turn $turn: $name" >&2
    if [ "$name" = torch ]; then
      "$python" "$here/peers/torch_step.py" --threads 1 --config "$config" --seconds "$seconds" --json "$json" >&2 \
        || echo "compare.sh: torch failed, left out" >&2
    else
      "$dynae" bench training --backend "$name" --config "$config" --seconds "$seconds" --json "$json" >&2 \
        || echo "compare.sh: $name failed, left out" >&2
    fi
  done
done

"$python" - "$folder" "$config" "$load" $peer $backends <<'PYTHON'
import json, pathlib, statistics, sys

folder, config, load, *names = sys.argv[1:]
folder = pathlib.Path(folder)
found = {}
for name in names:
    files = [folder / f"{config}-{name}-{turn}.json" for turn in (1, 2)]
    runs = [json.loads(file.read_text()) for file in files if file.exists()]
    if runs:
        times = [run["us_per_step"] for run in runs]
        found[name] = {
            "device": runs[0]["device"],
            "driver": runs[0]["driver"],
            "us_min": min(t["min"] for t in times),
            "us_median": statistics.median(t["median"] for t in times),
            "launches": sum(t["count"] for t in times),
        }
        commit, date = runs[0]["commit"], runs[0]["date"]
if not found:
    sys.exit("compare.sh: nothing ran")
base = found.get("torch")
print(f"{config}, load at the start {load}")
print(f"{'':8} {'us/step min':>12} {'median':>10} {'launches':>9} {'PyTorch / it':>13}")
for name, row in found.items():
    if base:
        row["torch_over_it"] = round(base["us_min"] / row["us_min"], 2)
    ratio = f"{row['torch_over_it']:13.2f}" if base else f"{'-':>13}"
    print(f"{name:8} {row['us_min']:12.1f} {row['us_median']:10.1f} {row['launches']:9} {ratio}  {row['device']}")
summary = {"schema": 1, "config": config, "load_at_start": float(load), "date": date, "commit": commit, "rows": found}
(folder / f"{config}.json").write_text(json.dumps(summary, indent=2) + "\n")
PYTHON
