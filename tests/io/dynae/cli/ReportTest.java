// SPDX-License-Identifier: MIT
package io.dynae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dynae.testing.Dynae;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a small run: its figures, its page, and what it refuses. */
class ReportTest {
  private static final Pattern EMBEDDED =
      Pattern.compile("src=\"data:image/svg\\+xml;base64,([^\"]+)\"");

  @TempDir private static Path folder;
  private static Workspace work;

  @BeforeAll
  static void train() {
    work = new Workspace(folder);
    work.train("run");
    NpyWriter.write(work.path("short.npy"), new float[200], 100, 2);
    NpyWriter.write(work.path("three.npy"), new float[3 * Workspace.FRAMES], Workspace.FRAMES, 3);
  }

  private static String report(String run, String... more) {
    String[] arguments =
        Stream.concat(Stream.of("report", run), Stream.of(more)).toArray(String[]::new);
    Dynae.Result result = work.dynae(arguments);
    assertEquals(0, result.code(), result.stderr());
    assertEquals(run + "/report.html", result.stdout().strip());
    work.assertNoTemporaryFile();
    return work.text(run + "/report.html");
  }

  private static List<String> figures(String run) throws IOException {
    try (Stream<Path> files = Files.list(work.path(run + "/figures"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void withTruthThePageHoldsAllThatIsKnown() throws Exception {
    String page = report("run", "--truth", "sim/true.npy");
    assertEquals(
        List.of(
            "aligned.png",
            "aligned.svg",
            "landscape.png",
            "landscape.svg",
            "scatter.png",
            "scatter.svg",
            "training.png",
            "training.svg"),
        figures("run"));
    for (String figure : figures("run")) {
      if (figure.endsWith(".png")) {
        byte[] bytes = work.bytes("run/figures/" + figure);
        assertTrue(ImageIO.read(new ByteArrayInputStream(bytes)).getWidth() > 1000, figure);
      }
    }
    parse(page.replace("<!DOCTYPE html>", ""));
    assertFalse(EMBEDDED.matcher(page).replaceAll("").contains("http"), "no address");
    assertFalse(page.contains("<script"), "no script");
    Matcher images = EMBEDDED.matcher(page);
    int seen = 0;
    while (images.find()) {
      String svg = new String(Base64.getDecoder().decode(images.group(1)), StandardCharsets.UTF_8);
      parse(svg);
      assertFalse(svg.contains("href=\"http"), "an SVG of the page asks the network");
      seen++;
    }
    assertEquals(4, seen);
    assertTrue(page.contains("<meta name=\"viewport\" content=\"width=device-width"), "for phones");
    assertTrue(page.indexOf("id=\"landscape\"") < page.indexOf("<table"), "the landscape first");
    assertTrue(page.contains("with the last weights"), "which weights");
    assertTrue(page.contains("min_dist = 3"), "settings");
    Dynae.Result evaluated =
        work.dynae("evaluate", "run", "--backend", "java", "--truth", "sim/true.npy");
    JsonObject json = JsonParser.parseString(evaluated.stdout()).getAsJsonObject();
    String fvu = String.format(Locale.ROOT, "%.3g", json.get("fvu").getAsDouble());
    assertTrue(page.contains(fvu.substring(0, 4)), fvu + " of evaluate");
  }

  /** A stride holds for data and truth that are given anew, as it did in training. */
  @Test
  void framesOfAStrideAreReportedAsTheyAreEvaluated() throws Exception {
    work.train("strided", "--set", "stride=4", "max_epochs=2", "min_dist=20");
    String page = report("strided", "--data", "sim/observed.npy", "--truth", "sim/true.npy");
    Dynae.Result evaluated =
        work.dynae("evaluate", "strided", "--backend", "java", "--truth", "sim/true.npy");
    assertEquals(0, evaluated.code(), evaluated.stderr());
    JsonObject json = JsonParser.parseString(evaluated.stdout()).getAsJsonObject();
    String fvu = String.format(Locale.ROOT, "%.3g", json.get("fvu").getAsDouble());
    assertTrue(page.contains(fvu.substring(0, 4)), fvu + " of evaluate");
  }

  private static void parse(String xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void everyDimensionHasItsFigures() throws IOException {
    work.train("one", "--set", "d=[1]", "--set", "max_epochs=1");
    report("one");
    assertEquals(
        List.of("profile.png", "profile.svg", "training.png", "training.svg"), figures("one"));
    work.train("four", "--set", "d=[4]", "--set", "max_epochs=1");
    Files.delete(work.path("four/latent.npy"));
    report("four", "--backend", "java", "--data", "sim/observed.npy");
    String landscape = work.text("four/figures/landscape.svg");
    assertTrue(landscape.contains("z₃ (diffusion lengths)"), "pairs of the first three latents");
    assertFalse(landscape.contains("z₄"), "pairs of the first three latents");
  }

  /** A run that goes on keeps its results to the end: the report is of the checkpoint. */
  @Test
  void latentsOfAnotherStateAreNotDrawn() throws IOException {
    copyRun("older");
    Path summary = work.path("older/summary.json");
    String text = Files.readString(summary);
    Files.writeString(summary, text.replaceAll("\"steps\": \\d+", "\"steps\": 1"));
    Files.write(work.path("older/latent.npy"), new byte[9]);
    String page = report("older", "--backend", "java");
    assertFalse(page.contains("test_losses"), "numbers of another state");
    assertTrue(page.contains("there are no test losses of this state"));
    Files.writeString(summary, text);
    assertEquals(2, work.dynae("report", "older", "--backend", "java").code(), "damaged latents");
  }

  @Test
  void dataThatAreGoneLeaveTheirPanelOut() throws IOException {
    copyRun("moved");
    Path config = work.path("moved/config.ini");
    Files.writeString(config, Files.readString(config).replace("observed.npy", "gone.npy"));
    Dynae.Result result = work.dynae("report", "moved");
    assertEquals(0, result.code(), result.stderr());
    assertTrue(result.stderr().contains("gone.npy"), result.stderr());
    assertFalse(work.text("moved/figures/landscape.svg").contains("feature 1"));
  }

  @Test
  void latentsOfFramesThatAreAllAlikeCannotBeDrawn() {
    NpyWriter.write(work.path("still.npy"), new float[600], 300, 2);
    Dynae.Result result = work.dynae("report", "run", "--backend", "java", "--data", "still.npy");
    work.assertRefusedAtOnce(result, "frames of the data that are all alike");
  }

  /** The trained run without its report. */
  private static void copyRun(String name) throws IOException {
    Files.createDirectory(work.path(name));
    for (String file :
        List.of(
            "config.ini",
            "checkpoint.safetensors",
            "metrics.jsonl",
            "latent.npy",
            "summary.json")) {
      Files.copy(work.path("run/" + file), work.path(name + "/" + file));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingWritten() throws IOException {
    copyRun("clean");
    work.assertRefusedAtOnce(work.dynae("report", "sim"), "sim", "no run directory");
    work.assertRefusedAtOnce(
        work.dynae("report", "clean", "--truth", "short.npy"), "short.npy", "100", "3000");
    work.assertRefusedAtOnce(
        work.dynae("report", "clean", "--truth", "three.npy"),
        "three.npy: dimensions of truth",
        "3 and 2");
    work.assertRefusedAtOnce(
        work.dynae("report", "clean", "--backend", "java", "--data", "three.npy"),
        "three.npy",
        "3, 2");
    Files.writeString(work.path("clean/metrics.jsonl"), "no json\n");
    work.assertRefusedAtOnce(work.dynae("report", "clean"), "metrics.jsonl", "damaged");
    work.assertAbsent("clean/report.html");
    work.assertAbsent("clean/figures");
  }
}
