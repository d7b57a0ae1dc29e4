#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the plain Java operations under JMH, one thread, a JVM each. Takes JMH's options, such as
#   jmh.sh -p operation=encoder_1_forward,project_and_sort -p config=d30 -rff out.json -rf json
# Without -p operation=... all operations of the three-well step run: about six minutes.
set -eu
home=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
command -v mvn >/dev/null || { echo "jmh.sh: needs Maven: apt-get install maven" >&2; exit 2; }
target=$home/target/jmh
mkdir -p "$target/classes"
(cd "$home" && mvn -q -B test-compile dependency:build-classpath -Dmdep.includeScope=test \
  -Dmdep.outputFile="$target/classpath") >&2 || { echo "jmh.sh: the build failed, see above" >&2; exit 1; }
libraries=$(cat "$target/classpath")
classes=$home/target/classes:$home/target/test-classes
# The harness that JMH generates around the benchmark is no part of the normal build.
javac -proc:full -version >/dev/null 2>&1 && full=-proc:full || full=
# shellcheck disable=SC2086  # nothing or one word
javac $full --release 17 -nowarn -processor org.openjdk.jmh.generators.BenchmarkProcessor \
  -cp "$classes:$libraries" -d "$target/classes" "$home/tests/io/dynae/bench/JavaOperationsJmh.java"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$target/classes:$classes:$libraries" io.dynae.bench.JavaOperationsJmh "$@"
