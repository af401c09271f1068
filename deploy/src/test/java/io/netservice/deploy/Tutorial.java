package io.netservice.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a Markdown page, in order. A block that is fenced as {@code sh} is one script,
 * whose output is not shown. In a block of {@code console} a line with {@code $} begins a command,
 * up to the end of its here-document if it has one, and what follows is what it prints. All
 * commands succeed, but for those of a {@code console fails}, which all fail.
 */
final class Tutorial {

  private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'?([A-Z]+)'?$");

  /** The block that is left out, as whoever runs a test has built. */
  private static final String MAVEN = "sh maven";

  private final List<String> lines;
  private final List<Command> commands = new ArrayList<>();

  /**
   * One command.
   *
   * @param line where its output begins, the first line being 0
   * @param output what it shows, if {@code compared}
   */
  record Command(int line, String text, boolean succeeds, boolean compared, List<String> output) {}

  private Tutorial(List<String> lines) {
    this.lines = lines;
    for (int at = 0; at < lines.size(); at++) {
      if (lines.get(at).startsWith("```")) {
        String kind = lines.get(at).substring(3);
        int end = at + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        block(kind, at + 1, end);
        at = end;
      }
    }
  }

  static Tutorial of(Path page) throws IOException {
    return new Tutorial(Files.readAllLines(page));
  }

  List<Command> commands() {
    return commands;
  }

  private void block(String kind, int from, int to) {
    switch (kind) {
      case MAVEN -> {}
      case "sh" ->
          commands.add(
              new Command(to, String.join("\n", lines.subList(from, to)), true, false, List.of()));
      case "console", "console fails" -> {
        int at = from;
        while (at < to) {
          int command = at;
          if (!lines.get(command).startsWith("$ ")) {
            throw new IllegalStateException(
                "line " + (command + 1) + ": a command is wanted: " + lines.get(command));
          }
          at = endOfCommand(command);
          int output = at;
          while (at < to && !lines.get(at).startsWith("$ ")) {
            at++;
          }
          commands.add(
              new Command(
                  output,
                  String.join("\n", lines.subList(command, output)).substring(2),
                  kind.equals("console"),
                  true,
                  List.copyOf(lines.subList(output, at))));
        }
      }
      default ->
          throw new IllegalStateException(
              "line " + from + ": nobody knows how to run a block of " + kind);
    }
  }

  private int endOfCommand(int command) {
    Matcher here = HERE_DOCUMENT.matcher(lines.get(command));
    int at = command + 1;
    if (here.find()) {
      while (!lines.get(at++).equals(here.group(1))) {}
    }
    return at;
  }

  /** The page with other outputs: one for each command. */
  String with(List<List<String>> outputs) {
    List<String> page = new ArrayList<>(lines);
    for (int i = commands.size() - 1; i >= 0; i--) {
      Command command = commands.get(i);
      if (command.compared()) {
        List<String> shown = page.subList(command.line(), command.line() + command.output().size());
        shown.clear();
        shown.addAll(outputs.get(i));
      }
    }
    return String.join("\n", page) + "\n";
  }
}
