/** What every program needs to run: settings, the API client, health and metrics. */
package io.netservice.runtime;
