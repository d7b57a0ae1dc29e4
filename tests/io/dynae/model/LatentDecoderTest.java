// SPDX-License-Identifier: MIT
package io.dynae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynae.compute.Backend;
import io.dynae.compute.FrameTable;
import io.dynae.op.Activation;
import io.dynae.testing.Backends;
import io.dynae.testing.Golden;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that are encoded and decoded lie as far from themselves as the references say. */
class LatentDecoderTest {
  static Stream<Arguments> cases() {
    return Arrays.stream(Backends.values())
        .flatMap(
            backend ->
                Stream.of("dynae_mlp_d3_in30", "dynae_conv_3x64")
                    .map(name -> Arguments.of(backend, name)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void decodesWhatTheEncoderEncoded(Backends on, String name) {
    Golden golden = new Golden(name);
    int[] frames = golden.shape("input0");
    int batch = frames[0];
    int d = golden.shape("eps")[2];
    ImageShape image = frames.length == 4 ? ImageShape.of(frames, name) : null;
    int width = golden.shape("param/model_decoder/decoder_input_layer/0/bias")[0];
    int features = golden.floats("input0").length / batch;
    ModelShape shape =
        new ModelShape(
            features, features, d, width, width, 3, Activation.RELU, 32, 2, false, true, image);
    double error = 0;
    try (Backend backend = on.open();
        LatentEncoder encoder = new LatentEncoder(backend, shape);
        LatentDecoder decoder = new LatentDecoder(backend, shape)) {
      float[] parameters = golden.parameters("param", new Networks(shape));
      encoder.parameters(parameters);
      decoder.parameters(parameters);
      for (String half : new String[] {"input0", "input1"}) {
        float[] x = golden.floats(half);
        float[] z = new float[batch * d];
        try (FrameTable table = backend.table("frames", x.length)) {
          table.fill(0, x, x.length);
          encoder.table(table);
          encoder.encode(IntStream.range(0, batch).toArray(), 0, batch, z, 0);
        }
        float[] y = decoder.decode(z, batch);
        assertEquals(x.length, y.length);
        for (int i = 0; i < x.length; i++) {
          error += Math.pow((double) y[i] - x[i], 2) / batch;
        }
        float[] last = Arrays.copyOfRange(y, y.length - features, y.length);
        assertArrayEquals(
            last, decoder.decode(Arrays.copyOfRange(z, (batch - 1) * d, batch * d), 1), 1e-6f);
      }
    }
    double expected = golden.values("history")[1];
    assertEquals(expected, error, 1e-5 * expected);
  }
}
