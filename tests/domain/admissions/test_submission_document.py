"""The copy of an application that goes with its receipt."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.foundation.documents.reading import text_of
from tests.foundation.documents.test_fonts import NAMES
from tests.foundation.documents.verapdf import violations

from chancery.domain.admissions.documents import (
    SubmissionDocument,
    SubmittedAnswer,
    SubmittedPart,
    render_submission,
)
from chancery.foundation.documents.facts import freeze

SENT_AT = datetime(2024, 9, 30, 8, 15, 7, tzinfo=UTC)
PROBLEM = (
    "Our port brings in ships from forty countries, yet the neighbourhoods behind it see little of that trade.\n\n"
    "We want to learn from cities that tied their port to local jobs, and to measure what our agreements bring."
)
YASMINE = SubmissionDocument(
    reference="M2-0004",
    organiser="Diploma Office (demonstration)",
    course="Metropolis Diploma in Internationalization for Local Authorities, 2nd edition",
    applicant="ياسمين الشهيلي",
    applicant_latin="Yasmine Chehili",
    submitted_at=SENT_AT.astimezone(ZoneInfo("Europe/Madrid")),
    clock_place="Barcelona",
    first_answer_by=date(2024, 10, 7),
    contact="diploma@diploma.example",
    parts=(
        SubmittedPart(
            "You",
            (
                SubmittedAnswer("What is your name?", "ياسمين الشهيلي"),
                SubmittedAnswer("How is your name written in Latin letters?", "Yasmine Chehili"),
            ),
        ),
        SubmittedPart(
            "Your city's problem",
            (
                SubmittedAnswer("Which problem will you work on?", PROBLEM),
                SubmittedAnswer("In your own language, if you like", "نريد أن نتعلم من المدن الأخرى (2024)."),
                SubmittedAnswer("Anything else?", ""),
            ),
        ),
    ),
)


def printed(document: SubmissionDocument, language: str = "en") -> bytes:
    return render_submission(document, language=language, issued_at=SENT_AT)


def answering(answer: str) -> SubmissionDocument:
    return replace(YASMINE, parts=(SubmittedPart("You", (SubmittedAnswer("Tell us", answer),)),))


@pytest.mark.parametrize("standard", ["a-2a", "ua-1"])
@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_copy_conforms_in_every_language(language: str, standard: str) -> None:
    assert violations(printed(YASMINE, language), standard) == []


@pytest.mark.parametrize("answer", [*NAMES.values(), "\n".join(NAMES.values())], ids=[*NAMES, "all at once"])
def test_an_answer_is_printed_in(answer: str) -> None:
    assert violations(printed(answering(answer)), "ua-1") == []


def test_a_very_long_answer_goes_on_over_pages() -> None:
    assert violations(printed(answering((PROBLEM + "\n\n") * 60)), "ua-1") == []


def test_the_copy_says_what_was_sent_and_when(tmp_path: Path) -> None:
    text = text_of(printed(YASMINE), tmp_path)
    wanted = (
        "Application M2-0004",
        "Monday 30 September 2024, 10:15:07 (Barcelona)",
        "Which problem will you work on?",
        "tied their port to local jobs",
        "Not answered",
    )
    assert [words for words in wanted if words not in text] == []


def test_a_sign_without_font_is_printed_as_its_code_and_explained(tmp_path: Path) -> None:
    text = text_of(printed(answering("Thank you 🙏")), tmp_path)
    assert "Thank you [U+1F64F]" in text
    assert "Signs that our fonts lack" in text


def test_the_copy_explains_no_codes_where_none_stand(tmp_path: Path) -> None:
    assert "Signs that our fonts lack" not in text_of(printed(YASMINE), tmp_path)


def test_typed_words_are_never_read_as_commands_of_the_typesetter(tmp_path: Path) -> None:
    typed = "#panic() *bold* $x$ @label <tag> \\ `raw` = heading // comment"
    assert typed in text_of(printed(answering(typed)), tmp_path)


def test_frozen_facts_give_the_same_bytes() -> None:
    assert render_submission(freeze(YASMINE), language="en", issued_at=SENT_AT) == printed(YASMINE)
