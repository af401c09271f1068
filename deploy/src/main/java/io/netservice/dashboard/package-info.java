/** The dashboard: what it asks Prometheus, and a picture of what comes of it. */
package io.netservice.dashboard;
