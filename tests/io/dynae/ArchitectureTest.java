// SPDX-License-Identifier: MIT
package io.dynae;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house: packages in data-flow order, one importer a binding, one place to print.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.dynae");

  @Test
  void theProgramIsThere() {
    assertTrue(CLASSES.size() > 480, "classes seen: " + CLASSES.size());
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.dynae.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void roomsOfOperationsAndOfBackendsHaveNoCycles() {
    for (String room : List.of("op", "compute")) {
      slices().matching("io.dynae." + room + ".(*)..").should().beFreeOfCycles().check(CLASSES);
      noClasses()
          .that()
          .resideInAPackage("io.dynae." + room)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.dynae." + room + ".*..")
          .check(CLASSES);
    }
  }

  /** What runs operations knows their core alone, never one of them. */
  @Test
  void backendsKnowNoOperationByName() {
    noClasses()
        .that()
        .resideInAPackage("io.dynae.compute..")
        .and()
        .resideOutsideOfPackage("io.dynae.compute.team")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dynae.op.*..")
        .check(CLASSES);
  }

  /** The table of java/README.md names every package, and none depends on one further down. */
  @Test
  void packagesDependOnThoseAboveThemAlone() throws IOException {
    List<String> order =
        Pattern.compile("^\\| `(io\\.dynae\\.\\w+)`", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("java", "README.md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    Set<String> there =
        CLASSES.stream()
            .map(c -> c.getPackageName().replaceFirst("^(io\\.dynae\\.\\w+).*", "$1"))
            .collect(Collectors.toSet());
    assertEquals(there, Set.copyOf(order));
    for (int i = 0; i + 1 < order.size(); i++) {
      String[] below =
          order.subList(i + 1, order.size()).stream().map(p -> p + "..").toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(order.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(below)
          .check(CLASSES);
    }
  }

  /** Elsewhere Math.fma would take hundreds of times as long where there is no instruction. */
  @Test
  void multiplyAddsGoThroughOneClass() {
    for (Class<?> number : new Class<?>[] {float.class, double.class}) {
      noClasses()
          .that()
          .doNotHaveSimpleName("MultiplyAdd")
          .and()
          .doNotHaveSimpleName("BinsCheck")
          .should()
          .callMethod(Math.class, "fma", number, number, number)
          .check(CLASSES);
    }
  }

  @Test
  void onlyTheirBackendsKnowTheBindings() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dynae.compute.cuda..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jcuda..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dynae.compute.opencl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.jocl..")
        .check(CLASSES);
  }

  @Test
  void onlyTheReportDraws() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dynae.report..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.jfree..", "org.apache.batik..", "java.awt..", "javax.imageio..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.dynae.report..", "io.dynae.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.dynae.report..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dynae.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  @Test
  void operationsKnowNoDevice() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.dynae.op..", "io.dynae.random..", "io.dynae.trajectory..", "io.dynae.simulation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.dynae.compute..", "io.dynae.train..", "io.dynae.cli..")
        .check(CLASSES);
  }
}
