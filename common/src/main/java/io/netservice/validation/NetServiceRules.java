package io.netservice.validation;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import io.netservice.api.NetServiceSpec;
import io.netservice.api.ServiceType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a NetService must be for a Service and endpoints to be made of it. The rules are those of
 * the CustomResourceDefinition; see {@link NetServiceSpec}.
 */
public final class NetServiceRules {

  /** The bounds of the CustomResourceDefinition. */
  private static final int SELECTOR_MAX = 64;

  private static final int PORTS_MAX = 100;

  /** Stands for the letters and digits that the API server generates. */
  private static final String GENERATED = "xxxxx";

  private static final String NAME =
      "a name that a Service may have: at most 63 lower case letters, digits or '-', starting with"
          + " a letter, not ending with '-'";
  private static final String NAME_PREFIX = "must be the beginning of " + NAME;
  private static final String NETWORK =
      "must be [namespace/]name of a NetworkAttachmentDefinition: lower case letters, digits and '-',"
          + " in the name also '.', beginning and ending with a letter or digit";
  private static final String LABEL_KEY =
      "must be a label key: [prefix/]name, the prefix a DNS name, the name at most 63 letters,"
          + " digits, '-', '_' or '.', beginning and ending with a letter or digit";
  private static final String LABEL_VALUE =
      "must be a label value: empty or at most 63 letters, digits, '-', '_' or '.', beginning and"
          + " ending with a letter or digit";
  private static final String PORT = "must be a number from 1 to 65535";

  private static final List<Function<NetServiceSpec, Stream<Violation>>> SPEC_RULES =
      List.of(
          NetServiceRules::netAttachDef,
          NetServiceRules::podInterface,
          NetServiceRules::selectorSize,
          NetServiceRules::selectorKeys,
          NetServiceRules::selectorValues,
          NetServiceRules::portsWhereNeeded,
          NetServiceRules::portsSize,
          NetServiceRules::eachPort,
          NetServiceRules::portsDiffer,
          NetServiceRules::portNamesWhereNeeded,
          NetServiceRules::portNamesDiffer,
          NetServiceRules::ipFamiliesDiffer);

  private NetServiceRules() {}

  /**
   * The rules that {@code netService} breaks, in the order of its fields; empty when it is right.
   */
  public static List<Violation> check(NetService netService) {
    NetServiceSpec spec = netService.getSpec();
    return Stream.concat(
            name(netService).stream(),
            spec == null
                ? Stream.of(Violation.of("spec", null, "must be given"))
                : SPEC_RULES.stream().flatMap(rule -> rule.apply(spec)))
        .toList();
  }

  /** Whether {@code text} can be the {@code netAttachDef} of a NetService. */
  public static boolean isNetAttachDef(String text) {
    return Syntax.isNetwork(text);
  }

  private static Optional<Violation> name(NetService netService) {
    ObjectMeta metadata = netService.getMetadata();
    String name = metadata == null ? null : metadata.getName();
    String prefix = metadata == null ? null : metadata.getGenerateName();
    if ((name == null || name.isEmpty()) && prefix != null && !prefix.isEmpty()) {
      // The API server makes the name after the mutating webhooks, before the validating ones.
      return when(
          !Syntax.isServiceName(generated(prefix)), "metadata.generateName", prefix, NAME_PREFIX);
    }
    return when(
        name == null || !Syntax.isServiceName(name), "metadata.name", name, "must be " + NAME);
  }

  /** A name as the API server makes it: five letters and digits behind what fits of the prefix. */
  private static String generated(String prefix) {
    return prefix.substring(0, Math.min(prefix.length(), Syntax.LABEL_MAX - GENERATED.length()))
        + GENERATED;
  }

  private static Stream<Violation> netAttachDef(NetServiceSpec spec) {
    String network = spec.netAttachDef();
    return when(
        network == null || !Syntax.isNetwork(network), "spec.netAttachDef", network, NETWORK)
        .stream();
  }

  private static Stream<Violation> podInterface(NetServiceSpec spec) {
    String name = spec.podInterface();
    return when(
        name != null && !Syntax.isInterface(name),
        "spec.interface",
        name,
        "must be the name of an interface: 1 to 15 characters without '/', ':' or white space")
        .stream();
  }

  private static Stream<Violation> selectorSize(NetServiceSpec spec) {
    int size = spec.selector().size();
    return when(
        size < 1 || size > SELECTOR_MAX,
        "spec.selector",
        size == 0 ? null : size,
        "must have 1 to " + SELECTOR_MAX + " labels")
        .stream();
  }

  private static Stream<Violation> selectorKeys(NetServiceSpec spec) {
    return spec.selector().keySet().stream()
        .sorted()
        .filter(key -> !Syntax.isQualifiedName(key))
        .map(key -> Violation.of("spec.selector", key, LABEL_KEY));
  }

