"""One camt entry (Ntry) into one object for each of its transaction details."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from chancery.domain.billing.readers.camt_money import (
    DetailMoney,
    Split,
    charges_by_detail,
    charges_of,
    detail_money,
    split,
)
from chancery.domain.billing.readers.camt_parties import NOBODY, Party, party_of, told_by_payer
from chancery.domain.billing.readers.content import StatementEntry
from chancery.domain.billing.readers.elements import (
    Children,
    Element,
    children_of,
    chosen_day,
    currency_of,
    flag_of,
    line_of,
    minor_units,
    place_of,
    required,
    sign_of,
    text_at,
    text_of,
)
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.states import EntryStatus

# Only BOOK is money. A status we do not know is not money either: it is told as info.
STATUS = {"BOOK": EntryStatus.BOOKED, "PDNG": EntryStatus.PENDING, "FUTR": EntryStatus.PENDING}


@dataclass(frozen=True, slots=True)
class Detail:
    """A transaction detail on its own: kept small, so that a batch of thousands can be let go as it is read."""

    money: DetailMoney
    debtor: Party
    creditor: Party
    references: tuple[str, ...]
    remittance: str
    end_to_end_id: str | None
    bank_reference: str | None
    line: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What the entry itself says, for all of its details."""

    amount_cents: int
    currency: str
    status: EntryStatus
    reversal: bool
    booking_date: date | None
    value_date: date | None
    information: str
    bank_reference: str | None
    entry_reference: str | None
    charges_cents: int
    line: int | None
    raw: str

    def told_by(
        self,
        detail: Detail,
        *,
        index: int = 1,
        amount_cents: int | None = None,
        charges_cents: int | None = None,
        other: Party = NOBODY,
        doubtful: bool = False,
    ) -> StatementEntry:
        """Return one transaction of the entry."""
        return StatementEntry(
            amount_cents=self.amount_cents if amount_cents is None else amount_cents,
            currency=self.currency,
            status=self.status,
            reversal=self.reversal,
            booking_date=self.booking_date,
            value_date=self.value_date,
            counterparty_name=other.name,
            counterparty_iban=other.account,
            creditor_references=detail.references,
            remittance=detail.remittance,
            end_to_end_id=detail.end_to_end_id,
            bank_reference=detail.bank_reference or self.bank_reference,
            entry_reference=self.entry_reference,
            charges_cents=self.charges_cents if charges_cents is None else charges_cents,
            detail_index=index,
            line=detail.line or self.line,
            raw=f"{self.raw}\n{detail.raw}" if detail.raw else self.raw,
            doubtful=doubtful,
        )


def read_detail(detail: Element, currency: str, *, alone: bool = False) -> Detail:
    """Read one TxDtls. ``alone``: its entry keeps the raw text, so it is not written out twice.

    :raises StatementRefused: when an amount or a direction in it is broken.
    """
    parts = children_of(detail)
    parties = children_of(parts.get("RltdPties"))
    references = children_of(parts.get("Refs"))
    told, text = told_by_payer(parts.get("RmtInf"))
    return Detail(
        money=detail_money(parts, currency),
        debtor=party_of(parties, "Dbtr", "UltmtDbtr"),
        creditor=party_of(parties, "Cdtr", "UltmtCdtr"),
        references=told,
        remittance=text or text_of(parts.get("AddtlTxInf")) or "",
        end_to_end_id=text_of(references.get("EndToEndId")),
        bank_reference=text_of(references.get("AcctSvcrRef")),
        line=None if alone else line_of(detail),
        raw="" if alone else raw_text(detail),
    )


def entry_currency(entry: Element, account_currency: str | None) -> str:
    """Return the currency an entry is booked in.

    :raises StatementRefused: when neither the entry nor its account names one.
    """
    return currency_of(required(children_of(entry), "Amt", entry), account_currency)


def read_entry(
    entry: Element, drained: Sequence[Detail], *, account: str, currency: str | None
) -> list[StatementEntry]:
    """Read an entry into one object a detail; ``drained`` are the details of a batch, already taken out of it.

    :raises StatementRefused: with the place, when anything that decides about money is broken.
    """
    parts = children_of(entry)
    whole = _whole(entry, parts, currency)
    details = drained or _details_within(parts.get("NtryDtls"), whole.currency)
    if not details:
        return [whole.told_by(_nothing_told(whole))]
    if len(details) > 1:
        return _batch(whole, details, account)
    return [_lone(whole, details[0], account)]


