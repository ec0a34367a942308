"""Turn a stored entry into the facts that matching weighs, without a model instance for each."""

from collections.abc import Sequence
from typing import Any

from chancery.domain.billing.identity import is_certain
from chancery.domain.billing.matching import EntryFacts
from chancery.domain.billing.states import EntryStatus

TOLD = (
    "amount_minor",
    "currency",
    "status",
    "reversal",
    "creditor_references",
    "remittance",
    "doubtful",
    "anchor",
    "occurrence",
    "statement__balanced",
    "payer_name",
    "payer_iban",
    "charges_minor",
    "value_date",
    "end_to_end_id",
)


def facts_of_row(row: Sequence[Any], *, left: int | None = None) -> EntryFacts:
    """Return the facts of a row of ``TOLD``; ``left`` where a part of the money is used already."""
    told = dict(zip(TOLD, row, strict=True))
    return EntryFacts(
        amount_cents=told["amount_minor"] if left is None else left,
        currency=told["currency"],
        status=EntryStatus(told["status"]),
        reversal=told["reversal"],
        creditor_references=tuple(told["creditor_references"]),
        remittance=told["remittance"],
        certain=is_certain(told["anchor"], told["occurrence"], complete=told["statement__balanced"]),
        doubtful=told["doubtful"],
        payer_name=told["payer_name"],
        payer_account=told["payer_iban"],
        charges_cents=told["charges_minor"],
        value_date=told["value_date"],
        end_to_end_id=told["end_to_end_id"],
    )
