/** The admission webhook: HTTPS on the outside, {@code admission} and {@code tls} inside. */
package io.netservice.webhook;
