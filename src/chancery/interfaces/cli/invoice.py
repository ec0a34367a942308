"""Write the paper of a bill to a file, or its data."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.domain.billing.models import Invoice


def register(nouns: Nouns) -> None:
    """Add ``invoice pdf NUMBER -o FILE`` and ``invoice xml NUMBER --syntax cii|ubl``."""
    parser = nouns.add_parser("invoice", help="write an invoice as PDF or XML")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    paper = acts.add_parser("pdf", help="the invoice or payment request as PDF/A")
    paper.add_argument("number")
    paper.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    paper.set_defaults(run=write_pdf)
    data = acts.add_parser("xml", help="the e-invoice (EN 16931) on standard output")
    data.add_argument("number")
    data.add_argument("--syntax", choices=("cii", "ubl"), required=True)
    data.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of standard output")
    data.set_defaults(run=write_xml)


def write_pdf(arguments: argparse.Namespace) -> int:
    """Write the paper; the same bytes each time.

    :raises Refused: when there is no bill of that number.
    """
    django_ready()
    from chancery.foundation import clock
    from chancery.journey.bill import invoice_pdf

    invoice = _found(arguments.number)
    _write(arguments.output, invoice_pdf(invoice=invoice, now=clock.now()))
    say(f"{arguments.output}: {invoice.number}")
    return 0


def write_xml(arguments: argparse.Namespace) -> int:
    """Write the e-invoice; the same bytes each time.

    :raises Refused: when there is no bill of that number, or it is a payment request.
    """
    django_ready()
    from chancery.domain.billing.documents.electronic_invoice import Syntax
    from chancery.domain.billing.documents.paper import bill_as_xml

    content = bill_as_xml(_found(arguments.number), Syntax(arguments.syntax))
    if arguments.output:
        _write(arguments.output, content)
    else:
        sys.stdout.buffer.write(content)
    return 0


def _found(number: str) -> "Invoice":
    from chancery.domain.billing.queries.invoices import find_invoice

    invoice = find_invoice(number)
    if invoice is None or invoice.document_id is None:
        raise Refused(refusal("invoice_unknown"), f"there is no invoice {number}")
    return invoice


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused(refusal("file_unwritable"), f"{path}: {error.strerror or error}") from error
