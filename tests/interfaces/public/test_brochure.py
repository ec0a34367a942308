"""The programme on paper, in each language."""

from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.factories.programme import make_edition
from tests.foundation.documents.verapdf import violations

from chancery.domain.programme.models import Edition
from chancery.interfaces.cli.program import run
from chancery.interfaces.public.brochure import blocks_of, brochure_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]
LANGUAGES = ("en", "es", "fr", "ca")


@pytest.fixture
def edition() -> Edition:
    return make_edition(slug="metropolis-2024")


def words_of(pdf: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_keeps_the_standards_of_archives_and_accessibility(edition: Edition, language: str) -> None:
    pdf = brochure_pdf(edition, language)

    assert violations(pdf, "a-2a") + violations(pdf, "ua-1") == []


def test_it_says_what_the_pages_say(edition: Edition, tmp_path: Path) -> None:
    file = tmp_path / "brochure.pdf"
    assert run(["edition", "brochure", "metropolis-2024", "-o", str(file)]) == 0

    words = words_of(file)

    for told in ("18\u201322 Nov 2024", "To be confirmed", "Measuring results and impact", "EUR 1,500.00", "75 %"):
        assert told in words
    assert "Public transport card with 10 trips" in words
    assert "{" not in words


def test_dates_that_are_settled_are_printed_as_settled(edition: Edition, tmp_path: Path) -> None:
    brochure_pdf(edition, "en")
    edition.provisional = False
    edition.save()
    (tmp_path / "b.pdf").write_bytes(brochure_pdf(edition, "en"))

    assert "To be confirmed" not in words_of(tmp_path / "b.pdf")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_programme_page_leads_to_it(client: Client, edition: Edition, language: str) -> None:
    address = f"/{language}/metropolis-2024/brochure.pdf"

    assert address in client.get(f"/{language}/metropolis-2024/").content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_an_unknown_edition_is_named(capsys, tmp_path: Path) -> None:
    assert run(["edition", "brochure", "nowhere", "-o", str(tmp_path / "b.pdf")]) == 1
    assert "there is no edition nowhere" in capsys.readouterr().err


def test_marks_of_writing_are_no_words() -> None:
    assert blocks_of("A *firm* word\nand a [link](https://x.example).\n\n- one\n- two") == [
        {"kind": "paragraph", "text": "A firm word and a link."},
        {"kind": "item", "text": "one"},
        {"kind": "item", "text": "two"},
    ]
