"""A name that no font of ours can print: shown, asked for, given, and printed in its Latin form."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer, make_person
from tests.factories.admissions import make_application
from tests.factories.money import ADMITTED_AT, reserve
from tests.factories.programme import make_edition
from tests.foundation.documents.reading import text_of

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.naming import LatinNameNotWanted, NameNotPrintable, give_latin_name
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.models import Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.models import OutgoingMail
from chancery.interfaces.worker.documents import render_document
from chancery.journey.bill import bill_places
from chancery.journey.naming import ask_for_latin_name

pytestmark = pytest.mark.django_db
# Ethiopic: no font that is shipped has it.
NATIVE, LATIN = "ሐና ነፋስ", "Hana Nefas"


@pytest.fixture(autouse=True)
def _one_factor(settings: Any, tmp_path: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path


def named(latin: str = "") -> Application:
    person = make_person(NATIVE)
    person.latin_name = latin
    person.save()
    return make_application(person=person)


def as_officer(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_officer(*roles))
    return client


def as_owner(application: Application) -> Client:
    client = Client()
    client.force_login(application.person.user)
    return client


def review(application: Application) -> str:
    return reverse("review-application", args=[application.edition.slug, application.reference])


def ask_address(application: Application) -> str:
    return reverse("ask-for-latin-name", args=[application.edition.slug, application.reference])


def test_the_office_sees_how_papers_print_the_name_and_which_signs_are_lacking() -> None:
    application = named(LATIN)

    shown = as_officer(Role.ADMISSIONS).get(review(application)).content.decode()

    assert f"prints as <bdi>{LATIN}</bdi>" in shown
    assert "our fonts lack these signs: <bdi>ሐናነፋስ</bdi>" in shown
    assert ask_address(application) not in shown


def test_a_name_that_papers_print_is_no_matter() -> None:
    application = make_application(person=make_person("Lê Gió Nồm"))

    assert "our fonts lack" not in as_officer(Role.ADMISSIONS).get(review(application)).content.decode()


def test_a_missing_latin_form_is_asked_for_by_mail_once_a_day() -> None:
    application, client = named(), as_officer(Role.ADMISSIONS)

    before = client.get(review(application)).content.decode()
    for _ in range(2):
        client.post(ask_address(application))
    after = client.get(review(application)).content.decode()

    assert ask_address(application) in before
    mail = OutgoingMail.objects.get(kind="admissions/latin_name")
    assert mail.content.to == application.person.email
    assert reverse("give-latin-name", args=[application.reference]) in mail.content.text
    assert "Asked for" in after


def test_nothing_is_asked_where_a_form_is_on_file() -> None:
    with pytest.raises(LatinNameNotWanted):
        ask_for_latin_name(application_id=named(LATIN).pk, actor=SYSTEM, now=NOW)


def test_the_owner_writes_it_on_a_page_and_the_desk_finds_it() -> None:
    application = named()
    client, address = as_owner(application), reverse("give-latin-name", args=[application.reference])

    answer = client.post(address, {"latin_name": f" {LATIN} "})

    application.refresh_from_db()
    application.person.refresh_from_db()
    assert answer.url == reverse("see-application", args=[application.reference])
    assert application.person.latin_name == LATIN
    assert "hana nefas" in application.search_text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("", "Write your name.", id="blank"),
        pytest.param("ሐና", "Write this name in Latin letters only.", id="the same script"),
        pytest.param("Hana 🙂", "Our papers cannot print these signs: 🙂", id="a sign that is lacking too"),
    ],
)
def test_a_form_that_papers_cannot_print_is_refused(typed: str, said: str) -> None:
    application = named()

    answer = as_owner(application).post(reverse("give-latin-name", args=[application.reference]), {"latin_name": typed})

    application.person.refresh_from_db()
    assert (answer.status_code, application.person.latin_name) == (422, "")
    assert said in answer.content.decode()


def test_a_form_without_letters_is_refused() -> None:
    with pytest.raises(NameNotPrintable):
        give_latin_name(application_id=named().pk, latin="...", actor=SYSTEM, now=NOW)


def billed(latin: str) -> tuple[Place, Any]:
    edition = make_edition()
    place = reserve(edition)
    person = place.person
    person.name, person.latin_name = NATIVE, latin
    person.save()
    place = Place.objects.get(pk=place.pk)
    bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    return place, Invoice.objects.get()


def test_place_and_bill_say_it_to_the_owner_and_the_bill_to_finance() -> None:
    place, invoice = billed(LATIN)
    owner, finance = as_owner(place.application), as_officer(Role.FINANCE)
    reference = place.application.reference

    pages = [
        owner.get(reverse("see-place", args=[reference])),
        owner.get(reverse("see-invoice", args=[reference])),
        finance.get(reverse("show-bill", args=[invoice.number])),
    ]

    assert [f"prints as <bdi>{LATIN}</bdi>" in page.content.decode() for page in pages] == [True, True, True]


def test_papers_print_the_latin_form_alone_and_no_codes(tmp_path: Path) -> None:
    _place, invoice = billed(LATIN)

    text = text_of(render_document(invoice.document), tmp_path)

    assert LATIN in text
    assert "[U+" not in text
