"""Contradictions in how the issuer taxes a place, and what is kept of one that ends (EN 16931, BR-S, BR-E, BR-O)."""

from collections.abc import Iterator
from typing import Final

from chancery.domain.programme.readers.contradictions.weights import contradiction
from chancery.domain.programme.readers.edition_file import EditionFile, FiscalRegime, VatProfile
from chancery.domain.programme.readers.findings import Finding, phrase
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.parsing import dotted

TAXED, EXEMPT = "S", "E"
CATEGORIES: Final = (TAXED, EXEMPT, "O", "AE")
OF_KEPT: Final = "kept_"


def profiles(edition: EditionFile) -> Iterator[Finding]:
    """A category that we can tell, a rate where tax is charged and only there, a reason where an exemption needs it.

    An issuer whose own system makes the invoices taxes them there.
    """
    issuer = edition.issuer
    if issuer.fiscal_regime is FiscalRegime.EXTERNAL:
        return
    if issuer.vat_category:
        yield from _of_profile(edition, issuer.place_vat, "")
    if issuer.kept_vat is not None:
        yield from _of_profile(edition, issuer.kept_vat, OF_KEPT)
    elif issuer.kept_vat_rate or issuer.kept_exemption_code:
        key = "kept_vat_rate" if issuer.kept_vat_rate else "kept_exemption_code"
        wrong = phrase("what is kept has no VAT category of its own, so this is never used")
        remedy = phrase("write kept_vat_category, or remove this")
        yield contradiction(edition, ("issuer", key), wrong, remedy, beside=("issuer", "vat_category"))


def _of_profile(edition: EditionFile, profile: VatProfile, prefix: str) -> Iterator[Finding]:
    category: KeyPath = ("issuer", f"{prefix}vat_category")
    rate: KeyPath = ("issuer", f"{prefix}vat_rate")
    if profile.category not in CATEGORIES:
        wrong = phrase('"%(category)s" is no VAT category that an invoice of ours can tell', category=profile.category)
        yield contradiction(edition, category, wrong, phrase("write one of %(words)s", words=", ".join(CATEGORIES)))
    elif profile.category == TAXED and not profile.rate:
        wrong = phrase(
            "%(key)s is %(category)s, which charges tax, and the rate is 0", key=dotted(category), category=TAXED
        )
        yield contradiction(edition, category, wrong, phrase("write the rate in percent"), beside=rate)
    elif profile.category != TAXED and profile.rate:
        wrong = phrase(
            "%(key)s is %(category)s, which charges no tax, and the rate is %(rate)s",
            key=dotted(category),
            category=profile.category,
            rate=profile.rate,
        )
        yield contradiction(
            edition, rate, wrong, phrase('write "0", or category %(category)s', category=TAXED), beside=category
        )
    if profile.category == EXEMPT and not profile.exemption_code:
        wrong = phrase(
            "%(key)s is %(category)s, and no code says why it is exempt", key=dotted(category), category=EXEMPT
        )
        remedy = phrase("write a code of the VATEX list, such as VATEX-EU-132-1I")
        yield contradiction(edition, category, wrong, remedy, beside=("issuer", f"{prefix}exemption_code"))
