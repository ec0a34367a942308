"""What a visitor sees of an edition."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertNumQueries, assertRedirects
from tests.factories.admissions import make_application
from tests.factories.enrollment import make_place
from tests.factories.programme import make_edition

from chancery.domain.programme.models import Edition
from chancery.domain.programme.services import load_edition
from chancery.foundation.audit.actors import SYSTEM
from chancery.interfaces.public import pages
from chancery.interfaces.public.pages import forget_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

PAGES = ("", "lessons/1/", "sessions/", "experts/", "fees/", "conditions/", "apply/")
ABOUT = ("clocks", "contact", "privacy", "accessibility", "legal")
LOOK_AGAIN_AT_ONCE = 1e-9
CALLED_OFF_AT = datetime(2024, 10, 21, 8, 0, tzinfo=UTC)
FILE = Path("editions/metropolis-2024.toml").read_bytes()


@pytest.fixture
def edition() -> Edition:
    return make_edition(slug="metropolis-2024")


def text_of(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " ").split())


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_an_edition_opens_in_each_language(client, edition, language, page):
    answer = client.get(f"/{language}/metropolis-2024/{page}")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("page", ABOUT)
@pytest.mark.parametrize("has_edition", [True, False], ids=["with an edition", "before any edition"])
def test_each_page_about_the_site_opens(client, language, page, has_edition):
    if has_edition:
        make_edition(slug="metropolis-2024")

    assert client.get(f"/{language}/{page}/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_heading_of_the_first_rank_and_one_filled_button_at_most(client, edition, page):
    html = client.get(f"/en/metropolis-2024/{page}").content.decode()

    assert html.count("<h1") == 1
    assert html.count("btn-primary") <= 1


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_asks_nothing_of_the_visitor(client, edition, page):
    answer = client.get(f"/en/metropolis-2024/{page}")

    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert b"csrfmiddlewaretoken" not in answer.content
    assert b"nonce" not in answer.content


def test_the_front_door_leads_to_the_open_edition_in_the_visitors_language(client, edition):
    assertRedirects(client.get("/", headers={"accept-language": "ca"}), "/ca/metropolis-2024/")


def test_the_front_door_says_when_there_is_no_edition(client):
    assert "No edition is announced yet" in text_of(client, "/en/")


@pytest.mark.parametrize(
    "address", ["/en/metropolis-2031/", "/en/metropolis-2024/lessons/9/", "/de/metropolis-2024/", "/en/nothing/"]
)
def test_what_is_not_there_is_not_found(client, edition, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_the_programme_says_that_its_dates_are_to_be_confirmed(client, edition):
    assert "18\u201322 Nov 2024 · Barcelona To be confirmed" in text_of(client, "/en/metropolis-2024/")


def test_the_programme_shows_every_lesson_with_its_way_into_the_final_work(client, edition):
    shown = text_of(client, "/en/metropolis-2024/")

    for title in ("Cities in a changing international context", "Measuring results and impact"):
        assert title in shown
    assert (
        "What counts as a result Indicators tied to the organisation's own Results and how they are"
        in shown.replace("&#x27;", "'")
    )


def test_the_programme_counts_what_is_included_and_what_is_not(client, edition):
    shown = text_of(client, "/en/metropolis-2024/")

    assert "Included 10" in shown
    assert "Not included 3" in shown
    assert "Public transport card with 10 trips" in shown


def test_the_testimonial_is_hidden_until_its_author_agreed(client, edition):
    assert "Kinghorn" not in client.get("/en/metropolis-2024/").content.decode()


def test_a_deadline_that_has_passed_says_so(client, edition):
    assert "Refund deadline passed Fri 18 Oct 2024, 23:59:59 Barcelona" in text_of(client, "/en/metropolis-2024/")


def test_before_the_deadline_it_does_not(client, edition, story_time):
    story_time.move_to(datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC))

    assert "Refund deadline Fri 18 Oct 2024, 23:59:59 Barcelona" in text_of(client, "/en/metropolis-2024/")


@pytest.mark.parametrize(
    ("instant", "words", "has_button"),
    [
        (datetime(2024, 8, 1, tzinfo=UTC), "Applications open", False),
        (datetime(2024, 10, 25, 21, 59, 59, tzinfo=UTC), "closes Fri 25 Oct 2024, 23:59:59 Barcelona", True),
        (datetime(2024, 10, 25, 22, 0, tzinfo=UTC), "Applications closed", False),
    ],
    ids=["before the call", "in its last second", "after it"],
)
def test_the_way_in_is_open_exactly_while_the_call_is(client, edition, story_time, instant, words, has_button):
    story_time.move_to(instant)

    assert words in text_of(client, "/en/metropolis-2024/")
    assert ("Start an application" in text_of(client, "/en/metropolis-2024/")) is has_button


@pytest.mark.parametrize(
    ("instant", "called_off_at", "heading"),
    [
        (datetime(2024, 8, 1, tzinfo=UTC), None, "Before you start"),
        (datetime(2024, 10, 25, 21, 59, 59, tzinfo=UTC), None, "Before you start"),
        (datetime(2024, 10, 25, 22, 0, tzinfo=UTC), None, "Applications are closed"),
        (
            datetime(2024, 10, 21, 8, 0, tzinfo=UTC),
            datetime(2024, 10, 21, 7, 0, tzinfo=UTC),
            "This edition is not held",
        ),
    ],
    ids=["before the call", "in its last second", "after it", "not held"],
)
def test_nobody_is_invited_to_apply_once_it_is_too_late(client, edition, story_time, instant, called_off_at, heading):
    story_time.move_to(instant)
    Edition.objects.update(called_off_at=called_off_at)

    shown = client.get("/en/metropolis-2024/apply/").content.decode()

    assert f">{heading}</h1>" in shown
    invites = [words in shown for words in ("What to have ready", "After admission", "Who may apply")]
    assert invites == [heading == "Before you start"] * 3
    assert ("See the application that you sent" in shown) is (heading != "Before you start")


@pytest.mark.parametrize(("capacity", "is_said"), [(1, True), (2, False)], ids=["full", "one place free"])
def test_a_full_edition_says_what_is_left_before_anybody_starts(client, capacity, is_said):
    edition = make_edition(slug="metropolis-2024", capacity=capacity)
    make_place(make_application(edition=edition))

    shown = text_of(client, "/en/metropolis-2024/apply/")

    assert (f"All {capacity} places are taken" in shown) is is_said
    assert "Continue with my e-mail" in shown


def test_the_conditions_print_what_a_councils_accounts_need(client, edition):
    shown = text_of(client, "/en/metropolis-2024/conditions/")

    for words in (
        "do not pay these amounts",
        "ES75 9999 0001 4120 2411 1800",
        "Fri 18 Oct 2024, 23:59:59 Barcelona passed",
        "75 % of what had been paid",
        "within 30 days",
        "Exempt from VAT (VATEX-EU-132-1I)",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Everything that was paid goes back", "at the price of your place", "gets the money back")),
        ("es", ("Se devuelve todo lo pagado", "al precio de la suya", "recibe la devolución")),
        ("fr", ("Tout ce qui a été payé est rendu", "au prix de la vôtre", "est remboursé")),
        ("ca", ("Es torna tot el que", "al preu de la vostra", "rep la devolució")),
    ],
)
def test_the_conditions_say_what_happens_when_an_edition_is_not_held(client, edition, language, said):
    shown = text_of(client, f"/{language}/metropolis-2024/conditions/")

    for words in said:
        assert words in shown


def test_the_markup_for_search_engines_is_a_course_without_an_offer_of_example_amounts(client, edition):
    html = client.get("/en/metropolis-2024/").content.decode()
    markup = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])

    assert (markup["@type"], markup["hasCourseInstance"]["startDate"]) == ("Course", "2024-11-18")
    assert "offers" not in markup


def test_the_language_links_lead_to_the_same_page(client, edition):
    html = client.get("/en/metropolis-2024/sessions/").content.decode()

    for language in ("es", "fr", "ca"):
        assert f'href="/{language}/metropolis-2024/sessions/"' in html


class TestKeptPages:
    @pytest.fixture(autouse=True)
    def keeping(self, settings):
        settings.PUBLIC_PAGE_SECONDS = 2
        forget_pages()
        yield
        forget_pages()

    def test_a_fresh_page_takes_five_queries_at_most(self, client, edition):
        client.get("/en/metropolis-2024/sessions/")  # a process reads the edition's file once
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/metropolis-2024/")
        assert len(asked) <= 5, [query["sql"] for query in asked.captured_queries]

    def test_a_page_just_made_is_served_without_a_query(self, client, edition):
        first = client.get("/en/metropolis-2024/").content
        with assertNumQueries(0):
            assert client.get("/en/metropolis-2024/").content == first

    def test_a_page_is_made_anew_when_the_edition_was_loaded_again(self, client, settings):
        settings.PUBLIC_PAGE_SECONDS = LOOK_AGAIN_AT_ONCE
        load_edition(content=FILE, name="edition", actor=SYSTEM, now=datetime(2024, 9, 2, tzinfo=UTC))
        client.get("/en/metropolis-2024/")
        changed = FILE.replace(b"Skills for a career", b"Craft for a career")
        load_edition(content=changed, name="edition", actor=SYSTEM, now=datetime(2024, 9, 3, tzinfo=UTC))

        assert "Craft for a career" in text_of(client, "/en/metropolis-2024/")

    def test_a_page_is_made_anew_when_its_minute_has_passed(self, client, edition, story_time, settings):
        settings.PUBLIC_PAGE_SECONDS = LOOK_AGAIN_AT_ONCE
        story_time.move_to(datetime(2024, 10, 25, 21, 59, 59, tzinfo=UTC))
        client.get("/en/metropolis-2024/")
        story_time.shift(3)

        assert "Applications closed" in text_of(client, "/en/metropolis-2024/")

    def test_a_kept_page_carries_the_headers_of_a_fresh_one(self, client, edition):
        fresh = client.get("/en/metropolis-2024/").headers
        kept = client.get("/en/metropolis-2024/").headers

        assert dict(kept) == dict(fresh)
        assert "Content-Security-Policy" in kept

    def test_a_kept_page_is_refused_to_another_host(self, client, edition):
        client.get("/en/metropolis-2024/")

        assert client.get("/en/metropolis-2024/", headers={"host": "elsewhere.example"}).status_code == 400

    def test_an_answer_of_the_fee_finder_is_never_kept(self, client, edition):
        empty = client.get("/en/metropolis-2024/fees/").content
        client.get("/en/metropolis-2024/fees/?city=nowhere&people=1")

        assert client.get("/en/metropolis-2024/fees/").content == empty

    def test_in_the_demo_a_page_that_says_who_one_is_is_not_kept(self, client, edition, settings):
        settings.DEMO = True
        client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
        client.get("/en/metropolis-2024/")
        client.cookies.clear()

        assert "metropolis-2024" not in str(pages._kept.keys())  # noqa: SLF001 (what is kept has no other door)
