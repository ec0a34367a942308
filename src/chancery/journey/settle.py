"""The step from a statement to money on bills: take files in, book what pays a bill, suggest bills for the rest.

Places follow in the same transaction. Lock order: places, then invoice balances, then entry balances, each by id.
"""

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count, QuerySet

from chancery.domain.billing.matching import Book, after_booking
from chancery.domain.billing.models import (
    BankAccount,
    EntryBalance,
    Invoice,
    ProofOfTransfer,
    StatementFile,
    StatementMapping,
)
from chancery.domain.billing.queries.bank import list_lines_naming
from chancery.domain.billing.queries.mappings import saved_mappings
from chancery.domain.billing.queries.matching import book_of_bills, last_issued_at, list_bills_to_match
from chancery.domain.billing.readers import CsvMapping, StatementRefused, read_statements
from chancery.domain.billing.services import (
    accounts,
    allocating,
    batches,
    importing,
    mappings,
    matching_run,
    proofs,
    setting_aside,
    suggesting,
)
from chancery.domain.billing.services.accounts import FeedNotPossible
from chancery.domain.billing.services.importing import INTERRUPTED, ImportRunning
from chancery.domain.billing.services.leases import is_alive
from chancery.domain.billing.services.proofs import TooManyProofs
from chancery.domain.billing.services.setting_aside import SettingAsideNotPossible
from chancery.domain.billing.services.staging import Staging
from chancery.domain.billing.states import FileState, Noted, WorkState
from chancery.domain.enrollment.models import PlaceCharge
from chancery.domain.enrollment.queries import list_ended_bills, released_references
from chancery.domain.enrollment.services.charges import lock_places_of_invoices
from chancery.domain.enrollment.states import STILL_OWES
from chancery.foundation import clock
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.files.removal import order_removal, remove_ordered
from chancery.foundation.files.storage import PIECE, path_of, store_copy
from chancery.foundation.files.uploads import CheckedUpload
from chancery.journey import repay
from chancery.journey.follow import bill_of, follow_money

PATIENCE = timedelta(seconds=30)
WAIT = 0.1

