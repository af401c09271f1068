package io.netservice.syncer.watch;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.protobuf.ProtobufReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads of a pod what the planner needs, straight from the stream; the rest, most of a pod, is
 * stepped over and never becomes an object.
 *
 * <p>For one thread at a time.
 */
final class PodDecoder implements ProtobufFormat.Decoder<PodDecoder.WatchedPod> {

  /**
   * A pod.
   *
   * @param labels its labels, if they are read at all
   */
  record WatchedPod(PodView view, Map<String, String> labels) {}

  /** Numbers of fields, from generated.proto of k8s.io/api core/v1 and of meta/v1. */
  private static final class Field {
    static final int METADATA = 1;
    static final int SPEC = 2;
    static final int STATUS = 3;

    static final int NAME = 1;
    static final int NAMESPACE = 3;
    static final int UID = 5;
    static final int RESOURCE_VERSION = 6;
    static final int CREATION_TIMESTAMP = 8;
    static final int DELETION_TIMESTAMP = 9;
    static final int LABELS = 11;
    static final int ANNOTATIONS = 12;
    static final int ENTRY_KEY = 1;
    static final int ENTRY_VALUE = 2;
    static final int TIME_SECONDS = 1;

    static final int CONTAINERS = 2;
    static final int NODE_NAME = 10;
    static final int HOSTNAME = 16;
    static final int SUBDOMAIN = 17;
    static final int INIT_CONTAINERS = 20;
    static final int CONTAINER_PORTS = 6;
    static final int CONTAINER_RESTART_POLICY = 24;
    static final int PORT_NAME = 1;
    static final int PORT_NUMBER = 3;
    static final int PORT_PROTOCOL = 4;

    static final int PHASE = 1;
    static final int CONDITIONS = 2;
    static final int CONDITION_TYPE = 1;
    static final int CONDITION_STATUS = 2;
    static final int CONDITION_SINCE = 4;
  }

