"""Contradictions between dates, money and rules (promises B1, B3, B4, C3)."""

from collections.abc import Iterator
from datetime import timedelta

from chancery.domain.network.readers import known_fiscal_years
from chancery.domain.programme.policies import FourEyes, InvoiceWhen
from chancery.domain.programme.readers.contradictions.weights import contradiction, error, warning
from chancery.domain.programme.readers.edition_file import EditionFile, FiscalRegime
from chancery.domain.programme.readers.findings import Finding, phrase
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.foundation.country_codes import two_letter_code

INCOME_CLASSES = ("L", "LM", "UM", "H")


def dates(edition: EditionFile) -> Iterator[Finding]:
    """Dates in their order, places in their number."""
    facts = edition.edition
    if facts.ends_on < facts.starts_on:
        wrong = phrase(
            "the edition ends on %(ends_on)s, before it starts on %(starts_on)s",
            ends_on=facts.ends_on,
            starts_on=facts.starts_on,
        )
        yield error(
            edition, ("edition", "ends_on"), wrong, phrase("exchange the days"), beside=("edition", "starts_on")
        )
    if facts.closes_at <= facts.opens_at:
        wrong = phrase("applications close at %(closes_at)s, before they open", closes_at=facts.closes_at)
        yield error(
            edition,
            ("edition", "closes_at"),
            wrong,
            phrase("write a later instant, or open earlier"),
            beside=("edition", "opens_at"),
        )
    if facts.closes_at.date() >= facts.starts_on:
        wrong = phrase(
            "the deadline for applications, %(closes_at)s, is not before the start", closes_at=facts.closes_at.date()
        )
        yield error(
            edition,
            ("edition", "closes_at"),
            wrong,
            phrase("close before %(starts_on)s", starts_on=facts.starts_on),
            beside=("edition", "starts_on"),
        )
    if facts.minimum > facts.capacity:
        wrong = phrase(
            "the minimum of %(minimum)s people is above the capacity of %(capacity)s",
            minimum=facts.minimum,
            capacity=facts.capacity,
        )
        yield error(
            edition,
            ("edition", "minimum"),
            wrong,
            phrase("lower it or raise the capacity"),
            beside=("edition", "capacity"),
        )


def invoice(edition: EditionFile) -> Iterator[Finding]:
    """An invoice is due before the start, and on no fixed day while the dates may move."""
    due_on, starts_on = edition.invoice.due_on, edition.edition.starts_on
    if edition.invoice.when is InvoiceWhen.PAYMENT and edition.issuer.fiscal_regime is FiscalRegime.INTERNAL:
        wrong = phrase("an invoice that follows the payment is not issued here: regime internal invoices at admission")
        yield error(
            edition,
            ("invoice", "when"),
            wrong,
            phrase('write when = "admission", or fiscal_regime = "external"'),
            beside=("issuer", "fiscal_regime"),
        )
    if due_on is None:
        return
    path: KeyPath = ("invoice", "due_on")
    if due_on >= starts_on:
        wrong = phrase(
            "the invoice is due on %(due_on)s, not before the start on %(starts_on)s",
            due_on=due_on,
            starts_on=starts_on,
        )
        yield error(
            edition,
            path,
            wrong,
            phrase("write %(day)s or earlier", day=starts_on - timedelta(days=1)),
            beside=("edition", "starts_on"),
        )
    if due_on < edition.edition.opens_at.date():
        wrong = phrase("the invoice is due on %(due_on)s, before applications open", due_on=due_on)
        yield error(edition, path, wrong, phrase("write a later day"), beside=("edition", "opens_at"))
    if edition.edition.provisional:
        wrong = phrase("the dates are provisional, but invoices are due on a fixed day, %(due_on)s", due_on=due_on)
        yield contradiction(
            edition,
            path,
            wrong,
            phrase("remove due_on until the dates are confirmed; due_days counts on"),
            beside=("edition", "provisional"),
        )


