package io.netservice.syncer.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.network.NamespaceIsolation;
import io.netservice.runtime.Program;
import io.netservice.syncer.Main;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PlannerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of files; of a cluster it is the same, see ExplainIT. */
class ExplainTest {

  private static final Path SHOP = Path.of("src/test/resources/explain/shop.yaml");
  private static final String NOW = "2026-01-03T00:00:00Z";

  @TempDir private Path folder;

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  private Explainer explainer(Path... files) throws IOException {
    return new Explainer(
        new FileSource(List.of(files), "default"),
        new Planner(new PlannerSettings(100, true, NamespaceIsolation.off())),
        NOW);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A run of the program, with what it printed on both outputs. */
  private record Run(int code, String out, String err) {
    static Run of(String... arguments) {
      PrintStream out = System.out;
      PrintStream err = System.err;
      ByteArrayOutputStream toOut = new ByteArrayOutputStream();
      ByteArrayOutputStream toErr = new ByteArrayOutputStream();
      System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
      try {
        int code = Program.execute(new Main(), arguments);
        return new Run(
            code, toOut.toString(StandardCharsets.UTF_8), toErr.toString(StandardCharsets.UTF_8));
      } finally {
        System.setOut(out);
        System.setErr(err);
      }
    }
  }

  @Test
  void eachPodHasItsAddressesOrTheExactReason() throws Exception {
    Explainer explainer = explainer(SHOP);
    Explanation explanation = explainer.explain(explainer.netService("shop", "db"));
    assertEquals(
        lines(
            """
            NetService   shop/db: Headless, pods with app=db, ports 5432/TCP
            Network      shop/core: bridge, IPAM host-local
            Service      none
            Slices       none
            Endpoints    none
            Status       none yet: no syncer has looked at it

            POD    STATE                                  PUBLISHED              WHY NOT, AND NOTES
            db-0   ready                                  10.0.0.1, fd00::1      address refused: "fe80::1" (link-local)
            db-1   not ready since 2026-01-01T00:00:06Z   10.0.0.2 (not ready)   it has no port named sql/TCP
            db-2   ready                                  -                      it is not attached to shop/core but to shop/access (net1), other/core (net2)
            db-3   ready                                  -                      its network-status is malformed: name must be a string, at byte 9
            db-4   ready                                  -                      10.0.0.1 is published for pod db-0
            db-5   ready                                  -                      it is attached to shop/core without an address
            db-6   ready                                  -                      it has no usable address on shop/core: refused: "169.254.0.1" (link-local)
            db-7   not ready                              -                      it has no network-status yet
            db-8   terminating, ready                     10.0.0.8 (not ready)
            db-9   finished                               -                      it has finished
            """),
        TextReport.lines(explanation).subList(0, 18));
  }

  @Test
  void networkThatIsMissingIsShouted() throws Exception {
    Explainer explainer = explainer(SHOP);
    List<String> told = TextReport.lines(explainer.explain(explainer.netService("shop", "lost")));
    assertEquals(
        "Network      shop/nowhere: NOT FOUND, there is no such NetworkAttachmentDefinition",
        told.get(1));
    assertTrue(told.contains("No pod has these labels."), told::toString);
  }

  @Test
  void podIsToldWhatEachNetServiceMakesOfIt() throws Exception {
    assertEquals(
        lines(
            """
            Pod           shop/db-2: ready
            Attached to   shop/access (net1): 10.1.0.2
                          other/core (net2): no address

            NETSERVICE   NETWORK   SELECTED   PUBLISHED   WHY NOT, AND NOTES
            db           core      yes        -           it is not attached to shop/core but to shop/access (net1), other/core (net2)
            lost         nowhere   no         -           the pod has no label tier, must be back
            """),
        TextReport.lines(explainer(SHOP).explainPod("shop", "db-2")));
  }

  @Test
  void podWithoutStatusOrNetServiceIsToldSo() throws Exception {
    Path alone =
        file("alone.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {x: y}}\n");
    assertEquals(
        lines(
            """
            Pod              default/a: not ready
            Network status   none yet

            Note: there is no NetService in namespace default.
            """),
        TextReport.lines(explainer(alone).explainPod("default", "a")));
  }

  // What differs.

  /** What is planned of {@code shop.yaml}, as files beside it, after an edit. */
  private List<String> differencesAfter(String from, String to) throws Exception {
    String published = Run.of("plan", "-f", SHOP.toString(), "-o", "yaml").out;
    String uid = "metadata: {name: db, namespace: shop, uid: 00000000-0000-0000-0000-000000000000}";
    Path shop =
        file(
            "shop.yaml",
            Files.readString(SHOP).replace("metadata: {name: db, namespace: shop}", uid));
    String edited = published.replaceFirst(from, to);
    assertTrue(from.isEmpty() || !edited.equals(published), published);
    Explainer explainer = explainer(shop, file("published.yaml", edited));
    return explainer.explain(explainer.netService("shop", "db")).differences().stream()
        .filter(each -> !each.startsWith("the status says"))
        .toList();
  }

  @Test
  void whatIsPublishedAsPlannedDoesNotDiffer() throws Exception {
    assertEquals(List.of(), differencesAfter("", ""));
  }

  @Test
  void eachDifferenceIsNamedByItsAddress() throws Exception {
    assertEquals(
        List.of(
            "10.0.0.1 of pod db-0 is in no slice",
            "10.9.9.9 of pod db-0 is in slice db-ns4-0 and should not be"),
        differencesAfter("(addresses:\\s+- )10\\.0\\.0\\.1", "$110.9.9.9"));
    assertEquals(
        List.of("10.0.0.1 of pod db-0 is in slice db-ns4-0 as not ready, serving, should be ready"),
        differencesAfter("ready: true", "ready: false"));
    assertEquals(
        List.of("10.0.0.1 is not in Endpoints", "10.9.9.9 is in Endpoints and should not be"),
        differencesAfter("ip: 10\\.0\\.0\\.1", "ip: 10.9.9.9"));
    assertEquals(
        List.of("Service db differs in ports"), differencesAfter("port: 5432", "port: 5431"));
  }

  @Test
  void serviceOfSomebodyElseIsANoteAndNothingIsPublished() throws Exception {
    Path foreign =
        file(
            "foreign.yaml",
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: shop}
            spec: {clusterIP: 10.96.0.7, ports: [{port: 1}]}
            """);
    Explainer explainer = explainer(SHOP, foreign);
    List<String> told = TextReport.lines(explainer.explain(explainer.netService("shop", "db")));
    assertTrue(
        told.contains("Service      cluster IP 10.96.0.7, of somebody else"), told::toString);
    assertTrue(
        told.contains(
            "Note: nothing is published: Service shop/db was not made by this NetService: delete it"
                + " or choose another name."),
        told::toString);
  }

  // The commands.

  @Test
  void planPrintsWhatThereWouldBe() {
    Run run = Run.of("plan", "-f", SHOP.toString());
    assertEquals(0, run.code, run.err);
    assertTrue(run.out.contains("Ready        True Published: 2/4 endpoints are ready\n"), run.out);
    assertTrue(
        run.out.contains(
            """
            There would be:
              - Service db
              - EndpointSlice db-ns4-0 (IPv4, 2)
              - EndpointSlice db-ns4-1 (IPv4, 1)
              - EndpointSlice db-ns6-0 (IPv6, 1)
              - Endpoints db
            Note: zones of nodes are left out: the files hold no Node.
            """),
        run.out);
  }

  @Test
  void jsonHasTheKindOfReason() throws Exception {
    JsonNode plans =
        new ObjectMapper().readTree(Run.of("plan", "-f", SHOP.toString(), "-o", "json").out);
    List<String> reasons = new ArrayList<>();
    plans.get(0).get("pods").forEach(pod -> reasons.add(pod.path("reason").asText("-")));
    assertEquals(
        List.of(
            "-",
            "-",
            "NotAttached",
            "Malformed",
            "Duplicate",
            "NoAddress",
            "Refused",
            "NoNetworkStatus",
            "-",
            "Finished"),
        reasons);
    assertEquals("no", plans.get(1).get("network").get("found").asText());
  }

  @Test
  void networkThatMayNotBeNamedIsANote() throws Exception {
    Path strange =
        file(
            "strange.yaml",
            """
            apiVersion: netservice.cni.cncf.io/v1alpha1
            kind: NetService
            metadata: {name: db, namespace: shop}
            spec: {netAttachDef: other/core, selector: {app: db}}
            """);
    Run run = Run.of("plan", "-f", strange.toString(), "--namespace-isolation", "true");
    assertTrue(run.out.contains("Ready        False NotAllowed: "), run.out);
    assertTrue(
        run.out.contains("Note: nothing is published: spec.netAttachDef: other/core: "), run.out);
  }

  @Test
  void ruleThatIsBrokenIsNamed() throws Exception {
    Path broken =
        file(
            "broken.yaml",
            """
            apiVersion: netservice.cni.cncf.io/v1alpha1
            kind: NetService
            metadata: {name: db}
            spec: {netAttachDef: a/b/c, selector: {app: db}}
            """);
    Run run = Run.of("plan", "-f", broken.toString());
    assertEquals(2, run.code);
    assertTrue(run.err.contains("NetService default/db: "), run.err);
    assertTrue(run.err.contains("a/b/c"), run.err);
  }

  /** A check that lets through what the API server refuses is none. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "interfce: net1 | spec.interfce: \"net1\": must not be there, fields are interface, ipFamilies,",
        "type: Foo | spec.type: \"Foo\": must be one of Headless, ClusterIP, LoadBalancer",
        "ports: [{port: http}] | spec.ports[0].port: \"http\": must be a whole number",
        "ports: [{port: 80, targetprt: 8080}] | spec.ports[0].targetprt: 8080: must not be there,",
        "publishNotReadyAddresses: 1 | spec.publishNotReadyAddresses: 1: must be true or false",
        "interface: 1 | spec.interface: 1: must be a string",
      })
  void planRefusesWhatTheApiServerWould(String field, String said) throws Exception {
    Path misfit =
        file(
            "misfit.yaml",
            """
            apiVersion: netservice.cni.cncf.io/v1alpha1
            kind: NetService
            metadata: {name: db}
            spec:
              netAttachDef: core
              selector: {app: db}
              %s
            """
                .formatted(field));
    Run run = Run.of("plan", "-f", misfit.toString());
    assertEquals(2, run.code);
    assertTrue(run.err.contains("plan: NetService default/db: " + said), run.err);
  }

  @Test
  void fileThatIsMissingOrNoYamlIsNamed() throws Exception {
    Run missing = Run.of("plan", "-f", folder.resolve("none.yaml").toString());
    assertEquals(1, missing.code);
    assertTrue(missing.err.contains("none.yaml: there is no such file"), missing.err);
    Run bad = Run.of("plan", "-f", file("bad.yaml", "a: [").toString());
    assertEquals(1, bad.code);
    assertTrue(bad.err.contains("bad.yaml: is no YAML"), bad.err);
  }

  @Test
  void explainNeedsToKnowWhat() {
    for (String[] arguments : new String[][] {{"explain"}, {"explain", "db", "--pod", "db-0"}}) {
      Run run = Run.of(arguments);
      assertEquals(2, run.code);
      assertTrue(run.err.contains("either a NetService or --pod must be named"), run.err);
    }
  }
}
