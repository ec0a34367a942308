"""The file with which a bank pays refunds: pain.001.001.09, judged by its schema before anybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from lxml import etree

from chancery.domain.billing.policies.paying import written_name
from chancery.foundation.ruling import Refused, refusal

SCHEMA = "pain.001.001.09"


class NotAPaymentFile(Refused):
    """The facts do not make a message of the scheme."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One refund; the amount in cents, since the scheme pays euros only."""

    name: str
    iban: str
    amount_minor: int
    end_to_end_id: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The bytes, and the identification that they carry."""

    message_id: str
    content: bytes


def payment_file(payments: Sequence[Payment], *, payer: str, iban: str, bic: str, pay_on: date) -> PaymentFile:
    """Return the file; each call is another message, so it is stored and never made twice for one refund.

    :raises NotAPaymentFile: when the facts do not make a valid message; it says what the schema found.
    """
    from sepaxml import SepaTransfer  # late: only this file needs it

    # Not as a batch: a bank may book that as one sum, and no line of the statement would show a single refund leaving.
    told = {"name": payer, "IBAN": iban, "batch": False, "currency": "EUR", **({"BIC": bic} if bic else {})}
    transfer = SepaTransfer(told, schema=SCHEMA, clean=True)
    for payment in payments:
        transfer.add_payment(
            {
                "name": written_name(payment.name),
                "IBAN": payment.iban,
                "amount": payment.amount_minor,
                "execution_date": pay_on,
                "description": payment.end_to_end_id,
                "endtoend_id": payment.end_to_end_id,
            }
        )
    content = transfer.export(validate=False)
    _judge(content)
    return PaymentFile(transfer.msg_id, content)


def _judge(content: bytes) -> None:
    """Hold a message against the scheme that the writer ships: with lxml, which is quicker than the writer's judge."""
    schema = etree.XMLSchema(file=str(files("sepaxml") / "schemas" / f"{SCHEMA}.xsd"))
    try:
        schema.assertValid(etree.fromstring(content))
    except etree.DocumentInvalid as invalid:
        raise NotAPaymentFile(refusal("no_payment_file"), str(invalid)) from invalid
