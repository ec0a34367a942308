"""Take a statement file in: staged in short transactions, invisible until one short flip, all in or all out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from chancery.domain.billing.models import BankAccount, BankEntry, EntryConflict, Statement, StatementFile
from chancery.domain.billing.queries.feeds import feed_days
from chancery.domain.billing.readers import StatementRefused
from chancery.domain.billing.services.accounts import settle_feeds
from chancery.domain.billing.services.leases import LEASE, is_alive, new_token
from chancery.domain.billing.services.staging import CHUNK, Staging, Step, Verdict
from chancery.domain.billing.states import FileState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import StoredFile
from chancery.foundation.ruling import Refused, refusal

INTERRUPTED = "interrupted"


class ImportRunning(Refused):
    """Another statement file is being read at this moment."""


class LeaseLost(Refused):
    """Somebody took this import for dead and dropped it."""


@transaction.atomic
def begin_import(*, stored: StoredFile, name: str, actor: Actor, now: datetime, machine_now: datetime) -> StatementFile:
    """Return the file as this process's to read; a file that was accepted before comes back as it is.

    :raises ImportRunning: while another import runs; one that died has to be dropped first.
    """
    known = StatementFile.objects.select_for_update().filter(sha256=stored.sha256).first()
    if known is not None and known.state != FileState.REFUSED:
        if known.state == FileState.READING:
            raise ImportRunning(refusal("import_running"))
        return known
    file = known or StatementFile(sha256=stored.sha256)
    file.file, file.name, file.state, file.report = stored, name[:200], FileState.READING, {}
    file.imported_by, file.started_at = actor.reference, now
    file.lease_token, file.leased_until = new_token(), machine_now + LEASE
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError as error:
        raise ImportRunning(refusal("import_running")) from error
    return file


@transaction.atomic
def stage_chunk(*, staging: Staging, chunk: tuple[Step, ...], machine_now: datetime) -> None:
    """Store one chunk of a file that is being read, and renew the lease.

    :raises StatementRefused: when a statement is about an account that is not ours.
    :raises LeaseLost: when somebody dropped this import.
    """
    _renew(staging.file, machine_now)
    staging.write(chunk)


@transaction.atomic
def stage_doubted(*, staging: Staging, chunk: tuple[Verdict, ...], machine_now: datetime) -> None:
    """Store one chunk of the lines that could be told apart from those on file only at the end, and renew the lease.

    :raises LeaseLost: when somebody dropped this import.
    """
    _renew(staging.file, machine_now)
    staging.write_doubted(chunk)


@transaction.atomic
def accept_file(*, staging: Staging, actor: Actor, now: datetime, machine_now: datetime) -> StatementFile:
    """Make everything that was staged visible at once.

    :raises StatementRefused: when another kind of file books an account by now: the file is to be read anew.
    :raises LeaseLost: when somebody dropped this import.
    """
    _renew(staging.file, machine_now)
    _check_feeds(staging)
    file = staging.file
    file.state, file.format, file.accepted_at = FileState.ACCEPTED, staging.format[:30], now
    file.report, file.leased_until, file.lease_token = asdict(staging.counts), None, ""
    file.save(update_fields=["state", "format", "accepted_at", "report", "leased_until", "lease_token"])
    settle_feeds(file=file)
    record(Event.STATEMENT_ACCEPTED, actor=actor, subject=file, now=now, facts=file.report)
    return file


@transaction.atomic
def claim_dead_import(*, machine_now: datetime) -> StatementFile | None:
    """Return an import whose process died, now held by this one so that nobody else drops it too."""
    reading = StatementFile.objects.select_for_update().filter(state=FileState.READING).first()
    if reading is None or is_alive(reading, machine_now):
        return None
    reading.lease_token, reading.leased_until = new_token(), machine_now + LEASE
    reading.save(update_fields=["lease_token", "leased_until"])
    return reading


@transaction.atomic
def drop_staged_chunk(*, file: StatementFile) -> int:
    """Delete some of the rows that were staged for a file that will not be accepted; return how many."""
    ids = list(BankEntry.objects.filter(file=file).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if ids:
        EntryConflict.objects.filter(came__in=ids).delete()
        return BankEntry.objects.filter(pk__in=ids).delete()[0]
    EntryConflict.objects.filter(file=file).delete()
    Statement.objects.filter(file=file).delete()
    return 0


@transaction.atomic
def refuse_file(*, file: StatementFile, report: dict[str, Any], actor: Actor, now: datetime) -> StatementFile:
    """Close a file without taking anything of it; bytes and report stay."""
    file.state, file.report, file.leased_until, file.lease_token = FileState.REFUSED, report, None, ""
    file.save(update_fields=["state", "report", "leased_until", "lease_token"])
    record(Event.STATEMENT_REFUSED, actor=actor, subject=file, now=now, facts={"code": report.get("code", "")})
    return file


def report_of(refused: StatementRefused) -> dict[str, Any]:
    """Return why a file was refused, as it is kept with the file."""
    return {"code": refused.code, "reason": refused.reason, "place": refused.place}


def _check_feeds(staging: Staging) -> None:
    """Make sure that the accounts are booked as when they were read; a change waits from here, and sees their money."""
    for account in BankAccount.objects.select_for_update().filter(pk__in=staging.feeds).order_by("pk"):
        if feed_days(account) != staging.feeds[account.pk]:
            reason = f"another kind of file books account {account.number} since it was read; take the file in again"
            raise StatementRefused("feed_changed", reason)


def _renew(file: StatementFile, machine_now: datetime) -> None:
    held = StatementFile.objects.filter(pk=file.pk, state=FileState.READING, lease_token=file.lease_token)
    if not held.update(leased_until=machine_now + LEASE):
        raise LeaseLost(refusal("lease_lost"))
