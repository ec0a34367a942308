"""The compiler: what it accepts, what it refuses, what it keeps."""

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.billing.papers import ISSUED_AT, invoice_for
from tests.foundation.documents.test_fonts import NAMES

from chancery.domain.billing.documents import render_invoice
from chancery.foundation.documents.fonts import font_folders, legible
from chancery.foundation.documents.typesetting import LETTER, TEMPLATES, DocumentNotRendered, render

CONFIRMATION = "domain/enrollment/documents/confirmation.typ"


def test_a_template_that_lacks_facts_says_which_template_it_was() -> None:
    with pytest.raises(DocumentNotRendered, match=r"confirmation\.typ"):
        render(CONFIRMATION, {"title": "Bare"}, standards=LETTER, issued_at=ISSUED_AT, language="en")


def test_an_issue_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        render(CONFIRMATION, {}, standards=LETTER, issued_at=ISSUED_AT.replace(tzinfo=None), language="en")


def test_the_document_is_dated_by_its_issue_and_not_by_the_clock() -> None:
    issued = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    pdf = render_invoice(invoice_for("Efua Seabreeze"), language="en", issued_at=issued)
    with pikepdf.open(BytesIO(pdf)) as file:
        assert str(file.docinfo["/CreationDate"]) == "D:20010203040506Z"


def test_the_compiler_knows_every_font_that_the_letter_asks_for() -> None:
    import typst

    installed = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(font_folders()))
    letter = (TEMPLATES / "foundation/documents/letter.typ").read_text()
    asked = {family for family in installed.families() if f'"{family}"' in letter}
    assert set(installed.families()) - asked == {"Noto Sans CJK HK", "Noto Sans CJK TC"}


SCRIPTS = st.text(alphabet="".join(NAMES.values()) + 'aé"\\#$*_`<>@/ \n\t\u200d\u0301\ud800\U0001f642\x00', max_size=30)


@settings(max_examples=40, deadline=None)
@example("\N{ARABIC LETTER ALEF}\N{DEVANAGARI LETTER KA}\n\N{DEVANAGARI SIGN NUKTA}")
@example("\N{DEVANAGARI SIGN NUKTA}")
@given(SCRIPTS)
def test_no_mixture_of_signs_stops_a_document(name: str) -> None:
    assert render_invoice(invoice_for(name), language="en", issued_at=ISSUED_AT).startswith(b"%PDF-1.7")


@given(st.text(max_size=40))
def test_legible_text_is_legible_as_it_is(text: str) -> None:
    assert legible(legible(text)) == legible(text)
