// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.DynaeException;
import io.dynae.error.InputException;
import io.dynae.trajectory.npy.NpyFrames;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The command line: finds the command, prints errors as one line, and is the only one to exit. */
public final class Main {
  private static final int UNEXPECTED = 1;
  private static final int BAD_INPUT = 2;

  private static final List<Command> COMMANDS =
      List.of(
          new DemoCommand(),
          new DevicesCommand(),
          new SimulateCommand(),
          new AlignCommand(),
          new TrainCommand(),
          new SweepCommand(),
          new EmbedCommand(),
          new EvaluateCommand(),
          new ReportCommand(),
          new ReproduceCommand(),
          new BenchCommand(),
          new SelfTestCommand());

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
    System.setProperty("org.slf4j.simpleLogger.showLogName", "false");
    System.setProperty("org.slf4j.simpleLogger.levelInBrackets", "true");
    // Kernels and files have the digits 0 to 9 and a decimal point, whatever a country writes.
    Locale.setDefault(Locale.ROOT);
    Signals.prepare();
    PlainStream.install();
    int code = run(arguments);
    if (System.out.checkError() && code == 0) {
      System.err.println(
          "dynae: results written to standard output does not hold: it is closed or its disk is"
              + " full; write elsewhere and run again");
      code = BAD_INPUT;
    }
    System.exit(code);
  }

  /** Runs one command and returns the exit code. */
  static int run(String... arguments) {
    boolean debug = Arrays.asList(arguments).contains("--debug");
    try {
      return runOnce(debug, arguments);
    } catch (InternalError late) {
      // A mapped file's, which may also come while another error is on its way.
      return failed(cause(late), debug);
    }
  }

  private static int runOnce(boolean debug, String... arguments) {
    try {
      return dispatch(arguments);
    } catch (RuntimeException | Error e) {
      return failed(cause(e), debug);
    }
  }

  /** The error that a person can act on, where Java tells of a file that was cut in its own way. */
  private static Throwable cause(Throwable thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof InternalError) {
        try {
          NpyFrames.requireWholeFiles(thrown);
        } catch (InputException shorter) {
          return shorter;
        }
      }
    }
    return thrown;
  }

  /** Says what went wrong in a line, and returns the exit code. */
  private static int failed(Throwable thrown, boolean debug) {
    int code = UNEXPECTED;
    if (thrown instanceof DynaeException e) {
      System.err.println("dynae: " + e.getMessage());
      code = e.exitCode();
    } else if (thrown instanceof InvalidPathException e) {
      System.err.printf(
          "dynae: a path of characters that the locale has does not hold: '%s'; set"
              + " LC_ALL=C.UTF-8%n",
          e.getInput());
      code = BAD_INPUT;
    } else if (thrown instanceof OutOfMemoryError) {
      System.err.printf(
          "dynae: heap <= %d MB does not hold; give Java more, as in JAVA_OPTS=-Xmx8g%n",
          Runtime.getRuntime().maxMemory() >> 20);
    } else {
      System.err.println("dynae: unexpected " + thrown + "; --debug shows where");
    }
    if (debug) {
      thrown.printStackTrace();
    }
    return code;
  }

  private static int dispatch(String... arguments) {
    if (arguments.length == 0) {
      throw new InputException("a command is given does not hold; see `dynae --help`");
    }
    String name = arguments[0];
    if (name.equals("--help") || name.equals("-h") || name.equals("help")) {
      System.out.println(overview());
      return 0;
    }
    if (name.equals("--version")) {
      System.out.println("dynae " + version());
      return 0;
    }
    for (Command command : COMMANDS) {
      if (command.name().equals(name)) {
        return command.run(Arrays.copyOfRange(arguments, 1, arguments.length));
      }
    }
    throw new InputException(
        "unknown command '%s'; valid: %s"
            .formatted(
                name, COMMANDS.stream().map(Command::name).collect(Collectors.joining(", "))));
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static String overview() {
    StringBuilder text = new StringBuilder("usage: dynae COMMAND [OPTIONS]\n\n");
    for (Command command : COMMANDS) {
      text.append("  %-10s %s%n".formatted(command.name(), command.summary()));
    }
    return text.append("\n`dynae COMMAND --help` lists a command's options.").toString();
  }
}
