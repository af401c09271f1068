package io.netservice.network;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the annotation {@code k8s.v1.cni.cncf.io/network-status} of the Kubernetes Network Plumbing
 * Working Group's specification, version 1.3, section 5.
 *
 * <p>Whoever may patch a pod writes this text, so nothing in it can throw past the parser or make
 * it work without bound: length, nesting, entries and addresses are limited, addresses are read as
 * literals only. Stateless; may be called from any thread.
 */
public final class NetworkStatusParser {

  public static final String ANNOTATION = "k8s.v1.cni.cncf.io/network-status";

  /** The older spelling, read where the first is missing. */
  public static final String OLD_ANNOTATION = "k8s.v1.cni.cncf.io/networks-status";

  /** The API server's bound for all annotations of an object together (256 KiB). */
  static final int MAX_LENGTH = 256 * 1024;

  static final int MAX_NESTING = 16;
  static final int MAX_ATTACHMENTS = 256;

  /** The most addresses of one attachment; what is over it is refused, one by one. */
  static final int MAX_ADDRESSES = 64;

  /** How many refused addresses are told; the rest is only counted. */
  static final int MAX_REFUSED = 4;

  /** The longest that a reason, or what is told of one refused address, can be. */
  static final int MAX_TOLD = 256;

  /** How much of what a pod wrote is repeated. */
  private static final int MAX_QUOTED = 64;

