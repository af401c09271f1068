package io.netservice.bench.cluster;

/**
 * What the API server answered.
 *
 * @param status the HTTP status
 * @param nanos when its first bytes arrived, as {@link System#nanoTime}
 * @param body the text, empty where a success was not to be kept
 */
public record Answer(int status, long nanos, String body) {}
