package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netservice.deploy.AuditLog.Request;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What the programs asked of the API server in all integration tests, beside what the install
 * allows them. The last of them all: see {@code junit-platform.properties}.
 */
@Order(Integer.MAX_VALUE)
class PermissionsIT {

  /**
   * Asked for by OpenShift's admission alone, where an address lies in the cluster's own ranges.
   */
  private static final Set<String> OF_OPENSHIFT =
      Set.of(
          "syncer may create endpoints/restricted",
          "syncer may create endpointslices/restricted.discovery.k8s.io");

  /** Bad request, method not allowed, not acceptable, unsupported media type. */
  private static final Set<Integer> NO_GOOD = Set.of(400, 405, 406, 415);

  private static final int FORBIDDEN = 403;
  private static final int CREATED = 201;

  private List<Request> requests;
  private Set<Right> rights;

  @BeforeEach
  void read() throws Exception {
    Cluster.get(); // Which has the log; else this would say nothing when it runs alone.
    requests = AuditLog.requests();
    rights = Right.ofInstall();
  }

  @Test
  void nothingIsForbiddenThatTheProgramsAskFor() {
    Set<String> missing = new TreeSet<>();
    for (Request request : requests) {
      // Tests that take a right away see it missed: those are among the rights.
      if (request.code() == FORBIDDEN
          && rights.stream().noneMatch(right -> right.allows(request.what()))) {
        missing.add(request.what().toString());
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void nothingIsAllowedThatTheProgramsNeverAskFor() {
    assumeTrue(System.getProperty("it.test") == null, "only all tests together use all rights");
    Set<String> unused = new TreeSet<>();
    rights.stream().filter(right -> !isUsed(right)).forEach(right -> unused.add(right.toString()));
    assertEquals(new TreeSet<>(OF_OPENSHIFT), unused);
  }

  /** A request that is always refused as no good looks allowed, and does nothing. */
  @Test
  void nothingIsAskedForInAFormThatTheApiServerDoesNotKnow() {
    Set<String> wrong = new TreeSet<>();
    for (Request request : requests) {
      if (NO_GOOD.contains(request.code())) {
        wrong.add(request.what() + ": " + request.code());
      }
    }
    assertEquals(Set.of(), wrong);
  }

  private boolean isUsed(Right right) {
    return requests.stream().anyMatch(request -> uses(request, right));
  }

  private static boolean uses(Request request, Right right) {
    if (request.code() == FORBIDDEN) {
      return false;
    }
    Right what = request.what();
    if (request.code() == CREATED && what.verb().equals("patch")) {
      // What is made by server-side apply is asked for as a creation, too, and not written down.
      what = new Right(what.program(), what.namespace(), what.resource(), what.name(), "create");
    }
    // The plugin OwnerReferencesPermissionEnforcement asks for it when something owned is made.
    boolean owned =
        right.resource().equals("netservices/finalizers.netservice.cni.cncf.io")
            && what.program().equals(right.program())
            && what.verb().equals("create")
            && what.resource().equals("services")
            && request.code() == CREATED;
    return owned || right.allows(what) || right.allows(request.what());
  }
}
