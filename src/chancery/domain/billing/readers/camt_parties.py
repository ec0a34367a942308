"""Who takes part in a transaction, and what the payer wrote."""

from collections.abc import Iterable
from dataclasses import dataclass

from stdnum import iban, iso11649

from chancery.domain.billing.readers.elements import Children, Element, child, children_of, text_at, text_of


@dataclass(frozen=True, slots=True)
class Party:
    """Someone in a transaction, by what the statement tells."""

    name: str | None
    account: str | None


NOBODY = Party(None, None)


def party_of(parties: Children, role: str, ultimate: str) -> Party:
    """Read a party: its name is in ``Pty`` since version 08, in ``Agt`` where it is a bank; else who it acts for."""
    if not parties:
        return NOBODY
    name = _party_name(parties.get(role)) or _party_name(parties.get(ultimate))
    return Party(name, _iban(parties.get(f"{role}Acct")))


def told_by_payer(remittance: Element | None) -> tuple[tuple[str, ...], str]:
    """Return the structured references and what the payer wrote, joined where the bank split it."""
    if remittance is None:
        return (), ""
    structured = list(remittance.iterchildren("{*}Strd"))
    lines = [text_of(line) for line in remittance.iterchildren("{*}Ustrd")]
    if not any(lines):
        lines = [text_at(block, "AddtlRmtInf") for block in structured]
    return _references(text_at(block, "CdtrRefInf", "Ref") for block in structured), " ".join(filter(None, lines))


def _party_name(party: Element | None) -> str | None:
    if party is None:
        return None
    parts = children_of(party)
    named = text_of(parts.get("Nm")) or (text_at(parts["Pty"], "Nm") if "Pty" in parts else None)
    return named or text_at(parts.get("Agt"), "FinInstnId", "Nm")


def _iban(account: Element | None) -> str | None:
    """Return the IBAN without blanks; some banks give it as another identification."""
    if account is None:
        return None
    identity = child(account, "Id")
    named = text_at(identity, "IBAN")
    if named:
        return "".join(named.split()).upper()
    other = text_at(identity, "Othr", "Id")
    return iban.compact(other) if other and iban.is_valid(other) else None


def _references(found: Iterable[str | None]) -> tuple[str, ...]:
    """Return each reference once, those with right check digits first: they name an invoice of ours."""
    named = tuple(dict.fromkeys(filter(None, found)))
    if len(named) < 2:
        return named
    return tuple(sorted(named, key=lambda reference: not iso11649.is_valid(reference)))
