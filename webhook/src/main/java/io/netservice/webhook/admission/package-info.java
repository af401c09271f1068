/**
 * What the API server asks and what it is told: AdmissionReview in, AdmissionReview out, without
 * HTTP.
 */
package io.netservice.webhook.admission;
