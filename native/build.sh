#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the forwarding libraries into FOLDER: native/build.sh FOLDER. Needs gcc and a JDK (for jni.h); linux x86_64.
set -eu
[ $# -eq 1 ] || { echo "usage: native/build.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
compiler=${CC:-gcc}
command -v "$compiler" >/dev/null || { echo "native/build.sh: $compiler is not on the PATH: apt-get install gcc" >&2; exit 2; }
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "native/build.sh: Linux x86_64 does not hold: $(uname -sm)" >&2; exit 2; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /)")")")}
[ -f "$jdk/include/jni.h" ] || { echo "native/build.sh: $jdk/include/jni.h is not there; set JAVA_HOME to a JDK" >&2; exit 2; }
mkdir -p "$1"
part=$(mktemp -d "$1/part.XXXXXX")
trap 'rm -rf "$part"' EXIT

forward() { # FILE FUNCTIONS OLD_NAME NEW_NAME NO_SUCH
  echo "$3 { global: *; };" >"$part/versions"
  "$compiler" -shared -fPIC -O2 -Wall -Wextra -Werror -s -I"$jdk/include" -I"$jdk/include/linux" \
    -DFUNCTIONS="\"$2\"" -DOLD_NAME="\"$3\"" -DNEW_NAME="\"$4\"" -DNO_SUCH="$5" \
    -Wl,-soname,"$3" -Wl,--version-script="$part/versions" -Wl,-z,relro,-z,noexecstack \
    -o "$part/$1" "$here/forward.c" -ldl
  mv "$part/$1" "$folder/$1"
}

folder=$1
# 15: CUBLAS_STATUS_NOT_SUPPORTED; 11: NVRTC_ERROR_INTERNAL_ERROR.
forward libdynae_cublas.so forward_cublas.h libcublas.so.12 libcublas.so.13 15
forward libdynae_nvrtc.so forward_nvrtc.h libnvrtc.so.12 libnvrtc.so.13 11
