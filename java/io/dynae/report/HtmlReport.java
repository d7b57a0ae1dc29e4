// SPDX-License-Identifier: MIT
package io.dynae.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** One page of HTML that needs no other file, no network and no script. */
final class HtmlReport {
  private static final String STYLE =
      "body{font:15px/1.45 sans-serif;color:#222;max-width:60em;margin:2em auto;padding:0 1em}"
          + "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}"
          + "table{border-collapse:collapse}"
          + "td{padding:.15em 1.2em .15em 0;border-bottom:1px solid #ddd;vertical-align:top}"
          + "figure{margin:2em 0}img{max-width:100%;height:auto}"
          + "figcaption{font-size:.9em;color:#444;max-width:48em}"
          + "pre{font-size:.85em;background:#f5f5f5;padding:1em;overflow:auto}";

  private final StringBuilder body = new StringBuilder();
  private final String title;

  HtmlReport(String title) {
    this.title = title;
    body.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  /** Rows of names and values; nothing where there are none. */
  void table(String heading, Map<String, String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    heading(heading);
    body.append("<table>\n");
    rows.forEach(
        (name, value) ->
            body.append("<tr><td>")
                .append(escape(name))
                .append("</td><td>")
                .append(escape(value))
                .append("</td></tr>\n"));
    body.append("</table>\n");
  }

  /** A figure at its size on paper or larger, as an image, so that pictures share no ids. */
  void figure(String name, Figure figure, String svg) {
    String data = Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8));
    body.append("<figure id=\"")
        .append(escape(name))
        .append("\"><img alt=\"")
        .append(escape(name))
        .append("\" style=\"width:")
        .append(Math.round(1.6 * figure.width()))
        .append("px\" src=\"data:image/svg+xml;base64,")
        .append(data)
        .append("\"/>\n<figcaption>")
        .append(escape(figure.caption()))
        .append("</figcaption></figure>\n");
  }

  /** Text as it is. */
  void text(String heading, String text) {
    heading(heading);
    body.append("<pre>").append(escape(text)).append("</pre>\n");
  }

  private void heading(String heading) {
    body.append("<h2>").append(escape(heading)).append("</h2>\n");
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>"
        + escape(title)
        + "</title>\n<style>"
        + STYLE
        + "</style></head>\n<body>\n"
        + body
        + "</body></html>\n";
  }
}
