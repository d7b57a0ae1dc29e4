#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures this machine anew and refreshes what is kept of it: results/MACHINE-*.json, the chart, and the table of kernels
# in kernels/README.md. Everything takes its numbers from one commit and one run.
set -eu
usage="usage: refresh.sh [--machine NAME] [options of compare.sh]
NAME stands in the names of the results; by default it is made of the GPU's or the processor's."
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
home=$here/../..
results=$here/results
config=three-well

machine=
if [ "${1:-}" = --help ]; then echo "$usage"; exit 0; fi
if [ "${1:-}" = --machine ]; then
  [ $# -ge 2 ] || { echo "refresh.sh: --machine lacks its value; $usage" >&2; exit 2; }
  machine=$2; shift 2
fi
if [ -z "$machine" ]; then
  name=$(nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null | head -1) || name=
  [ -n "$name" ] || name=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
  machine=$(echo "$name" | sed 's/([^)]*)//g' | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9-' | tr -s -)
fi

work=$home/target/bench
"$here/compare.sh" "$work" --config $config "$@"
cp "$work/$config.json" "$results/$machine-$config.json"

for backend in opencl cuda; do
  json=$results/$machine-kernels-$backend.json
  # A backend that is not there was named in the table above.
  if ! "$home/tools/dynae" bench kernels --backend $backend --config $config --json "$json" >/dev/null 2>"$work/log"; then
    tail -1 "$work/log" >&2
    continue
  fi
  if grep -q "<!-- roofline $backend -->" "$home/kernels/README.md"; then
    "$here/roofline.py" "$json" --into "$home/kernels/README.md"
  else
    echo "refresh.sh: kernels/README.md has no place for $backend; its table:" >&2
    "$here/roofline.py" "$json"
  fi
done
"$here/chart.py" --config $config "$results"/*-$config.json
echo "refreshed: $results/$machine-*.json, $results/performance.svg, kernels/README.md" >&2