  private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());

  private final boolean readLabels;
  private final SharedStrings shared;

  /**
   * A decoder.
   *
   * @param readLabels whether labels are needed
   * @param shared keeps one copy of strings that many pods have
   */
  PodDecoder(boolean readLabels, SharedStrings shared) {
    this.readLabels = readLabels;
    this.shared = shared;
  }

  @Override
  public Item<WatchedPod> read(ProtobufReader in) throws IOException {
    Pod pod = new Pod();
    for (int field = in.next(); field != 0; field = in.next()) {
      int outer;
      switch (field) {
        case Field.METADATA -> {
          outer = in.enter();
          metadata(in, pod);
          in.leave(outer);
        }
        case Field.SPEC -> {
          outer = in.enter();
          spec(in, pod);
          in.leave(outer);
        }
        case Field.STATUS -> {
          outer = in.enter();
          status(in, pod);
          in.leave(outer);
        }
        default -> {}
      }
    }
    return new Item<>(pod.name, pod.resourceVersion, new WatchedPod(pod.view(), pod.labels));
  }

  private void metadata(ProtobufReader in, Pod pod) throws IOException {
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.NAME -> pod.name = in.text();
        case Field.NAMESPACE -> pod.namespace = shared(in);
        case Field.UID -> pod.uid = in.text();
        case Field.RESOURCE_VERSION -> pod.resourceVersion = in.text();
        case Field.CREATION_TIMESTAMP -> pod.created = seconds(in);
        case Field.DELETION_TIMESTAMP -> pod.terminating = true;
        case Field.LABELS -> label(in, pod);
        case Field.ANNOTATIONS -> annotation(in, pod);
        default -> {}
      }
    }
  }

  private void label(ProtobufReader in, Pod pod) throws IOException {
    if (!readLabels) {
      return;
    }
    String name = "";
    String value = "";
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.ENTRY_KEY -> name = shared(in);
        case Field.ENTRY_VALUE -> value = shared(in);
        default -> {}
      }
    }
    in.leave(outer);
    if (pod.labels.isEmpty()) {
      pod.labels = new HashMap<>();
    }
    pod.labels.put(name, value);
  }

  private static void annotation(ProtobufReader in, Pod pod) throws IOException {
    boolean isNew = false;
    boolean isOld = false;
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == Field.ENTRY_KEY) {
        isNew = in.is(NetworkStatusParser.ANNOTATION);
        isOld = in.is(NetworkStatusParser.OLD_ANNOTATION);
      } else if (field == Field.ENTRY_VALUE && isNew) {
        pod.networkStatus = in.text();
      } else if (field == Field.ENTRY_VALUE && isOld) {
        pod.oldNetworkStatus = in.text();
      }
    }
    in.leave(outer);
  }

  private void spec(ProtobufReader in, Pod pod) throws IOException {
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.NODE_NAME -> pod.nodeName = shared(in);
        case Field.HOSTNAME -> pod.hostname = in.text();
        case Field.SUBDOMAIN -> pod.subdomain = shared(in);
        case Field.CONTAINERS -> container(in, pod.ports, false);
        case Field.INIT_CONTAINERS -> container(in, pod.sidecarPorts, true);
        default -> {}
      }
    }
  }

  /** Init containers count if they keep running beside the others (sidecars, KEP-753). */
  private void container(ProtobufReader in, List<PodView.NamedPort> ports, boolean sidecarsOnly)
      throws IOException {
    int before = ports.size();
    boolean keepsRunning = !sidecarsOnly;
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == Field.CONTAINER_PORTS) {
        port(in, ports);
      } else if (field == Field.CONTAINER_RESTART_POLICY) {
        keepsRunning |= in.is("Always");
      }
    }
    in.leave(outer);
    if (!keepsRunning) {
      ports.subList(before, ports.size()).clear();
    }
  }

  private void port(ProtobufReader in, List<PodView.NamedPort> ports) throws IOException {
    String name = "";
    Optional<Protocol> protocol = Optional.of(Protocol.TCP);
    int number = 0;
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.PORT_NAME -> name = shared(in);
        case Field.PORT_NUMBER -> number = (int) in.number();
        case Field.PORT_PROTOCOL -> protocol = protocol(in);
        default -> {}
      }
    }
    in.leave(outer);
    if (!name.isEmpty() && protocol.isPresent()) {
      ports.add(new PodView.NamedPort(name, protocol.get(), number));
    }
  }

  /** Empty for one that Kubernetes has learnt since: no port of a NetService is of that. */
  private static Optional<Protocol> protocol(ProtobufReader in) throws IOException {
    if (in.length() == 0) {
      return Optional.of(Protocol.TCP);
    }
    for (Protocol each : PROTOCOLS) {
      if (in.is(each.name())) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static void status(ProtobufReader in, Pod pod) throws IOException {
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.PHASE -> pod.finished = in.is("Succeeded") || in.is("Failed");
        case Field.CONDITIONS -> condition(in, pod);
        default -> {}
      }
    }
  }

  private static void condition(ProtobufReader in, Pod pod) throws IOException {
    boolean isReady = false;
    boolean isSandbox = false;
    boolean isTrue = false;
    boolean isFalse = false;
    long since = 0;
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case Field.CONDITION_TYPE -> {
          isReady = in.is("Ready");
          isSandbox = in.is("PodReadyToStartContainers");
        }
        case Field.CONDITION_STATUS -> {
          isTrue = in.is("True");
          isFalse = in.is("False");
        }
        case Field.CONDITION_SINCE -> since = seconds(in);
        default -> {}
      }
    }
    in.leave(outer);
    if (isReady) {
      pod.ready = isTrue;
      pod.readySince = since;
    } else if (isSandbox) {
      pod.sandboxGone = isFalse;
    }
  }

  private String shared(ProtobufReader in) throws IOException {
    return shared.of(in.buffer(), in.offset(), in.length());
  }

  /** A metav1.Time, which has no fractions; 0 where it is not set. */
  private static long seconds(ProtobufReader in) throws IOException {
    long seconds = 0;
    int outer = in.enter();
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == Field.TIME_SECONDS) {
        seconds = in.number();
      }
    }
    in.leave(outer);
    return seconds;
  }

  /** What is gathered of a pod while it is read. */
  private static final class Pod {
    String name = "";
    String namespace = "";
    String uid = "";
    String resourceVersion = "";
    long created;
    String nodeName = "";
    String hostname = "";
    String subdomain = "";
    String networkStatus;
    String oldNetworkStatus;
    boolean ready;
    long readySince;
    boolean sandboxGone;
    boolean terminating;
    boolean finished;
    Map<String, String> labels = Map.of();
    final List<PodView.NamedPort> ports = new ArrayList<>(0);
    final List<PodView.NamedPort> sidecarPorts = new ArrayList<>(0);

    /**
     * Ready, and not while its sandbox is being remade: kubelet says Ready=True with the old
     * addresses for a moment then, and PodReadyToStartContainers=False. Named ports in the order
     * that FindPort of k8s.io/kubernetes looks: containers, then sidecars.
     */
    PodView view() {
      ports.addAll(sidecarPorts);
      return new PodView(
          name,
          uid,
          created,
          nodeName,
          hostname,
          subdomain,
          ready && !sandboxGone,
          readySince,
          terminating,
          finished,
          NetworkStatusParser.parse(
              networkStatus == null ? oldNetworkStatus : networkStatus, namespace),
          ports);
    }
  }
}
