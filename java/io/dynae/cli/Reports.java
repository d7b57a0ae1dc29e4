// SPDX-License-Identifier: MIT
package io.dynae.cli;

import com.google.gson.JsonObject;
import io.dynae.train.EpochLosses;

/** JSON forms of results. */
final class Reports {
  private Reports() {}

  static JsonObject losses(EpochLosses losses) {
    JsonObject json = new JsonObject();
    json.addProperty("loss", losses.representation());
    json.addProperty("reconstruction", losses.reconstruction());
    json.addProperty("regularization", losses.regularization());
    json.addProperty("prior", losses.prior());
    return json;
  }
}
