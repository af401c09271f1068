package io.netservice.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.netservice.api.NetService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetServiceRulesTest {

  private static final String GOOD = "netAttachDef: core, selector: {app: utils}";
  private static final String LONG = "x".repeat(64);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a bare network                    | netAttachDef: core, selector: {app: utils}
          a network of another namespace    | netAttachDef: net-1/core.v2, selector: {app: utils}
          a prefixed key, an empty value    | netAttachDef: core, selector: {example.org/App_1: ''}
          an interface                      | netAttachDef: core, selector: {a: b}, interface: net1.100
          a port without a name             | netAttachDef: core, selector: {a: b}, ports: [{port: 80}]
          a cluster IP with a port          | netAttachDef: core, selector: {a: b}, type: ClusterIP, ports: [{port: 80, targetPort: http-1}]
          one number on two protocols       | netAttachDef: core, selector: {a: b}, ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]
          the ends of the range             | netAttachDef: core, selector: {a: b}, ports: [{name: a, port: 1, targetPort: 65535}, {name: b, port: 65535, targetPort: 1}]
          a prefixed application protocol   | netAttachDef: core, selector: {a: b}, ports: [{port: 80, appProtocol: kubernetes.io/h2c}]
          both families                     | netAttachDef: core, selector: {a: b}, ipFamilies: [IPv6, IPv4]
          """)
  void whatIsRightBreaksNoRule(String what, String spec) {
    assertEquals(List.of(), messages("corens", spec), what);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an upper case network             | netAttachDef: Core, selector: {a: b} | spec.netAttachDef: "Core": must be [namespace/]name
          no network                        | selector: {a: b} | spec.netAttachDef: must be [namespace/]name
          an empty network                  | netAttachDef: '', selector: {a: b} | spec.netAttachDef: "": must be [namespace/]name
          two slashes                       | netAttachDef: a/b/c, selector: {a: b} | spec.netAttachDef: "a/b/c": must be
          an empty namespace                | netAttachDef: /core, selector: {a: b} | spec.netAttachDef: "/core": must be
          an interface in the network       | netAttachDef: core@net1, selector: {a: b} | spec.netAttachDef: "core@net1": must be
          a dot in the namespace            | netAttachDef: a.b/core, selector: {a: b} | spec.netAttachDef: "a.b/core": must be
          no selector                       | netAttachDef: core | spec.selector: must have 1 to 64 labels
          an empty selector                 | netAttachDef: core, selector: {} | spec.selector: must have 1 to 64 labels
          a key with a blank                | netAttachDef: core, selector: {'a b': c} | spec.selector: "a b": must be a label key
          a key with an upper case prefix   | netAttachDef: core, selector: {Example.org/a: c} | spec.selector: "Example.org/a": must be a label key
          a key without a name              | netAttachDef: core, selector: {example.org/: c} | spec.selector: "example.org/": must be a label key
          a value that ends with a dash     | netAttachDef: core, selector: {app: utils-} | spec.selector["app"]: "utils-": must be a label value
          a long interface                  | netAttachDef: core, selector: {a: b}, interface: abcdefghijklmnop | spec.interface: "abcdefghijklmnop": must be
          an empty interface                | netAttachDef: core, selector: {a: b}, interface: '' | spec.interface: "": must be
          a colon in the interface          | netAttachDef: core, selector: {a: b}, interface: 'a:b' | spec.interface: "a:b": must be
          a line break in the interface     | netAttachDef: core, selector: {a: b}, interface: "a\\nb" | spec.interface: "a\\u000ab": must be
          a cluster IP without ports        | netAttachDef: core, selector: {a: b}, type: ClusterIP | spec.ports: must have at least one port when spec.type is ClusterIP
          a load balancer without ports     | netAttachDef: core, selector: {a: b}, type: LoadBalancer, ports: [] | spec.ports: must have at least one port when spec.type is LoadBalancer
          port zero                         | netAttachDef: core, selector: {a: b}, ports: [{port: 0}] | spec.ports[0].port: 0: must be a number from 1 to 65535
          a port beyond the range           | netAttachDef: core, selector: {a: b}, ports: [{port: 65536}] | spec.ports[0].port: 65536: must be a number from 1 to 65535
          a port's name in upper case       | netAttachDef: core, selector: {a: b}, ports: [{port: 80, name: Http}] | spec.ports[0].name: "Http": must be at most 63
          a target beyond the range         | netAttachDef: core, selector: {a: b}, ports: [{port: 80, targetPort: 70000}] | spec.ports[0].targetPort: 70000: must be a number
          a target without a letter         | netAttachDef: core, selector: {a: b}, ports: [{port: 80, targetPort: '80'}] | spec.ports[0].targetPort: "80": must be a number
          a target with two dashes          | netAttachDef: core, selector: {a: b}, ports: [{port: 80, targetPort: a--b}] | spec.ports[0].targetPort: "a--b": must be a number
          a long target                     | netAttachDef: core, selector: {a: b}, ports: [{port: 80, targetPort: abcdefghijklmnop}] | spec.ports[0].targetPort: "abcdefghijklmnop": must be a number
          a blank in an application protocol| netAttachDef: core, selector: {a: b}, ports: [{port: 80, appProtocol: 'h 2'}] | spec.ports[0].appProtocol: "h 2": must be [prefix/]name
          a port twice                      | netAttachDef: core, selector: {a: b}, ports: [{name: a, port: 80}, {name: b, port: 80}] | spec.ports[1].port: 80: must differ from the other TCP ports
          a name twice                      | netAttachDef: core, selector: {a: b}, ports: [{name: a, port: 80}, {name: a, port: 81}] | spec.ports[1].name: "a": must differ
          two ports, one without a name     | netAttachDef: core, selector: {a: b}, ports: [{name: a, port: 80}, {port: 81}] | spec.ports[1].name: must be given when there is more than one port
          a family twice                    | netAttachDef: core, selector: {a: b}, ipFamilies: [IPv4, IPv4] | spec.ipFamilies[1]: "IPv4": must be given once
          """)
  void whatIsWrongIsNamedWithItsValueAndWhatIsAccepted(String what, String spec, String message) {
    List<String> messages = messages("corens", spec);

    assertEquals(1, messages.size(), () -> what + ": " + messages);
    assertTrue(messages.get(0).startsWith(message), messages.get(0));
  }

  @ParameterizedTest
  @CsvSource({"1corens", "core.ns", "Core", "corens-", "-corens", "''", LONG_NAME})
  void aNameThatNoServiceMayHaveIsRefused(String name) {
    List<String> messages = messages(name, GOOD);

    assertEquals(1, messages.size());
    assertTrue(messages.get(0).startsWith("metadata.name: \""), messages.get(0));
  }

  private static final String LONG_NAME =
      "a123456789012345678901234567890123456789012345678901234567890123";

  @Test
  void anObjectWithoutASpecOrNameIsRefused() {
    assertEquals(
        List.of("metadata.name", "spec"),
        NetServiceRules.check(new NetService()).stream().map(Violation::field).toList());
  }

  @ParameterizedTest
  @CsvSource({"a, true", "core-, true", "1-, false", "Core-, false", "a.b-, false", "-, false"})
  void aNameToBeGeneratedIsJudgedByItsBeginning(String prefix, boolean right) {
    for (String given : List.of(prefix, prefix + "a".repeat(100))) {
      NetService netService = netService(null, GOOD);
      netService.getMetadata().setGenerateName(given);
      List<Violation> violations = NetServiceRules.check(netService);
      assertEquals(right, violations.isEmpty(), given);
      assertTrue(violations.stream().allMatch(v -> v.field().equals("metadata.generateName")));
    }
  }

  @Test
  void everyBrokenRuleIsNamedInTheOrderOfTheFields() {
    assertEquals(
        List.of("spec.netAttachDef", "spec.selector", "spec.ports[0].port"),
        NetServiceRules.check(netService("corens", "netAttachDef: Core, ports: [{port: 0}]"))
            .stream()
            .map(Violation::field)
            .toList());
  }

  @Test
  void aLongValueIsCut() {
    String message =
        messages("corens", "netAttachDef: '" + LONG + LONG + "/', selector: {a: b}").get(0);

    assertTrue(message.startsWith("spec.netAttachDef: \"" + LONG + "...\": must be"), message);
  }

  @Test
  void whatIsShownStaysInOneLineAndInItsQuotes() {
    assertEquals("\"a\\\"b\\\\\\u000a\\u202e\"", Violation.show("a\"b\\\n\u202e"));
  }

  @Test
  void aHugeNameIsRefusedAtOnce() {
    String huge = "a.".repeat(1_000_000);

    assertEquals(1, messages("corens", "netAttachDef: " + huge + ", selector: {a: b}").size());
  }

  private static List<String> messages(String name, String spec) {
    return NetServiceRules.check(netService(name, spec)).stream().map(Violation::message).toList();
  }

  /** A NetService with {@code spec} in YAML's flow style. */
  private static NetService netService(String name, String spec) {
    NetService netService =
        new KubernetesSerialization().unmarshal("spec: {" + spec + "}", NetService.class);
    netService.getMetadata().setName(name);
    return netService;
  }
}