  private static Stream<Violation> selectorValues(NetServiceSpec spec) {
    return spec.selector().entrySet().stream()
        .filter(label -> !Syntax.isLabelValue(label.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            label ->
                Violation.of(
                    "spec.selector[" + Violation.show(label.getKey()) + "]",
                    label.getValue(),
                    LABEL_VALUE));
  }

  private static Stream<Violation> portsWhereNeeded(NetServiceSpec spec) {
    return when(
        spec.type() != ServiceType.HEADLESS && spec.ports().isEmpty(),
        "spec.ports",
        null,
        "must have at least one port when spec.type is " + spec.type())
        .stream();
  }

  private static Stream<Violation> portsSize(NetServiceSpec spec) {
    int size = spec.ports().size();
    return when(size > PORTS_MAX, "spec.ports", size, "must have at most " + PORTS_MAX + " ports")
        .stream();
  }

  private static Stream<Violation> eachPort(NetServiceSpec spec) {
    return indices(spec)
        .boxed()
        .flatMap(
            i -> {
              NetServicePort port = spec.ports().get(i);
              return Stream.of(
                      portName(field(i), port),
                      portNumber(field(i), port),
                      targetPort(field(i), port),
                      appProtocol(field(i), port))
                  .flatMap(Optional::stream);
            });
  }

  private static Optional<Violation> portName(String field, NetServicePort port) {
    return when(
        port.name() != null && !Syntax.isDnsLabel(port.name()),
        field + ".name",
        port.name(),
        "must be at most 63 lower case letters, digits or '-', beginning and ending with a letter"
            + " or digit");
  }

  private static Optional<Violation> portNumber(String field, NetServicePort port) {
    return when(!Syntax.isPort(port.port()), field + ".port", port.port(), PORT);
  }

  private static Optional<Violation> targetPort(String field, NetServicePort port) {
    IntOrString target = port.targetPort();
    if (target == null) {
      return Optional.empty();
    }
    boolean right =
        target.getStrVal() != null
            ? Syntax.isContainerPortName(target.getStrVal())
            : target.getIntVal() != null && Syntax.isPort(target.getIntVal());
    return when(
        !right,
        field + ".targetPort",
        target.getValue(),
        PORT
            + " or the name of a container's port: at most 15 lower case letters, digits or '-', at"
            + " least one letter, no '-' at either end nor two in a row");
  }

  private static Optional<Violation> appProtocol(String field, NetServicePort port) {
    String protocol = port.appProtocol();
    return when(
        protocol != null && !Syntax.isQualifiedName(protocol),
        field + ".appProtocol",
        protocol,
        "must be [prefix/]name, as \"https\" or \"kubernetes.io/h2c\"");
  }

  private static Stream<Violation> portsDiffer(NetServiceSpec spec) {
    record Key(int port, Object protocol) {}
    Set<Key> seen = new HashSet<>();
    return indices(spec)
        .filter(i -> !seen.add(new Key(spec.ports().get(i).port(), spec.ports().get(i).protocol())))
        .mapToObj(
            i ->
                Violation.of(
                    field(i) + ".port",
                    spec.ports().get(i).port(),
                    "must differ from the other " + spec.ports().get(i).protocol() + " ports"));
  }

  private static Stream<Violation> portNamesWhereNeeded(NetServiceSpec spec) {
    if (spec.ports().size() < 2) {
      return Stream.empty();
    }
    return indices(spec)
        .filter(i -> spec.ports().get(i).name() == null)
        .mapToObj(
            i ->
                Violation.of(
                    field(i) + ".name", null, "must be given when there is more than one port"));
  }

  private static Stream<Violation> portNamesDiffer(NetServiceSpec spec) {
    Set<String> seen = new HashSet<>();
    return indices(spec)
        .filter(i -> spec.ports().get(i).name() != null)
        .filter(i -> !seen.add(spec.ports().get(i).name()))
        .mapToObj(
            i ->
                Violation.of(
                    field(i) + ".name",
                    spec.ports().get(i).name(),
                    "must differ from the names of the other ports"));
  }

  private static Stream<Violation> ipFamiliesDiffer(NetServiceSpec spec) {
    Set<Object> seen = new HashSet<>();
    return IntStream.range(0, spec.ipFamilies().size())
        .filter(i -> !seen.add(spec.ipFamilies().get(i)))
        .mapToObj(
            i ->
                Violation.of(
                    "spec.ipFamilies[" + i + "]",
                    spec.ipFamilies().get(i),
                    "must be given once: IPv4, IPv6 or both"));
  }

  private static IntStream indices(NetServiceSpec spec) {
    return IntStream.range(0, spec.ports().size());
  }

  private static String field(int port) {
    return "spec.ports[" + port + "]";
  }

  private static Optional<Violation> when(
      boolean broken, String field, Object value, String accepted) {
    return broken ? Optional.of(Violation.of(field, value, accepted)) : Optional.empty();
  }
}
