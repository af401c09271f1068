package io.netservice.api;

/** The transport of a port. */
public enum Protocol {
  TCP,
  UDP,
  SCTP
}
