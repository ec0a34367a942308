"""Writes bank statements (camt.053) as a bank would: for the demo, the rehearsal, the benchmark and the tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape, quoteattr

from chancery.foundation.money import Money

PTY_SINCE = 8  # from this version on a party's name is in an element of its own
STATUS_CODE_SINCE = 6


@dataclass(frozen=True, slots=True)
class CamtDetail:
    """One payment in a batch entry; amounts in signed minor units."""

    amount_cents: int
    payer_name: str = ""
    payer_iban: str = ""
    reference: str = ""
    remittance: tuple[str, ...] = ()
    end_to_end_id: str = ""
    bank_reference: str = ""
    charges_cents: int = 0


@dataclass(frozen=True, slots=True)
class CamtEntry:
    """One entry; amounts in signed minor units (a debit is negative). With details it is a batch."""

    amount_cents: int
    booking_date: date
    value_date: date | None = None
    currency: str = "EUR"
    status: str = "BOOK"
    reversal: bool = False
    payer_name: str = ""
    payer_iban: str = ""
    reference: str = ""
    remittance: tuple[str, ...] = ()
    end_to_end_id: str = ""
    bank_reference: str = ""
    entry_reference: str = ""
    charges_cents: int = 0
    details: tuple[CamtDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class CamtStatement:
    """One statement; without a closing balance given it closes where its booked entries lead."""

    account: str
    entries: Sequence[CamtEntry] = ()
    opening_cents: int | None = 0
    closing_cents: int | None = None
    currency: str = "EUR"
    statement_id: str = "STATEMENT-1"
    created_at: datetime = datetime(2024, 10, 21, 6, 0, tzinfo=UTC)

    @property
    def booked_cents(self) -> int:
        """What the booked entries add up to."""
        return sum(entry.amount_cents for entry in self.entries if entry.status == "BOOK")


def camt_file(
    *statements: CamtStatement, version: int = 8, prefix: str = "", encoding: str = "utf-8", bare: bool = False
) -> bytes:
    """Return statements as one file. ``bare`` declares the namespace so that the elements are in none."""
    pieces = camt_pieces(*statements, version=version, prefix=prefix, encoding=encoding, bare=bare)
    return "".join(pieces).encode(encoding)


def camt_pieces(
    *statements: CamtStatement, version: int = 8, prefix: str = "", encoding: str = "utf-8", bare: bool = False
) -> Iterator[str]:
    """Yield the same file in pieces, for files too large to hold."""
    writer = _Writer(version, f"{prefix}:" if prefix else "")
    namespace = quoteattr(f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}")
    declaration = f"xmlns:{prefix or 'bank'}" if prefix or bare else "xmlns"
    colon = writer.colon
    yield f'<?xml version="1.0" encoding="{encoding}"?>\n'
    yield f"<{colon}Document {declaration}={namespace}>\n<{colon}BkToCstmrStmt>\n"
    yield writer.tag("GrpHdr", writer.leaf("MsgId", "MESSAGE-1") + writer.leaf("CreDtTm", _instant(statements))) + "\n"
    for statement in statements:
        yield from writer.statement(statement)
    yield f"</{colon}BkToCstmrStmt>\n</{colon}Document>\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    version: int
    colon: str

    def statement(self, statement: CamtStatement) -> Iterator[str]:
        yield f"<{self.colon}Stmt>\n"
        yield self.leaf("Id", statement.statement_id) + self.leaf("CreDtTm", statement.created_at.isoformat())
        identity = self.tag("Id", self.leaf("IBAN", statement.account))
        yield self.tag("Acct", identity + self.leaf("Ccy", statement.currency)) + "\n"
        yield self._balances(statement)
        for entry in statement.entries:
            yield self.entry(entry)
        yield f"</{self.colon}Stmt>\n"

    def entry(self, entry: CamtEntry) -> str:
        value_date = entry.value_date or entry.booking_date
        status = self.leaf("Cd", entry.status) if self.version >= STATUS_CODE_SINCE else entry.status
        details = entry.details or (_only_detail(entry),)
        return (
            self.tag(
                "Ntry",
                self.leaf("NtryRef", entry.entry_reference)
                + self._amount(entry.amount_cents, entry.currency)
                + self._direction(entry.amount_cents)
                + (self.leaf("RvslInd", "true") if entry.reversal else "")
                + self.tag("Sts", status)
                + self.tag("BookgDt", self.leaf("Dt", entry.booking_date.isoformat()))
                + self.tag("ValDt", self.leaf("Dt", value_date.isoformat()))
                + self.leaf("AcctSvcrRef", entry.bank_reference)
                + self._charges(entry.charges_cents, entry.currency)
                + self.tag("NtryDtls", "\n".join(self._detail(detail, entry) for detail in details)),
            )
            + "\n"
        )

    def leaf(self, name: str, text: str) -> str:
        return self.tag(name, escape(text)) if text else ""

    def tag(self, name: str, inner: str) -> str:
        return f"<{self.colon}{name}>{inner}</{self.colon}{name}>" if inner else ""

    def _balances(self, statement: CamtStatement) -> str:
        closing = statement.closing_cents
        if closing is None and statement.opening_cents is not None:
            closing = statement.opening_cents + statement.booked_cents
        known = {"OPBD": statement.opening_cents, "CLBD": closing}
        return "".join(self._balance(code, cents, statement) for code, cents in known.items() if cents is not None)

    def _balance(self, code: str, cents: int, statement: CamtStatement) -> str:
        kind = self.tag("Tp", self.tag("CdOrPrtry", self.leaf("Cd", code)))
        day = self.tag("Dt", self.leaf("Dt", statement.created_at.date().isoformat()))
        return self.tag("Bal", kind + self._amount(cents, statement.currency) + self._direction(cents) + day) + "\n"

    def _detail(self, detail: CamtDetail, entry: CamtEntry) -> str:
        references = self.leaf("AcctSvcrRef", detail.bank_reference if entry.details else "")
        return self.tag(
            "TxDtls",
            self.tag("Refs", references + self.leaf("EndToEndId", detail.end_to_end_id or "NOTPROVIDED"))
            + self.tag("AmtDtls", self.tag("TxAmt", self._amount(detail.amount_cents, entry.currency)))
            + self._charges(detail.charges_cents if entry.details else 0, entry.currency)
            + self.tag("RltdPties", self._party(detail))
            + self.tag("RmtInf", self._remittance(detail)),
        )

    def _party(self, detail: CamtDetail) -> str:
        role = "Dbtr" if detail.amount_cents >= 0 else "Cdtr"
        name = self.leaf("Nm", detail.payer_name)
        account = self.tag("Id", self.leaf("IBAN", detail.payer_iban))
        return self.tag(role, self.tag("Pty", name) if self.version >= PTY_SINCE else name) + self.tag(
            f"{role}Acct", account
        )

    def _remittance(self, detail: CamtDetail) -> str:
        lines = "".join(self.leaf("Ustrd", line) for line in detail.remittance)
        kind = self.tag("Tp", self.tag("CdOrPrtry", self.leaf("Cd", "SCOR")))
        return lines + (
            self.tag("Strd", self.tag("CdtrRefInf", kind + self.leaf("Ref", detail.reference)))
            if detail.reference
            else ""
        )

    def _charges(self, cents: int, currency: str) -> str:
        return self.tag("Chrgs", self._amount(cents, currency, "TtlChrgsAndTaxAmt")) if cents else ""

    def _amount(self, cents: int, currency: str, name: str = "Amt") -> str:
        figure = Money(abs(cents), currency).decimal
        return f"<{self.colon}{name} Ccy={quoteattr(currency)}>{figure}</{self.colon}{name}>"

    def _direction(self, cents: int) -> str:
        return self.leaf("CdtDbtInd", "CRDT" if cents >= 0 else "DBIT")


def _only_detail(entry: CamtEntry) -> CamtDetail:
    return CamtDetail(
        amount_cents=entry.amount_cents,
        payer_name=entry.payer_name,
        payer_iban=entry.payer_iban,
        reference=entry.reference,
        remittance=entry.remittance,
        end_to_end_id=entry.end_to_end_id,
    )


def _instant(statements: Sequence[CamtStatement]) -> str:
    return max(
        (statement.created_at for statement in statements), default=datetime(2024, 10, 21, 6, 0, tzinfo=UTC)
    ).isoformat()
