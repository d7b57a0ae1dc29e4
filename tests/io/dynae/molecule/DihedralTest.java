// SPDX-License-Identifier: MIT
package io.dynae.molecule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynae.error.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DihedralTest {
  private static final Dihedral CHAIN = new Dihedral(0, 1, 2, 3);

  /** Bond b to c along -z, away from a viewer above; a at angle 0, d turned clockwise. */
  private static double[] chain(double angle, double bend) {
    return new double[] {
      bend, 0, 0.3, 0, 0, 0, 0, 0, -1.5, bend * Math.cos(angle), -bend * Math.sin(angle), -1.9
    };
  }

  @Test
  void theAngleIsTheOneItWasBuiltWith() {
    for (double angle = -3.14; angle <= 3.14; angle += 0.01) {
      assertEquals(angle, CHAIN.angle(chain(angle, 1)), 1e-12);
    }
    assertEquals(Math.PI, Math.abs(CHAIN.angle(chain(Math.PI, 1))), 1e-12);
  }

  @Test
  void nearlyStraightChainsStillHaveOne() {
    assertEquals(1, CHAIN.angle(chain(1, 1e-3)), 1e-9);
    assertTrue(Double.isNaN(CHAIN.angle(chain(1, 0))));
  }

  @Test
  void readingBackwardsGivesTheSameAngle() {
    assertEquals(0.7, new Dihedral(3, 2, 1, 0).angle(chain(0.7, 1)), 1e-12);
  }

  @Test
  void parsesItsOwnText() {
    assertEquals(new Dihedral(1, 3, 4, 6), Dihedral.parse("1,3,4,6"));
    assertEquals("1,3,4,6", Dihedral.parse("1,3,4,6").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1,2,3", "1,2,3,4,5", "1,2,3,x", "-1,2,3,4", "1,2,3,1", "1, 2, 3, 4"})
  void otherTextIsRefused(String text) {
    assertThrows(InputException.class, () -> Dihedral.parse(text));
  }
}
