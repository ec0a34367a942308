"""``chancery cancellation judge``: the judgement as other programs read it."""

import json
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
