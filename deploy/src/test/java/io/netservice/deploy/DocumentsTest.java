package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents beside the code lead where they say, and leave out nothing that they promise. */
class DocumentsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FIGURE =
      Pattern.compile("\\d[\\d.,]* (MB|ms|s|threads|connections|reviews a second)\\b");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  @Test
  void eachReasonHasItsSectionInOperations() throws IOException {
    String section = section("Troubleshooting by reason", Path.of("docs/operations.md"));
    assertEquals(
        Arrays.stream(Reason.values()).map(Reason::value).toList(),
        Pattern.compile("(?m)^### `(.+)`$")
            .matcher(section)
            .results()
            .map(heading -> heading.group(1))
            .toList());
  }

  /** The README can't show what nobody has seen: a test runs the tutorial. */
  @Test
  void readmeShowsWhatTheTutorialShows() throws IOException {
    String command = "$ java -jar netservice-syncer.jar explain shop/db\n";
    String shown = Files.readString(Path.of("../README.md")).split(Pattern.quote(command), 2)[1];
    String seen =
        Files.readString(Path.of("docs/tutorial.md"))
            .split(Pattern.quote(command.replace("jar net", "jar syncer/target/net")), 2)[1];
    assertEquals(seen.split("\n```", 2)[0], shown.split("\n```", 2)[0]);
  }

  /** Whoever measures anew writes it in the README first. */
  @Test
  void figuresOfSizingAreThoseOfTheReadme() throws IOException {
    String readme = Files.readString(Path.of("../README.md")).replaceAll("\\s+", " ");
    String sizing = section("Sizing", Path.of("docs/operations.md"));
    String measured = sizing.substring(sizing.indexOf("| memory: what was there"));
    List<String> figures =
        FIGURE
            .matcher(measured.substring(0, measured.indexOf("How to choose")))
            .results()
            .map(figure -> figure.group())
            .toList();
    assertTrue(figures.size() > 10, figures::toString);
    assertEquals(List.of(), figures.stream().filter(each -> !has(readme, each)).toList());
  }

  private static boolean has(String text, String figure) {
    return Pattern.compile("(?<![\\d.,])" + Pattern.quote(figure) + "\\b").matcher(text).find();
  }

  /** What stands under a heading of the second level. */
  private static String section(String heading, Path page) throws IOException {
    return Files.readString(page).split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(withoutCode(page).replaceAll("`[^`\n]*`", ""));
      while (link.find()) {
        if (!leadsSomewhere(page, link.group(1))) {
          broken.add(page + ": " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("../README.md"), Path.of("SECURITY.md")),
              docs.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    if (link.startsWith("https://")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /** What can be led to in a page: each heading, as GitHub spells it. */
  private static Set<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(withoutCode(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** A page without its fenced blocks, in which a hash begins a comment. */
  private static String withoutCode(Path page) throws IOException {
    return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
  }
}
