"""Kill imports and refunds at random moments, then finish them: nothing is lost and nothing counts twice."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from django.db.models import QuerySet

from chancery.domain.billing.models import BankEntry, EntryBalance, Refund, RefundBatch
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.programme.queries import get_content
from chancery.interfaces.demo import acts
from chancery.interfaces.demo.bank import PARIS
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.interfaces.demo.rehearsal.stage import Check, Stage, same
from chancery.interfaces.demo.story import MONEY, SECOND
from chancery.journey import reconcile, repay, settle

LINES = 40
CENTS = 12_345
BOOKED_ON = date(2024, 10, 19)
LONGER = 1.1  # some moments lie behind the end of the act

type Act = Callable[[], object]


class Child(Protocol):
    """A process of its own that does one act; ``exitcode`` is zero when it came to the end of it."""

    @property
    def exitcode(self) -> int | None:
        """How it ended."""

    def kill(self) -> None:
        """End it at once, wherever it stands."""

    def join(self) -> None:
        """Wait until it has ended."""


def kill_at_random(stage: Stage, *, points: int, fork: Callable[[Act], Child]) -> list[Check]:
    """Return what has to be the same after ``points`` kills, half of them in imports and half in refunds.

    ``fork`` starts a child that does one act. The first of each kind is not disturbed: it says how long the act takes.
    """
    with TemporaryDirectory() as folder, stage.at("10-19", "12:00") as now:
        dice = random.Random(stage.dice.random())  # noqa: S311 (moments, not secrets)
        imports, refunds = (points + 1) // 2, points // 2
        files = [_write(stage, Path(folder), number, now) for number in range(imports + 1)]
        met = _each([partial(_import, path, now) for path in files], dice, fork)
        lines = _lines().order_by("id").values_list("pk", flat=True)[: refunds + 1]
        met += _each([partial(_give_back, line, now) for line in lines], dice, fork)
    told = f"{met} of {points}"
    return [Check("kills met their act at work", met > points // 3, told), *_checks(len(files), len(lines))]


def _each(undone: list[Act], dice: random.Random, fork: Callable[[Act], Child]) -> int:
    """Do the first act undisturbed; kill each other one at some moment, then do it to its end.

    Return how many were killed before they had come to their end.
    """
    first, *others = undone
    met = 0
    started = time.perf_counter()
    first()
    took = time.perf_counter() - started
    for act in others:
        child = fork(act)
        time.sleep(dice.random() * took * LONGER)
        child.kill()
        child.join()
        met += child.exitcode != 0
        act()
    return met


def _import(path: Path, now: datetime) -> None:
    settle.settle_accepted_files(now=now)
    settle.import_statement(path, actor=acts.actor(MONEY), now=now)


def _give_back(entry_id: int, now: datetime) -> None:
    """Take a line from suspense to the file for the bank; each step is done unless it was done before."""
    first, second = acts.actor(MONEY), acts.actor(SECOND)
    if not Refund.objects.filter(entry=entry_id).exists():
        if EntryBalance.objects.get(entry=entry_id).work_state != WorkState.GIVE_BACK:
            reconcile.keep_to_return(entry_id=entry_id, reason="nobody we know", actor=first, now=now)
        repay.propose_refund(entry_id=entry_id, name="Payer", iban=PARIS, evidence="letter", actor=first, now=now)
    refund = Refund.objects.get(entry=entry_id)
    if refund.state == RefundState.PROPOSED:
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=now)
    with suppress(repay.NothingToPay):
        repay.make_refund_file(actor=first, now=now)


def _checks(files: int, given_back: int) -> Iterator[Check]:
    lines = _lines()
    yield same("killed imports: every line is there once", files * LINES, lines.count())
    unmatched = lines.filter(balance=None).count()
    yield same("killed imports: every line was matched", 0, unmatched)
    refunds = Refund.objects.filter(entry__in=lines)
    states = Counter(refunds.values_list("state", flat=True))
    yield same("killed refunds: each is with the bank", {"exported": given_back}, dict(states))
    asked = "".join(bytes(content).decode() for content in RefundBatch.objects.values_list("content", flat=True))
    times = {asked.count(f"<EndToEndId>{refund.end_to_end_id}<") for refund in refunds}
    yield same("killed refunds: each is asked for once", {1} if given_back else set(), times)
    back = EntryBalance.objects.filter(entry__in=lines).exclude(returned_minor=0)
    yield same(
        "killed refunds: no line gives more than it has",
        [CENTS] * given_back,
        list(back.values_list("returned_minor", flat=True)),
    )


def _lines() -> QuerySet[BankEntry]:
    return BankEntry.objects.filter(bank_reference__startswith="KILL-")


def _write(stage: Stage, folder: Path, number: int, now: datetime) -> Path:
    lines = [
        CamtEntry(
            CENTS,
            booking_date=BOOKED_ON,
            payer_name=f"SOMEBODY {number} {line}",
            remittance=("thank you",),
            bank_reference=f"KILL-{number}-{line}",
        )
        for line in range(LINES)
    ]
    path = folder / f"kill-{number}.xml"
    account = get_content(stage.edition).payment.iban
    path.write_bytes(camt_file(CamtStatement(account, lines, statement_id=path.name, created_at=now)))
    return path
