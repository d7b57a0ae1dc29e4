// SPDX-License-Identifier: MIT
package io.dynae.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What latents say about dihedrals, where that is known. */
class DihedralRecoveryTest {
  private static final int FRAMES = 100;
  private static final int[] KNOWN = IntStream.range(0, 50).toArray();
  private static final int[] HELD_OUT = IntStream.range(50, 100).toArray();

  /** Every fourth frame helical, the others extended. */
  private static float[] dihedrals() {
    float[] angles = new float[2 * FRAMES];
    for (int n = 0; n < FRAMES; n++) {
      angles[2 * n] = -1;
      angles[2 * n + 1] = (float) (n % 4 == 0 ? -0.5 : 2.5);
    }
    return angles;
  }

  @Test
  void aLatentThatTellsTheBasinsRecoversAll() {
    float[] z = new float[FRAMES];
    for (int n = 0; n < FRAMES; n++) {
      z[n] = (n % 4 == 0 ? 10 : 0) + 0.01f * n;
    }
    DihedralRecovery recovery = DihedralRecovery.of(z, 1, dihedrals(), KNOWN, HELD_OUT);
    assertEquals(1, recovery.rSquared(), 1e-12);
    assertEquals(Map.of(Ramachandran.BETA, 1.0, Ramachandran.ALPHA_R, 1.0), recovery.recall());
    assertEquals(HELD_OUT.length, recovery.heldOut());
  }

  /**
   * A constant latent has the first ten known frames nearest, of which 3 are helical, a share of q
   * = 0.3; of the 50 held out p = 12/50 are. With two values, R^2 = 1 - (p + q^2 - 2 p q) / (p -
   * p^2).
   */
  @Test
  void aConstantLatentKnowsNothing() {
    DihedralRecovery recovery =
        DihedralRecovery.of(new float[FRAMES], 1, dihedrals(), KNOWN, HELD_OUT);
    double p = 12.0 / 50;
    double q = 0.3;
    assertEquals(1 - (p + q * q - 2 * p * q) / (p - p * p), recovery.rSquared(), 1e-12);
    assertEquals(Map.of(Ramachandran.BETA, 1.0, Ramachandran.ALPHA_R, 0.0), recovery.recall());
  }

  @Test
  void basinsAreCutWhereTheyShould() {
    assertEquals(Ramachandran.BETA, Ramachandran.of(Math.toRadians(-75), Math.toRadians(150)));
    assertEquals(Ramachandran.BETA, Ramachandran.of(Math.toRadians(-150), Math.toRadians(-170)));
    assertEquals(Ramachandran.ALPHA_R, Ramachandran.of(Math.toRadians(-75), Math.toRadians(-20)));
    assertEquals(Ramachandran.ALPHA_L, Ramachandran.of(Math.toRadians(55), Math.toRadians(45)));
  }
}
