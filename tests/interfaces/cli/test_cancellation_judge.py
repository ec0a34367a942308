"""``chancery cancellation judge``: the judgement as other programs read it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.corpus.notices import CASES, Case

from chancery.interfaces.cli.program import run

EDITION = "editions/metropolis-2024.toml"
IN_TIME, TOO_LATE = "2024-10-18T23:59:59.999+02:00", "2024-10-19T00:00:00+02:00"


def judged(capsys, *words: str, received: str = IN_TIME, paid: str = "98750", channel: str = "reply") -> dict:
    facts = ["--edition", EDITION, "--received", received, "--paid-cents", paid, "--channel", channel, *words, "--json"]

    assert run(["cancellation", "judge", *facts]) == 0

    return json.loads(capsys.readouterr().out)


def test_the_corpus_holds_sixty_messages_at_least() -> None:
    assert len(CASES) >= 60
    assert len({case.raw for case in CASES.values()}) == len(CASES)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_mail_is_judged_by_its_own_words(capsys, tmp_path: Path, case: Case) -> None:
    mail = tmp_path / "reply.eml"
    mail.write_bytes(case.raw)

    told = judged(capsys, "--mail", str(mail), "--student", "Andrés Terral", "--registered-on", "2024-10-02")

    assert (told["missing"], told["quoted_only"]) == (list(case.missing), list(case.quoted_only))
    assert told["automatic"] is case.automatic
    assert told["accepted"] is not (case.automatic or bool(case.missing))
    assert told["refund_cents"] == (74063 if told["accepted"] else 0)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, (True, 74063, "2024-11-17", [], 74063)),
        ({"received": "2024-10-18T21:59:59.999999Z"}, (True, 74063, "2024-11-17", [], 74063)),
        ({"received": TOO_LATE}, (False, 0, None, ["after_deadline"], 0)),
        ({"received": "2024-10-18T17:05:00-06:00"}, (False, 0, None, ["after_deadline"], 0)),
        ({"channel": "other"}, (False, 0, None, ["wrong_channel"], 0)),
        ({"channel": "other", "received": TOO_LATE}, (False, 0, None, ["wrong_channel", "after_deadline"], 0)),
        ({"paid": "0"}, (True, 0, "2024-11-17", [], 0)),
        ({"paid": "2"}, (True, 2, "2024-11-17", [], 2)),
        ({"received": "2024-09-20T12:00:00+02:00", "paid": "150000"}, (True, 112500, "2024-10-20", [], 112500)),
    ],
    ids=[
        "in its last thousandth", "the same in UTC", "at midnight", "late in Barcelona, early at home", "by telephone",
        "late and by telephone", "nothing paid", "half a cent up", "early",
    ],
)  # fmt: skip
def test_a_notice_without_a_mail_is_judged_by_time_and_channel(capsys, options: dict, wanted: tuple) -> None:
    told = judged(capsys, **options)

    keys = ("accepted", "refund_cents", "refund_due_on", "reasons", "refund_if_completed_cents")
    assert tuple(told[key] for key in keys) == wanted
    assert told["deadline"] == "2024-10-18T23:59:59+02:00"


def test_what_was_refunded_before_is_no_part_of_the_sum(capsys) -> None:
    assert judged(capsys, "--refunded-cents", "48750")["refund_cents"] == 37500


def test_an_incomplete_notice_says_what_it_would_bring(capsys, tmp_path: Path) -> None:
    mail = tmp_path / "reply.eml"
    mail.write_bytes(CASES["no day"].raw)

    told = judged(capsys, "--mail", str(mail), "--student", "Andrés Terral", "--registered-on", "2024-10-02")

    assert (told["reasons"], told["refund_cents"], told["refund_if_completed_cents"]) == (["incomplete"], 0, 74063)


@pytest.mark.parametrize(
    "words",
    [
        ["--received", "2024-10-18T12:00:00", "--paid-cents", "1"],
        ["--received", "yesterday", "--paid-cents", "1"],
        ["--received", IN_TIME, "--paid-cents", "-1"],
        ["--received", IN_TIME, "--paid-cents", "1.5"],
        ["--received", IN_TIME, "--paid-cents", "1", "--mail", "reply.eml"],
    ],
    ids=["no offset", "no instant", "a negative sum", "a broken sum", "a mail and nobody to look for"],
)
def test_wrong_usage_names_the_option(capsys, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["cancellation", "judge", "--edition", EDITION, "--channel", "reply", *words])

    assert left.value.code == 2
    assert "--" in capsys.readouterr().err


def test_more_refunded_than_paid_is_refused(capsys) -> None:
    words = ["--received", IN_TIME, "--paid-cents", "5", "--refunded-cents", "9", "--channel", "reply"]

    assert run(["cancellation", "judge", "--edition", EDITION, *words]) == 1
    assert "between zero and what was paid" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ([], ["accepted", "refund: 75 % of EUR 987.50 = EUR 740.63, due by 17 November 2024"]),
        (["--refunded-cents", "750"], ["refund: 75 % of EUR 980.00 = EUR 735.00, due by 17 November 2024"]),
        (["--channel", "other"], ["not accepted", "  because it is not a reply to the place-reservation mail"]),
        (["--received", TOO_LATE], ["  because it came after the last refundable instant", "refund: EUR 0.00"]),
    ],
    ids=["accepted", "part of it given back before", "another way", "too late"],
)
def test_people_read_why_and_how_much(capsys, more: list[str], wanted: list[str]) -> None:
    facts = ["--edition", EDITION, "--received", IN_TIME, "--paid-cents", "98750", "--channel", "reply", *more]

    assert run(["cancellation", "judge", *facts]) == 0

    told = capsys.readouterr().out.splitlines()
    assert "money comes back for what is received until 18 October 2024, 23:59:59 CEST" in told
    assert [line for line in wanted if line not in told] == []


def test_people_read_what_is_missing_and_what_it_would_bring(capsys, tmp_path: Path) -> None:
    mail = tmp_path / "reply.eml"
    mail.write_bytes(b"From: a@b.example\r\nSubject: Re: your place\r\n\r\nI cannot come.\r\n")
    facts = ["--edition", EDITION, "--received", IN_TIME, "--paid-cents", "98750", "--channel", "reply"]

    run(["cancellation", "judge", *facts, "--mail", str(mail), "--student", "Ada X", "--registered-on", "2024-10-02"])

    told = capsys.readouterr().out.splitlines()
    assert "  missing: name and surname" in told
    assert told[-1] == "refund once nothing is missing: 75 % of EUR 987.50 = EUR 740.63"


def test_it_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    words = ["cancellation", "judge", "--edition", EDITION, "--received", IN_TIME, "--paid-cents", "5"]
    bare = {"PATH": os.environ["PATH"], "CHANCERY_VAR": str(tmp_path / "nowhere")}

    told = subprocess.run(
        [sys.executable, "-m", "chancery", *words, "--channel", "reply"],
        check=False,
        env=bare,
        capture_output=True,
        text=True,
    )

    assert (told.returncode, told.stdout.splitlines()[:1], told.stderr) == (0, ["accepted"], "")
    assert not (tmp_path / "nowhere").exists()
