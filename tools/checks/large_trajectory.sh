#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Trains two epochs on a trajectory four times larger than the Java heap, on every backend named,
# and prints exit code, wall time and peak resident memory. Resident memory counts the pages of the
# mapped file, which the system takes back when it needs them; anonymous memory is the program's.
# usage: tools/checks/large_trajectory.sh [FRAMES [FEATURES [BACKEND ...]]]
set -eu
home=$(cd "$(dirname "$0")/../.." && pwd)
frames=${1:-16000000}
features=${2:-64}
[ $# -gt 2 ] && backends=("${@:3}") || backends=(java opencl)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export JAVA_OPTS=${JAVA_OPTS:--Xmx1g}

java "$home/tools/checks/LargeTrajectory.java" "$work/x.npy" "$frames" "$features"
echo "data: $(stat -c %s "$work/x.npy") bytes, JAVA_OPTS=$JAVA_OPTS"
# Small nets: this is about memory, which they do not decide.
cat >"$work/large.ini" <<INI
[Model Parameters]
min_dist = 4
neuron_num1 = [8]
neuron_num2 = [8]
hidden_layers = 1
projection_num = 4
[Training Parameters]
batch_size = 4096
max_epochs = 2
[Data]
input_data = [$work/x.npy]
INI

failed=0
for backend in "${backends[@]}"; do
  began=$SECONDS
  "$home/tools/dynae" train "$work/large.ini" --backend "$backend" --out "$work/$backend" &
  pid=$!
  resident=0
  anonymous=0
  while kill -0 $pid 2>/dev/null; do
    # The launcher becomes the program, so its number stays.
    r=$(awk '/^VmHWM/ {print $2}' /proc/$pid/status 2>/dev/null || true)
    a=$(awk '/^RssAnon/ {print $2}' /proc/$pid/status 2>/dev/null || true)
    [ -n "$r" ] && resident=$r
    [ -n "$a" ] && [ "$a" -gt "$anonymous" ] && anonymous=$a
    sleep 0.5
  done
  code=0
  wait $pid || code=$?
  echo "$backend: exit $code, $((SECONDS - began)) s, peak resident $((resident / 1024)) MB," \
    "of it anonymous $((anonymous / 1024)) MB"
  [ $code -eq 0 ] || failed=1
done
exit $failed
