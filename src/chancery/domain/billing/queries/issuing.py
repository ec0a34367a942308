"""Who issues the bills of an edition and where they are paid, as its file says."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from chancery.domain.programme.models import Edition, EditionRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerFacts:
    """The issuer and its tax treatment, which is never ours to decide; ``vat_rate`` is in percent."""

    legal_name: str
    tax_id: str
    address: str
    fiscal_regime: str
    vat_category: str
    vat_rate: Decimal
    exemption_code: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """The account that transfers go to."""

    beneficiary: str
    iban: str
    bic: str
    bank: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingFacts:
    """What a bill of an edition needs beyond its quote; ``one_for_group``: one bill for a group with one payer."""

    course: str
    issuer: IssuerFacts
    payment: PaymentFacts
    one_for_group: bool


def billing_facts(edition: Edition) -> BillingFacts:
    """Return issuer, account and course name from the newest revision of the edition's file."""
    newest = EditionRevision.objects.filter(edition=edition).order_by("-id").values_list("id", "content").first()
    return _read(*newest) if newest else _facts({})


@lru_cache(maxsize=16)
def _read(revision_id: int, content: bytes) -> BillingFacts:  # the id is the key of the cache
    return _facts(tomllib.loads(bytes(content).decode()))


def _facts(file: dict[str, Any]) -> BillingFacts:
    issuer, payment, invoice = (file.get(name, {}) for name in ("issuer", "payment", "invoice"))
    return BillingFacts(
        course=file.get("programme", {}).get("name", ""),
        issuer=IssuerFacts(
            legal_name=issuer.get("legal_name", ""),
            tax_id=issuer.get("tax_id", ""),
            address=issuer.get("address", ""),
            fiscal_regime=issuer.get("fiscal_regime", "external"),
            vat_category=issuer.get("vat_category", ""),
            vat_rate=Decimal(issuer.get("vat_rate", "0")),
            exemption_code=issuer.get("exemption_code", ""),
            contact=issuer.get("contact", ""),
        ),
        payment=PaymentFacts(
            beneficiary=payment.get("beneficiary", ""),
            iban="".join(payment.get("iban", "").split()),
            bic=payment.get("bic", ""),
            bank=payment.get("bank", ""),
            address=payment.get("address", ""),
        ),
        one_for_group=invoice.get("group", "each") == "one",
    )