def cancellation(edition: EditionFile) -> Iterator[Finding]:
    """There is a time in which one may leave with a refund."""
    cut = edition.edition.starts_on - timedelta(days=edition.cancellation.days_before)
    if cut <= edition.edition.opens_at.date():
        wrong = phrase(
            "the last day to leave with a refund is before %(cut)s, when nobody can have applied yet", cut=cut
        )
        yield contradiction(
            edition,
            ("cancellation", "days_before"),
            wrong,
            phrase("lower days_before or open earlier"),
            beside=("edition", "opens_at"),
        )


def tariff(edition: EditionFile) -> Iterator[Finding]:
    """Rates in their order, in a currency that exists."""
    tariff = edition.tariff
    if tariff.member_minor > tariff.standard_minor:
        wrong = phrase("the member rate is above the standard rate")
        yield error(
            edition,
            ("tariff", "member"),
            wrong,
            phrase("write an amount up to the standard rate"),
            beside=("tariff", "standard"),
        )
    if not _is_currency(tariff.currency):
        wrong = phrase('"%(currency)s" is no currency of ISO 4217', currency=tariff.currency)
        yield error(edition, ("tariff", "currency"), wrong, phrase("write its three letters, such as EUR"))
    if edition.payment.tolerance_minor >= tariff.standard_minor > 0:
        wrong = phrase("the payment tolerance is not below the standard rate")
        yield error(
            edition,
            ("payment", "tolerance"),
            wrong,
            phrase("write a small amount; bank charges are meant"),
            beside=("tariff", "standard"),
        )


def waiver(edition: EditionFile) -> Iterator[Finding]:
    """A waiver names classes and a fiscal year that exist."""
    waiver = edition.waiver
    if waiver.fiscal_year is None:
        if ("waiver",) in edition.lines:
            years = ", ".join(known_fiscal_years())
            wrong = phrase("the waiver names no fiscal year of the income classes")
            yield error(edition, ("waiver", "fiscal_year"), wrong, phrase("write one of %(words)s", words=years))
        return
    if waiver.fiscal_year not in known_fiscal_years():
        wrong = phrase("the fiscal year %(fiscal_year)s is not known", fiscal_year=waiver.fiscal_year)
        right = phrase("write one of %(words)s", words=", ".join(known_fiscal_years()))
        yield error(edition, ("waiver", "fiscal_year"), wrong, right)
    for code in waiver.income_classes:
        if code not in INCOME_CLASSES:
            right = phrase("write one of %(words)s", words=", ".join(INCOME_CLASSES))
            yield error(
                edition, ("waiver", "income_classes"), phrase('"%(code)s" is no income class', code=code), right
            )
    if waiver.needs_contributions and edition.membership.reference_year is None:
        wrong = phrase("the waiver needs contributions, but no reference year says of which year")
        yield error(
            edition,
            ("waiver", "needs_contributions"),
            wrong,
            phrase("write membership.reference_year"),
            beside=("membership", "reference_year"),
        )


def payment(edition: EditionFile) -> Iterator[Finding]:
    """The account can be paid to."""
    iban = edition.payment.iban.replace(" ", "").upper()
    if iban and not _iban_adds_up(iban):
        wrong = phrase("the check digits of the IBAN are wrong")
        yield error(edition, ("payment", "iban"), wrong, phrase("copy it again from the bank's letter"))
    if not iban and edition.tariff.standard_minor:
        wrong = phrase("there is a fee, but no account to pay it to")
        yield warning(edition, ("payment", "iban"), wrong, phrase("write payment.iban before applications open"))
    for code in edition.payment.hold_countries:
        if not two_letter_code(code):
            wrong = phrase('"%(code)s" is no country of ISO 3166', code=code)
            yield error(
                edition, ("payment", "hold_countries"), wrong, phrase("write three capital letters such as SDN")
            )
    if edition.payment.four_eyes is FourEyes.NONE:
        wrong = phrase("one person alone may set a fee, write off, and send money out")
        yield warning(
            edition, ("payment", "four_eyes"), wrong, phrase('write "refunds" as soon as two people work here')
        )


def _is_currency(code: str) -> bool:
    from babel import Locale  # slow to import, and a fee quote never needs it

    return code in Locale("en").currencies


def _iban_adds_up(iban: str) -> bool:
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and iban[:2].isalpha()):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
