"""Write the paper of a bill to a file."""

import argparse
from pathlib import Path

from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``invoice pdf NUMBER -o FILE``."""
    parser = nouns.add_parser("invoice", help="write an invoice as PDF")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    paper = acts.add_parser("pdf", help="the invoice or payment request as PDF/A")
    paper.add_argument("number")
    paper.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    paper.set_defaults(run=write_pdf)


def write_pdf(arguments: argparse.Namespace) -> int:
    """Write the paper; the same bytes each time.

    :raises Refused: when there is no bill of that number.
    """
    django_ready()
    from chancery.domain.billing.queries.invoices import find_invoice
    from chancery.foundation import clock
    from chancery.journey.bill import invoice_pdf

    invoice = find_invoice(arguments.number)
    if invoice is None or invoice.document_id is None:
        raise Refused(refusal("invoice_unknown"), f"there is no invoice {arguments.number}")
    try:
        arguments.output.write_bytes(invoice_pdf(invoice=invoice, now=clock.now()))
    except OSError as error:
        raise Refused(refusal("file_unwritable"), f"{arguments.output}: {error.strerror or error}") from error
    say(f"{arguments.output}: {invoice.number}")
    return 0
