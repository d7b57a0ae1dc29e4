// SPDX-License-Identifier: MIT
package io.dynae.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * Standard error of the program: every line that it prints, an error, a note or a warning of a
 * library, goes through {@link PlainText}.
 */
final class PlainStream extends PrintStream {
  private final Object lock = new Object();

  private PlainStream(PrintStream out, Charset charset) {
    super(out, true, charset);
  }

  /** Puts it before the process's own standard error. */
  static void install() {
    String encoding = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
    Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    System.setErr(new PlainStream(System.err, charset));
  }

  @Override
  public void println(String text) {
    printLine(PlainText.line(String.valueOf(text)));
  }

  /** A line of a stack trace, which only {@code --debug} prints: whole. */
  @Override
  public void println(Object line) {
    printLine(PlainText.escaped(String.valueOf(line)));
  }

  /** A format ends its line, or goes on with the next. */
  @Override
  public PrintStream printf(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    String end = System.lineSeparator();
    if (text.endsWith(end)) {
      println(text.substring(0, text.length() - end.length()));
    } else {
      print(PlainText.line(text));
    }
    return this;
  }

  private void printLine(String line) {
    synchronized (lock) {
      super.print(line + System.lineSeparator());
    }
    flush();
  }
}
