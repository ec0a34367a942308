"""Every page of the house, over the played demo: accessible in light and dark, one heading, one filled button, a phone
wide, silent on the console, and there in every language."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from tests.stories.addresses import Address, office_addresses, own_addresses, payer_address, public_addresses
from tests.stories.reader import Reader
from tests.stories.telling import Telling

from chancery.interfaces.demo.cast import OFFICE, applicants

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.book("demo")]

LANGUAGES = ("es", "fr", "ca")
LANGUAGE = re.compile(r'<html lang="([a-z]+)"')


def test_every_public_page_is_as_a_page_should_be(tell):
    assert faults_of(tell, [*public_addresses("en"), payer_address()]) == {}


def test_every_page_of_the_office_is_as_a_page_should_be(tell):
    assert faults_of(tell, office_addresses()) == {}


def test_every_page_of_applicants_and_participants_is_as_a_page_should_be(tell):
    assert faults_of(tell, own_addresses()) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(tell, language):
    assert broken_in(language, [*public_addresses(language), *office_addresses(), *own_addresses()]) == {}


def test_no_page_breaks_for_a_role_that_has_no_business_there(tell):
    addresses = office_addresses()
    for member in OFFICE:
        client = signed_in(member.key)
        assert [each.path for each in addresses if breaks(client, each.path)] == []


def faults_of(tell: Telling, addresses: Iterable[Address]) -> dict[str, Any]:
    """Return what is wrong with each page that is not as it should be."""
    found: dict[str, Any] = {}
    for key, pages in _by_key(addresses).items():
        reader, seen = enter(tell, key), set[str]()
        for page in pages:
            faults = look(reader, page, seen)
            if faults:
                found[f"{page.name}: {page.path}"] = faults
        reader.context.close()
    return found


def look(reader: Reader, page: Address, seen: set[str]) -> dict[str, Any]:
    """Look at a page once, wherever it leads."""
    answer = reader.context.request.get(reader.site + page.path)
    if not is_page(answer.status, answer.headers.get("content-type", ""), page) or answer.url in seen:
        return {}
    seen.add(answer.url)
    if answer.status not in {200, 409}:
        return {"status": answer.status}
    reader.visits(page.path)
    faults = reader.faults()
    reader.keeps_pictures(page.name)
    return faults


def is_page(status: int, kind: str, page: Address) -> bool:
    """Say whether there is something to look at: no act by POST, and no file, be there one or not."""
    is_file = page.name.startswith(("download-", "open-", "save-", "export-"))
    return not is_file and status != 405 and "text/html" in kind


def broken_in(language: str, addresses: Iterable[Address]) -> dict[str, Any]:
    """Return the pages that do not answer, or answer in another language."""
    found: dict[str, Any] = {}
    for key, pages in _by_key(addresses).items():
        client = signed_in(key)
        for page in pages:
            answer = client.get(page.path, follow=True, headers={"Accept-Language": language})
            answer.close()
            if not is_page(answer.status_code, answer.headers.get("Content-Type", ""), page):
                continue
            said = LANGUAGE.search(answer.content.decode())
            if answer.status_code not in {200, 409} or said is None or said[1] != language:
                found[page.path] = (answer.status_code, said and said[1])
    return found


def breaks(client: Client, path: str) -> bool:
    """Say whether the page fails."""
    answer = client.get(path)
    answer.close()
    return answer.status_code >= 500


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
