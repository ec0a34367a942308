"""What the processes of these tests do; the real code, called as its doors call it."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connections

from chancery.domain.billing.models import Allocation, EntryBalance, Invoice, Refund
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.mail.models import MailDelivery
from chancery.foundation.ruling import Refused
from chancery.interfaces.worker import sweeps
from chancery.journey import reconcile, repay, settle
from chancery.journey.admit import release_decisions
from tests.engine import findings
from tests.engine.seeds import NOW

OFFICER = user_actor(1)


def release_one_by_one(decision_ids: Sequence[int]) -> list[str]:
    """Release each decision in a thread of its own, all at once; return the errors."""
    errors: list[str] = []
    gate = threading.Barrier(len(decision_ids))

    def release(decision_id: int) -> None:
        gate.wait()
        try:
            release_decisions(decision_ids=[decision_id], actor=OFFICER, now=NOW, overflow_waits=True)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=release, args=(decision_id,)) for decision_id in decision_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def release_together(decision_ids: Sequence[int]) -> None:
    """Release a batch of decisions."""
    release_decisions(decision_ids=decision_ids, actor=OFFICER, now=NOW)


def import_file(path: Path, patience: float = 30) -> dict[str, int] | str:
    """Import a statement as its command does; return the counts, or the name of the refusal."""
    try:
        report = settle.import_statement(path, actor=OFFICER, now=NOW, patience=timedelta(seconds=patience))
    except Refused as refused:
        return type(refused).__name__
    return {name: getattr(report, name) for name in ("entries", "new", "known", "booked")}


def import_again_and_work(path: Path) -> dict[str, Any]:
    """Import the file once more, let the worker do what is due, and say how the money stands."""
    answer = import_file(path)
    assert isinstance(answer, dict), answer
    work_once()
    return findings.of_money()


def book_everything(amount: int) -> str:
    """Book all of the newest line of this sum to the first bill; return what became of it."""
    line = EntryBalance.objects.filter(amount_minor=amount).latest("id")
    parts = [reconcile.Part(Invoice.objects.earliest("id").pk, amount)]
    try:
        reconcile.book_line(entry_id=line.entry_id, parts=parts, reason="they called", actor=OFFICER, now=NOW)
    except Refused as refused:
        return type(refused).__name__
    return "booked"


def name_leaving(entry_id: int, refund_ids: Sequence[int]) -> str:
    """Say that refunds left with a debit; return what became of it."""
    try:
        repay.name_leaving(refund_ids=refund_ids, entry_id=entry_id, reason="", actor=OFFICER, now=NOW)
    except Refused as refused:
        return type(refused).__name__
    return "sent"


def name_coming_back(entry_id: int, refund_ids: Sequence[int]) -> str:
    """Say that refunds came back with a credit; return what became of it."""
    try:
        repay.name_coming_back(refund_ids=refund_ids, entry_id=entry_id, actor=OFFICER, now=NOW)
    except Refused as refused:
        return type(refused).__name__
    return "came back"


def states_of_refunds() -> list[str]:
    """Return how the refunds stand."""
    return list(Refund.objects.values_list("state", flat=True))


def allocations_in_all() -> list[int]:
    """Return the sums of all allocations."""
    return list(Allocation.objects.order_by("id").values_list("amount_minor", flat=True))


def work_after_the_lease() -> dict[str, Any]:
    """Work as another worker does when the dead one's leases have run out, and say how the outbox stands."""
    end_leases()
    work_once()
    return findings.of_outbox()


def end_leases() -> dict[str, Any]:
    """Let every lease run out, as two minutes do; say how the outbox stands."""
    MailDelivery.objects.exclude(leased_until=None).update(leased_until=NOW)
    return findings.of_outbox()


def work_once() -> None:
    """Do what is due, as ``chancery work --once`` does."""
    sweeps.sweep_everything()
