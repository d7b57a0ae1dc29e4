# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Options of Java that the launcher would choose, and what it knows of Slurm. Whatever a site or a user has said in one of
# Java's variables wins.
said="${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_OPTS:-} ${_JAVA_OPTIONS:-}"
defaults=()

# default PATTERN OPTION: adds OPTION unless something said matches PATTERN, or more may be said in a file.
default() {
  [[ $said =~ $1|(^|[[:space:]])@|-XX:Flags=|-XX:VMOptionsFile= ]] || defaults+=("$2")
}

is_number() { [[ $1 =~ ^[1-9][0-9]{0,11}$ ]]; }

# Megabytes of the machine, or of the process's cgroup or one around it, whichever is least.
memory_mb() {
  local name kb path bytes least
  read -r name kb _ </proc/meminfo
  [ "$name" = MemTotal: ] || return 1
  least=$((kb / 1024))
  path=$(sed -n 's/^0:://p' /proc/self/cgroup)
  while :; do
    { read -r bytes <"/sys/fs/cgroup$path/memory.max"; } 2>/dev/null || bytes=max
    ! is_number "${bytes%??????}" || [ $((bytes >> 20)) -ge $least ] || least=$((bytes >> 20))
    [ "${path:-/}" != / ] || break
    path=${path%/*}
  done
  echo $least
}

# Java sees the machine and cgroups. Where Slurm does not enforce what it grants, Java would take more.
slurm_defaults() {
  local cpus mb=${SLURM_MEM_PER_NODE:-}
  cpus=${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-}}
  if is_number "$cpus" && [ "$cpus" -lt "$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)" ]; then
    default -XX:ActiveProcessorCount= -XX:ActiveProcessorCount="$cpus"
  fi
  if ! is_number "$mb" && is_number "${SLURM_MEM_PER_CPU:-}" && is_number "${SLURM_CPUS_ON_NODE:-$cpus}"; then
    mb=$((SLURM_MEM_PER_CPU * ${SLURM_CPUS_ON_NODE:-$cpus}))
  fi
  if is_number "$mb" && [ "$mb" -lt "$(memory_mb)" ]; then
    default -XX:MaxRAM= -XX:MaxRAM="${mb}m"
  fi
}

# java_defaults HOME_OF_JAVA: sets defaults.
java_defaults() {
  local key value
  default '-XX:[+-]Use(Serial|Parallel|ParallelOld|G1|Z|Shenandoah|Epsilon)GC' -XX:+UseParallelGC
  [ -z "${TMPDIR:-}" ] || default -Djava.io.tmpdir= -Djava.io.tmpdir="$TMPDIR"
  [ -z "${SLURM_JOB_ID:-}" ] || slurm_defaults
  [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    value=${value#\"}
    value=${value%%[!0-9]*}
    # From then on Java warns of native libraries.
    if [ "$key" = JAVA_VERSION ] && is_number "$value" && [ "$value" -ge 24 ]; then
      defaults+=(--enable-native-access=ALL-UNNAMED)
    fi
  done <"$1/release"
}
