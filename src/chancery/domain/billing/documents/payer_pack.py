"""Everything that a payer's accounts department needs, in one file."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.documents.payer_sheet import render_payer_sheet
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.electronic import is_electronic
from chancery.foundation.ruling import Refused, refusal

READABLE = 0o644 << 16  # the rights of a file, as ZIP keeps them
UNIX = 3


class NoPackForCreditNote(Refused):
    """A credit note asks for no payment, so nobody needs a pack to pay it."""


def payer_pack(bill: Invoice, paper: bytes) -> bytes:
    """Return a ZIP of the bill's paper, its data where it has some, and the sheet with supplier and bank details.

    The same bill gives the same bytes.

    :raises NoPackForCreditNote: when the bill is a credit note.
    """
    if bill.corrects_id is not None or bill.document is None:
        raise NoPackForCreditNote(refusal("nothing_to_pay"), f"{bill.number} asks for no payment")
    asked = bill.document
    sheet = render_payer_sheet(asked.facts, language=asked.language, issued_at=asked.requested_at)
    files = {f"{bill.number}.pdf": paper, f"{bill.number}-supplier-and-payment.pdf": sheet}
    if is_electronic(bill):
        files |= {f"{bill.number}-{syntax}.xml": bill_as_xml(bill, syntax) for syntax in Syntax}
    return _packed(files, bill)


def _packed(files: dict[str, bytes], bill: Invoice) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as pack:
        for name, content in files.items():
            entry = ZipInfo(name, bill.issued_at.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, UNIX, READABLE
            pack.writestr(entry, content)
    return written.getvalue()
