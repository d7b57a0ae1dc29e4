// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import io.dynae.file.Safetensors;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints that somebody made, each with a good checksum. */
class CraftedCheckpointTest {
  @TempDir Path folder;
  private Path good;

  @BeforeEach
  void writeOne() {
    good = folder.resolve("good.safetensors");
    Checkpoint.initial(ModelShape.standard(3, 2, 8), 1).write(good);
  }

  private String refusal(Consumer<Safetensors> change) {
    Safetensors content = Safetensors.read(good);
    change.accept(content);
    Path file = folder.resolve("bad.safetensors");
    content.write(file);
    String line = assertThrows(InputException.class, () -> Checkpoint.read(file)).getMessage();
    assertTrue(line.startsWith(file + ": "), line);
    return line;
  }

  @Test
  void theOneTheyAreMadeFromIsRead() {
    assertEquals(8, Checkpoint.read(good).shape.encoderWidth());
    Safetensors.read(good).put("x", new float[0], 0).write(good);
    assertArrayEquals(new int[0], Checkpoint.read(good).batches);
  }

  @ParameterizedTest
  @CsvSource({
    "hidden_layers, 100000000, 1 <= hidden_layers <= 16",
    "hidden_layers, 0, 1 <= hidden_layers <= 16",
    "encoder_width, 2147483647, 1 <= neuron_num1 <= 4096",
    "decoder_width, -1, 1 <= neuron_num2 <= 4096",
    "latent, 33, 1 <= d <= 32",
    "prior_width, 1025, 1 <= prior_neuron_num <= 1024",
    "prior_layers, 9, 1 <= prior_layers <= 8",
    "inputs, 0, no features",
    "inputs, 2147483647, of at most 2147483584",
    "inputs, 1000000, tensor encoder.0.weight",
    "outputs, 4, tensor decoder.3.weight",
    "epoch, -1, a counter is -1",
    "step_in_epoch, 5, '5 steps are done'",
    "loss_sum_0, NaN, a sum of losses is NaN",
    "epoch, 3000000000, the file is damaged",
    "activation, SWISH, the file is damaged"
  })
  void countsAndSizesThatNoTrainingHas(String key, String value, String expected) {
    String line = refusal(content -> content.put(key, value));
    assertTrue(line.contains(expected), line);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 0, 16",
    "-16, 16, 16",
    "1, 17, 16",
    "1, 16, 32",
    "2147483647, 2147483632, 2147483632"
  })
  void imagesThatTheFeaturesAreNot(String channels, String height, String width) {
    String line =
        refusal(
            content ->
                content
                    .put("inputs", "256")
                    .put("encoder_width", "16")
                    .put("image_channels", channels)
                    .put("image_height", height)
                    .put("image_width", width));
    assertTrue(line.contains("the file is damaged"), line);
  }

  @ParameterizedTest
  @CsvSource({
    "encoder.0.weight, NaN, weights is NaN",
    "encoder.0.weight, Infinity, weights is Infinity",
    "average.decoder.1.weight, NaN, averaged weights is NaN",
    "first_moment.force.0.weight, NaN, first moment is NaN",
    "second_moment.force.0.weight, -1, second moment is -1"
  })
  void numbersThatNoTrainingReaches(String tensor, float value, String expected) {
    String line =
        refusal(
            content -> {
              int[] shape = tensor.contains("force") ? new int[] {32, 2} : new int[] {8, 3};
              shape = tensor.contains("decoder") ? new int[] {8, 8} : shape;
              float[] values = content.floats(tensor, shape).clone();
              values[5] = value;
              content.put(tensor, values, shape);
            });
    assertTrue(line.contains(expected), line);
  }

  @Test
  void binsAndBatchesThatDoNotFit() {
    String bins = refusal(content -> content.put("bins.counts", new int[] {3}, 1));
    assertTrue(bins.contains("1 bins have 0 coordinates"), bins);
    String count =
        refusal(
            content ->
                content
                    .put("bins.counts", new int[] {-3}, 1)
                    .put("bins.centers", new float[2], 1, 2));
    assertTrue(count.contains("a bin has -3 pairs"), count);
    String batch = refusal(content -> content.put("epoch.first_frames", new int[] {-1}, 1));
    assertTrue(batch.contains("a batch has frame -1"), batch);
  }

  /** Before anything is trained, not when the first checkpoint is written. */
  @Test
  void networksOfMoreParametersThanAnIntCountsAreRefused() {
    String line =
        assertThrows(
                InputException.class, () -> new Networks(ModelShape.standard(1_000_000, 2, 4096)))
            .getMessage();
    assertTrue(line.contains("encoder.0 of the networks would end at parameter 4096004096"), line);
  }
}
