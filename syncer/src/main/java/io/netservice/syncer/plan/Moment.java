package io.netservice.syncer.plan;

import java.util.Optional;

/**
 * The times that go into a plan.
 *
 * @param now for conditions that change, RFC 3339
 * @param trigger when what is being reacted to happened, RFC 3339; empty if nothing tells. It goes
 *     on what is written and never causes a write
 */
public record Moment(String now, Optional<String> trigger) {}
