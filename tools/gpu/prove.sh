#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Verifies and measures Dynae on a machine with an NVIDIA GPU, without Java or Maven there, within ten minutes:
# tools/gpu/prove.sh RESULTS [STEP ...], in the source tree, with target/dynae-tests.tar.gz from `tools/bundle --tests`.
# Every step has a time limit of its own and fails alone; RESULTS receives its output, JSON files and summary.txt. Named
# something.tgz, it is one archive of them, written anew after every step: a call cut short leaves what it had.
set -u
home=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
cd "$home" || exit 2
bundle=${DYNAE_TESTS:-$home/target/dynae-tests}
python=${PYTHON:-python3}
# Another backend tries this script out where there is no GPU.
backend=${DYNAE_BACKEND:-cuda}
total=${DYNAE_SECONDS:-570}
usage="usage: tools/gpu/prove.sh RESULTS [STEP ...]"
[ $# -ge 1 ] || { echo "$usage" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -d "$bundle" ] && [ -f "$bundle.tar.gz" ]; then
  tar -C "$work" -xzf "$bundle.tar.gz" || exit 2
  bundle=$work/dynae-tests
fi
dynae=$bundle/bin/dynae
[ -x "$dynae" ] || { echo "prove.sh: $dynae is not there: run tools/bundle --tests where Maven is" >&2; exit 2; }
# Old programs would prove nothing about this tree.
commit=$(cat "$bundle/commit")
head=$(git rev-parse HEAD 2>/dev/null) || head=$commit
[ "$commit" = "$head" ] || { echo "prove.sh: bundle's commit = tree's does not hold: $commit, $head; run tools/bundle --tests" >&2; exit 2; }
archive=
case $1 in
  *.tgz) archive=$(readlink -f "$1"); out=$work/results; mkdir -p "$out" ;;
  *) mkdir -p "$1"; out=$(cd "$1" && pwd) ;;
esac
shift
wanted=" $* "
export XDG_CACHE_HOME=$work/cache PYTHONUNBUFFERED=1
export PATH=$PATH:/usr/local/cuda/bin:/usr/local/cuda/compute-sanitizer
cuda=${CUDA_HOME:-/usr/local/cuda}
export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$cuda/lib64
# PyTorch brings CUDA's libraries where the toolkit has the compiler alone.
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])' 2>/dev/null)/nvidia/cu13/lib
[ ! -d "$packages" ] || LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$packages
echo "commit $commit" >"$out/summary.txt"
failed=0

note() { # STEP RESULT SECONDS WHY
  printf '%-26s %-9s %5s s  %s\n' "$1" "$2" "$3" "$4" | tee -a "$out/summary.txt"
  [ -z "$archive" ] || { tar -C "$out" -czf "$archive.part" . && mv "$archive.part" "$archive"; }
}

# step NAME LIMIT COMMAND...: output into RESULTS/NAME.log
step() {
  name=$1 limit=$2
  shift 2
  [ "$wanted" = "  " ] || [[ $wanted == *" $name "* ]] || return 0
  left=$((total - SECONDS))
  if [ $left -lt 5 ]; then
    note "$name" "not run" 0 "no time left of $total s"
    failed=1
    return 0
  fi
  [ "$limit" -le $left ] || limit=$left
  began=$SECONDS
  timeout -k 5 "$limit" "$@" >"$out/$name.log" 2>&1
  code=$?
  took=$((SECONDS - began))
  if [ $code -eq 0 ]; then
    note "$name" passed $took "$(grep -v '^[[:space:]]*$' "$out/$name.log" | tail -1 | cut -c 1-150)"
  elif [ $code -eq 127 ] || { [ $code -eq 3 ] && [[ $name == peer_* ]]; } || grep -qE '^No module named|ModuleNotFoundError|(PyTorch|JAX) is not there' "$out/$name.log" || { [ $code -eq 2 ] \
    && grep -qE 'unknown (command|option)|bench: one of|No such file|unrecognized arguments' "$out/$name.log"; }; then
    note "$name" missing $took "$(tail -1 "$out/$name.log" | cut -c 1-150)"
  else
    [ $code -eq 124 ] || [ $code -eq 137 ] && why="ran past $limit s" || why="exit $code"
    note "$name" FAILED $took "$why: $(tail -1 "$out/$name.log" | cut -c 1-150)"
    failed=1
  fi
}

