#!/usr/bin/env bash
# Makes the webhook's certificates from an administrator's machine: the same as the Job of the
# install does. It uses KUBECONFIG, or --kubeconfig; run again it changes nothing while all is well.
#
#   certs/bootstrap.sh [--kubeconfig FILE] [--namespace NAME] [--host NAME-OR-IP]...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
die() { printf 'certs/bootstrap.sh: %s\n' "$*" >&2; exit 1; }

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null 2>&1 || die "Java 17 or newer is needed and 'java' is not on the PATH"
jar=$here/target/netservice-certs.jar
if [ ! -f "$jar" ]; then
  command -v mvn >/dev/null 2>&1 || die "$jar is not built, and building it needs Maven ('mvn')"
  echo "Building $jar ..." >&2
  (cd "$here/.." && mvn -q -B -DskipTests -pl certs -am package) >&2
fi
exec "$java" -jar "$jar" bootstrap "$@"
