// SPDX-License-Identifier: MIT
package io.dynae.compute.opencl;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/** Collects the events of launches while it runs: the device's own times of a profiled queue. */
final class LaunchClock {
  private static final double NANOS_PER_MICRO = 1e3;

  private final List<cl_event> events = new ArrayList<>();
  private boolean running;

  void start() {
    running = true;
  }

  /** Event of the next launch, or null while nobody asks. */
  cl_event next() {
    if (!running) {
      return null;
    }
    cl_event event = new cl_event();
    events.add(event);
    return event;
  }

  /** Microseconds from the first launch's start to the last one's end, which is over. */
  OptionalDouble read() {
    if (events.isEmpty()) {
      return OptionalDouble.empty();
    }
    long start = at(events.get(0), CL_PROFILING_COMMAND_START);
    long end = at(events.get(events.size() - 1), CL_PROFILING_COMMAND_END);
    return OptionalDouble.of((end - start) / NANOS_PER_MICRO);
  }

  private static long at(cl_event event, int moment) {
    long[] nanos = new long[1];
    clGetEventProfilingInfo(event, moment, Sizeof.cl_ulong, Pointer.to(nanos), null);
    return nanos[0];
  }

  /** Forgets the events. */
  void stop() {
    running = false;
    // An event whose launch failed was never made.
    events.stream().filter(event -> !event.equals(new cl_event())).forEach(e -> clReleaseEvent(e));
    events.clear();
  }
}
