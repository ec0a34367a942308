"""The answers of a choice on its settings page: added, moved, reworded, taken out while nobody chose them."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_user
from tests.factories.applying import fill, start_draft
from tests.factories.applying import send as send_application
from tests.factories.entering import enter
from tests.factories.programme import SHIPPED

from chancery.domain.admissions.models import ApplicationAnswer
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content, get_source, newest_revision
from chancery.domain.programme.readers.edition_file import Option
from chancery.domain.programme.services import load_edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 9, 10, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _story_time(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def edition() -> Edition:
    return load_edition(content=SHIPPED.read_bytes(), name="edition", actor=SYSTEM, now=NOW).edition


@pytest.fixture
def lead(edition: Edition) -> Client:
    return enter(Role.EDITION_LEAD)


def row_of(edition: Edition) -> str:
    keys = [each.key for each in get_content(edition).questions]
    return f"question[{keys.index('seniority') + 1}]"


def options_of(edition: Edition) -> tuple[Option, ...]:
    (asked,) = [each for each in get_content(Edition.objects.get(pk=edition.pk)).questions if each.key == "seniority"]
    return asked.options


def save(client: Client, edition: Edition, act: str = "save", **changed: str):
    """Send the page of the question with what its answers say in some languages changed."""
    row = row_of(edition)
    shown = client.get(reverse("show-settings", args=[edition.slug, "form"]), {"of": row})
    values = {each.html_name: each.value() for each in shown.context["settings_form"]}
    values |= {f"{row}.options@{language}": text for language, text in changed.items()}
    kept = {name: value for name, value in values.items() if value is not False and value is not None}
    return client.post(reverse(f"{act}-settings", args=[edition.slug, "form"]), {**kept, "of": row, "accepted": "on"})


def lines_of(edition: Edition, language: str) -> list[str]:
    return [f"{each.key} = {each.label.say(language)}" for each in options_of(edition)]


def test_the_page_shows_each_answer_on_a_line_in_each_language(edition: Edition, lead: Client) -> None:
    page = lead.get(reverse("show-settings", args=[edition.slug, "form"]), {"of": row_of(edition)})

    form = page.context["settings_form"]
    assert form[f"{row_of(edition)}.options@es"].value().splitlines() == lines_of(edition, "es")


def test_saved_as_it_was_nothing_changes(edition: Edition, lead: Client) -> None:
    before = newest_revision(edition)

    assert save(lead, edition, "preview").status_code == 409
    assert newest_revision(edition) == before


def test_an_answer_comes_in_its_place_and_the_others_keep_their_words(edition: Edition, lead: Client) -> None:
    before = options_of(edition)
    english = lines_of(edition, "en")

    saved = save(lead, edition, en="\n".join([english[0], "Retired", *english[1:]]))

    assert saved.status_code == 302
    first, new, *rest = options_of(edition)
    assert (first, *rest) == before
    assert (new.key, new.label.say("en")) == ("retired", "Retired")
    assert b'  { key = "retired", label = { en = "Retired" } },\n' in get_source(edition)


def test_answers_change_places_and_words(edition: Edition, lead: Client) -> None:
    before = options_of(edition)
    english = lines_of(edition, "en")

    save(lead, edition, en="\n".join([*english[::-1][:-1], f"{before[0].key} = Fresh"]))

    after = options_of(edition)
    assert [each.key for each in after] == [each.key for each in before[::-1]]
    assert (after[-1].label.say("en"), after[-1].label.say("fr")) == ("Fresh", before[0].label.say("fr"))


def test_an_answer_that_somebody_sent_stays(edition: Edition, lead: Client) -> None:
    sent = send_application(fill(start_draft(edition=edition, user=make_user("one@city.example"))))
    ApplicationAnswer.objects.filter(application=sent, key="seniority").update(value=options_of(edition)[0].key)
    kept = [each.key for each in options_of(edition)]
    without = {language: "\n".join(lines_of(edition, language)[1:]) for language in ("en", "es", "fr", "ca")}

    refused = [save(lead, edition, act, **without) for act in ("preview", "save")]

    assert [each.status_code for each in refused] == [409, 409]
    assert "chose an answer that would leave" in refused[0].content.decode()
    assert [each.key for each in options_of(edition)] == kept


def test_an_answer_that_nobody_chose_leaves(edition: Edition, lead: Client) -> None:
    kept = [each.key for each in options_of(edition)][1:]
    without = {language: "\n".join(lines_of(edition, language)[1:]) for language in ("en", "es", "fr", "ca")}

    save(lead, edition, **without)

    assert [each.key for each in options_of(edition)] == kept


@pytest.mark.parametrize(
    "typed",
    [pytest.param("no key! = Text", id="a key of other signs"), pytest.param("train =", id="a key that says nothing")],
)
def test_what_is_no_answer_is_refused_on_the_page(edition: Edition, lead: Client, typed: str) -> None:
    before = options_of(edition)

    refused = save(lead, edition, en=typed)

    assert refused.status_code == 422
    assert options_of(edition) == before