def raw_text(element: Element) -> str:
    """Return an element as the file has it."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def _whole(entry: Element, parts: Children, account_currency: str | None) -> Whole:
    amount = required(parts, "Amt", entry)
    currency = currency_of(amount, account_currency)
    return Whole(
        amount_cents=sign_of(required(parts, "CdtDbtInd", entry)) * minor_units(amount, currency),
        currency=currency,
        status=_status(required(parts, "Sts", entry)),
        reversal=flag_of(parts.get("RvslInd")),
        booking_date=chosen_day(parts.get("BookgDt")),
        value_date=chosen_day(parts.get("ValDt")),
        information=text_of(parts.get("AddtlNtryInf")) or "",
        bank_reference=text_of(parts.get("AcctSvcrRef")),
        entry_reference=text_of(parts.get("NtryRef")),
        charges_cents=charges_of(parts.get("Chrgs"), currency),
        line=line_of(entry),
        raw=raw_text(entry),
    )


def _status(status: Element) -> EntryStatus:
    """Read the status: a text until version 05, a code or the bank's own word in an element from 06 on."""
    named = text_of(status) if not len(status) else text_at(status, "Cd") or text_at(status, "Prtry")
    if named is None:
        raise StatementRefused("status", "the entry does not say whether it is booked", place_of(status))
    return STATUS.get(named, EntryStatus.INFO)


def _details_within(first: Element | None, currency: str) -> list[Detail]:
    """Read the lone detail of an entry that is no batch, wherever its details begin."""
    if first is None:
        return []
    groups = (first, *first.itersiblings("{*}NtryDtls"))
    return [read_detail(detail, currency, alone=True) for group in groups for detail in group.iterchildren("{*}TxDtls")]


def _nothing_told(whole: Whole) -> Detail:
    """What stands in for a detail where the bank gives none."""
    return Detail(DetailMoney((), None, 0), NOBODY, NOBODY, (), whole.information, None, None, None, "")


def _lone(whole: Whole, detail: Detail, account: str) -> StatementEntry:
    """Read an entry with one detail: the entry's amount counts."""
    shares = split(whole.amount_cents, whole.charges_cents, [detail.money])
    return whole.told_by(
        detail if detail.remittance else replace(detail, remittance=whole.information),
        charges_cents=max(whole.charges_cents, detail.money.charges),
        other=_other_party(detail, whole.amount_cents, whole.reversal, account),
        doubtful=shares is None or shares.doubtful,
    )


def _batch(whole: Whole, details: Sequence[Detail], account: str) -> list[StatementEntry]:
    money = [detail.money for detail in details]
    shares = split(whole.amount_cents, whole.charges_cents, money)
    if shares is None:
        return [_not_told_apart(whole, details)]
    charges = charges_by_detail(whole.charges_cents, money, shares.rest)
    entries = [
        whole.told_by(
            detail,
            index=index,
            amount_cents=share,
            charges_cents=charge,
            other=_other_party(detail, share, whole.reversal, account),
            doubtful=shares.doubtful,
        )
        for index, (detail, share, charge) in enumerate(zip(details, shares.shares, charges, strict=False), start=1)
    ]
    return [*entries, _rest(whole, shares, charges[-1], len(details) + 1)] if shares.rest else entries


def _rest(whole: Whole, shares: Split, charges: int, index: int) -> StatementEntry:
    """What the bank booked beyond (or short of) its details: charges taken from a batch, or an unexplained sum."""
    return whole.told_by(
        _nothing_told(whole),
        index=index,
        amount_cents=shares.rest,
        charges_cents=charges,
        doubtful=shares.doubtful,
    )


def _not_told_apart(whole: Whole, details: Sequence[Detail]) -> StatementEntry:
    """Several details without amounts: the money counts once, as a whole, and a person tells it apart."""
    together = replace(
        _nothing_told(whole),
        references=tuple(reference for detail in details for reference in detail.references),
        remittance=" ".join(detail.remittance for detail in details if detail.remittance) or whole.information,
        raw="\n".join(detail.raw for detail in details if detail.raw),
    )
    charges = max(whole.charges_cents, sum(detail.money.charges for detail in details))
    return whole.told_by(together, charges_cents=charges, doubtful=True)


def _other_party(detail: Detail, share: int, reversal: bool, account: str) -> Party:
    """Return who is not us: the debtor of a credit. A taking back may keep the roles of the first payment."""
    usual, turned = (detail.debtor, detail.creditor) if share >= 0 else (detail.creditor, detail.debtor)
    if turned == NOBODY:
        return usual
    if usual.account == account or (reversal and (usual == NOBODY or turned.account not in {None, account})):
        return turned
    return usual
