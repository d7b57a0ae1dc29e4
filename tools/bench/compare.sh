#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Times the training step in other programs and on this program's backends, one model and several side by side, in turn
# and twice, and prints one table.
set -eu
usage="usage: compare.sh FOLDER [--config NAME] [--seconds S] [--backends 'java opencl'] [--models 1,8]
  [--peers 'torch-eager torch-compile torch-graph jax numpy']
PYTHON names the Python with PyTorch and NumPy (/usr/bin/python3), JAX_PYTHON the one with JAX (the same)."
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
dynae=$here/../dynae
python=${PYTHON:-/usr/bin/python3}
jax_python=${JAX_PYTHON:-$python}

folder=
config=three-well
seconds=3
backends=
models=
peers="torch-eager torch-compile torch-graph jax numpy"
while [ $# -gt 0 ]; do
  case $1 in
    --help) echo "$usage"; exit 0 ;;
    --config | --seconds | --backends | --models | --peers)
      [ $# -ge 2 ] || { echo "compare.sh: $1 lacks its value; $usage" >&2; exit 2; }
      declare "${1#--}=$2"; shift 2 ;;
    -*) echo "compare.sh: unknown option $1; $usage" >&2; exit 2 ;;
    *) [ -z "$folder" ] || { echo "compare.sh: one FOLDER does not hold: $folder, $1; $usage" >&2; exit 2; }
      folder=$1; shift ;;
  esac
done
[ -n "$folder" ] || { echo "$usage" >&2; exit 2; }
command -v python3 >/dev/null || { echo "compare.sh: needs python3 for its table: apt-get install python3" >&2; exit 2; }
mkdir -p "$folder"

# Peers run where the backends do: on the GPU when cuda is compared, else on the processor.
device=cpu
if [ -z "$backends" ]; then
  backends="java opencl"
  if "$dynae" bench training --backend cuda --seconds 0.01 >/dev/null 2>&1; then backends="$backends cuda"; fi
fi
case " $backends " in *" cuda "*) device=cuda ;; esac
if [ -z "$models" ]; then models=1,8; [ $device = cpu ] || models=1,8,132,528; fi
cores=$(nproc 2>/dev/null || echo 1)

# Elsewhere than on Linux nobody says how busy the machine is.
load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)
quiet=$(awk -v load="$load" 'BEGIN { print (load + 0 < 0.5) ? "yes" : "no" }')
[ "$quiet" = yes ] || echo "compare.sh: load < 0.5 does not hold: $load; others use this machine, read minima alone" >&2

# One model of a peer has one thread, as one model of OpenCL has one core; several, and one of images, have all cores.
peer() { # NAME JSON K
  alone=1
  case $config in images-*) alone=$cores ;; esac
  case $1 in
    torch-*) "$python" "$here/peers/torch_step.py" --form "${1#torch-}" --device $device --threads "$alone" --config "$config" \
      --seconds "$seconds" --json "$2" ;;
    numpy) "$python" "$here/peers/numpy_step.py" --threads 1 --config "$config" --seconds "$seconds" --json "$2" ;;
    jax) threads=1; [ "$3" = 1 ] || threads=$cores
      "$jax_python" "$here/peers/jax_step.py" --models "$3" --device $device --threads "$threads" --config "$config" \
        --seconds "$seconds" --json "$2" ;;
    *) echo "compare.sh: no peer $1; $usage" >&2; return 2 ;;
  esac
}

# What cannot run here leaves a file with the reason instead of a result; so does what fails.
timed() { # NAME K COMMAND...
  local json=$folder/$config-$1-$2-$turn.json; local why=${json%.json}.missing; shift 2
  rm -f "$json" "$why"
  if ! "$@" > "$folder/log" 2>&1; then
    tail -1 "$folder/log" | tee "$why" >&2
    rm -f "$json"
  fi
}
run_peer() { peer "$1" "$folder/$config-$1-$2-$turn.json" "$2"; }
run_backend() {
  "$dynae" bench training --backend "$1" --config "$config" --models "$2" --seconds "$seconds" \
    --json "$folder/$config-$1-$2-$turn.json"
}

rm -f "$folder/$config"-*.json "$folder/$config"-*.missing
# Turns alternate, so that a change of the clock or of other load meets all alike.
for turn in 1 2; do
  for k in ${models//,/ }; do
    for name in $peers; do
      # PyTorch and NumPy train one model at a time: several take that much longer.
      [ "$k" = 1 ] || [ "$name" = jax ] || continue
      echo "turn $turn: $name, $k model(s)" >&2
      timed "$name" "$k" run_peer "$name" "$k"
    done
    for name in $backends; do
      echo "turn $turn: $name, $k model(s)" >&2
      timed "$name" "$k" run_backend "$name" "$k"
    done
  done
done
rm -f "$folder/log"
exec python3 "$here/summary.py" "$folder" "$config" "$load"
