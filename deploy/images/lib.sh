# What the commands of this folder share; sourced. The caller sets `root` and `die`.

# The JDK that images are made of and for: IMAGE_JDK, else JAVA_HOME, else the newest that is installed.
find_jdk() {
  local home
  for home in "${IMAGE_JDK:-}" "${JAVA_HOME:-}" $(printf '%s\n' /usr/lib/jvm/*25* | sort -rV); do
    [ -n "$home" ] && [ -x "$home/bin/jlink" ] || continue
    case $(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null) in
      2[5-9] | [3-9][0-9]) printf '%s\n' "$home"; return ;;
    esac
    [ "$home" != "${IMAGE_JDK:-}" ] || break
  done
  die "a JDK, 25 or newer, is needed for the images: name its folder with -Dimage.jdk=DIR or IMAGE_JDK"
}

# Makes FOLDER/classes.jsa: the classes of LIST, ready to be mapped by the JVM at its start (CDS).
# The JVM compares options, and the names, sizes and times of jars: give it what will be started. It
# lets another folder stand for the one that was, but only if there was one: the parent is where this
# runs from, and no path of this machine gets into the archive.
make_class_archive() { # make_class_archive JAVA FOLDER JAR LIST
  local java=$1 folder=$2 jar=$3 list=$4 options=() name
  name=$(basename "$folder")
  [ ! -f "$folder/jvm.options" ] || options=("@$name/jvm.options")
  (cd "$folder/.." && rm -f "$name/classes.jsa" &&
    "$java" "${options[@]}" -Xshare:dump -XX:SharedClassListFile="$list" -XX:SharedArchiveFile="$name/classes.jsa" \
      -Xlog:disable -Xlog:all=error:stderr -cp "$name/$jar" >"$name/classes.log" 2>&1) && [ -s "$folder/classes.jsa" ] || {
    cat "$folder/classes.log" >&2
    die "no class archive could be made for $folder/$jar"
  }
  rm -f "$folder/classes.log"
}
