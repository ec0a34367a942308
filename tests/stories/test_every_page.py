"""Every page of the house, over the played demo: accessible in light and dark, one heading, one filled button, a phone
wide, silent on the console, and there in every language."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import html
from tests.stories.addresses import Address, office_addresses, own_addresses, payer_address, public_addresses
from tests.stories.reader import Reader
from tests.stories.telling import Telling

from chancery.interfaces.demo.cast import OFFICE, applicants

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.book("demo")]

LANGUAGES = ("es", "fr", "ca")
NOTHING_BROKEN: dict[str, Any] = {language: {} for language in LANGUAGES}
LISTS = {"dl", "ol", "select", "tbody", "ul"}
LANGUAGE = re.compile(r'<html lang="([a-z]+)"')


def test_every_public_page_is_as_a_page_should_be(tell):
    assert faults_of(tell, [*public_addresses("en"), payer_address()]) == {}


def test_every_public_page_is_there_in_every_language(tell):
    assert {language: broken_in(language, public_addresses(language)) for language in LANGUAGES} == NOTHING_BROKEN


def test_every_page_of_the_office_is_as_a_page_should_be_in_every_language(tell):
    assert faults_of(tell, office_addresses(), LANGUAGES) == {}


def test_every_page_of_applicants_and_participants_is_as_a_page_should_be_in_every_language(tell):
    assert faults_of(tell, own_addresses(), LANGUAGES) == {}


def faults_of(tell: Telling, addresses: Iterable[Address], languages: Iterable[str] = ()) -> dict[str, Any]:
    """Return what is wrong with each page that is not as it should be.

    Of pages of one shape the first is looked at, and asked for in other languages, where these do not stand in paths.
    """
    found: dict[str, Any] = {}
    shapes: set[str] = set()
    for key, pages in _by_key(addresses).items():
        faults = dict[str, Any]()
        new = list[Address]()
        for page, answer in answers(key, pages, "en"):
            if not is_answered(answer):
                faults[page.path] = answer.status_code
            elif (shape := shape_of(answer)) not in shapes:
                shapes.add(shape)
                new.append(page)
        found |= faults | (look(enter(tell, key), new) if new else {})
        for language in languages:
            found |= broken_in(language, new)
    return found


def look(reader: Reader, pages: Iterable[Address]) -> dict[str, Any]:
    """Return what is wrong with pages, wherever they lead."""
    found: dict[str, Any] = {}
    for page in pages:
        reader.visits(page.path)
        reader.keeps_pictures(page.name)
        if faults := reader.faults():
            found[f"{page.name}: {page.path}"] = faults
    reader.context.close()
    return found


def broken_in(language: str, addresses: Iterable[Address]) -> dict[str, Any]:
    """Return the pages that do not answer, or answer in another language."""
    found: dict[str, Any] = {}
    for key, pages in _by_key(addresses).items():
        for page, answer in answers(key, pages, language):
            said = LANGUAGE.search(answer.content.decode())
            if not is_answered(answer) or said is None or said[1] != language:
                found[page.path] = (answer.status_code, said and said[1])
    return found


def answers(key: str, pages: Iterable[Address], language: str) -> Iterator[tuple[Address, Any]]:
    """Yield what is to be looked at with its answer: no act by POST, and no file, be there one or not."""
    client = signed_in(key)
    for page in pages:
        answer = client.get(page.path, follow=True, headers={"Accept-Language": language})
        answer.close()
        is_file = page.name.startswith(("download-", "open-", "save-", "export-"))
        if not is_file and answer.status_code != 405 and "text/html" in answer.headers.get("Content-Type", ""):
            yield page, answer


def is_answered(answer: Any) -> bool:
    """Say whether an address has a page, be it one that says which fact stands in the way."""
    return answer.status_code in {200, 409}


def shape_of(answer: Any) -> str:
    """Return the tags of a page with their classes, without the words and values in which pages of one kind differ."""
    return _shape(html.fromstring(answer.content))


def _shape(element: Any) -> str:
    """Return the shape of an element and of all in it; of items of a list that look alike it holds one."""
    within = [_shape(each) for each in element if isinstance(each.tag, str)]
    if element.tag in LISTS:
        within = [*dict.fromkeys(within)]
    has_text = any((text or "").strip() for text in (element.text, *(each.tail for each in element)))
    names = sorted(name for name in element.attrib if name != "class")
    return f"<{element.tag} {element.get('class', '')} {names} {has_text}>{''.join(within)}</>"


def signed_in(key: str) -> Client:
    """Return a client without a browser, signed in as somebody of the cast."""
    client = Client(raise_request_exception=False)
    if key:
        client.get(f"/demo/as/{key}/")
    return client


def enter(tell: Telling, key: str) -> Reader:
    """Enter as somebody of the cast by the bar of the demo; a blank key stays a visitor."""
    reader = tell.somebody()
    if key:
        assert key in {member.key for member in OFFICE} or key in applicants()
        reader.visits(f"/demo/as/{key}/")
    return reader


def _by_key(addresses: Iterable[Address]) -> dict[str, list[Address]]:
    found: dict[str, list[Address]] = {}
    for each in addresses:
        found.setdefault(each.key, []).append(each)
    return found
