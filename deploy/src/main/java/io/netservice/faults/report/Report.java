package io.netservice.faults.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.bench.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The results as a table for a terminal, as Markdown and as JSON. */
public final class Report {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Report() {}

  /** A table in columns, with what was not good below. */
  public static String text(List<Row> rows) {
    TextTable table = new TextTable(1, Row.HEADS);
    rows.forEach(row -> table.add(row.cells()));
    StringBuilder text = new StringBuilder(table.toString());
    for (Row row : rows) {
      for (int i = 0; i < row.outcomes().size(); i++) {
        Outcome outcome = row.outcomes().get(i);
        if (!outcome.isGood(row.limit())) {
          text.append("%n%s, run %d:%n".formatted(row.name(), i + 1));
          outcome.notes().forEach(note -> text.append("  ").append(note).append('\n'));
        }
      }
    }
    return text.toString();
  }

  /** The same table for a README. */
  public static String markdown(List<Row> rows, long seed) {
    StringBuilder text = new StringBuilder();
    text.append("Seed ").append(seed).append(".\n\n");
    text.append("| ").append(String.join(" | ", Row.HEADS)).append(" |\n");
    text.append("|").append(" --- |".repeat(Row.HEADS.length)).append('\n');
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(row.cells());
      cells.set(0, "`" + row.name() + "`: " + row.title());
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return text.toString();
  }

  /** Every run. */
  public static String json(List<Row> rows, long seed) {
    ObjectNode root = MAPPER.createObjectNode().put("seed", seed);
    ArrayNode faults = root.putArray("faults");
    for (Row row : rows) {
      ObjectNode fault =
          faults
              .addObject()
              .put("name", row.name())
              .put("title", row.title())
              .put("limitSeconds", row.limit());
      ArrayNode runs = fault.putArray("runs");
      for (Outcome outcome : row.outcomes()) {
        ObjectNode run = runs.addObject();
        outcome
            .seconds()
            .ifPresentOrElse(
                seconds -> run.put("secondsToRight", seconds), () -> run.putNull("secondsToRight"));
        run.put("stale", outcome.stale())
            .put("wrong", outcome.wrong())
            .put("duplicates", outcome.duplicates())
            .put("overlaps", outcome.overlaps())
            .put("withdrawn", outcome.withdrawn())
            .put("failed", outcome.failed())
            .put("hits", outcome.hits());
        ArrayNode notes = run.putArray("notes");
        outcome.notes().forEach(notes::add);
      }
    }
    return root.toPrettyString() + "\n";
  }

  /** Writes all of them into {@code folder}. */
  public static void write(Path folder, List<Row> rows, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("result.json"), json(rows, seed));
    Files.writeString(folder.resolve("result.md"), markdown(rows, seed));
  }
}
