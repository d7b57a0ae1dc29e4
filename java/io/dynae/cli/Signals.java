// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.DynaeException;
import io.dynae.file.AtomicFile;
import io.dynae.train.RunLock;
import io.dynae.train.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What signals mean. A training saves and stops on INT, TERM, HUP and XCPU, and saves and goes on
 * upon USR1 and USR2, where one more within a minute stops it. Other commands have nothing to save:
 * they end, without half-written files, where a training would stop.
 *
 * <p>A signal that whoever started the program has ignored, as {@code nohup} does HUP, stays so.
 */
final class Signals {
  private static final int INTERRUPTED = 130;
  private static final int STOPPED_EARLY = 75;

  /** Added to a signal's number by a command that it ends, as shells have it. */
  private static final int ENDED_BY = 128;

  private Signals() {}

  /** Signals that were taken, and by what. */
  private static final Map<Signal, SignalHandler> TAKEN = new ConcurrentHashMap<>();

  private static final int MILLISECONDS_BETWEEN_LOOKS = 100;

  /**
   * Prepares any command. On INT, TERM and HUP the JVM itself ends in order; the others would end
   * it as a crash does.
   */
  static void prepare() {
    handle("XCPU", signal -> System.exit(ENDED_BY + signal.getNumber()));
    StopSignal stop = new StopSignal(System::exit);
    for (String name : List.of("USR1", "USR2")) {
      handle(name, signal -> stop.requestSave(ENDED_BY + signal.getNumber()));
    }
  }

  /**
   * Prepares a command that trains.
   *
   * @param before what to say to a stop where training has not begun
   */
  static StopSignal training(String before) {
    StopSignal stop = new StopSignal(code -> endUnwritten(code, before), Signals::endSaved);
    handle("USR1", signal -> stop.requestSave(STOPPED_EARLY));
    handle("USR2", signal -> stop.requestSave(STOPPED_EARLY));
    handle("XCPU", signal -> stop.request(STOPPED_EARLY));
    List<String> left = new ArrayList<>();
    Map.of("INT", INTERRUPTED, "TERM", STOPPED_EARLY, "HUP", STOPPED_EARLY)
        .forEach(
            (name, code) -> {
              if (!handle(name, signal -> stop.request(code))) {
                left.add(name);
              }
            });
    if (!left.isEmpty()) {
      System.err.println(
          "INT, TERM and HUP end this training without saving, as Java was started with -Xrs;"
              + " USR1 saves");
    }
    Thread looking = new Thread(Signals::keepTaken, "dynae-signals");
    looking.setDaemon(true);
    looking.start();
    return stop;
  }

  /**
   * Takes signals back. PoCL's compiler takes some of them when it is first used, and drops USR1
   * and the first XCPU; it hands the others on.
   */
  private static void keepTaken() {
    try {
      while (true) {
        Thread.sleep(MILLISECONDS_BETWEEN_LOOKS);
        TAKEN.forEach(Signal::handle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false where the JVM leaves the signal to the system, as with {@code -Xrs}. */
  private static boolean handle(String name, Consumer<Signal> action) {
    Signal signal = new Signal(name);
    try {
      SignalHandler before = Signal.handle(signal, action::accept);
      if (before.equals(SignalHandler.SIG_IGN)) {
        Signal.handle(signal, SignalHandler.SIG_IGN);
      } else {
        TAKEN.put(signal, action::accept);
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void endUnwritten(int code, String before) {
    System.err.println("stopped before training began; " + before);
    RunLock.deleteHeld();
    halt(code);
  }

  private static void endSaved(int code, Runnable save) {
    int end = code;
    try {
      save.run();
      System.err.println("stopped in the middle of long work, saved; go on with --resume");
    } catch (DynaeException e) {
      System.err.println("dynae: " + e.getMessage());
      end = e.exitCode();
    }
    halt(end);
  }

  /** A simulation or latents may be under way, gigabytes of them; halting runs no hook. */
  private static void halt(int code) {
    AtomicFile.deleteUnfinished();
    Runtime.getRuntime().halt(code);
  }
}
