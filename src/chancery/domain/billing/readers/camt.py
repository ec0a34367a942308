"""ISO 20022 account report, statement and notification (camt.052, .053, .054; versions 02 to 14), read as a stream.

The three hold the same entries in other containers, a ``Message`` each; a notification has no balances.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from chancery.domain.billing.readers.camt_balances import (
    Balance,
    account_currency,
    adds_up,
    closing_of,
    currency_of_balances,
    opening_of,
    read_balance,
)
from chancery.domain.billing.readers.camt_entry import Detail, entry_currency, read_detail, read_entry
from chancery.domain.billing.readers.content import (
    StatementClosed,
    StatementEntry,
    StatementEvent,
    StatementOpened,
)
from chancery.domain.billing.readers.elements import (
    Element,
    child,
    day_of,
    descend,
    local,
    place_of,
    text_at,
)
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.states import EntryStatus


@dataclass(frozen=True, slots=True)
class Message:
    """Where one kind of message keeps its statements."""

    family: str
    root: str
    statement: str


REPORT = Message("camt.052", "BkToCstmrAcctRpt", "Rpt")
STATEMENT = Message("camt.053", "BkToCstmrStmt", "Stmt")
NOTIFICATION = Message("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn")


@dataclass(slots=True)
class OpenStatement:
    """What is known of the statement that is being read."""

    number: int
    group_created: date | None
    head: StatementOpened | None = None
    balances: list[Balance] = field(default_factory=list)
    booked: dict[str, int] = field(default_factory=dict)
    drained: list[Detail] = field(default_factory=list)
    held: Element | None = None


def read_message(ends: Iterator[Element], message: Message, place: str) -> Iterator[StatementEvent]:
    """Turn the ends of elements into events; elements that are done with are let go.

    ``place`` is where the message begins.

    :raises StatementRefused: with the place, when anything that decides about money is broken or missing.
    """
    current = OpenStatement(number=1, group_created=None)
    for element in ends:
        if not _is_under(element, message):
            continue
        name = local(element)
        if name == "Bal":
            current.balances.extend(read_balance(element))
        elif name == "TxDtls":
            _take_detail(current, element)
        elif name == "Ntry":
            if current.head is None:
                current.head = _open(current, element.getparent(), element)
                yield current.head
            yield from _take_entry(current, element)
            _let_go(element)
        else:
            if current.head is None:
                current.head = _open(current, element, None)
                yield current.head
            yield _close(current, current.head)
            _let_go(element)
            current = OpenStatement(current.number + 1, current.group_created)
    if current.number == 1:
        raise StatementRefused("empty", f"the message holds no statement ({message.statement})", place)


def watched(message: Message) -> tuple[str, ...]:
    """Return the elements whose ends ``read_message`` wants to see."""
    return tuple(f"{{*}}{name}" for name in (message.statement, "Bal", "Ntry", "TxDtls"))


def _is_under(element: Element, message: Message) -> bool:
    """Whether the element is where the standard has it, not in some supplementary data of the same name."""
    return _stands_right((element.tag, *(parent.tag for parent in element.iterancestors())), message)


@lru_cache(maxsize=64)
def _stands_right(tags: tuple[str, ...], message: Message) -> bool:
    """Judge a path from an element outwards; a file asks the same few questions for every entry."""
    name, *found = (tag.rpartition("}")[2] for tag in tags)
    wanted = {
        message.statement: [],
        "Bal": [message.statement],
        "Ntry": [message.statement],
        "TxDtls": ["NtryDtls", "Ntry", message.statement],
    }[name]
    return found in ([*wanted, message.root], [*wanted, message.root, "Document"])


def _open(current: OpenStatement, statement: Element | None, first: Element | None) -> StatementOpened:
    assert statement is not None  # noqa: S101 -- _is_under has seen it
    group = descend(statement.getparent(), "GrpHdr", "CreDtTm")
    if group is not None:
        current.group_created = day_of(group)
    created = child(statement, "CreDtTm")
    currency = _currency(current, statement, first)
    return StatementOpened(
        number=current.number,
        account=_account(statement),
        currency=currency,
        statement_id=text_at(statement, "Id"),
        created_on=current.group_created if created is None else day_of(created),
        opening_cents=opening_of(current.balances, currency or ""),
    )


def _account(statement: Element) -> str:
    account = child(statement, "Acct")
    named = text_at(account, "Id", "IBAN") or text_at(account, "Id", "Othr", "Id") or text_at(account, "Prxy", "Id")
    if named is None:
        raise StatementRefused("account", "the statement does not say whose account it is", place_of(statement))
    return "".join(named.split())


def _currency(current: OpenStatement, statement: Element, first: Element | None) -> str | None:
    """The account's currency, else that of its balances, else that of its first entry."""
    if named := account_currency(statement):
        return named
    if of_balances := currency_of_balances(current.balances):
        return of_balances
    return None if first is None else entry_currency(first, None)


def _take_detail(current: OpenStatement, detail: Element) -> None:
    """Hold one detail; when a second one comes the entry is a batch, and earlier ones are read and let go."""
    if current.held is not None:
        _drain(current, current.held)
    current.held = detail


def _drain(current: OpenStatement, held: Element) -> None:
    details = held.getparent()
    entry = details.getparent() if details is not None else None
    assert details is not None  # noqa: S101 -- _is_under has seen it
    assert entry is not None  # noqa: S101 -- as above
    currency = current.head.currency if current.head else account_currency(entry.getparent())
    current.drained.append(read_detail(held, entry_currency(entry, currency)))
    details.remove(held)


def _take_entry(current: OpenStatement, entry: Element) -> list[StatementEntry]:
    head = current.head
    assert head is not None  # noqa: S101 -- opened before its first entry
    if current.drained and current.held is not None:
        _drain(current, current.held)
    objects = read_entry(entry, current.drained, account=head.account, currency=head.currency)
    current.held = None
    current.drained = []
    for told in objects:
        if told.status is EntryStatus.BOOKED:
            current.booked[told.currency] = current.booked.get(told.currency, 0) + told.amount_cents
    return objects


def _close(current: OpenStatement, head: StatementOpened) -> StatementClosed:
    currency = head.currency or ""
    return StatementClosed(
        number=current.number,
        opening_cents=opening_of(current.balances, currency),
        closing_cents=closing_of(current.balances, currency),
        balanced=adds_up(current.balances, current.booked, head.currency),
    )


def _let_go(element: Element) -> None:
    """Forget an element and everything before it: memory stays flat however long the file is."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
