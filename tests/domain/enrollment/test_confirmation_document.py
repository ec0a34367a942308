"""The confirmation of a place with nothing to pay."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from tests.foundation.documents.reading import text_of
from tests.foundation.documents.verapdf import violations

from chancery.domain.enrollment.documents import ConfirmationDocument, ConfirmedFeeLine, render_confirmation
from chancery.foundation.documents.facts import freeze

SETTLED_AT = datetime(2024, 10, 4, 7, 30, tzinfo=UTC)
CONAKRY = ConfirmationDocument(
    reference="M2-0026",
    organiser="Diploma Office (demonstration)",
    organiser_address=("Carrer de la Rosa dels Vents 8", "08002 Barcelona", "Spain"),
    contact="diploma@diploma.example",
    course="Metropolis Diploma in Internationalization for Local Authorities, 2nd edition",
    course_from=date(2024, 11, 18),
    course_until=date(2024, 11, 22),
    course_place="Barcelona",
    dates_provisional=True,
    participant="Mariama Simoun",
    participant_latin="Mariama Simoun",
    authority="Ville de Conakry",
    guaranteed_at=SETTLED_AT.astimezone(ZoneInfo("Europe/Madrid")),
    clock_place="Barcelona",
    currency="EUR",
    lines=(
        ConfirmedFeeLine("Member rate: Conakry is a member city", 100_000),
        ConfirmedFeeLine("Waiver of 100 %: Guinea is a low-income economy (World Bank, FY23)", -100_000),
    ),
    demo_amounts=True,
)


def printed(document: ConfirmationDocument, language: str = "en") -> bytes:
    return render_confirmation(document, language=language, issued_at=SETTLED_AT)


@pytest.mark.parametrize("standard", ["a-2a", "ua-1"])
@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_confirmation_conforms_in_every_language(language: str, standard: str) -> None:
    assert violations(printed(CONAKRY, language), standard) == []


def test_the_confirmation_says_that_nothing_is_to_pay_and_why(tmp_path: Path) -> None:
    text = text_of(printed(CONAKRY), tmp_path)
    wanted = ("EUR 0.00", "No invoice will come", "Guinea is a low-income economy", "-1,000.00", "Mariama Simoun")
    assert [words for words in wanted if words not in text] == []


def test_a_confirmation_fits_one_page() -> None:
    with pikepdf.open(BytesIO(printed(CONAKRY))) as file:
        assert len(file.pages) == 1


def test_a_fee_that_is_not_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="only where the fee is zero"):
        replace(CONAKRY, lines=CONAKRY.lines[:1])


def test_frozen_facts_give_the_same_bytes() -> None:
    assert render_confirmation(freeze(CONAKRY), language="en", issued_at=SETTLED_AT) == printed(CONAKRY)
