#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the stand-ins for a GPU's driver, cuBLAS and nvcc into FOLDER: native/gpu_on_threads/build.sh FOLDER. Needs g++ 12; linux x86_64.
# Then, for instance:
#   PATH=FOLDER:$PATH LD_LIBRARY_PATH=FOLDER JAVA_OPTS=-Ddynae.cuda.compiler=nvcc tools/dynae devices
set -eu
[ $# -eq 1 ] || { echo "usage: native/gpu_on_threads/build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
compiler=${CXX:-g++}
command -v "$compiler" >/dev/null || { echo "native/gpu_on_threads/build.sh: $compiler is not on the PATH: apt-get install g++" >&2; exit 3; }
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "native/gpu_on_threads/build.sh: Linux x86_64 does not hold: $(uname -sm)" >&2; exit 3; }
mkdir -p "$1"
"$compiler" -std=c++20 -O2 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -pthread -Wl,-soname,libcuda.so.1 \
  -o "$1/libcuda.so.1" "$here"/device.cpp "$here"/memory.cpp "$here"/modules.cpp "$here"/streams.cpp "$here"/cublas.cpp -ldl
# One library under both names, so that they share streams.
ln -sf libcuda.so.1 "$1/libcublas.so.13"
rm -f "$1/nvcc"
printf '#!/bin/sh\nexec "%s/nvcc.sh" "$@"\n' "$here" >"$1/nvcc"
chmod +x "$1/nvcc"
