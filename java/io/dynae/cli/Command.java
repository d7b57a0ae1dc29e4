// SPDX-License-Identifier: MIT
package io.dynae.cli;

import io.dynae.error.InputException;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.MissingOptionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** One command of the program. */
abstract class Command {
  /** Type of options that each occurrence adds a value to. */
  private static final Class<?> REPEATED = List.class;

  /** What begins with a dash and is no negative number. */
  private static final Pattern OPTION = Pattern.compile("^-(?![0-9.]|$)");

  private final String name;
  private final String arguments;
  private final String summary;

  /**
   * @param arguments usage of the positional arguments, such as {@code CONFIG.ini}
   */
  Command(String name, String arguments, String summary) {
    this.name = name;
    this.arguments = arguments;
    this.summary = summary;
  }

  final String name() {
    return name;
  }

  final String summary() {
    return summary;
  }

  /** Options beside --help and --debug. */
  abstract Options options();

  /** Runs and returns the exit code. */
  abstract int run(CommandLine line);

  /** Parses and runs; {@code --help} prints the options to stdout. */
  final int run(String... given) {
    Options options = options();
    options.addOption(Option.builder().longOpt("help").desc("print this and exit").get());
    options.addOption(
        Option.builder().longOpt("debug").desc("print where an error came from").get());
    requireKnown(options, given);
    CommandLine line;
    try {
      line = DefaultParser.builder().setAllowPartialMatching(false).get().parse(options, given);
    } catch (ParseException e) {
      throw new InputException(name + ": " + message(e) + "; see `dynae " + name + " --help`", e);
    }
    if (line.hasOption("help")) {
      help(options);
      return 0;
    }
    requireValues(line);
    requireOnce(line);
    return run(line);
  }

  /** An option with several values would take a slip in the next option's name for one of them. */
  private void requireKnown(Options options, String... given) {
    for (String token : given) {
      if (token.equals("--")) {
        return;
      }
      String option = token.split("=", 2)[0];
      if (OPTION.matcher(token).find() && !options.hasOption(option.replaceAll("^--?", ""))) {
        throw new InputException(
            "%s: unknown option %s; see `dynae %s --help`, or write ./%s for a file of that name"
                .formatted(name, option, name, token));
      }
    }
  }

  /** An empty value is an unset variable of the shell, and would name the current folder. */
  private void requireValues(CommandLine line) {
    for (Option option : line.getOptions()) {
      if (option.hasArg() && option.getValuesList().stream().anyMatch(String::isBlank)) {
        throw empty("--" + option.getLongOpt());
      }
    }
    if (line.getArgList().stream().anyMatch(String::isBlank)) {
      throw empty(arguments);
    }
  }

  private InputException empty(String what) {
    return new InputException(
        "%s: %s is not empty does not hold: ''; give a value, and see that shell variables are set"
            .formatted(name, what));
  }

  /** Only one value of an option that is given twice would be read. */
  private void requireOnce(CommandLine line) {
    for (Option option : line.getOptions()) {
      String[] given = line.getOptionValues(option);
      boolean several = option.hasArgs() || option.getType() == REPEATED;
      if (option.hasArg() && !several && given.length > 1) {
        throw new InputException(
            "%s: --%s given once does not hold: %s; give one of them"
                .formatted(name, option.getLongOpt(), String.join(", ", given)));
      }
    }
  }

  private void help(Options options) {
    System.out.println(("usage: dynae " + name + " " + arguments).strip() + " [OPTIONS]");
    System.out.println(summary);
    for (Option option : options.getOptions()) {
      String value = option.hasArg() ? " " + option.getArgName() : "";
      System.out.printf(
          "  %-24s %s%n", "--" + option.getLongOpt() + value, option.getDescription());
    }
  }

  private static String message(ParseException e) {
    if (e instanceof MissingArgumentException missing) {
      return "option --" + missing.getOption().getLongOpt() + " lacks its value";
    }
    if (e instanceof UnrecognizedOptionException unknown) {
      return "unknown option " + unknown.getOption();
    }
    if (e instanceof MissingOptionException || e instanceof AmbiguousOptionException) {
      return e.getMessage();
    }
    return e.getMessage();
  }

  /** An option with a value. */
  static Option value(String longName, String argument, String description) {
    return Option.builder().longOpt(longName).hasArg().argName(argument).desc(description).get();
  }

  /** An option with one value that may be given several times. */
  static Option repeated(String longName, String argument, String description) {
    Option option = value(longName, argument, description);
    option.setType(REPEATED);
    return option;
  }

  /** An option that may be given several times, each with one value or more. */
  static Option values(String longName, String argument, String description) {
    return Option.builder().longOpt(longName).hasArgs().argName(argument).desc(description).get();
  }

  /** The value of an option that must be given. */
  final String required(CommandLine line, String option) {
    String value = line.getOptionValue(option);
    if (value == null) {
      throw new InputException(
          name + ": option --" + option + " is missing; see `dynae " + name + " --help`");
    }
    return value;
  }

  /** The single positional argument. */
  final String argument(CommandLine line) {
    if (line.getArgList().size() != 1) {
      throw new InputException(
          "%s: one %s does not hold: %s; %ssee `dynae %s --help`"
              .formatted(name, arguments, given(line), swallowed(line), name));
    }
    return line.getArgList().get(0);
  }

  private static String given(CommandLine line) {
    return line.getArgList().isEmpty() ? "none" : String.join(", ", line.getArgList());
  }

  /** Which option took the missing argument among its values, as one with several does. */
  private String swallowed(CommandLine line) {
    String ending = arguments.substring(Math.max(0, arguments.lastIndexOf('.')));
    for (Option option : line.getArgList().isEmpty() ? line.getOptions() : new Option[0]) {
      List<String> values = option.getValuesList();
      String last = option.hasArgs() && values.size() > 1 ? values.get(values.size() - 1) : "";
      if (!last.isEmpty() && (!ending.startsWith(".") || last.endsWith(ending))) {
        return "--%s took %s; put %s first; ".formatted(option.getLongOpt(), last, arguments);
      }
    }
    return "";
  }

  /** Refuses positional arguments. */
  final void noArguments(CommandLine line) {
    if (!line.getArgList().isEmpty()) {
      throw new InputException(
          "%s: unknown argument %s; see `dynae %s --help`"
              .formatted(name, line.getArgList().get(0), name));
    }
  }

  /** An option's value as a number of at least {@code least}. */
  final long number(CommandLine line, String option, long otherwise, long least) {
    String value = line.getOptionValue(option);
    if (value == null) {
      return otherwise;
    }
    BigInteger number;
    try {
      number = new BigInteger(value);
    } catch (NumberFormatException e) {
      throw new InputException(
          "%s: --%s: a whole number does not hold: '%s'; give one such as %d"
              .formatted(name, option, value, least),
          e);
    }
    if (number.compareTo(BigInteger.valueOf(least)) < 0) {
      throw new InputException(
          "%s: --%s >= %d does not hold: %s; give a larger number"
              .formatted(name, option, least, value));
    }
    if (number.bitLength() > Long.SIZE - 1) {
      throw new InputException(
          "%s: --%s <= %d does not hold: %s; give a smaller number"
              .formatted(name, option, Long.MAX_VALUE, value));
    }
    return number.longValue();
  }
}
