// SPDX-License-Identifier: MIT
package io.dynae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.config.RunConfig;
import io.dynae.error.InputException;
import io.dynae.file.Safetensors;
import io.dynae.model.Checkpoint;
import io.dynae.model.ModelShape;
import io.dynae.report.MetricsFile;
import io.dynae.testing.Mutations;
import io.dynae.trajectory.FiniteCheck;
import io.dynae.trajectory.npy.NpyFrames;
import io.dynae.trajectory.npy.NpyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every damaged file gives a result or an error that a person can act on, nothing else. */
class MutatedFilesTest {
  private static final int MUTATIONS = 1000;

  @TempDir Path folder;
  private int refused;

  /** Reads mutations of {@code good}, and asserts that some of them were refused. */
  private void read(String name, byte[] good, Consumer<Path> reader) {
    Path file = folder.resolve(name);
    write(file, good);
    reader.accept(file);
    Mutations mutations = new Mutations(name.hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = mutations.of(good);
      write(file, bad);
      try {
        reader.accept(file);
      } catch (InputException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
      } catch (RuntimeException | Error e) {
        String hex = HexFormat.of().formatHex(bad);
        throw new AssertionError("mutation %d of %s: %s; %s".formatted(i, name, e, hex), e);
      }
    }
    assertTrue(refused > MUTATIONS / 20, refused + " refused");
  }

  /** A new file, so that pages of the last one stay what they are. */
  private static void write(Path file, byte[] bytes) {
    try {
      Files.deleteIfExists(file);
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readAll(Path file) {
    try (NpyFrames frames = NpyFrames.open(file.toString())) {
      FiniteCheck.require(frames);
    }
  }

  private byte[] npy() throws IOException {
    float[] values = new float[30];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 7f;
    }
    NpyWriter.write(folder.resolve("good.npy"), values, 10, 3);
    return Files.readAllBytes(folder.resolve("good.npy"));
  }

  private static byte[] npz(byte[] npy, int method) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry("x.npy");
      entry.setMethod(method);
      entry.setSize(npy.length);
      CRC32 crc = new CRC32();
      crc.update(npy);
      entry.setCrc(crc.getValue());
      if (method == ZipEntry.STORED) {
        entry.setCompressedSize(npy.length);
      }
      zip.putNextEntry(entry);
      zip.write(npy);
    }
    return bytes.toByteArray();
  }

  @Test
  void arrays() throws IOException {
    read("x.npy", npy(), MutatedFilesTest::readAll);
  }

  @Test
  void storedNpz() throws IOException {
    read("stored.npz", npz(npy(), ZipEntry.STORED), MutatedFilesTest::readAll);
  }

  @Test
  void deflatedNpz() throws IOException {
    read("deflated.npz", npz(npy(), ZipEntry.DEFLATED), MutatedFilesTest::readAll);
  }

  private byte[] checkpoint() throws IOException {
    Path good = folder.resolve("good.safetensors");
    Checkpoint.initial(ModelShape.standard(2, 1, 2), 5).write(good);
    return Files.readAllBytes(good);
  }

  @Test
  void checkpoints() throws IOException {
    read("x.safetensors", checkpoint(), Checkpoint::read);
  }

  /** The metadata are damaged, the checksum is that of what they have become. */
  @Test
  void checkpointsWithAGoodChecksum() throws IOException {
    byte[] good = checkpoint();
    Path file = folder.resolve("x.safetensors");
    write(file, good);
    Safetensors content = Safetensors.read(file);
    Mutations mutations = new Mutations(6);
    List<String> keys =
        List.of(
            "format",
            "model",
            "inputs",
            "outputs",
            "latent",
            "encoder_width",
            "decoder_width",
            "hidden_layers",
            "activation",
            "prior_width",
            "prior_layers",
            "epoch",
            "step",
            "step_in_epoch",
            "adam_prior",
            "loss_sum_0");
    for (int i = 0; i < MUTATIONS / 10; i++) {
      String key = keys.get(i % keys.size());
      byte[] value = content.get(key).getBytes(StandardCharsets.ISO_8859_1);
      write(file, good);
      Safetensors bad = Safetensors.read(file);
      bad.put(key, new String(mutations.of(value), StandardCharsets.ISO_8859_1));
      bad.put("hidden_layers", i % 7 == 0 ? "123456789" : bad.get("hidden_layers"));
      bad.write(file);
      try {
        Checkpoint.read(file);
      } catch (InputException e) {
        refused++;
      }
    }
    assertTrue(refused > 10, refused + " refused");
  }

  @Test
  void configurations() {
    String text =
        """
        # a comment
        [Model Parameters]
        d = [2]
        model = DynamicsAE
        min_dist = 3.5
        [Training Parameters]
        batch_size = 32
        learning_rate : [1e-3]
        max_epochs = 3
        [Data]
        input_data = [sim/a.npy,
          sim/b%%c.npy]
        standardize = True
        [Other Controls]
        seed = [0]
        """;
    read(
        "x.ini",
        text.getBytes(StandardCharsets.UTF_8),
        file -> RunConfig.read(file, List.of()).toIni());
  }

  @Test
  void metrics() {
    StringBuilder text = new StringBuilder();
    for (int epoch = 0; epoch < 4; epoch++) {
      text.append("{\"epoch\":%d,\"loss\":0.5,\"bins\":7,\"prior\":null}%n".formatted(epoch));
    }
    read(
        "metrics.jsonl",
        text.toString().getBytes(StandardCharsets.UTF_8),
        file -> {
          MetricsFile metrics = MetricsFile.read(file);
          for (String key : List.of("loss", "bins", "prior")) {
            metrics.values(key);
          }
        });
  }
}
