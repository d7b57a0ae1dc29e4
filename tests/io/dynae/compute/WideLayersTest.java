// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceBackend;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.device.DeviceProgram;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.model.Model;
import io.dynae.model.ModelKind;
import io.dynae.model.ModelShape;
import io.dynae.op.Activation;
import io.dynae.op.Control;
import io.dynae.op.Matrices;
import io.dynae.op.Table;
import io.dynae.testing.ArrayCheck;
import io.dynae.testing.Backends;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps whose wide layers go to a matrix library: here a plain one in Java, on OpenCL's memory. */
class WideLayersTest {
  private static final int BATCH = 40;

  @Test
  void productsOfALibraryAndWhatIsLeftMakeTheSameStep() {
    PlainMatrices library = new PlainMatrices();
    ModelShape shape =
        new ModelShape(
            ModelKind.DYNAE, 70, 70, 2, 72, 68, 2, Activation.TANH, 66, 2, false, true, null);
    try (Backend java = new JavaBackend(1);
        Device device = Backends.openOrAbort("opencl", () -> OpenClDevice.open(-1));
        Backend wide = new DeviceBackend(new WithLibrary(device, library), true)) {
      float[][] expected = twoSteps(java, shape);
      float[][] actual = twoSteps(wide, shape);
      assertTrue(library.calls > 12, "products by the library: " + library.calls);
      ArrayCheck.close("losses", actual[0], expected[0], 1e-5, 1e-5);
      double largest = ArrayCheck.largest(expected[1]);
      ArrayCheck.close("gradients", actual[1], expected[1], 1e-4, 1e-5 * largest);
    }
  }

  private static float[][] twoSteps(Backend backend, ModelShape shape) {
    Model model =
        Model.of(
            shape,
            BATCH,
            9,
            false,
            Model.Draws.FRESH,
            backend.shape(),
            backend.rowsPerBlock(BATCH));
    Random random = new Random(2);
    float[] frames = new float[100 * shape.inputs()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) random.nextGaussian();
    }
    try (Executor executor = backend.executor(model.plan(), 1);
        FrameTable table = backend.table("frames", frames.length)) {
      table.fill(0, frames, frames.length);
      executor.table(Table.FRAMES, table);
      executor.index(random.ints(4 * BATCH, 0, 100).toArray(), 4 * BATCH);
      executor.write(0, model.parameters(), model.networks().initial(4));
      executor.launch(
          new Control.Words()
              .seed(8)
              .set(Control.STEPS, 2)
              .set(Control.BETA, 2f)
              .set(Control.RATE_REPRESENTATION, 1e-4f)
              .set(Control.RATE_PRIOR, 1e-4f));
      return new float[][] {executor.read(0, model.losses()), executor.read(0, model.gradients())};
    }
  }

  /** A device with a matrix library. */
  private record WithLibrary(Device device, PlainMatrices library) implements Device {
    @Override
    public Optional<Matrices> matrices(DeviceMemory arena, int rowsPerBlock) {
      library.arena = arena;
      library.rows = rowsPerBlock;
      return Optional.of(library);
    }

    @Override
    public String name() {
      return device.name();
    }

    @Override
    public String backend() {
      return device.backend();
    }

    @Override
    public String driver() {
      return device.driver();
    }

    @Override
    public TeamShape shape() {
      return device.shape();
    }

    @Override
    public long largestAllocation() {
      return device.largestAllocation();
    }

    @Override
    public DeviceMemory allocate(String name, long bytes) {
      return device.allocate(name, bytes);
    }

    @Override
    public DeviceProgram compile(String name, String text) {
      return device.compile(name, text);
    }

    @Override
    public Recording record(Runnable launches) {
      return device.record(launches);
    }

    @Override
    public void finish() {
      device.finish();
    }

    @Override
    public void close() {
      device.close();
    }
  }

  /** Products as their definition says, in double. */
  private static final class PlainMatrices implements Matrices {
    private DeviceMemory arena;
    private int rows;
    private int calls;

    private float[] read(int at, int n) {
      float[] values = new float[n];
      arena.read(at, values, 0, n);
      return values;
    }

    @Override
    public void forward(int x, int w, int y, int blocks, int inputs, int outputs) {
      float[] in = read(x, blocks * inputs * rows);
      float[] weight = read(w, inputs * outputs);
      float[] out = new float[blocks * outputs * rows];
      for (int i = 0; i < out.length; i++) {
        int block = i / (outputs * rows);
        int j = i / rows % outputs;
        double sum = 0;
        for (int k = 0; k < inputs; k++) {
          sum += (double) weight[k * outputs + j] * in[(block * inputs + k) * rows + i % rows];
        }
        out[i] = (float) sum;
      }
      arena.write(y, out, 0, out.length);
      calls++;
    }

    @Override
    public void inputGradient(int dy, int w, int dx, int blocks, int inputs, int outputs) {
      float[] in = read(dy, blocks * outputs * rows);
      float[] weight = read(w, inputs * outputs);
      float[] out = new float[blocks * inputs * rows];
      for (int i = 0; i < out.length; i++) {
        int block = i / (inputs * rows);
        int k = i / rows % inputs;
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
          sum += (double) weight[k * outputs + j] * in[(block * outputs + j) * rows + i % rows];
        }
        out[i] = (float) sum;
      }
      arena.write(dx, out, 0, out.length);
      calls++;
    }

    @Override
    public void weightGradient(int x, int dy, int dw, int blocks, int inputs, int outputs) {
      float[] in = read(x, blocks * inputs * rows);
      float[] gradient = read(dy, blocks * outputs * rows);
      float[] out = new float[inputs * outputs];
      for (int i = 0; i < out.length; i++) {
        double sum = 0;
        for (int b = 0; b < blocks; b++) {
          for (int r = 0; r < rows; r++) {
            sum +=
                (double) in[(b * inputs + i / outputs) * rows + r]
                    * gradient[(b * outputs + i % outputs) * rows + r];
          }
        }
        out[i] = (float) sum;
      }
      arena.write(dw, out, 0, out.length);
      calls++;
    }
  }
}
