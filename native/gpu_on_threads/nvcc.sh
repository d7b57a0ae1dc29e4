#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A compiler under nvcc's name for driver.h: what it writes in a cubin's place is a library for
# this CPU. nvcc.sh --version, or nvcc.sh -cubin -arch=sm_90 [OPTION ...] -o CUBIN SOURCE.cu
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
compiler=${CXX:-g++}
if [ "${1:-}" = --version ]; then
  # Compiled programs are kept by this text: it changes with whatever they are made of.
  echo "gpu_on_threads $("$compiler" -dumpfullversion) $(cat "$here"/../cuda_on_threads*.h "$here/module.h" "$here/nvcc.sh" | sha256sum)"
  exit
fi
output= source=
while [ $# -gt 0 ]; do
  case $1 in
    -o) output=$2; shift ;;
    *.cu) source=$1 ;;
  esac
  shift
done
[ -n "$output" ] && [ -f "$source" ] || { echo "usage: nvcc -cubin -arch=sm_90 -o CUBIN SOURCE.cu" >&2; exit 2; }

# The macros of portable.h and conv_tiles.cu, and CUDA's own words. The limit of a block's threads and the blocks of a
# cluster are written as the program's macros: the preprocessor knows them.
kernels=$(sed -nE \
  -e 's/^TEAM_KERNEL ([a-zA-Z0-9_]+)\(.*/MODULE_KERNEL(\1, GROUP_SIZE, CUDA_ON_THREADS_CLUSTER)/p' \
  -e 's/^TILE_KERNEL\(([^,]+), [^)]*\) ([a-zA-Z0-9_]+)\(.*/MODULE_KERNEL(\2, \1, 1)/p' \
  -e 's/^KERNEL ([a-zA-Z0-9_]+)\(.*/MODULE_KERNEL(\1, GROUP_SIZE, 1)/p' \
  -e 's/^extern "C" __global__ void __launch_bounds__\(([0-9]+)\) ([a-z0-9_]+)\(.*/MODULE_KERNEL(\2, \1, 1)/p' \
  -e 's/^extern "C" __global__ void ([a-z0-9_]+)\(.*/MODULE_KERNEL(\1, 1024, 1)/p' "$source")
trap 'rm -f "$output.cpp"' EXIT
{
  echo '#include "cuda_on_threads.h"'
  echo "#line 1 \"$source\""
  cat "$source"
  echo
  echo '#include "module.h"'
  echo 'extern "C" __attribute__((visibility("default")))'
  echo 'const cuda_on_threads::ModuleKernel cuda_on_threads_kernels[] = {'
  echo "$kernels"
  echo '{nullptr, nullptr, 0, 0, 0, nullptr}};'
} >"$output.cpp"
"$compiler" -std=c++20 -O1 -fPIC -shared -fvisibility=hidden -fno-gnu-unique -fno-strict-aliasing -march=native \
  -ffp-contract=off -w -DCUDA_ON_FIBERS -I"$here/.." -I"$here" -o "$output" "$output.cpp"
