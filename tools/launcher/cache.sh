# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Finds a folder for the kernels that PoCL compiles. Where it cannot write there, or not execute what is there, PoCL ends
# the process; and what is there runs as the user, so nobody else may write there.
kernels_bytes=8388608

# Whether files in a folder can be written, hold some MB and be executed; if not, says why.
try_folder() {
  local probe
  probe=$(mktemp "$1/probe.XXXXXXXX" 2>/dev/null) || { echo "it cannot be written"; return 1; }
  if ! { fallocate -l $kernels_bytes "$probe" || head -c $kernels_bytes /dev/zero >"$probe"; } 2>/dev/null; then
    echo "$kernels_bytes bytes do not fit"
  elif ! { printf '#!/bin/sh\n' >"$probe" && chmod 700 "$probe" && "$probe"; } 2>/dev/null; then
    echo "nothing can be executed there"
  else
    rm -f "$probe"
    return 0
  fi
  rm -f "$probe"
  return 1
}

# Whether a folder is the user's, and no other's to write to.
is_own() { [ -O "$1" ] && [ -z "$(find "$1" -maxdepth 0 -perm /022)" ]; }

# Makes a folder the user's own below another that may be shared.
make_private() {
  mkdir -m 700 "$1" 2>/dev/null || true
  [ ! -L "$1" ] && [ -O "$1" ] && [ -n "$(find "$1" -maxdepth 0 -type d -perm 700)" ]
}

# Exports POCL_CACHE_DIR, and sets kernels to what Java is told: the folder if it is the program's own, whether this process
# alone uses it, and why it is not the usual one. An empty folder: there is none.
# shellcheck disable=SC2034  # the launcher reads kernels
find_kernels_folder() {
  local cache folder why note='' private=false temporary=${TMPDIR:-/tmp}
  kernels=()
  if [ -n "${POCL_CACHE_DIR:-}" ]; then
    mkdir -p "$POCL_CACHE_DIR" 2>/dev/null || true
    ! why=$(try_folder "$POCL_CACHE_DIR") || return 0
    note="compiled kernels cannot be kept in POCL_CACHE_DIR, $POCL_CACHE_DIR: $why; "
  fi
  case ${XDG_CACHE_HOME:-} in /*) cache=$XDG_CACHE_HOME/dynae ;; *) cache=${HOME:-/dev/null}/.cache/dynae ;; esac
  folder=$cache/pocl
  if ! mkdir -p "$folder" 2>/dev/null; then
    why="it cannot be made"
  elif ! { is_own "$cache" && is_own "$folder"; }; then
    why="others may write there"
  elif why=$(try_folder "$folder"); then
    why=
  fi
  if [ -n "$why" ]; then
    note="${note}compiled kernels cannot be kept in $folder: $why; "
    folder=$temporary/dynae-cache-$(id -u)
    if ! why=$(try_folder "$temporary"); then
      note="${note}nor in $temporary: $why; set XDG_CACHE_HOME to a folder of yours"
      folder=
    elif ! make_private "$folder"; then
      note="${note}nor in $folder, which others may change; they are lost after this run; "
      # Named only: Java makes it, and removes it.
      folder=$(mktemp -u "$temporary/dynae-cache-XXXXXXXXXX")
      private=true
    fi
  fi
  [ -z "$note" ] || [ -z "$folder" ] || note="${note}they are in $folder"
  export POCL_CACHE_DIR=$folder
  kernels=(-Ddynae.kernels="$folder" -Ddynae.kernels.private="$private" -Ddynae.kernels.note="$note")
}
