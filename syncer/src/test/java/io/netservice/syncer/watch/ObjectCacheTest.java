package io.netservice.syncer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObjectCacheTest {

  /** A list of all namespaces says what is in each. */
  private static boolean all(String key) {
    return Scope.isOf("", key);
  }

  private final ObjectCache<ConfigMap> cache =
      new ObjectCache<>(
          ConfigMap::getMetadata,
          object -> Optional.ofNullable(object.getLabels()).map(labels -> labels.get("owner")));

  /** An object of that name and uid, as it was at {@code version}. */
  private static ConfigMap object(String name, String uid, String version) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid(uid)
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }

  private static ObjectMeta meta(String name, String uid, String version) {
    return object(name, uid, version).getMetadata();
  }

  private static ConfigMap owned(ConfigMap object, String owner) {
    object.getMetadata().setLabels(Map.of("owner", owner));
    return object;
  }

  private String known(String name) {
    return cache
        .get("shop/" + name)
        .map(
            object ->
                object.getMetadata().getUid() + "@" + object.getMetadata().getResourceVersion())
        .orElse("none");
  }

  private List<String> ownedBy(String owner) {
    return cache.ownedBy(owner).stream()
        .map(object -> object.getMetadata().getName())
        .sorted()
        .toList();
  }

  @Test
  void newerStateReplacesAnOlderOne() {
    cache.observe(object("a", "u1", "9"));
    cache.observe(object("a", "u1", "10"));
    assertEquals("u1@10", known("a"));
  }

  @Test
  void olderStateNeverReplacesANewerOne() {
    cache.observe(object("a", "u1", "10"));
    cache.observe(object("a", "u1", "9"));
    assertEquals("u1@10", known("a"));
  }

  @Test
  void versionsBeyondSixtyFourBitsAreCompared() {
    cache.observe(object("a", "u1", "99999999999999999999999"));
    cache.observe(object("a", "u1", "100000000000000000000000"));
    assertEquals("u1@100000000000000000000000", known("a"));
  }

  @Test
  void objectThatWasMadeAnewReplacesItsNamesake() {
    cache.observe(object("a", "u1", "5"));
    cache.observe(object("a", "u2", "8"));
    cache.observe(object("a", "u1", "7"));
    assertEquals("u2@8", known("a"));
  }

  @Test
  void removedObjectIsGone() {
    cache.observe(object("a", "u1", "5"));
    cache.remove(meta("a", "u1", "6"));
    assertEquals("none", known("a"));
    assertEquals(List.of(), cache.keys());
  }

  @Test
  void removedObjectIsGoneThoughItsLastStateWasMissed() {
    cache.observe(object("a", "u1", "7"));
    cache.remove(meta("a", "u1", "5"));
    assertEquals("none", known("a"));
  }

  @Test
  void removalOfAnOlderNamesakeKeepsTheNewerOne() {
    cache.observe(object("a", "u1", "5"));
    cache.observe(object("a", "u2", "8"));
    cache.remove(meta("a", "u1", "7"));
    assertEquals("u2@8", known("a"));
  }

  @Test
  void removalOfANewerNamesakeTakesTheOlderOneToo() {
    cache.observe(object("a", "u1", "5"));
    cache.remove(meta("a", "u2", "9"));
    assertEquals("none", known("a"));
  }

  @Test
  void removalOfWhatIsNotHereDoesNothing() {
    cache.observe(object("a", "u1", "5"));
    cache.remove(meta("b", "u2", "9"));
    assertEquals(List.of("shop/a"), cache.keys());
  }

  @Test
  void objectsAreGroupedByOwner() {
    cache.observe(owned(object("a", "u1", "1"), "shop/db"));
    cache.observe(owned(object("b", "u2", "2"), "shop/db"));
    cache.observe(owned(object("c", "u3", "3"), "shop/web"));
    cache.observe(object("d", "u4", "4"));
    assertEquals(List.of("a", "b"), ownedBy("shop/db"));
    assertEquals(List.of("c"), ownedBy("shop/web"));
    assertEquals(List.of(), ownedBy("shop/none"));
  }

  @Test
  void groupFollowsAChangeOfOwner() {
    cache.observe(owned(object("a", "u1", "1"), "shop/db"));
    cache.observe(owned(object("a", "u1", "2"), "shop/web"));
    assertEquals(List.of(), ownedBy("shop/db"));
    assertEquals(List.of("a"), ownedBy("shop/web"));

    cache.observe(owned(object("a", "u1", "1"), "shop/db")); // The watch is late.
    assertEquals(List.of("a"), ownedBy("shop/web"));

    cache.observe(object("a", "u1", "3"));
    assertEquals(List.of(), ownedBy("shop/web"));
    assertEquals("u1@3", known("a"));
  }

  @Test
  void removedObjectLeavesItsGroup() {
    cache.observe(owned(object("a", "u1", "1"), "shop/db"));
    cache.observe(owned(object("b", "u2", "2"), "shop/db"));
    cache.remove(meta("a", "u1", "3")); // Without the owner: what is here counts.
    assertEquals(List.of("b"), ownedBy("shop/db"));
  }

  @Test
  void whatAListDoesNotShowIsGoneUnlessItIsNewer() {
    cache.observe(object("a", "u1", "5"));
    cache.observe(object("b", "u2", "6"));
    cache.observe(object("c", "u3", "20"));
    List<ObjectMeta> gone = cache.retain(Set.of("shop/a"), "10", ObjectCacheTest::all);
    assertEquals(List.of("b"), gone.stream().map(ObjectMeta::getName).toList());
    assertEquals("u1@5", known("a"));
    assertEquals("none", known("b"));
    assertEquals("u3@20", known("c"));
  }

  @Test
  void listOfANamespaceSaysNothingOfOthers() {
    cache.observe(object("a", "u1", "5"));
    cache.begin("shop/b");
    assertEquals(List.of(), cache.retain(Set.of(), "10", key -> Scope.isOf("shop-2", key)));
    assertEquals("u1@5", known("a"));
    assertTrue(cache.observe(object("b", "u2", "9")));
    assertEquals(2, cache.retain(Set.of(), "10", key -> Scope.isOf("shop", key)).size());
  }

  @Test
  void itTellsWhetherItWasNews() {
    assertTrue(cache.observe(object("a", "u1", "9")));
    assertFalse(cache.observe(object("a", "u1", "9")));
    assertFalse(cache.observe(object("a", "u1", "8")));
    assertTrue(cache.observe(object("a", "u1", "10")));
    assertTrue(cache.remove(meta("a", "u1", "11")));
    assertFalse(cache.remove(meta("a", "u1", "11")));
  }

  // Where metadata alone is told.

  private List<String> unread(String owner) {
    return cache.unread(owner).stream().map(ObjectMeta::getName).sorted().toList();
  }

  private static ObjectMeta ownedMeta(String name, String uid, String version, String owner) {
    return owned(object(name, uid, version), owner).getMetadata();
  }

  @Test
  void whatSomebodyElseWroteIsUnreadUntilItIsRead() {
    cache.observe(owned(object("a", "u1", "5"), "shop/db"));
    assertTrue(cache.observeMetadata(ownedMeta("a", "u1", "6", "shop/db")));
    assertEquals("none", known("a"));
    assertEquals(List.of("a"), unread("shop/db"));
    assertEquals(List.of(), ownedBy("shop/db"));

    assertFalse(cache.observe(owned(object("a", "u1", "5"), "shop/db")), "read too early");
    assertTrue(cache.observe(owned(object("a", "u1", "6"), "shop/db")));
    assertEquals(List.of(), unread("shop/db"));
    assertEquals(List.of("a"), ownedBy("shop/db"));
  }

  @Test
  void whatIsKnownFromAnAnswerIsNotUnread() {
    cache.observe(owned(object("a", "u1", "6"), "shop/db"));
    assertFalse(cache.observeMetadata(ownedMeta("a", "u1", "5", "shop/db")));
    assertFalse(cache.observeMetadata(ownedMeta("a", "u1", "6", "shop/db")));
    assertEquals("u1@6", known("a"));
    assertEquals(List.of(), unread("shop/db"));
  }

  @Test
  void nobodyIsToldOfWhatAnAnswerBringsButItIsUnreadUntilThatComes() {
    cache.begin("shop/a");
    assertFalse(cache.observeMetadata(ownedMeta("a", "u1", "6", "shop/db")));
    assertEquals(List.of("a"), unread("shop/db"));
    cache.end("shop/a");
    assertTrue(cache.observeMetadata(ownedMeta("a", "u1", "7", "shop/db")));
  }

  @Test
  void unreadObjectMayGo() {
    cache.observeMetadata(ownedMeta("a", "u1", "6", "shop/db"));
    assertTrue(cache.remove(meta("a", "u1", "7")));
    assertEquals(List.of(), unread("shop/db"));

    cache.observeMetadata(ownedMeta("b", "u1", "6", "shop/db"));
    assertEquals(1, cache.retain(Set.of(), "7", ObjectCacheTest::all).size());
    assertEquals(List.of(), unread("shop/db"));
  }

  // Answers that come late.

  @Test
  void answerFromBeforeTheObjectWentDoesNotBringItBack() {
    cache.begin("shop/a");
    cache.remove(meta("a", "u1", "7"));
    assertFalse(cache.observe(object("a", "u1", "6")));
    assertEquals("none", known("a"));
    assertTrue(cache.observe(object("a", "u2", "8")), "made anew after that");
    cache.end("shop/a");
  }

  @Test
  void answerFromBeforeAListWithoutTheObjectDoesNotBringItBack() {
    cache.begin("shop/a");
    cache.begin("shop/b");
    cache.retain(Set.of("shop/b"), "10", ObjectCacheTest::all);
    assertFalse(cache.observe(object("a", "u1", "9")));
    assertTrue(cache.observe(object("b", "u2", "9")));
    assertTrue(cache.observe(object("a", "u1", "11")), "made after the list");
  }

  @Test
  void whatWentBeforeTheRequestIsForgotten() {
    cache.begin("shop/a");
    cache.remove(meta("a", "u1", "7"));
    cache.end("shop/a");
    cache.begin("shop/a");
    assertTrue(cache.observe(object("a", "u1", "6")), "nothing is kept of what is gone");
  }
}
