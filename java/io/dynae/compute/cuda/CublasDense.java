// SPDX-License-Identifier: MIT
package io.dynae.compute.cuda;

import io.dynae.error.DeviceException;
import java.util.Arrays;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasPointerMode;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dense layers too wide for a team of work-items, as cuBLAS matrix products in full single
 * precision (no TF32), queued on the device's stream.
 *
 * <p>Rows lie in blocks: a buffer of B blocks with F features is [B][F][R] floats, R rows a block.
 * Weights are [inputs][outputs] in row order. Biases are not handled here. The same call gives the
 * same bits on the same GPU. A product may be recorded once it has run outside of a recording:
 * cuBLAS loads a kernel when it first needs it.
 */
public final class CublasDense implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CublasDense.class);

  /** What cuBLAS itself takes on its most demanding architecture. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  /** Most blocks whose weight gradients are summed at once, and floats for them. */
  private static final int MOST_TOGETHER = 1024;

  private static final long ROOM = 8L << 20;

  private static final Pointer ONE = Pointer.to(new float[] {1});
  private static final Pointer ZERO = Pointer.to(new float[] {0});

  private final CudaDevice device;
  private final int rows;
  private final cublasHandle handle = new cublasHandle();
  private final CudaMemory workspace;

  /** {@value #MOST_TOGETHER} ones, then weight gradients of single blocks. */
  private final CudaMemory room;

  private boolean closed;

  private CublasDense(CudaDevice device, int rows) {
    this.device = device;
    this.rows = rows;
    device.enter("creation of a cuBLAS handle");
    check(JCublas2.cublasCreate(handle), "cublasCreate");
    CudaMemory own = null;
    CudaMemory sums = null;
    try {
      own = device.allocateCuda("cuBLAS workspace", WORKSPACE_BYTES);
      sums = device.allocateCuda("weight gradients", Float.BYTES * (MOST_TOGETHER + ROOM));
      float[] ones = new float[MOST_TOGETHER];
      Arrays.fill(ones, 1);
      sums.write(0, ones, 0, MOST_TOGETHER);
      check(JCublas2.cublasSetStream(handle, new cudaStream_t(device.stream())), "cublasSetStream");
      // A new stream takes the workspace back, so this comes second. Without an own workspace
      // cuBLAS would allocate one inside a recording.
      check(JCublas2.cublasSetWorkspace(handle, own.at(0), WORKSPACE_BYTES), "cublasSetWorkspace");
      check(
          JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_PEDANTIC_MATH), "cublasSetMathMode");
      check(
          JCublas2.cublasSetPointerMode(handle, cublasPointerMode.CUBLAS_POINTER_MODE_HOST),
          "cublasSetPointerMode");
    } catch (RuntimeException e) {
      JCublas2.cublasDestroy(handle);
      if (own != null) {
        own.close();
      }
      if (sums != null) {
        sums.close();
      }
      throw e;
    }
    this.workspace = own;
    this.room = sums;
    device.own(this);
  }

  /**
   * Opens cuBLAS on a device for blocks of {@code rows} rows.
   *
   * @return empty when the library is not there; the log then has the reason
   * @throws DeviceException when the library is there and fails
   */
  public static Optional<CublasDense> tryOpen(CudaDevice device, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows >= 1 does not hold: rows " + rows);
    }
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      LOG.warn(
          "cuda: cuBLAS is not used: {}; install the CUDA 12 libraries for faster wide layers",
          missing.get());
      return Optional.empty();
    }
    return Optional.of(new CublasDense(device, rows));
  }

  /** Why cuBLAS cannot be used here, or empty. */
  static Optional<String> missing() {
    return NativeLibraries.load("JCublas2", () -> JCublas2.setExceptionsEnabled(false));
  }

  /**
   * Queues Y = X W.
   *
   * @param x [blocks][inputs][rows]
   * @param weights [inputs][outputs]
   * @param y [blocks][outputs][rows], overwritten
   */
  public void forward(
      FloatSlice x, FloatSlice weights, FloatSlice y, int blocks, int inputs, int outputs) {
    checkSizes(blocks, inputs, outputs);
    run(
        MatrixProduct.forward(rows, blocks, inputs, outputs),
        x.on(device, count(blocks, inputs)),
        weights.on(device, (long) inputs * outputs),
        ZERO,
        y.on(device, count(blocks, outputs)));
  }

  /**
   * Queues dX = dY W'.
   *
   * @param dy [blocks][outputs][rows]
   * @param weights [inputs][outputs]
   * @param dx [blocks][inputs][rows], overwritten
   */
  public void inputGradient(
      FloatSlice dy, FloatSlice weights, FloatSlice dx, int blocks, int inputs, int outputs) {
    checkSizes(blocks, inputs, outputs);
    run(
        MatrixProduct.inputGradient(rows, blocks, inputs, outputs),
        dy.on(device, count(blocks, outputs)),
        weights.on(device, (long) inputs * outputs),
        ZERO,
        dx.on(device, count(blocks, inputs)));
  }

  /**
   * Queues dW = sum over blocks of X' dY: the blocks' products side by side, then their sum, in as
   * few parts as there is room for.
   *
   * @param x [blocks][inputs][rows]
   * @param dy [blocks][outputs][rows]
   * @param dw [inputs][outputs], overwritten
   */
  public void weightGradient(
      FloatSlice x, FloatSlice dy, FloatSlice dw, int blocks, int inputs, int outputs) {
    checkSizes(blocks, inputs, outputs);
    x.on(device, count(blocks, inputs));
    dy.on(device, count(blocks, outputs));
    long weights = (long) inputs * outputs;
    Pointer sum = dw.on(device, weights);
    int together = (int) Math.max(1, Math.min(MOST_TOGETHER, ROOM / weights));
    for (int first = 0; first < blocks; first += together) {
      int part = Math.min(together, blocks - first);
      Pointer partX = new FloatSlice(x.memory(), x.at() + count(first, inputs)).on(device, 1);
      Pointer partDy = new FloatSlice(dy.memory(), dy.at() + count(first, outputs)).on(device, 1);
      Pointer beta = first == 0 ? ZERO : ONE;
      MatrixProduct product = MatrixProduct.weightGradients(rows, part, inputs, outputs);
      if (part == 1) {
        run(product, partDy, partX, beta, sum);
      } else {
        run(product, partDy, partX, ZERO, room.at(MOST_TOGETHER));
        addUp((int) weights, part, beta, sum);
      }
    }
  }

  /** Queues sum = the columns of the room added up + beta sum: a product with ones. */
  private void addUp(int weights, int columns, Pointer beta, Pointer sum) {
    device.enterLaunch("sum of matrix products");
    check(
        JCublas2.cublasSgemv(
            handle,
            cublasOperation.CUBLAS_OP_N,
            weights,
            columns,
            ONE,
            room.at(MOST_TOGETHER),
            weights,
            room.at(0),
            1,
            beta,
            sum,
            1),
        "cublasSgemv");
    device.launched("cublasSgemv");
  }

  private long count(int blocks, int features) {
    return Math.multiplyExact((long) blocks * features, (long) rows);
  }

  private static void checkSizes(int blocks, int inputs, int outputs) {
    if (blocks < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "blocks, inputs, outputs >= 1 does not hold: " + blocks + ", " + inputs + ", " + outputs);
    }
  }

  private void run(MatrixProduct p, Pointer a, Pointer b, Pointer beta, Pointer c) {
    if (closed) {
      throw new IllegalStateException("cuBLAS is closed");
    }
    device.enterLaunch("matrix product");
    check(
        JCublas2.cublasSgemmStridedBatched(
            handle,
            operation(p.transposeA()),
            operation(p.transposeB()),
            p.m(),
            p.n(),
            p.k(),
            ONE,
            a,
            p.lda(),
            p.strideA(),
            b,
            p.ldb(),
            p.strideB(),
            beta,
            c,
            p.ldc(),
            p.strideC(),
            p.count()),
        "cublasSgemmStridedBatched");
    device.launched("cublasSgemmStridedBatched");
  }

  private static int operation(boolean transpose) {
    return transpose ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
  }

  private void check(int status, String call) {
    if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw new DeviceException(
          "cuda: " + call + " on " + device.name() + " failed: " + cublasStatus.stringFor(status));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter("close of cuBLAS");
      closed = true;
      device.forget(this);
      int status = JCublas2.cublasDestroy(handle);
      if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
        LOG.warn("cuda: cublasDestroy failed: {}", cublasStatus.stringFor(status));
      }
      workspace.close();
      room.close();
    }
  }
}
