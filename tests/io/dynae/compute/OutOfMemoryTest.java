// SPDX-License-Identifier: MIT
package io.dynae.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.compute.device.Device;
import io.dynae.compute.device.DeviceMemory;
import io.dynae.compute.java.JavaBackend;
import io.dynae.compute.opencl.OpenClDevice;
import io.dynae.error.DeviceException;
import io.dynae.testing.Backends;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What does not fit is refused before it is allocated, with needed and free bytes. */
class OutOfMemoryTest {
  private static final long HUGE = 1L << 40;

  @Test
  void aTableLargerThanTheHeap() {
    try (Backend java = new JavaBackend(1)) {
      long before = free(bytes -> java.table("frames", bytes / 4));
      String message = message(bytes -> java.table("frames", bytes / 4));
      assertTrue(message.contains("JAVA_OPTS=-Xmx"), message);
      assertTrue(before <= Runtime.getRuntime().maxMemory(), message);
    }
  }

  @Test
  void aBufferLargerThanAnOpenClDeviceHasLeft() {
    try (Device device = Backends.openOrAbort("opencl", () -> OpenClDevice.open(-1))) {
      long before = free(bytes -> device.allocate("arena", bytes));
      DeviceMemory taken = device.allocate("taken", 1 << 20);
      assertEquals(before - (1 << 20), free(bytes -> device.allocate("arena", bytes)));
      taken.close();
      assertEquals(before, free(bytes -> device.allocate("arena", bytes)));
      assertTrue(device.largestAllocation() <= before);
    }
  }

  private static long free(LongConsumer allocation) {
    String message = message(allocation);
    Matcher free = Pattern.compile("free (\\d+) bytes").matcher(message);
    assertTrue(free.find(), message);
    return Long.parseLong(free.group(1));
  }

  private static String message(LongConsumer allocation) {
    String message =
        assertThrows(DeviceException.class, () -> allocation.accept(HUGE)).getMessage();
    assertTrue(message.contains("needed " + HUGE + " bytes"), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
