package io.netservice.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netservice.bench.subject.Subject;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** The results for programs: the machine, every goal and the values of every round. */
public final class JsonReport {

  private JsonReport() {}

  /** The whole as indented JSON. */
  public static String of(Machine machine, List<Result> results) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      strings(json, "machine", machine.facts());
      json.writeArrayFieldStart("scenarios");
      for (Result result : results) {
        scenario(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text + "\n";
  }

  private static void scenario(JsonGenerator json, Result result) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", result.scenario());
    json.writeStringField("title", result.title());
    strings(json, "facts", result.facts());
    json.writeArrayFieldStart("goals");
    for (Verdict verdict : result.verdicts()) {
      goal(json, verdict);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("subjects");
    for (Subject subject : result.subjects()) {
      json.writeStartObject();
      json.writeStringField("id", subject.id());
      json.writeStringField("title", subject.title());
      json.writeStringField("command", String.join(" ", subject.command()));
      json.writeNumberField("lost", result.lost(subject.id()));
      json.writeArrayFieldStart("rounds");
      for (Map<String, Outcome> round : result.rounds()) {
        if (round.containsKey(subject.id())) {
          values(json, round.get(subject.id()));
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void goal(JsonGenerator json, Verdict verdict) throws IOException {
    Goal goal = verdict.goal();
    json.writeStartObject();
    json.writeStringField("metric", goal.metric().label());
    if (goal.against().isPresent()) {
      json.writeStringField("ratioTo", goal.against().get());
    } else {
      json.writeStringField("unit", goal.metric().unit().symbol());
    }
    json.writeNumberField("atMost", goal.atMost());
    if (verdict.isKnown()) {
      json.writeNumberField("median", verdict.measured().median());
      json.writeNumberField("lowest", verdict.measured().min());
      json.writeNumberField("highest", verdict.measured().max());
    }
    json.writeBooleanField("met", verdict.met());
    json.writeEndObject();
  }

  private static void values(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStartObject();
    for (Map.Entry<Metric, Double> each : outcome.values().entrySet()) {
      String unit = each.getKey().unit().symbol();
      json.writeNumberField(
          each.getKey().label() + (unit.isEmpty() ? "" : " [" + unit + "]"), each.getValue());
    }
    json.writeNumberField("lost", outcome.lost());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> each : values.entrySet()) {
      json.writeStringField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }
}
