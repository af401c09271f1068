package io.netservice.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Lines of text in columns that are as wide as they must be. */
public final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();
  private final int leftAligned;

  /**
   * A table with a first line.
   *
   * @param leftAligned how many columns at the left hold text; the others hold numbers
   */
  public TextTable(int leftAligned, String... heads) {
    this.leftAligned = leftAligned;
    rows.add(List.of(heads));
  }

  public void add(List<String> row) {
    rows.add(List.copyOf(row));
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append("  ").append(i < leftAligned ? row.get(i) + padding : padding + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
