// SPDX-License-Identifier: MIT
package io.dynae.op;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * a b + c, rounded once where the processor does that in one instruction. Where it does not, as
 * before Haswell and in some virtual machines, {@link Math#fma} goes through BigDecimal and takes
 * hundreds of times as long.
 */
public final class MultiplyAdd {
  /** Whether Math.fma is an instruction here; constant, so that the JIT keeps one form alone. */
  static final boolean FUSED = fused();

  private MultiplyAdd() {}

  /** Rounded once, or twice where that takes an instruction each. */
  public static float of(float a, float b, float c) {
    return FUSED ? Math.fma(a, b, c) : a * b + c;
  }

  /** Rounded once everywhere: the same bits on every machine. */
  public static float exact(float a, float b, float c) {
    return FUSED ? Math.fma(a, b, c) : inDouble(a, b, c);
  }

  /**
   * The exact form without the instruction. A product of floats is exact in double. A sum that is
   * not is rounded to the odd one of its neighbours, from where rounding to float goes the way of
   * the exact sum: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums" (2008).
   */
  static float inDouble(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    double added = sum - product;
    double lost = (product - (sum - added)) + (c - added);
    boolean odd = (Double.doubleToRawLongBits(sum) & 1) != 0;
    if (!odd && lost > 0) {
      sum = Math.nextUp(sum);
    } else if (!odd && lost < 0) {
      sum = Math.nextDown(sum);
    }
    return (float) sum;
  }

  /** What the JVM does, which can be less than the processor could. */
  private static boolean fused() {
    try {
      HotSpotDiagnosticMXBean machine =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (machine != null) {
        return Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
      }
    } catch (IllegalArgumentException | LinkageError e) {
      // A JVM without this option or this module.
    }
    return processorsFuse();
  }

  private static boolean processorsFuse() {
    try {
      return processorsFuse(Files.readString(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return true;
    }
  }

  /** Of x86 processors the flags say it; those that list none have it. */
  static boolean processorsFuse(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("flags"))
        .allMatch(line -> (line + " ").contains(" fma "));
  }
}
