/**
 * The API {@code netservice.cni.cncf.io/v1alpha1} as Java types. The CustomResourceDefinition in
 * {@code deploy/base/crd} is generated from them, so a field, its description and its bounds are
 * stated here and nowhere else.
 */
package io.netservice.api;
