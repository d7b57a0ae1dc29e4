# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Keeps the programs of a source tree in target/builds, each with its libraries in a folder of its own. A running program
# holds on to its folder by a lock; target/builds/current is a link, which a new build replaces in one step.
builds=${home:?}/target/builds

# Names, sizes and times of what a program is made of. Compared for equality: clocks may be wrong.
sources() {
  (cd "$home" && find java kernels native pom.xml -type f ! -name '*.md' ! -name '*.png' -printf '%p %s %T@\n') \
    | LC_ALL=C sort | sha256sum
}

# Sets build to the current one and keeps it from being removed while this process runs. 1: there is none.
take_build() {
  while build=$(readlink -e "$builds/current"); do
    { exec 8<"$build/dynae.jar"; } 2>/dev/null || return 1
    flock -s 8 2>/dev/null || true
    # Another build may just have removed it.
    [ ! -f "$build/dynae.jar" ] || return 0
  done
  return 1
}

newest() { take_build && [ "$(cat "$build/sources" 2>/dev/null)" = "$(sources)" ]; }

# Removes all builds but the current one and those in use.
remove_old() {
  local old
  for old in "$builds"/*/; do
    [ "$(readlink -e "$old")" != "$(readlink -e "$builds/current")" ] || continue
    # shellcheck disable=SC2016  # the inner shell expands it
    [ ! -f "$old/dynae.jar" ] || flock -n -x "$old/dynae.jar" rm -f "$old/dynae.jar" || continue
    rm -rf "$old"
  done
}

# Where a call stands before && or ||, bash goes on after what fails, so each step says so itself.
build_failed() {
  echo "dynae: the build failed, see above" >&2
  exit 1
}

build_now() {
  local state part
  state=$(sources)
  echo "dynae: building, once" >&2
  # Jars of earlier versions would be copied too.
  rm -f "$home"/target/lib/*.jar
  (cd "$home" && mvn -q -B -DskipTests package) >&2 || build_failed
  "$home/native/build.sh" "$home/target/lib" >&2 \
    || echo "dynae: goes on without cuBLAS and NVRTC of CUDA 13, see native/README.md" >&2
  { mkdir -p "$builds" && part=$(mktemp -d "$builds/XXXXXXXX") && chmod 755 "$part" && mkdir "$part/lib"; } || build_failed
  find "$home/target/lib" -maxdepth 1 \( -name '*.jar' ! -name '*-natives-*' -o -name '*.so' \) -exec cp -t "$part/lib" {} + \
    || build_failed
  cp "$home/target/dynae.jar" "$part" || build_failed
  # What is saved while it builds is built the next time.
  echo "$state" >"$part/sources" || build_failed
  { ln -sfn "${part##*/}" "$builds/next" && mv -T "$builds/next" "$builds/current"; } || build_failed
  # Let go of the one that was current.
  exec 8<&-
  remove_old
}

# Sets build; builds first where sources have changed.
find_build() {
  ! newest || return 0
  if [ ! -O "$home" ] && take_build; then
    echo "dynae: $home has changed since it was built, and belongs to another user, who alone builds it: the program is as built" >&2
    return 0
  fi
  if [ ! -w "$home" ] || { [ -e "$home/target" ] && [ ! -w "$home/target" ]; }; then
    take_build || { echo "dynae: $home is not built, and you may not write there: ask its owner to run tools/dynae --version, or copy it" >&2; exit 2; }
    echo "dynae: $home has changed since it was built, and you may not write to its target: the program is as built" >&2
    return 0
  fi
  command -v mvn >/dev/null || { echo "dynae: needs Maven once, to build: apt-get install maven" >&2; exit 2; }
  command -v flock >/dev/null || { echo "dynae: needs flock to build: apt-get install util-linux" >&2; exit 2; }
  # One at a time: jobs of an array may all be the first.
  mkdir -p "$home/target"
  exec 9>"$home/target/.building"
  flock 9
  if ! newest; then
    build_now
    take_build || build_failed
  fi
  exec 9>&-
}