  /** What would not be seen, or change how the text around it is seen; and half characters. */
  private static final Pattern INVISIBLE = Pattern.compile("\\p{C}");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_LENGTH)
                  .maxNumberLength(64)
                  .maxNameLength(1024)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private NetworkStatusParser() {}

  /**
   * What {@code annotation} says of a pod in {@code namespace}.
   *
   * @param annotation the value, null for none
   */
  public static NetworkStatus parse(String annotation, String namespace) {
    if (annotation == null || annotation.isBlank()) {
      return NetworkStatus.ABSENT;
    }
    if (annotation.length() > MAX_LENGTH) {
      return malformed("longer than " + MAX_LENGTH + " characters: " + annotation.length());
    }
    try (JsonParser json = JSON.createParser(annotation)) {
      return new NetworkStatus.Present(attachments(json, namespace));
    } catch (WrongType e) {
      return malformed(e.getMessage() + ", at byte " + bytes(annotation, e.at));
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
      return malformed("not JSON at byte " + bytes(annotation, at) + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      return malformed("not readable: " + e.getMessage());
    }
  }

  /** How many bytes come before a character in UTF-8, as the API server stores it. */
  private static int bytes(String text, long characters) {
    int end = (int) Math.min(text.length(), characters);
    return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
  }

  private static NetworkStatus malformed(String reason) {
    return new NetworkStatus.Malformed(shown(reason, MAX_TOLD));
  }

  private static List<Attachment> attachments(JsonParser json, String namespace)
      throws IOException, WrongType {
    expect(json, json.nextToken(), JsonToken.START_ARRAY, "the status", "a list");
    List<Attachment> attachments = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, json.currentToken(), JsonToken.START_OBJECT, "an entry", "an object");
      if (attachments.size() == MAX_ATTACHMENTS) {
        throw new WrongType("more than " + MAX_ATTACHMENTS + " entries", offset(json));
      }
      attachments.add(attachment(json, namespace));
    }
    if (json.nextToken() != null) {
      throw new WrongType("more text behind the list", offset(json));
    }
    return attachments;
  }

  private static Attachment attachment(JsonParser json, String namespace)
      throws IOException, WrongType {
    // Multus may leave the default network's name empty; it is nobody's match then.
    NetworkName network = new NetworkName("", "");
    boolean qualified = false;
    String podInterface = "";
    boolean isDefault = false;
    Addresses addresses = new Addresses();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "name" -> {
          String name = text(json, value, field);
          network = network(json, name, namespace);
          qualified = name.indexOf('/') >= 0;
        }
        case "interface" -> podInterface = text(json, value, field);
        case "default" -> {
          if (value != JsonToken.VALUE_NULL && !value.isBoolean()) {
            throw wrong(json, field, "true or false");
          }
          isDefault = value == JsonToken.VALUE_TRUE;
        }
        case "ips" -> addresses = Addresses.read(json, value);
        default -> json.skipChildren();
      }
    }
    return new Attachment(
        network,
        qualified,
        isDefault,
        podInterface,
        List.copyOf(addresses.usable),
        addresses.refused());
  }

  private static NetworkName network(JsonParser json, String name, String namespace)
      throws WrongType {
    try {
      return name.isEmpty() ? new NetworkName("", "") : NetworkName.parse(name, namespace);
    } catch (IllegalArgumentException e) {
      throw wrong(json, "name " + quoted(name), "a name or namespace/name");
    }
  }

  private static String text(JsonParser json, JsonToken value, String field)
      throws IOException, WrongType {
    if (value == JsonToken.VALUE_NULL) {
      return "";
    }
    expect(json, value, JsonToken.VALUE_STRING, field, "a string");
    return json.getText();
  }

  private static void expect(
      JsonParser json, JsonToken token, JsonToken wanted, String what, String wantedName)
      throws WrongType {
    if (token != wanted) {
      throw wrong(json, what, wantedName);
    }
  }

  private static WrongType wrong(JsonParser json, String what, String wanted) {
    return new WrongType(what + " must be " + wanted, offset(json));
  }

  private static long offset(JsonParser json) {
    return Math.max(0, json.currentTokenLocation().getCharOffset());
  }

  /**
   * What may be shown to a person of {@code text} that a pod wrote: at most {@code most} characters
   * of it, with a mark where there were more, and nothing invisible.
   */
  static String shown(String text, int most) {
    String safe = text == null ? "" : text;
    if (safe.length() > most) {
      safe = safe.substring(0, most - 3) + "...";
    }
    return INVISIBLE.matcher(safe).replaceAll("?");
  }

  private static String quoted(String text) {
    return '"' + shown(text, MAX_QUOTED) + '"';
  }

  /** Sorts the addresses of one entry into usable and refused. */
  private static final class Addresses {
    private final Set<IpAddress> usable = new LinkedHashSet<>();
    private final List<String> told = new ArrayList<>();
    private int untold;

    static Addresses read(JsonParser json, JsonToken value) throws IOException, WrongType {
      Addresses addresses = new Addresses();
      if (value == JsonToken.VALUE_NULL) {
        return addresses;
      }
      expect(json, value, JsonToken.START_ARRAY, "ips", "a list");
      JsonToken token;
      while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
        if (token == JsonToken.VALUE_STRING) {
          addresses.take(json.getText());
        } else {
          addresses.refuse(json.getText(), "not a string");
          json.skipChildren();
        }
      }
      return addresses;
    }

    private void take(String text) {
      Optional<IpAddress> address = IpAddress.parse(text);
      Optional<String> unusable = address.flatMap(IpAddress::unusable);
      if (address.isEmpty()) {
        refuse(text, "not an IP address");
      } else if (unusable.isPresent()) {
        refuse(text, unusable.get());
      } else if (usable.size() == MAX_ADDRESSES && !usable.contains(address.get())) {
        refuse(text, "more than " + MAX_ADDRESSES + " addresses");
      } else {
        usable.add(address.get());
      }
    }

    private void refuse(String text, String why) {
      if (told.size() < MAX_REFUSED) {
        told.add(quoted(text) + " (" + why + ")");
      } else {
        untold++;
      }
    }

    List<String> refused() {
      if (untold > 0) {
        told.add("and " + untold + " more");
        untold = 0;
      }
      return told;
    }
  }

  /** Well-formed JSON of another shape. */
  private static final class WrongType extends Exception {
    private static final long serialVersionUID = 1;

    /** Where, in characters. */
    final long at;

    WrongType(String message, long at) {
      super(message, null, false, false);
      this.at = at;
    }
  }
}
