package io.netservice.bench.subject;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Publication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the programs are started: as a person gets them, or as the environment says. */
public final class Programs {

  private final Path root;
  private final Map<String, String> environment;

  /** The starts of programs that were made already, by their java and module. */
  private final Map<String, List<String>> starts = new HashMap<>();

  /**
   * Finds programs in a checkout.
   *
   * @param root the top folder of the repository
   * @param environment the variables, as {@link System#getenv()} gives them
   */
  public Programs(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = Map.copyOf(environment);
  }

  /** kube-controller-manager with its endpoints and endpointslice controllers alone. */
  public static Subject kubeControllerManager(Path binaries, boolean raised) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("kube-controller-manager").toString(),
                "--kubeconfig=" + Subject.KUBECONFIG,
                "--controllers=endpoints-controller,endpointslice-controller",
                "--leader-elect=false",
                "--secure-port=0"));
    if (raised) {
      command.addAll(List.of("--kube-api-qps=1000", "--kube-api-burst=2000"));
    }
    return new Subject(
        raised ? Subject.KCM_RAISED : Subject.KCM,
        raised ? "kcm, limits raised" : "kcm",
        Publication.SERVICE,
        command);
  }

  /**
   * The syncer of this checkout on another JVM, to be measured beside the first.
   *
   * @param labelled {@code LABEL=JAVA}
   */
  public Subject syncerOn(String labelled) {
    int equals = equalsSign(labelled, "LABEL=JAVA");
    String label = labelled.substring(0, equals);
    return syncer(label, label, start("syncer", labelled.substring(equals + 1)));
  }

  /** The syncer of this checkout. */
  public Subject syncer() {
    return syncer(Subject.OURS, "NetService", command("syncer"));
  }

  /**
   * Another syncer, to be measured beside the first.
   *
   * @param labelled {@code LABEL=COMMAND}, the command's words parted by spaces
   */
  public static Subject syncer(String labelled) {
    int equals = equalsSign(labelled, "LABEL=COMMAND");
    String label = labelled.substring(0, equals);
    return syncer(label, label, words(labelled.substring(equals + 1)));
  }

  /**
   * The webhook of this checkout, on loopback.
   *
   * @param certificate PEM
   * @param key PEM, PKCS#8
   */
  public Subject webhook(int port, int metricsPort, Path certificate, Path key) {
    List<String> command = new ArrayList<>(command("webhook"));
    command.addAll(
        List.of(
            "--kubeconfig",
            Subject.KUBECONFIG,
            "--bind-address",
            "127.0.0.1",
            "--port",
            "" + port,
            "--metrics-port",
            "" + metricsPort,
            "--tls-cert",
            certificate.toString(),
            "--tls-key",
            key.toString()));
    return new Subject(Subject.OURS, "NetService", Publication.NETSERVICE, command);
  }

  /** The program of a module: {@code BENCH_MODULE_COMMAND}, or its jar in a JVM. */
  public List<String> command(String module) {
    String whole = environment.getOrDefault(variable(module, "COMMAND"), "");
    return whole.isBlank()
        ? start(module, environment.getOrDefault(variable(module, "JAVA"), "java"))
        : words(whole);
  }

  /** As its image starts it, with a class archive, unless the options are others. */
  private List<String> start(String module, String java) {
    return starts.computeIfAbsent(module + " on " + java, any -> newStart(module, java));
  }

  private List<String> newStart(String module, String java) {
    Path jar = root.resolve(module + "/target/netservice-" + module + ".jar");
    if (!Files.exists(jar)) {
      throw new BenchException(jar + " is missing: run mvn package first");
    }
    List<String> command = new ArrayList<>(List.of(java));
    String chosen = environment.get(variable(module, "JAVA_OPTS"));
    Path options = jar.resolveSibling("jvm.options");
    if (chosen != null) {
      command.addAll(words(chosen));
    } else if (Files.exists(options)) {
      command.add("@" + options);
      command.add("-XX:SharedArchiveFile=" + ClassArchive.make(root, module, command, jar));
    }
    command.addAll(List.of("-jar", jar.toString()));
    return List.copyOf(command);
  }

  private static String variable(String module, String what) {
    return "BENCH_" + module.toUpperCase(Locale.ROOT) + "_" + what;
  }

  private static int equalsSign(String labelled, String wanted) {
    int equals = labelled.indexOf('=');
    if (equals < 1 || equals == labelled.length() - 1) {
      throw new IllegalArgumentException("'" + labelled + "': " + wanted + " is wanted");
    }
    return equals;
  }

  private static Subject syncer(String id, String title, List<String> start) {
    List<String> command = new ArrayList<>(start);
    command.addAll(
        List.of(
            "--kubeconfig",
            Subject.KUBECONFIG,
            "--leader-elect=false",
            "--bind-address",
            "127.0.0.1",
            "--metrics-port",
            "0"));
    return new Subject(id, title, Publication.NETSERVICE, command);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
