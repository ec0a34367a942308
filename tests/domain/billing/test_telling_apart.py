"""A line beside those of its day on file: the same, perhaps the same, or another one."""

from dataclasses import replace

import pytest

from chancery.domain.billing.policies.telling_apart import Answer, DayLine, tell_apart, tell_count
from chancery.domain.billing.states import Contest

STORED = DayLine(7, 10_000, "EUR", ("CITY", "GIFT"), "", 0)
NEW, KNOWN = (Answer.NEW, None), (Answer.KNOWN, None)


def beside(**other: object) -> DayLine:
    return replace(STORED, key=0, **other)  # type: ignore[arg-type]  # named by the cases


@pytest.mark.parametrize(
    ("line", "stored", "answer"),
    [
        (beside(), STORED, KNOWN),
        (beside(reference="B1"), STORED, KNOWN),
        (beside(start_minor=10_000), STORED, (Answer.CONTESTED, Contest.ALIKE)),
        (beside(start_minor=None), replace(STORED, start_minor=None), (Answer.CONTESTED, Contest.ALIKE)),
        (
            beside(amount_minor=3, reference="B1"),
            replace(STORED, reference="B1"),
            (Answer.CONTESTED, Contest.SAME_REFERENCE),
        ),
        (beside(amount_minor=-3, reference="B1"), replace(STORED, reference="B1", start_minor=5), NEW),
        (beside(amount_minor=3), STORED, (Answer.CONTESTED, Contest.DAY_DIFFERS)),
        (beside(texts=("CITY", "PART")), STORED, (Answer.CONTESTED, Contest.DAY_DIFFERS)),
        (beside(amount_minor=3, start_minor=10_000), STORED, NEW),
        (beside(reference="B1"), replace(STORED, reference="B2"), NEW),
        (beside(currency="USD", start_minor=5), STORED, NEW),
    ],
    ids=[
        "alike, from the same balance",
        "alike, called otherwise",
        "alike, later in the day",
        "alike, no balance told",
        "a part of a sum",
        "its return",
        "another line of a day that both tell",
        "other words of a day that both tell",
        "another line later in the day",
        "two references of the bank",
        "another currency",
    ],
)
def test_a_line_is_told_apart_from_one_on_file(
    line: DayLine, stored: DayLine, answer: tuple[Answer, Contest | None]
) -> None:
    verdict = tell_apart(line, [stored])

    assert (verdict.answer, verdict.why) == answer
    assert verdict.line == (stored if verdict.answer is not Answer.NEW else None)


def test_where_nothing_is_on_file_beside_it_a_line_is_new() -> None:
    assert tell_apart(beside(), []).answer is Answer.NEW


def test_a_line_stands_for_one_like_it_and_for_every_part() -> None:
    alike = tell_apart(beside(start_minor=5), [STORED])
    part = tell_apart(beside(amount_minor=3, reference="B1"), [replace(STORED, reference="B1")])

    assert (alike.uses_line_up, part.uses_line_up) == (True, False)


@pytest.mark.parametrize(
    ("here", "there", "repeats_more", "answer"),
    [
        (0, 0, False, Answer.KNOWN),
        (10_000, 0, True, Answer.CONTESTED),
        (None, 0, True, Answer.KNOWN),
        (0, None, False, Answer.CONTESTED),
        (None, None, False, Answer.CONTESTED),
    ],
)
def test_a_count_is_the_same_from_the_same_balance(
    here: int | None, there: int | None, *, repeats_more: bool, answer: Answer
) -> None:
    line, same = beside(start_minor=here), replace(STORED, start_minor=there)

    assert tell_count(line, same, repeats_more=repeats_more).answer is answer