junit() { # FOLDER SELECTION..., of what runs on backends, but for what needs a compiler or a build: nvcc, g++, the tree's own jar
  LD_PRELOAD=$bundle/runtime/lib/libjsig.so "$bundle/runtime/bin/java" -Xmx2g -Djava.library.path="$bundle/lib:$LD_LIBRARY_PATH" \
    -cp "$bundle/tests/classes:$bundle/lib/*:$bundle/tests/*" org.junit.platform.console.ConsoleLauncher execute \
    "${@:2}" --disable-banner --disable-ansi-colors --details=tree \
    --exclude-classname '.*(KernelCompile|OnThreads|ForwardedLibraries)Test' \
    --reports-dir "$out/$1"
  code=$?
  # Not run counts as skipped there.
  grep -oE -m 1 'tests="[0-9]+" skipped="[0-9]+" failures="[0-9]+" errors="[0-9]+"' "$out/$1/TEST-junit-jupiter.xml"
  return $code
}

fifty_epochs() { # twice, so that the second finds every kernel compiled
  "$dynae" demo --backend "$backend" --epochs 50 --out "$work/demo" || return
  cp "$work/demo/evaluation.json" "$out/fifty_epochs_evaluation.json"
  began=$(date +%s.%N)
  "$dynae" train "$work/demo/config.ini" --backend "$backend" --seed 1 --out "$work/run" || return
  cp "$work/run/metrics.jsonl" "$out/fifty_epochs_metrics.jsonl"
  "$dynae" evaluate "$work/run" --truth "$work/demo/true.npy" --backend "$backend" >"$out/fifty_epochs_seed1.json" || return
  echo "$began $(date +%s.%N)" | awk '{printf "train and evaluate, start-up included: %.2f s\n", $2 - $1}'
}

five_seeds() {
  [ -f "$work/demo/config.ini" ] || "$dynae" demo --backend "$backend" --epochs 2 --out "$work/demo" || return
  "$dynae" sweep "$work/demo/config.ini" --backend "$backend" --set 'seed=[0,1,2,3,4]' max_epochs=50 \
    --truth "$work/demo/true.npy" --out "$work/sweep" || return
  find "$work/sweep" -maxdepth 1 -type f -exec cp {} "$out/" \;
}

nvidia_opencl() {
  mkdir -p "$work/icd"
  echo libnvidia-opencl.so.1 >"$work/icd/nvidia.icd"
  OCL_ICD_VENDORS=$work/icd "$dynae" selftest --backend opencl
}

# Small shapes, each operation once, the step kernel and the phase kernels: a sanitizer is slow. Java itself is the
# program under it, as the launcher's own commands never touch the GPU.
sanitize() { # TOOL, SUMMARY without findings
  rm -f "$out/sanitizer_$1.txt"
  compute-sanitizer --tool "$1" --error-exitcode 99 --log-file "$out/sanitizer_$1.txt" \
    "$bundle/runtime/bin/java" -XX:+UseSerialGC -Djava.library.path="$bundle/lib:$LD_LIBRARY_PATH" \
    -cp "$bundle/lib/*" io.dynae.cli.Main selftest --backend "$backend" \
    --only 'of odd|^1 steps of learned|side by side|Wasserstein of (2|257) |300 points'
  code=$?
  # 127: no sanitizer here.
  [ $code -ne 127 ] || return 127
  tail -1 "$out/sanitizer_$1.txt"
  [ $code -eq 0 ] && grep -q "$2" "$out/sanitizer_$1.txt"
}

export -f junit fifty_epochs five_seeds nvidia_opencl sanitize
export bundle dynae backend out work python

step machine 20 bash -c 'find ${LD_LIBRARY_PATH//:/ } -name "libnvrtc.so*" -o -name "libcublas.so*" -o -name "libcurand.so*"; nvidia-smi; nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.mem,memory.used --format=csv'
step devices 30 "$dynae" devices
step selftest 150 "$dynae" selftest --backend "$backend"
for config in three-well d30 d300; do
  step "training_$config" 40 "$dynae" bench training --backend "$backend" --config $config --json "$out/training_$config.json"
