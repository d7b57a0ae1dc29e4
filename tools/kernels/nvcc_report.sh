#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints what nvcc makes of the generated step kernels, as a table: tools/kernels/nvcc_report.sh [ARCHITECTURE] [FOLDER]
# ARCHITECTURE: sm_90 unless told. FOLDER: receives the generated texts and stays; a temporary one unless told.
set -eu
home=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
architecture=${1:-sm_90}
folder=${2:-$(mktemp -d)}
[ $# -ge 2 ] || trap 'rm -rf "$folder"' EXIT
nvcc=$(command -v nvcc || echo "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc")
[ -x "$nvcc" ] || { echo "nvcc_report: nvcc is neither on the PATH nor in \$CUDA_HOME/bin" >&2; exit 2; }

(cd "$home" && mvn -q -B -DskipTests package) >&2
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$home/target/classes:$home/target/test-classes:$home/target/lib/*" \
  io.dynae.compute.KernelDump "$folder"

echo "| step kernel | registers | spill stores, bytes | shared memory, bytes | cubin, KB |"
echo "|---|---|---|---|---|"
for source in "$folder"/*_steps.cu "$folder"/*_team_*.cu; do
  cubin=${source%.cu}.cubin
  log=$("$nvcc" -cubin -arch="$architecture" -O3 -std=c++17 --fmad=true -Werror all-warnings -diag-suppress 177 \
    -Xptxas -v -o "$cubin" "$source" 2>&1) || { echo "$log" >&2; exit 1; }
  number() { echo "$log" | grep -oE "[0-9]+ $1" | grep -oE '^[0-9]+' | sort -n | tail -1; }
  spills=$(number 'bytes spill stores')
  shared=$(number 'bytes smem' || true)
  name=$(basename "$source" .cu)
  echo "| \`$name\` | $(number registers) | ${spills:-0} | ${shared:-0} | $(($(stat -c %s "$cubin") / 1024)) |"
done
