package io.netservice.syncer.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OtherServicesTest {

  private static Optional<String> yaml(MigrateCommand.From from, String annotations, String spec) {
    return new OtherServices(from)
        .yaml(
            ApiObjects.parsed(
                ("{'metadata':{'namespace':'shop','name':'web','annotations':{"
                        + annotations
                        + "}},'spec':"
                        + spec
                        + "}")
                    .replace('\'', '"')));
  }

  @Test
  void serviceOfDanm() {
    assertEquals(
        """
        ---
        # Service shop/web
        # DANM's network internal has to be a NetworkAttachmentDefinition, to which Multus attaches the pods.
        # The Service has to be deleted first, as the NetService makes one of this name.
        apiVersion: netservice.cni.cncf.io/v1alpha1
        kind: NetService
        metadata:
          namespace: shop
          name: web
        spec:
          netAttachDef: internal
          selector:
            app: web
          ports:
          - name: http
            port: 80
        """,
        yaml(
                MigrateCommand.From.DANM,
                "'danm.io/selector':'{\\\"app\\\":\\\"web\\\"}','danm.io/network':'internal'",
                "{'clusterIP':'None','ports':[{'name':'http','port':80,'nodePort':30000}]}")
            .orElseThrow());
  }

  @Test
  void serviceOfMultusServiceWithAClusterIp() {
    String yaml =
        yaml(
                MigrateCommand.From.MULTUS_SERVICE,
                "'k8s.v1.cni.cncf.io/service-network':' core'",
                "{'clusterIP':'10.96.0.1','type':'NodePort','selector':{'app':'web'},"
                    + "'ports':[{'port':80}]}")
            .orElseThrow();
    assertTrue(yaml.contains("  netAttachDef: core\n"), yaml);
    assertTrue(yaml.contains("  type: ClusterIP\n"), yaml);
    assertTrue(yaml.contains("# It is a NodePort Service"), yaml);
    assertTrue(yaml.contains("of this name, with another cluster IP.\n"), yaml);
  }

  @Test
  void ordinaryServiceIsLeftOut() {
    assertEquals(Optional.empty(), yaml(MigrateCommand.From.DANM, "", "{}"));
    assertEquals(Optional.empty(), yaml(MigrateCommand.From.MULTUS_SERVICE, "", "{}"));
  }

  @Test
  void whatCannotBeIsACommentInOneLine() {
    for (String selector : new String[] {"no\\nJSON", "[]", "{}"}) {
      String yaml =
          yaml(
                  MigrateCommand.From.DANM,
                  "'danm.io/selector':'" + selector + "','danm.io/network':'a/b/c'",
                  "{'clusterIP':'None'}")
              .orElseThrow();
      assertTrue(
          yaml.startsWith("---\n# Service shop/web: no NetService can be made of it: "), yaml);
      assertEquals(2, yaml.lines().count(), yaml);
    }
  }
}
