"""How tables and facts stand on a phone, whatever a bank writes into them."""

from pathlib import Path

import pytest
from tests.stories.reader import PHONE

from chancery.foundation import ui

pytestmark = [pytest.mark.browser]

THEME = (Path(ui.__file__).parent / "static/ui/theme.css").read_text()
LONG_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" * 2


@pytest.fixture
def phone(chromium):
    page = chromium.new_page(viewport=PHONE)
    yield page
    page.close()


def shows(page, body: str) -> None:
    head = "<!doctype html><meta name=viewport content='width=device-width'>"
    page.set_content(f"{head}<style>* {{ box-sizing: border-box }} {THEME}</style>{body}")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<dl><dt>Text<dd>{LONG_WORD}</dl>", id="a fact"),
        pytest.param(
            f"<table class='records stack'><tr><th>Payer {LONG_WORD}<td data-label=Why>{LONG_WORD}</table>",
            id="a table",
        ),
    ],
)
def test_a_long_word_does_not_widen_the_page(phone, body):
    shows(phone, body)

    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_an_empty_cell_of_a_stacked_table_takes_no_room_from_the_next_row(phone):
    rows = "<tr><th>Jean<td data-label=Refund></td></tr><tr><th id=next>Priya<td data-label=Refund> </td></tr>"
    shows(phone, f"<table class='records stack'>{rows}</table><p id=after>After</p>")

    left = "document.querySelector('{}').getClientRects()[0].left"
    text = "(() => {{ const r = document.createRange(); r.selectNodeContents(document.querySelector('{}')); "
    text += "return r.getBoundingClientRect().left }})()"
    assert phone.evaluate(text.format("#next")) == phone.evaluate(left.format("#next"))
    assert phone.evaluate(text.format("#after")) == phone.evaluate(left.format("#after"))
    assert not phone.locator("td").first.is_visible()