done
# Convolutions: known answers on images, then the step in float32 and on tensor cores.
DYNAE_REQUIRE=$backend step conv_golden 90 bash -c 'junit conv_golden --select-class io.dynae.model.GoldenStepTest \
  --select-class io.dynae.compute.ConvolutionProductsTest'
for config in images-1x64 images-3x64; do
  step "conv_${config}_fp32" 90 "$dynae" bench training --backend "$backend" --config $config --json "$out/conv_${config}_fp32.json"
  step "conv_${config}_tf32" 90 "$dynae" bench training --backend "$backend" --config $config --tensor-cores \
    --json "$out/conv_${config}_tf32.json"
done
step training_sweep 60 "$dynae" bench training --backend "$backend" --models 1,8,132,528 --json "$out/training_sweep.json"
# Sets of a million samples come last: plain Java, which verifies them, takes its time.
step swd 90 "$dynae" bench swd --backend "$backend" --json "$out/swd.json" \
  --sizes K1-N256-d2-L50,K64-N256-d2-L50,K64-N1024-d3-L128,K16-N4096-d8-L256,K1-N65536-d3-L128
step fifty_epochs 60 bash -c fifty_epochs
step five_seeds 60 bash -c five_seeds
step memcheck 120 bash -c 'sanitize memcheck "ERROR SUMMARY: 0 errors"'
step racecheck 120 bash -c 'sanitize racecheck "RACECHECK SUMMARY: 0 hazards"'
# NVRTC serves without a GPU, so tests count it for itself.
require=$backend
[ "$backend" != cuda ] || require=cuda,nvrtc
DYNAE_REQUIRE=$require step junit 300 bash -c 'junit junit --scan-classpath "$bundle/tests/classes" \
  --include-package io.dynae.compute --include-package io.dynae.model \
  --include-package io.dynae.bins --include-package io.dynae.distance --include-package io.dynae.train'
# Each way to compiled kernels alone; all others above took NVRTC where it is.
for compiler in packed nvcc; do
  JAVA_OPTS="-Ddynae.cuda.compiler=$compiler" XDG_CACHE_HOME=$work/$compiler \
    step "compiler_$compiler" 90 "$dynae" demo --backend "$backend" --epochs 3 --out "$work/demo_$compiler"
done
for config in three-well d30 d300; do
  step "kernels_$config" 60 "$dynae" bench kernels --backend "$backend" --config $config --json "$out/kernels_$config.json"
done
step nvidia_opencl 120 bash -c nvidia_opencl
peers=tools/bench/peers
for form in eager compile graph; do
  step "peer_torch_$form" 90 "$python" $peers/torch_step.py --device cuda --form $form --seconds 2 --json "$out/peer_torch_$form.json"
done
for config in images-1x64 images-3x64; do
  for form in eager graph; do
    for tf32 in '' --tf32; do
      peer=peer_conv_${config}_$form${tf32:+_tf32}
      step "$peer" 60 "$python" $peers/torch_images.py --device cuda --config $config --form $form $tf32 --seconds 2 \
        --json "$out/$peer.json"
    done
  done
done
for models in 1 132 528; do
  step "peer_jax_$models" 90 "$python" $peers/jax_step.py --device cuda --models $models --seconds 2 --json "$out/peer_jax_$models.json"
done
step peer_torch_swd 90 "$python" $peers/torch_swd.py --device cuda --json "$out/peer_torch_swd.json"
# Long ones, for a call of their own.
step swd_million 200 "$dynae" bench swd --backend "$backend" --json "$out/swd_million.json" \
  --sizes K1-N1000000-d3-L64,K1-N1000000-d10-L256
for config in images-1x64 images-3x64; do
  step "conv_${config}_kernels" 400 "$dynae" bench kernels --wide --backend "$backend" --config $config \
    --json "$out/conv_${config}_kernels.json"
done
echo
echo "summary, also in summary.txt of the results:"
cat "$out/summary.txt"
exit $failed
