"""The gallery shows every component there is."""

from pathlib import Path

import pytest
from django.test import Client

import chancery.foundation.ui

TEMPLATES = Path(chancery.foundation.ui.__file__).parent / "templates" / "ui"
FRAME = {"base.html", "page.html", "office.html", "bar.html", "footer.html", "demo_bar.html", "gallery.html"}
BY_TAG = {"now_card.html", "verdict.html", "ruling_box.html", "error_box.html", "sheet_links.html"}


@pytest.fixture(scope="module")
def page() -> str:
    return Client().get("/ui/").content.decode()


def test_the_gallery_names_each_component_that_is_included():
    source = (TEMPLATES / "gallery.html").read_text()
    components = {file.name for file in TEMPLATES.glob("*.html")} - FRAME - BY_TAG

    assert {name for name in components if f"ui/{name}" not in source} == set()


@pytest.mark.parametrize(
    "piece",
    [
        'class="now"',
        "verdict-done",
        "box-refusal",
        "box-error",
        "is-to-come",
        "tone-late",
        '"said" role="status">The note is kept',
        '"said said-info" role="status">This was decided',
        '"said said-error" role="status">Set a filter',
    ],
)
def test_the_gallery_draws_the_components_that_are_tags(page, piece):
    assert piece in page


def test_no_page_carries_inline_script_or_style(page):
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")


def test_each_page_has_the_words_for_an_act_that_takes_its_time(page):
    assert page.count('role="status" data-working="Working ..."') == 1
