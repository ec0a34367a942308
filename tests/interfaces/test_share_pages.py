"""Where two payers of one fee are named, asked for and shown: to the participant, to a payer, and to the desk."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.applying import NOW as APPLYING
from tests.factories.applying import start_draft
from tests.factories.entering import enter_known
from tests.factories.money import billed_place, reserve
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import SecondPayer
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import billed_lines
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db
ADA = {
    "share": "500",
    "share_in": "sum",
    "kind": "person",
    "legal_name": "Ada Example",
    "address": "Road 1",
    "country": "GHA",
    "email": "ada@home.example",
    "language": "en",
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


def desk(place: Place) -> str:
    return reverse("share-fee", args=[place.edition.slug, place.application.reference])


def test_a_participant_asks_and_the_desk_makes_two_bills() -> None:
    place, old = billed_place(make_edition())
    participant, (finance, _) = visit(place), enter_known(Role.FINANCE)
    bills = reverse("list-bills", args=[place.edition.slug])

    assert address("name-second-payer", place) in participant.get(address("name-payer", place)).content.decode()
    asked = participant.post(address("name-second-payer", place), ADA, follow=True).content.decode()
    listed = finance.get(bills).content.decode()
    form = finance.get(desk(place)).content.decode()
    done = finance.post(desk(place), ADA, follow=True).content.decode()

    assert "our office answers within 3 working days" in asked
    assert ("Two payers asked for" in listed, desk(place) in listed) == (True, True)
    assert 'value="Ada Example"' in form
    city, person = (line.invoice for line in billed_lines(place))
    assert (city.total_minor + person.total_minor, person.total_minor) == (old.total_minor, 50_000)
    assert (person.number in done, f"{city.party.legal_name}</bdi>" in done) == (True, True)
    assert "Two payers asked for" not in finance.get(bills).content.decode()
    assert "shared with <bdi>Ada Example</bdi>" in finance.get(bills).content.decode()


def test_the_place_shows_both_bills_each_with_its_own_paper() -> None:
    place, _ = billed_place(make_edition())
    finance, _ = enter_known(Role.FINANCE)
    finance.post(desk(place), ADA)
    city, person = (line.invoice for line in billed_lines(place))
    client = visit(place)

    page = client.get(address("see-place", place)).content.decode()
    shown = client.get(address("see-invoice", place), {"bill": person.number}).content.decode()
    paper = client.get(address("download-invoice", place), {"bill": person.number})

    assert ("Accra Metropolitan Assembly pays" in page, "Ada Example pays" in page) == (True, True)
    assert (f"?bill={city.number}" in page, f"?bill={person.number}" in page) == (True, True)
    assert (f"{person.number}</span> is to be paid" in shown, f"?bill={city.number}" in shown) == (True, True)
    assert paper["Content-Disposition"] == f'attachment; filename="{person.number}.pdf"'
    assert client.get(address("see-invoice", place), {"bill": "M2-2024-9999"}).status_code == 404


def test_a_second_payer_named_before_there_is_a_bill_is_taken_back_by_one_button() -> None:
    place = reserve(make_edition())
    client = visit(place)

    wrong = client.post(address("name-second-payer", place), {**ADA, "share": "120", "share_in": "percent"})
    named = client.post(address("name-second-payer", place), {**ADA, "share": "30", "share_in": "percent"}, follow=True)
    back = client.post(address("name-second-payer", place), {"drop": "1"}, follow=True)

    assert (wrong.status_code, "between 0 and 100 percent" in wrong.content.decode()) == (422, True)
    assert "The bill to come will be two" in named.content.decode()
    assert "one payer pays the whole fee" in back.content.decode()
    assert SecondPayer.objects.get().closed_at is not None


def test_the_desk_makes_one_bill_of_two_again() -> None:
    place, old = billed_place(make_edition())
    finance, _ = enter_known(Role.FINANCE)
    finance.post(desk(place), ADA)
    city, _ = (line.invoice for line in billed_lines(place))
    button = reverse("join-bills", args=[city.number])

    shown = finance.get(reverse("show-bill", args=[city.number])).content.decode()
    finance.post(button)
    again = finance.post(button, follow=True).content.decode()

    assert button in shown
    assert [line.invoice.total_minor for line in billed_lines(place)] == [old.total_minor]
    assert "was credited before" in again


def test_a_payer_reads_by_the_signed_link_who_pays_the_rest() -> None:
    place, _ = billed_place(make_edition())
    finance, _ = enter_known(Role.FINANCE)
    finance.post(desk(place), ADA)
    city, _ = (line.invoice for line in billed_lines(place))

    page = Client().get(reverse("pay-invoice", args=[payer_token(city.number)])).content.decode()

    assert "Two payers share this fee. The other one: <bdi>Ada Example</bdi>" in page


def test_the_part_about_the_payer_leads_to_the_second_one() -> None:
    application = start_draft()
    client = Client()
    assert application.person.user is not None
    client.force_login(application.person.user)

    with time_machine.travel(APPLYING, tick=False):
        part = client.get(reverse("edit-part", args=[application.reference, "payer"])).content.decode()
    form = client.get(reverse("name-second-payer", args=[application.reference])).content.decode()

    assert reverse("name-second-payer", args=[application.reference]) in part
    assert f'value="{application.person.email}"' in form


def test_what_cannot_be_shared_is_said_at_the_desk() -> None:
    place, _ = billed_place(make_edition())
    finance, _ = enter_known(Role.FINANCE)

    refused = finance.post(desk(place), {**ADA, "share": "99999"})

    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (409, True)
    assert "must leave something to pay for both" in refused.content.decode()
    assert Invoice.objects.count() == 1


def test_the_desk_says_no_and_the_one_bill_stays() -> None:
    place, old = billed_place(make_edition())
    visit(place).post(address("name-second-payer", place), ADA)
    finance, _ = enter_known(Role.FINANCE)

    finance.post(desk(place), {"drop": "1"})

    assert (list(Invoice.objects.all()), SecondPayer.objects.filter(closed_at=None).count()) == ([old], 0)


def test_somebody_elses_second_payer_is_not_there() -> None:
    edition = make_edition()
    (place, _), (other, _) = billed_place(edition), billed_place(edition)

    assert visit(other).get(address("name-second-payer", place)).status_code == 404
    assert visit(other).post(address("name-second-payer", place), ADA).status_code == 404
    assert SecondPayer.objects.count() == 0
