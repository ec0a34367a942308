"""Creditor references by ISO 11649: by what a payer writes into a transfer, the money finds its invoice."""

import re
import secrets
from typing import Final

from stdnum import iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

LONGEST_BODY = 21
REFUND: Final = re.compile(r"(?<![0-9A-Z])REFUND[0-9A-F]{16}(?![0-9A-Z])")


def creditor_reference(number: str) -> str:
    """Return the reference of a document number: ``M2-2024-0001`` gives ``RF03M220240001``.

    Only the letters and digits of the number count, so a series must not differ from another by signs alone.

    :raises ValueError: when nothing or more than 21 letters and digits are left.
    """
    body = "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())
    if not 1 <= len(body) <= LONGEST_BODY:
        raise ValueError(f"{number!r} does not fit a creditor reference of 1 to {LONGEST_BODY} letters and digits")
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def new_refund_reference() -> str:
    """Return an end-to-end reference of a refund, which the bank tells again when it leaves or comes back."""
    return f"REFUND{secrets.token_hex(8).upper()}"


def refund_references_in(*texts: str) -> list[str]:
    """Return the references of refunds of ours that stand in texts of the bank, in their order."""
    return [found for text in texts for found in REFUND.findall(text.upper())]


def is_creditor_reference(text: str) -> bool:
    """Tell whether ``text`` is a reference with right check digits; blanks between groups are allowed."""
    try:
        iso11649.validate(text)
    except ValidationError:
        return False
    return True
