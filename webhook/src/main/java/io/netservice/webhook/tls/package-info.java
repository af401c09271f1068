/** The serving certificate: read from files, watched, handed on when it changes. */
package io.netservice.webhook.tls;
