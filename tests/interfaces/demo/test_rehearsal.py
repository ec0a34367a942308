"""A rehearsal runs the slice through the real code and ends with counts that add up."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from chancery.domain.billing.models import Invoice, InvoiceBalance
from chancery.interfaces.demo.rehearsal import Report, rehearse
from chancery.interfaces.demo.rehearsal.people import FIRST, Fate, draw_guests
from chancery.interfaces.worker.sweeps import sweep_everything


@pytest.fixture(autouse=True)
def _as_a_rehearsal(settings, tmp_path):
    settings.DEMO = True
    settings.FILES_ROOT = tmp_path


def small(seed: int = 1) -> Report:
    return rehearse(people=8, seed=seed, sweep=sweep_everything)


@pytest.mark.django_db
def test_the_counts_of_a_small_rehearsal_add_up():
    report = small()

    assert report.broken == []
    assert report.counts["applications"] == {"admitted": 4, "declined": 1, "waiting list": 2, "withdrawn": 1}
    assert report.counts["refused as it should be"] == {
        "DeclineNotAllowed": 1,
        "NothingToPay": 1,
        "NoticeMoveNotAllowed": 1,
        "TooFewSeats": 1,
    }


@pytest.mark.django_db
def test_money_that_no_allocation_explains_is_named(monkeypatch):
    def lose_a_cent() -> None:
        sweep_everything()
        first = Invoice.objects.first()
        if first is not None:
            InvoiceBalance.objects.filter(invoice=first).update(allocated_minor=1)

    broken = rehearse(people=8, seed=1, sweep=lose_a_cent).broken

    assert "a bill is as paid as its allocations say" in [check.name for check in broken]


def test_the_same_seed_brings_the_same_people_and_another_one_others():
    first, again, other = (draw_guests(30, random.Random(seed)) for seed in (1, 1, 2))  # noqa: S311 (a play)

    assert first == again != other


def test_everybody_of_a_large_rehearsal_has_an_address_of_their_own():
    guests = draw_guests(400, random.Random(1))  # noqa: S311 (a play)

    assert len({guest.who.email for guest in guests}) == len(guests)


def test_a_rehearsal_of_seventeen_has_every_fate():
    assert {part.fate for part in FIRST} == set(Fate)


@pytest.mark.sqlite
def test_the_command_of_the_readme_answers_in_json_and_writes_every_invoice(tmp_path: Path):
    words = ["rehearse", "--people", "40", "--seed", "1", "--keep", str(tmp_path / "kept"), "--json"]

    done = subprocess.run(
        [sys.executable, "-m", "chancery", *words],
        env={**os.environ, "CHANCERY_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "chancery.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["adds_up"], answer["people"], answer["seed"]) == (0, True, 40, 1), done.stderr
    money = answer["counts"]["money"]
    papers = [name for name in answer["kept"] if name.endswith(".pdf")]
    assert len(papers) == money["invoices"] + money["credit notes"] > 0
    assert len(answer["kept"]) == 3 * len(papers)
    assert all(PdfReader(tmp_path / "kept" / name).pages for name in papers)


@pytest.mark.engine
def test_killed_imports_and_refunds_add_up():
    told = subprocess.run(
        [sys.executable, "-m", "chancery", "rehearse", "--people", "8", "--kills", "8", "--json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "chancery.config.settings"},
    )

    report = json.loads(told.stdout)
    assert report["adds_up"], [check for check in report["checks"] if not check["holds"]]
    assert any(check["name"] == "killed refunds: each is asked for once" for check in report["checks"])
