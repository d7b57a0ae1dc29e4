// SPDX-License-Identifier: MIT
package io.dynae.analysis;

/**
 * A number's mean over seeds and how far it scatters.
 *
 * @param count of values
 * @param mean NaN without values
 * @param deviation sample standard deviation, sqrt(sum (x - mean)^2 / (count - 1)); NaN for fewer
 *     than two values, which say nothing about scatter
 */
public record SeedStatistics(int count, double mean, double deviation) {
  /** Computes both from the values of single seeds. */
  public static SeedStatistics of(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
    return new SeedStatistics(values.length, mean, deviation);
  }
}