__all__ = [
    "FeedNotPossible",
    "ImportReport",
    "ImportRunning",
    "StatementRefused",
    "TooManyProofs",
    "delete_mapping",
    "files_wait",
    "import_statement",
    "keep_proof",
    "lines_are_stale",
    "name_bank_account",
    "save_mapping",
    "settle_accepted_files",
    "weigh_waiting_lines",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; ``entries`` = new + known + ignored + conflicts, ``new`` = the four last ones."""

    file_id: int
    entries: int
    new: int
    known: int
    ignored: int
    conflicts: int
    booked: int = 0
    suggested: int = 0
    suspense: int = 0
    outgoing: int = 0


def import_statement(
    path: Path, *, actor: Actor, now: datetime, name: str = "", patience: timedelta = PATIENCE
) -> ImportReport:
    """Take a statement file in, book what is beyond doubt and report; the same file again changes nothing.

    Waits up to ``patience`` for another import to end. A file that is refused is kept with the reason.

    :raises StatementRefused: when nothing of the file was taken.
    :raises ImportRunning: when another import runs longer than ``patience``.
    """
    known = StatementFile.objects.select_related("file").filter(sha256=_sha256(path)).first()
    if known is not None and known.state == FileState.ACCEPTED:
        settle_accepted_files(now=now)
        return _report_again(known)
    accounts.know_edition_accounts()
    name = name or path.name
    stored = known.file if known else _copy(path, name, now)
    try:
        file = _begin(stored, name, actor, now, patience)
    finally:
        _drop_unused(stored, now)
    if file.state == FileState.ACCEPTED:  # somebody imported the same bytes while this one waited
        return _report_again(file)
    _stage(file, actor, now)
    settle_accepted_files(now=now)
    return _report(file)


def settle_accepted_files(*, now: datetime) -> int:
    """Drop imports that died and match what accepted files hold; return how many entries were matched.

    May be killed at any moment and run again.
    """
    _drop_dead_import(now)
    done = 0
    for file_id in list(_unsettled().values_list("pk", flat=True)):
        book, after_id = book_of_bills(ended=list_ended_bills()), 0
        while entries := matching_run.list_unmatched(file_id=file_id, after_id=after_id):
            _settle_chunk(file_id, matching_run.match_entries(entries, book), book, now)
            done += len(entries)
            after_id = entries[-1].pk
        for chunk in suggesting.lines_beside_file(file_id=file_id):
            suggesting.weigh_again(entry_ids=chunk, book=book, now=now)
        batches.itemise_batches(file_id=file_id)
        repay.close_refunds_seen(file_id=file_id, now=now)
        repay.take_refunds_back(file_id=file_id, now=now)
        _keep_late_money(file_id, now)
        matching_run.finish_file(file_id=file_id, now=now)
    return done


def _keep_late_money(file_id: int, now: datetime) -> None:
    """Keep money for places that were released to be given back: its bill is credited, and nothing is owed."""
    for entry_id in list_lines_naming(file_id, released_references()):
        with suppress(SettingAsideNotPossible):  # somebody booked it meanwhile
            setting_aside.keep_to_return(entry_id=entry_id, reason=Noted.AFTER_RELEASE, actor=SYSTEM, now=now)


def weigh_waiting_lines(*, now: datetime) -> int:
    """Make the suggestions of lines anew that were weighed before the last bill was issued; return how many."""
    issued_at = last_issued_at()
    chunks = list(suggesting.lines_to_weigh(since=issued_at))
    if not chunks or issued_at is None:
        return 0
    book, as_of = book_of_bills(ended=list_ended_bills()), max(now, issued_at)
    return sum(suggesting.weigh_again(entry_ids=chunk, book=book, now=as_of) for chunk in chunks)


def lines_are_stale() -> bool:
    """Say whether a bill was issued since a waiting line was weighed."""
    issued_at = last_issued_at()
    return issued_at is not None and suggesting.stale_lines(issued_at).exists()


def files_wait() -> bool:
    """Say whether an import died or an accepted file still has to be matched."""
    if _unsettled().exists():
        return True
    reading = StatementFile.objects.filter(state=FileState.READING).first()
    return reading is not None and not is_alive(reading, clock.machine_now())


@transaction.atomic
def keep_proof(*, invoice: Invoice, upload: CheckedUpload, actor: Actor, now: datetime) -> ProofOfTransfer:
    """Keep a proof of transfer; it is not payment and moves nothing (promise B2).

    :raises TooManyProofs: when this person sent as many as are kept.
    """
    return proofs.keep_proof(invoice=invoice, upload=upload, actor=actor, now=now)


@transaction.atomic
def name_bank_account(
    *, number: str, currency: str, feed: str, from_on: date | None = None, actor: Actor, now: datetime
) -> BankAccount:
    """Put a bank account of ours on file, or say from which day another kind of file books its money.

    :raises FeedNotPossible: when nobody says the day, or money of that day is booked already.
    """
    return accounts.name_account(number=number, currency=currency, feed=feed, from_on=from_on, actor=actor, now=now)


@transaction.atomic
def save_mapping(*, name: str, mapping: CsvMapping, actor: Actor, now: datetime) -> StatementMapping:
    """Save how a bank writes its CSV under a name; files with that header are read by it from now on."""
    return mappings.save_mapping(name=name, mapping=mapping, actor=actor, now=now)


@transaction.atomic
def delete_mapping(*, mapping_id: int, actor: Actor, now: datetime) -> None:
    """Forget how a bank writes its CSV; what was read by it stays."""
    mappings.delete_mapping(mapping_id=mapping_id, actor=actor, now=now)


def _copy(path: Path, name: str, now: datetime) -> StoredFile:
    return store_copy(path, purpose=Purpose.STATEMENT, name=name, content_type="application/xml", now=now)


def _drop_unused(stored: StoredFile, now: datetime) -> None:
    """Remove the copy of a statement that was not begun, or that somebody took in meanwhile from another copy."""
    if not StatementFile.objects.filter(file=stored).exists():
        order_removal([stored.pk], now=now)
        remove_ordered()


def _begin(stored: StoredFile, name: str, actor: Actor, now: datetime, patience: timedelta) -> StatementFile:
    until = clock.machine_now() + patience
    while True:
        _drop_dead_import(now)
        try:
            at = clock.machine_now()
            return importing.begin_import(stored=stored, name=name, actor=actor, now=now, machine_now=at)
        except ImportRunning:
            if clock.machine_now() >= until:
                raise
            time.sleep(WAIT)


def _stage(file: StatementFile, actor: Actor, now: datetime) -> None:
    staging = Staging(file)
    try:
        for chunk in staging.steps(read_statements(path_of(file.file), mappings=saved_mappings())):
            importing.stage_chunk(staging=staging, chunk=chunk, machine_now=clock.machine_now())
        for doubted in staging.doubted():
            importing.stage_doubted(staging=staging, chunk=doubted, machine_now=clock.machine_now())
        importing.accept_file(staging=staging, actor=actor, now=now, machine_now=clock.machine_now())
    except StatementRefused as refused:
        _drop(file, importing.report_of(refused), actor, now)
        raise


def _drop_dead_import(now: datetime) -> None:
    dead = importing.claim_dead_import(machine_now=clock.machine_now())
    if dead is not None:
        _drop(dead, {"code": INTERRUPTED, "reason": "the import was interrupted", "place": ""}, SYSTEM, now)


def _drop(file: StatementFile, report: dict[str, str], actor: Actor, now: datetime) -> None:
    while importing.drop_staged_chunk(file=file):
        pass
    importing.refuse_file(file=file, report=report, actor=actor, now=now)


@transaction.atomic
def _settle_chunk(file_id: int, guess: Sequence[matching_run.Matched], book: Book, now: datetime) -> None:
    """Book what was matched, with the places it pays.

    ``guess`` was made without locks, so that nobody waits for it: here the bills it names are locked, and where one of
    them stands otherwise by now, the answer is made again.
    """
    entries = matching_run.lock_unmatched(file_id=file_id, entries=[each.entry for each in guess])
    named = {each.match.invoice.key for each in guess if each.match.is_booked and each.match.invoice}
    charges = lock_places_of_invoices(sorted(named)) if named else []
    allocating.lock_invoice_balances(sorted(named))
    ended = _ended(named, charges)
    stand = list_bills_to_match(ended=ended, invoice_ids=named) if named else []

    matched = guess
    if any(bill != book.bill(bill.key) for bill in stand) or len(entries) < len(guess):
        for bill in stand:
            book.put(bill)
        matched = matching_run.match_entries(entries, book, bookable=named)
    moves = matching_run.book_matches(matched=matched, ended=ended, actor=SYSTEM, now=now)
    for moved in moves:
        of_bill = [charge for charge in charges if bill_of(charge) == moved.invoice.pk]
        follow_money(moved=moved, charges=of_bill, actor=SYSTEM, now=now)
        book.put(after_booking(book.bill(moved.invoice.pk), moved.allocation.amount_minor))


def _ended(invoice_ids: set[int], charges: Sequence[PlaceCharge]) -> set[int]:
    """Return the bills of which a place has ended or which bill no place any more."""
    held = {bill_of(charge) for charge in charges}
    ended = {bill_of(charge) for charge in charges if charge.place.state not in STILL_OWES}
    return {id_ for id_ in invoice_ids if id_ in ended or id_ not in held}


def _unsettled() -> QuerySet[StatementFile]:
    return StatementFile.objects.filter(state=FileState.ACCEPTED, settled_at=None).order_by("pk")


def _report(file: StatementFile) -> ImportReport:
    states = dict(
        EntryBalance.objects.filter(entry__file=file).values_list("work_state").annotate(n=Count("id")).order_by()
    )
    counts = {key: int(file.report[key]) for key in ("entries", "new", "known", "ignored", "conflicts")}
    return ImportReport(
        file_id=file.pk,
        **counts,
        booked=states.get(WorkState.BOOKED, 0),
        suggested=states.get(WorkState.SUGGESTED, 0),
        suspense=states.get(WorkState.SUSPENSE, 0),
        outgoing=states.get(WorkState.OUTGOING, 0),
    )


def _report_again(file: StatementFile) -> ImportReport:
    entries = int(file.report["entries"])
    return ImportReport(file_id=file.pk, entries=entries, new=0, known=entries, ignored=0, conflicts=0)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as reading:
        while piece := reading.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
