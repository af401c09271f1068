package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static List<String> watched(String... names) {
    Scope scope = new Scope(Set.of(names));
    return scope
        .parts()
        .map(part -> Scope.collection(part, "/api/v1", "services", "").path())
        .toList();
  }

  @Test
  void withoutNamesTheWholeClusterIsWatchedAtOnce() {
    assertEquals(List.of("/api/v1/services"), watched());
    assertEquals("", Scope.ALL.part("shop"));
    assertTrue(Scope.isOf("", "shop/db"));
  }

  @Test
  void eachListedNamespaceIsWatchedByItself() {
    assertEquals(
        List.of("/api/v1/namespaces/bar/services", "/api/v1/namespaces/shop/services"),
        watched("shop", "bar"));
    assertEquals("shop", new Scope(Set.of("shop")).part("shop"));
    assertTrue(Scope.isOf("shop", "shop/db"));
    assertFalse(Scope.isOf("shop", "shop-2/db"));
  }
}
