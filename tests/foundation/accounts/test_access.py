"""Where a visitor is led who has to sign in first."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from chancery.foundation.accounts.access import sign_in_first

FORM = "/office/metropolis-2024/applications/M2-0001/note/"
PAGE = "/office/metropolis-2024/applications/M2-0001/?pane=dialogue"


def way_back(request: HttpRequest) -> str:
    request.user = AnonymousUser()
    detour = sign_in_first(request)
    assert detour is not None
    return parse_qs(urlsplit(detour.url).query)["next"][0]


def test_a_page_that_was_asked_for_is_shown_after_the_sign_in() -> None:
    assert way_back(RequestFactory().get(PAGE, headers={"referer": "http://testserver/office/"})) == PAGE


def test_a_form_leads_back_to_the_page_on_which_it_stood() -> None:
    assert way_back(RequestFactory().post(FORM, headers={"referer": f"http://testserver{PAGE}"})) == PAGE


@pytest.mark.parametrize("referer", ["", "https://evil.example/office/", "javascript:alert(1)", "//evil.example/"])
def test_a_form_from_nowhere_of_ours_leads_back_to_its_own_address(referer: str) -> None:
    assert way_back(RequestFactory().post(FORM, headers={"referer": referer})) == FORM
