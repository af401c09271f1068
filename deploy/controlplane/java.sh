# What commands share that run Java from the checkout; sourced. The caller defines `die` and, for all
# but find_java, sets `root` to the top folder.

# Sets `java`, which is Java 17 or newer.
find_java() {
  local version
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  command -v "$java" >/dev/null 2>&1 ||
    die "Java 17 or newer is needed and 'java' is not on the PATH: install a JDK"
  version=$("$java" -XshowSettings:properties -version 2>&1 | awk '$1 == "java.specification.version" { print $3 }')
  [ "${version%%.*}" -ge 17 ] 2>/dev/null ||
    die "Java 17 or newer is needed, this is Java ${version:-of an unknown version}: install a newer JDK"
}

is_stale() { # is_stale MODULE: whether its jar is missing or older than what it is made of
  local jar=$root/$1/target/netservice-$1.jar
  [ ! -f "$jar" ] || [ -n "$(find "$root/common/src/main" "$root/$1/src/main" "$root/pom.xml" "$root/$1/pom.xml" -newer "$jar" -print -quit)" ]
}

# Builds the jars of the syncer, the webhook and deploy, if one is not up to date.
build_stale() {
  local module
  if is_stale syncer || is_stale webhook || is_stale deploy; then
    command -v mvn >/dev/null 2>&1 || die "Maven is needed and 'mvn' is not on the PATH: install Maven"
    echo "building: mvn -DskipTests package" >&2
    (cd "$root" && mvn -q -B -DskipTests package >&2) || die "the build failed: see above"
    # Maven leaves a jar alone whose classes are the same: it is up to date all the same.
    for module in syncer webhook deploy; do touch "$root/$module/target/netservice-$module.jar"; done
  fi
}

# Runs CLASS of deploy's jar, in a JVM with these options, in place of the caller.
exec_main() { # exec_main CLASS JVM-OPTION... -- ARGUMENT...
  local class=$1 options=() terminal=()
  shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  [ ! -t 2 ] || terminal=(--terminal)
  exec "$java" "${options[@]}" \
    "-Dnetservice.controlplane=$root/deploy/controlplane" \
    -cp "$root/deploy/target/netservice-deploy.jar:$root/deploy/target/lib/*" \
    "$class" --root "$root" "${terminal[@]}" "$@"
}
