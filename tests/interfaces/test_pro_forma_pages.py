"""Where a participant and the finance desk find the paper before an order, and who does not."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.admissions import make_application
from tests.factories.entering import enter_known
from tests.factories.money import ADMITTED_AT, billed_place, member_council, reserve
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice, ProForma
from chancery.domain.enrollment.models import Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.journey.bill import bill_places

pytestmark = pytest.mark.django_db
WHO_PAYS = {
    "kind": "public",
    "legal_name": "Ville Accra",
    "address": "High Street 1",
    "country": "GHA",
    "email": "pay@accra.example",
    "language": "fr",
    "purchase_order": "",
}


@pytest.fixture(autouse=True)
def _desk(settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path / "files"


def visit(place: Place) -> Client:
    client = Client()
    assert place.person.user is not None
    client.force_login(place.person.user)
    return client


def address(name: str, place: Place) -> str:
    return reverse(name, args=[place.application.reference])


def test_a_participant_is_led_from_the_place_to_the_paper() -> None:
    place, invoice = billed_place(make_edition())
    client = visit(place)

    asked = address("see-pro-forma", place)
    assert asked in client.get(address("see-place", place)).content.decode()
    page = client.get(asked).content.decode()
    paper = client.get(address("download-pro-forma", place))

    assert ("A paper for an order</h1>" in page, invoice.number in page, '<form method="post" nov' in page) == (
        True,
        True,
        False,
    )
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert paper.content == client.get(address("download-pro-forma", place)).content


def test_saying_who_would_pay_writes_a_paper_and_no_bill() -> None:
    place = reserve(make_edition(), payer=False)
    bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    client = visit(place)

    refused = client.get(address("download-pro-forma", place))
    wrong = client.post(address("see-pro-forma", place), {**WHO_PAYS, "address": ""})
    saved = client.post(address("see-pro-forma", place), WHO_PAYS, follow=True)

    assert (refused.status_code, wrong.status_code, saved.status_code) == (409, 422, 200)
    assert "First tell us who would pay" in refused.content.decode()
    assert "No bill is written before you confirm who pays" in saved.content.decode()
    assert (Invoice.objects.count(), ProForma.objects.get().document.language) == (0, "fr")
    assert address("see-pro-forma", place) in client.get(address("name-payer", place)).content.decode()


def test_somebody_elses_paper_is_not_there() -> None:
    edition = make_edition()
    (place, _), (other, _) = billed_place(edition), billed_place(edition)

    answers = [visit(other).get(address(name, place)).status_code for name in ("see-pro-forma", "download-pro-forma")]

    assert (answers, ProForma.objects.count()) == ([404, 404], 0)


def test_the_finance_desk_gets_it_for_an_application_and_says_what_stands_in_the_way() -> None:
    edition = make_edition()
    application = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT, authority=member_council())
    client, _ = enter_known(Role.FINANCE)
    where = reverse("give-pro-forma", args=[edition.slug, application.reference])

    refused = client.get(where)
    PayerDetails.objects.create(application=application, **WHO_PAYS)
    paper = client.get(where)

    assert (
        where in client.get(reverse("review-application", args=[edition.slug, application.reference])).content.decode()
    )
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (409, True)
    assert "who pays" in refused.content.decode()
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


def test_the_bill_and_the_list_of_places_without_one_lead_to_the_paper() -> None:
    edition = make_edition()
    place, invoice = billed_place(edition)
    waiting = reserve(edition, payer=False)
    client, _ = enter_known(Role.FINANCE)

    bill = client.get(reverse("show-bill", args=[invoice.number])).content.decode()
    bills = client.get(reverse("list-bills", args=[edition.slug])).content.decode()

    assert reverse("give-pro-forma", args=[edition.slug, place.application.reference]) in bill
    assert reverse("give-pro-forma", args=[edition.slug, waiting.application.reference]) in bills
    assert client.get(reverse("give-pro-forma", args=[edition.slug, waiting.application.reference])).status_code == 409


def test_an_auditor_sees_bills_and_writes_no_paper() -> None:
    place, invoice = billed_place(make_edition())
    client, _ = enter_known(Role.AUDITOR)
    where = reverse("give-pro-forma", args=[place.edition.slug, place.application.reference])

    page = client.get(reverse("show-bill", args=[invoice.number])).content.decode()

    assert (where in page, client.get(where).status_code, ProForma.objects.count()) == (False, 404, 0)
