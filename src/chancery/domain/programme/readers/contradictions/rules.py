"""Contradictions between dates, money and rules (promises B1, B3, B4, C3)."""

from collections.abc import Iterator
from datetime import timedelta

from chancery.domain.network.readers import known_fiscal_years
from chancery.domain.programme.policies import FourEyes, InvoiceWhen
from chancery.domain.programme.readers.contradictions.weights import contradiction, error, warning
from chancery.domain.programme.readers.edition_file import EditionFile, FiscalRegime
from chancery.domain.programme.readers.findings import Finding
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.foundation.country_codes import two_letter_code

INCOME_CLASSES = ("L", "LM", "UM", "H")


def dates(edition: EditionFile) -> Iterator[Finding]:
    """Dates in their order, places in their number."""
    facts = edition.edition
    if facts.ends_on < facts.starts_on:
        wrong = f"the edition ends on {facts.ends_on}, before it starts on {facts.starts_on}"
        yield error(edition, ("edition", "ends_on"), wrong, "exchange the days", beside=("edition", "starts_on"))
    if facts.closes_at <= facts.opens_at:
        wrong = f"applications close at {facts.closes_at:%Y-%m-%d %H:%M}, before they open"
        yield error(
            edition,
            ("edition", "closes_at"),
            wrong,
            "write a later instant, or open earlier",
            beside=("edition", "opens_at"),
        )
    if facts.closes_at.date() >= facts.starts_on:
        wrong = f"the deadline for applications, {facts.closes_at:%Y-%m-%d}, is not before the start"
        yield error(
            edition, ("edition", "closes_at"), wrong, f"close before {facts.starts_on}", beside=("edition", "starts_on")
        )
    if facts.minimum > facts.capacity:
        wrong = f"the minimum of {facts.minimum} people is above the capacity of {facts.capacity}"
        yield error(
            edition, ("edition", "minimum"), wrong, "lower it or raise the capacity", beside=("edition", "capacity")
        )


def invoice(edition: EditionFile) -> Iterator[Finding]:
    """An invoice is due before the start, and on no fixed day while the dates may move."""
    due_on, starts_on = edition.invoice.due_on, edition.edition.starts_on
    if edition.invoice.when is InvoiceWhen.PAYMENT and edition.issuer.fiscal_regime is FiscalRegime.INTERNAL:
        wrong = "an invoice that follows the payment is not issued here: regime internal invoices at admission"
        yield error(
            edition,
            ("invoice", "when"),
            wrong,
            'write when = "admission", or fiscal_regime = "external"',
            beside=("issuer", "fiscal_regime"),
        )
    if due_on is None:
        return
    path: KeyPath = ("invoice", "due_on")
    if due_on >= starts_on:
        wrong = f"the invoice is due on {due_on}, not before the start on {starts_on}"
        yield error(
            edition, path, wrong, f"write {starts_on - timedelta(days=1)} or earlier", beside=("edition", "starts_on")
        )
    if due_on < edition.edition.opens_at.date():
        wrong = f"the invoice is due on {due_on}, before applications open"
        yield error(edition, path, wrong, "write a later day", beside=("edition", "opens_at"))
    if edition.edition.provisional:
        wrong = f"the dates are provisional, but invoices are due on a fixed day, {due_on}"
        yield contradiction(
            edition,
            path,
            wrong,
            "remove due_on until the dates are confirmed; due_days counts on",
            beside=("edition", "provisional"),
        )


def cancellation(edition: EditionFile) -> Iterator[Finding]:
    """There is a time in which one may leave with a refund."""
    cut = edition.edition.starts_on - timedelta(days=edition.cancellation.days_before)
    if cut <= edition.edition.opens_at.date():
        wrong = f"the last day to leave with a refund is before {cut}, when nobody can have applied yet"
        yield contradiction(
            edition,
            ("cancellation", "days_before"),
            wrong,
            "lower days_before or open earlier",
            beside=("edition", "opens_at"),
        )


def tariff(edition: EditionFile) -> Iterator[Finding]:
    """Rates in their order, in a currency that exists."""
    tariff = edition.tariff
    if tariff.member_minor > tariff.standard_minor:
        wrong = "the member rate is above the standard rate"
        yield error(
            edition,
            ("tariff", "member"),
            wrong,
            "write an amount up to the standard rate",
            beside=("tariff", "standard"),
        )
    if not _is_currency(tariff.currency):
        wrong = f'"{tariff.currency}" is no currency of ISO 4217'
        yield error(edition, ("tariff", "currency"), wrong, "write its three letters, such as EUR")
    if edition.payment.tolerance_minor >= tariff.standard_minor > 0:
        wrong = "the payment tolerance is not below the standard rate"
        yield error(
            edition,
            ("payment", "tolerance"),
            wrong,
            "write a small amount; bank charges are meant",
            beside=("tariff", "standard"),
        )


def waiver(edition: EditionFile) -> Iterator[Finding]:
    """A waiver names classes and a fiscal year that exist."""
    waiver = edition.waiver
    if waiver.fiscal_year is None:
        if ("waiver",) in edition.lines:
            years = ", ".join(known_fiscal_years())
            wrong = "the waiver names no fiscal year of the income classes"
            yield error(edition, ("waiver", "fiscal_year"), wrong, f"write one of {years}")
        return
    if waiver.fiscal_year not in known_fiscal_years():
        wrong = f"the fiscal year {waiver.fiscal_year} is not known"
        right = f"write one of {', '.join(known_fiscal_years())}"
        yield error(edition, ("waiver", "fiscal_year"), wrong, right)
    for code in waiver.income_classes:
        if code not in INCOME_CLASSES:
            right = f"write one of {', '.join(INCOME_CLASSES)}"
            yield error(edition, ("waiver", "income_classes"), f'"{code}" is no income class', right)
    if waiver.needs_contributions and edition.membership.reference_year is None:
        wrong = "the waiver needs contributions, but no reference year says of which year"
        yield error(
            edition,
            ("waiver", "needs_contributions"),
            wrong,
            "write membership.reference_year",
            beside=("membership", "reference_year"),
        )


def payment(edition: EditionFile) -> Iterator[Finding]:
    """The account can be paid to."""
    iban = edition.payment.iban.replace(" ", "").upper()
    if iban and not _iban_adds_up(iban):
        wrong = "the check digits of the IBAN are wrong"
        yield error(edition, ("payment", "iban"), wrong, "copy it again from the bank's letter")
    if not iban and edition.tariff.standard_minor:
        wrong = "there is a fee, but no account to pay it to"
        yield warning(edition, ("payment", "iban"), wrong, "write payment.iban before applications open")
    for code in edition.payment.hold_countries:
        if not two_letter_code(code):
            wrong = f'"{code}" is no country of ISO 3166'
            yield error(edition, ("payment", "hold_countries"), wrong, "write three capital letters such as SDN")
    if edition.payment.four_eyes is FourEyes.NONE:
        wrong = "one person alone may set a fee, write off, and send money out"
        yield warning(edition, ("payment", "four_eyes"), wrong, 'write "refunds" as soon as two people work here')


def _is_currency(code: str) -> bool:
    from babel import Locale  # slow to import, and a fee quote never needs it

    return code in Locale("en").currencies


def _iban_adds_up(iban: str) -> bool:
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and iban[:2].isalpha()):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
