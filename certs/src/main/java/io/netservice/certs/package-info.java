/** Makes the webhook's certificates and tells the API server to trust them. */
package io.netservice.certs;
