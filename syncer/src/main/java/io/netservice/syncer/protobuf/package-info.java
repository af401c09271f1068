/** The wire format of protocol buffers, read and written field by field. */
package io.netservice.syncer.protobuf;
