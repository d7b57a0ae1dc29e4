// SPDX-License-Identifier: MIT
package io.dynae.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigTest {
  private static final String VAE_WITH_MIN_DIST = "[Model Parameters]\nmodel = VAE\nmin_dist = 4\n";

  private static final String PUBLISHED =
      """
      [Model Parameters]
      d = [3]
      encoder_type = fc_encoder
      decoder_type = fc_decoder
      neuron_num1 = [48]
      neuron_num2 = [24]
      model = DynAE
      projection_num = 70
      min_dist = 4.5
      bias_factor = 1.5
      prior_dynamics = Langevin
      nu = 0.0065

      [Training Parameters]
      batch_size = 128
      max_epochs = 20
      lr_scheduler_step_size = 5
      lr_scheduler_gamma = 0.9
      log_interval = 2
      learning_rate = [5e-4]
      beta = [8]

      [Data]
      input_data = [examples/a.npy, examples/b.npy]
      target_data = [examples/c.npy, examples/d.npy]

      [Other Controls]
      seed = [7]
      SaveTrajResults = False
      SaveTrainingProgress = True
      """;

  @TempDir private Path folder;

  private Path write(String text) {
    try {
      return Files.writeString(folder.resolve("f.ini"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private RunConfig read(String text, String... overrides) {
    return RunConfig.read(write(text), List.of(overrides));
  }

  private String error(String text, String... overrides) {
    String message = assertThrows(InputException.class, () -> read(text, overrides)).getMessage();
    assertFalse(message.contains("\n"), message);
    return message.replace(folder.toString() + "/", "");
  }

  @Test
  void publishedFileGivesEveryValue() {
    RunConfig config = read(PUBLISHED);
    assertEquals(3, config.latentDimension());
    assertEquals(48, config.encoderWidth());
    assertEquals(24, config.decoderWidth());
    assertEquals(70, config.projections());
    assertEquals(4.5, config.minDist());
    assertEquals(1.5, config.biasFactor());
    assertEquals(128, config.batchSize());
    assertEquals(20, config.maxEpochs());
    assertEquals(5, config.learningRatePeriod());
    assertEquals(0.9, config.learningRateFactor());
    assertEquals(2, config.logInterval());
    assertEquals(5e-4, config.learningRate());
    assertEquals(8, config.beta());
    assertEquals(List.of("examples/a.npy", "examples/b.npy"), config.inputData());
    assertEquals(List.of("examples/c.npy", "examples/d.npy"), config.targetData());
    assertEquals(7, config.seed());
    assertFalse(config.saveTrajectoryResults());
    assertTrue(config.saveTrainingProgress());
  }

  @Test
  void defaultsAreThePublishedOnes() {
    RunConfig config = RunConfig.defaults(List.of());
    assertEquals(2, config.latentDimension());
    assertEquals(32, config.encoderWidth());
    assertEquals(32, config.decoderWidth());
    assertEquals(3, config.hiddenLayers());
    assertEquals("relu", config.activation());
    assertEquals(32, config.priorWidth());
    assertEquals(2, config.priorLayers());
    assertFalse(config.learnedDiffusion());
    assertEquals(50, config.projections());
    assertEquals(5, config.minDist());
    assertEquals(200, config.maxCenters());
    assertEquals(2, config.biasFactor());
    assertEquals(256, config.batchSize());
    assertEquals(50, config.maxEpochs());
    assertEquals(100, config.learningRatePeriod());
    assertEquals(1, config.learningRateFactor());
    assertEquals(10, config.logInterval());
    assertEquals(1e-3, config.learningRate());
    assertEquals(10, config.beta());
    assertEquals(1e-4, config.warmupLearningRate());
    assertEquals(0.01, config.warmupBetaFactor());
    assertEquals(List.of(), config.inputData());
    assertEquals(List.of(), config.targetData());
    assertEquals(1, config.lag());
    assertEquals(1, config.stride());
    assertEquals(0, config.predictionLag());
    assertFalse(config.blockedSplit());
    assertEquals(0.8, config.trainFraction());
    assertFalse(config.standardize());
    assertEquals(0, config.seed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "d=0|1 <= d <= 32 does not hold: 0;",
        "d=33|does not hold: 33;",
        "d=2.0|d is an integer does not hold: 2.0;",
        "d=[]|d is an integer does not hold: nothing;",
        "d=99999999999999999999999|1 <= d <= 32 does not hold",
        "projection_num=[50, 60]|one value of projection_num does not hold: 2 values [50, 60]",
        "min_dist=0|1E-9 <= min_dist <= 1000000000 does not hold: 0;",
        "min_dist=1e300|1E-9 <= min_dist <= 1000000000 does not hold: 1e300;",
        "learning_rate=1e-400|learning_rate >= 1E-10 does not hold: 1e-400;",
        "warmup_learning_rate=1e-300|warmup_learning_rate >= 1E-10 does not hold: 1e-300;",
        "weight_averaging=0.99999999999|0.99999999999 is 1.0 in float32",
        "weight_averaging=0.999999999999999999999|is 1.0 in float32",
        "train_fraction=1e-400|1e-400 is too small to tell from 0 in float32",
        "train_fraction=0.9999999999999999999999|is 1.0 in float32",
        "beta=1e39|1e39 is Infinity in float32",
        "beta=1e-39|1e-39 is too small to tell from 0 in float32",
        "nu=1e-400|too small to tell from 0 in float32",
        "nu=1e39|Infinity in float32",
        "bias_factor=1e300|Infinity in float32",
        "bias_factor=0.9999999999999999999999|bias_factor >= 1 does not hold",
        "lr_scheduler_gamma=1e-45|too small to tell from 0 in float32",
        "lr_scheduler_gamma=1.0000000000000000000001|lr_scheduler_gamma <= 1 does not hold",
        "warmup_beta_factor=1e-300|too small to tell from 0 in float32",
        "min_dist=NaN|min_dist is a number does not hold: NaN",
        "min_dist=1e999|does not hold: 1e999; choose a smaller number",
        "bias_factor=0.5|bias_factor >= 1 does not hold: 0.5;",
        "lr_scheduler_gamma=0|0 < lr_scheduler_gamma <= 1 does not hold: 0;",
        "lr_scheduler_gamma=1.01|does not hold: 1.01;",
        "train_fraction=1|0 < train_fraction < 1 does not hold: 1;",
        "beta=-1|beta >= 0 does not hold: -1;",
        "max_epochs=2147483648|1 <= max_epochs <= 2147483647 does not hold",
        "seed=9223372036854775808|does not hold: 9223372036854775808",
        "standardize=yes|standardize is True or False does not hold: yes;",
        "split=blokced|did you mean blocked?",
        "encoder_type=conv_encoder|conv_encoder goes with deconv_decoder",
        "decoder_type=conv_decoder|does not hold: fc_encoder, deconv_decoder; change one",
        "encoder_type=cnn|encoder_type is fc_encoder or conv_encoder does not hold: cnn;",
        "model=AE|model is DynamicsAE or VAE or SWAE or SDEVAE or DynAE or beta-VAE or SDE-VAE does",
        "model=SDVAE|did you mean SDEVAE?",
        "prior_dynamics=Hamiltonian|not available in this version",
        "beta=[1, 10]|one value of beta does not hold: 2 values [1, 10]; pass --set beta=1",
        "seed=[0, 1, 2]|pass --set seed=0",
        "neuron_num2=[8,]|2 values",
        "batch_size=|batch_size has a value does not hold",
        "input_data=[a.npy,,b.npy]|a path stands between two commas does not hold for input_data",
        "input_data=[\"a.npy]|each quote is closed does not hold",
        "lagg=3|did you mean lag?",
        "q=3|does not hold: q; valid keys: d,",
        "batch_sise=3|did you mean batch_size?",
        "Data.batch_size=3|belongs to [Training Parameters]",
        "batch_size|key=value does not hold",
      })
  void badOverrideSaysRuleAndValue(String override, String part) {
    String message =
        assertThrows(InputException.class, () -> RunConfig.defaults(List.of(override)))
            .getMessage();
    assertTrue(message.startsWith("--set " + override + ": "), message);
    assertTrue(message.contains(part), message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void badValueInAFileNamesFileAndLine() {
    assertEquals(
        "f.ini:15: batch_size: 1 <= batch_size <= 65536 does not hold: 0; choose a value in this"
            + " range (default 256)",
        error(PUBLISHED.replace("batch_size = 128", "batch_size = 0")));
    assertTrue(error("[Data]\n\nlag\n").startsWith("f.ini:3: lag has a value does not hold"));
  }

  @Test
  void unknownNamesListTheValidOnes() {
    String key = error("[Data]\nstrid = 2\n");
    assertTrue(key.startsWith("f.ini:2: a known key of [Data] does not hold: strid;"), key);
    assertTrue(key.contains("did you mean stride? valid keys: input_data, target_data, lag"), key);
    assertFalse(key.contains("batch_size"), key);
    String section = error("[Training]\n");
    assertTrue(section.startsWith("f.ini:1: a known section does not hold: [Training];"), section);
    assertTrue(section.contains("valid sections: Model Parameters, Training Parameters"), section);
    String moved = error("[Data]\nbeta = [1]\n");
    assertTrue(moved.contains("belongs to [Training Parameters]"), moved);
  }

  @Test
  void overridesReplaceTheFileEvenWhereTheFileIsRefused() {
    RunConfig config =
        read(
            PUBLISHED.replace("seed = [7]", "seed = [0, 1, 2]"),
            "seed=-9223372036854775808",
            "Training Parameters.BATCH_SIZE = 64",
            "d=[4]");
    assertEquals(Long.MIN_VALUE, config.seed());
    assertEquals(64, config.batchSize());
    assertEquals(4, config.latentDimension());
    assertTrue(error(PUBLISHED, "d=2", "D=3").contains("d is given twice"));
  }

  @Test
  void writtenFileReadsBackEqual() throws IOException {
    Path odd = Files.createFile(folder.resolve("it's, \"50%\" [odd].npy"));
    Files.createFile(folder.resolve("plain.npy"));
    String paths = RunConfig.pathList(List.of(odd.getFileName().toString(), "plain.npy"));
    RunConfig config =
        read(
            "[Data]\ninput_data = "
                + paths.replace("%", "%%")
                + "\n[Training Parameters]\nbeta=0.1\n",
            "learning_rate=3.7e-9",
            "seed=12345678901234",
            "split=blocked",
            "learned_diffusion=true",
            "min_dist=123456789");
    assertEquals(
        List.of(odd.toString(), folder.resolve("plain.npy").toString()), config.inputData());
    Path other = Files.createDirectory(folder.resolve("run")).resolve("config.ini");
    Files.writeString(other, config.toIni());
    RunConfig again = RunConfig.read(other, List.of());
    assertEquals(config, again);
    assertEquals(config.toIni(), again.toIni());
    assertEquals(0.1, again.beta());
    assertEquals(3.7e-9, again.learningRate());
    assertNotEquals(config, RunConfig.defaults(List.of()));
  }

  @Test
  void writtenDefaultsReadBackEqual() {
    RunConfig config = RunConfig.defaults(List.of());
    assertEquals(config, read(config.toIni()));
    assertTrue(config.toIni().contains("\nbeta = [10]\n"), config.toIni());
  }

  @Test
  void pathsComeBareQuotedOrListed() {
    assertEquals(List.of("a b.npy"), paths("a b.npy"));
    assertEquals(List.of("a,b.npy"), paths("\"a,b.npy\""));
    assertEquals(List.of("a.npy", "b.npy"), paths("[ a.npy ,'b.npy' , ]"));
    assertEquals(List.of("C:\\x\\y.npy", "q\"q"), paths("[C:\\x\\y.npy, \"q\\\"q\"]"));
    assertEquals(List.of(), paths(""));
    assertEquals(List.of(), paths("[]"));
  }

  private static List<String> paths(String value) {
    return RunConfig.defaults(List.of("input_data=" + value)).inputData();
  }

  @Test
  void namesInArchivesLieBesideTheFileToo() throws IOException {
    Path ini =
        Files.writeString(folder.resolve("n.ini"), "[Data]\ninput_data=[x.npz:c, y.npz:c]\n");
    Files.writeString(folder.resolve("x.npz"), "");
    assertEquals(
        List.of(folder.toAbsolutePath().normalize().resolve("x.npz") + ":c", "y.npz:c"),
        RunConfig.read(ini, List.of()).inputData());
  }

  /** link/../x.npy is beside what the link leads to, not beside the link. */
  @Test
  void pathsThroughLinksLeadWhereTheSystemLeads() throws IOException {
    Path there = Files.createDirectories(folder.resolve("far/away"));
    Files.createSymbolicLink(folder.resolve("link"), there);
    Files.writeString(folder.resolve("x.npy"), "near");
    Files.writeString(folder.resolve("far/x.npy"), "far");
    Path ini = Files.writeString(folder.resolve("l.ini"), "[Data]\ninput_data=[link/../x.npy]\n");
    String found = RunConfig.read(ini, List.of()).inputData().get(0);
    assertEquals("far", Files.readString(Path.of(found)), found);
  }

  @Test
  void targetsAreOneEachOrNone() {
    assertTrue(
        error("[Data]\ninput_data=[a, b]\ntarget_data=[c]\n")
            .startsWith(
                "f.ini:3: files of target_data = files of input_data does not hold: 1 and 2"));
    assertEquals(List.of(), read("[Data]\ninput_data=[a]\ntarget_data\n").targetData());
  }

  @Test
  void replacingTheInputNeverKeepsAnotherInputsTarget() {
    String same = "[Data]\ninput_data=[a]\ntarget_data=[a]\n";
    assertEquals(List.of(), read(same, "input_data=x").targetData());
    String message = error("[Data]\ninput_data=[a]\ntarget_data=[c]\n", "input_data=x");
    assertTrue(message.startsWith("f.ini:3: "), message);
    assertEquals(
        List.of("y"),
        read("[Data]\ninput_data=[a]\ntarget_data=[c]\n", "input_data=x", "target_data=y")
            .targetData());
  }

  /** Starts are compared two epochs after the warm-up. */
  @Test
  void startsAskForEpochs() {
    String starts = "[Training Parameters]\nstarts = 2\nwarmup_epochs = 3\n";
    assertEquals(5, read(starts, "max_epochs=5").maxEpochs());
    assertTrue(
        error(starts, "max_epochs=4")
            .startsWith("--set max_epochs=4: max_epochs >= warmup_epochs + 2"));
    assertEquals(1, read(starts, "max_epochs=1", "starts=1").maxEpochs());
    String most = error(starts, "warmup_epochs=2147483647", "max_epochs=3");
    assertTrue(most.contains("does not hold: 3, 2147483649;"), most);
  }

  @Test
  void convolutionalNetsComeInPairsWithSixteenthsOfTheWidth() {
    String both = "[Model Parameters]\nencoder_type = conv_encoder\ndecoder_type = conv_decoder\n";
    RunConfig config = read(both, "neuron_num1=256");
    assertTrue(config.convolutional());
    assertTrue(config.toIni().contains("decoder_type = deconv_decoder\n"), config.toIni());
    String message = error(both, "neuron_num1=40");
    assertTrue(
        message.startsWith(
            "--set neuron_num1=40: neuron_num1 is a multiple of 16 with conv_encoder does not"
                + " hold: 40;"),
        message);
  }

  @Test
  void tableHasOneRowPerKeyAndItsDefault() {
    List<String> rows = RunConfig.markdownTable().lines().toList();
    assertEquals(2 + Key.values().length, rows.size());
    assertTrue(
        rows.stream().allMatch(row -> row.chars().filter(c -> c == '|').count() == 8), "8 bars");
    assertTrue(
        rows.stream()
            .anyMatch(r -> r.contains("`batch_size`") && r.contains("1 <= batch_size <= 65536")));
  }

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "abc,abc,0", "'',abc,3", "flaw,lawn,2"})
  void editDistance(String from, String to, int edits) {
    assertEquals(edits, Spelling.distance(from, to));
  }

  @Test
  void everyModelHasItsWordAndItsOtherSpelling() {
    for (String[] words :
        new String[][] {
          {"DynAE", "DynamicsAE"}, {"beta-VAE", "VAE"}, {"SWAE", "SWAE"}, {"SDE-VAE", "SDEVAE"}
        }) {
      assertEquals(words[1], RunConfig.defaults(List.of("model=" + words[0])).model());
      assertTrue(
          RunConfig.defaults(List.of("model=" + words[0])).toIni().contains("model = " + words[1]));
    }
  }

  @Test
  void keysThatAModelDoesNotReadAreNamedWhereTheyMatter() {
    String[] given = {"nu=0.1", "min_dist=3", "projection_num=7", "prior_layers=1", "beta=2"};
    for (String[] expected :
        new String[][] {
          {"DynamicsAE", "nu"},
          {"VAE", "projection_num", "min_dist", "nu", "prior_layers"},
          {"SWAE", "min_dist", "nu", "prior_layers"},
          {"SDEVAE", "projection_num", "min_dist"}
        }) {
      List<String> overrides = new ArrayList<>(List.of(given));
      overrides.add("model=" + expected[0]);
      assertEquals(
          List.of(expected).subList(1, expected.length), RunConfig.defaults(overrides).unread());
    }
    // Who gives a default on the command line may well believe that it does something.
    assertEquals(
        List.of("min_dist"), RunConfig.defaults(List.of("model=VAE", "min_dist=5")).unread());
    assertEquals(
        List.of("min_dist"), RunConfig.parse("x.ini", VAE_WITH_MIN_DIST, List.of()).unread());
    assertEquals(List.of(), RunConfig.defaults(List.of("model=VAE")).unread());
  }

  @Test
  void convolutionsHaveNoHiddenLayersToSet() {
    List<String> dense = List.of("hidden_layers=5");
    assertEquals(List.of(), RunConfig.defaults(dense).unread());
    List<String> images =
        List.of("hidden_layers=5", "encoder_type=conv_encoder", "decoder_type=deconv_decoder");
    assertEquals(List.of("hidden_layers"), RunConfig.defaults(images).unread());
  }

  /** What is accepted is written down such that it is accepted again, as the same number. */
  @ParameterizedTest
  @CsvSource({
    "learning_rate=1e-10",
    "learning_rate=3e38",
    "min_dist=1e-9",
    "min_dist=1e9",
    "weight_averaging=0.9999999",
    "weight_averaging=0",
    "beta=0",
    "beta=1.2e-38",
    "lr_scheduler_gamma=1",
    "bias_factor=3e38",
    "train_fraction=0.9999999"
  })
  void numbersAtTheEndsOfTheirRangeAreReadAgain(String override) {
    RunConfig config = RunConfig.defaults(List.of(override));
    assertEquals(config, RunConfig.parse("config.ini", config.toIni(), List.of()));
  }

  /** What was given is no part of a configuration: a run goes on from its own config.ini. */
  @Test
  void writtenOutDefaultsMakeNoOtherConfiguration() {
    RunConfig config = RunConfig.defaults(List.of("model=VAE"));
    RunConfig again = RunConfig.parse("config.ini", config.toIni(), List.of());
    assertEquals(config, again);
    assertEquals(List.of(), again.unread(), "nobody set what the program wrote down");
    String changed = config.toIni().replace("min_dist = 5", "min_dist = 6");
    assertEquals(List.of("min_dist"), RunConfig.parse("config.ini", changed, List.of()).unread());
  }
}
