"""The square code that a banking app reads to fill in a transfer (EPC069-12, version 002)."""

from decimal import Decimal

from chancery.domain.billing.references import is_creditor_reference

SERVICE_TAG, VERSION, UTF_8, TRANSFER = "BCD", "002", "1", "SCT"
LONGEST_NAME = 70
LARGEST_AMOUNT = Decimal("999999999.99")
CENT = Decimal("0.01")


def epc_payload(*, beneficiary: str, iban: str, amount: Decimal, reference: str, bic: str = "") -> str:
    """Return the text of the code for a transfer in euro with a structured creditor reference.

    A beneficiary longer than 70 characters is cut: the account, not the name, decides where money goes.

    :raises ValueError: when the amount is not between 0.01 and 999,999,999.99 euro in whole cents, when the
        name is blank, or when the reference is not one.
    """
    if not CENT <= amount <= LARGEST_AMOUNT or amount != amount.quantize(CENT):
        raise ValueError(f"{amount} cannot be asked for by a transfer code")
    if not beneficiary.strip():
        raise ValueError("a transfer code needs a beneficiary")
    if not is_creditor_reference(reference):
        raise ValueError(f"{reference!r} is no creditor reference")
    lines = (
        SERVICE_TAG,
        VERSION,
        UTF_8,
        TRANSFER,
        _packed(bic),
        " ".join(beneficiary.split())[:LONGEST_NAME].rstrip(),
        _packed(iban),
        f"EUR{amount:.2f}",
        "",  # purpose: none
        _packed(reference),
    )
    return "\n".join(lines)


def _packed(text: str) -> str:
    return "".join(text.split()).upper()
