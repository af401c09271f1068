/** Requests to the API server that cost little: ready bytes, few connections, no hand-over. */
package io.netservice.http;
