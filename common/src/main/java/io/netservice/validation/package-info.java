/**
 * The rules a NetService must keep, in the words that a person reads when it doesn't. The schema
 * and the CEL rules of the CustomResourceDefinition state the same for the API server.
 */
package io.netservice.validation;
