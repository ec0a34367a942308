"""What stands around every page of the office: the desks, the way back, and where the address of an act leads."""

import re

import pytest
from django.urls import reverse
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice
from tests.factories.entering import enter_known

from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a href="[^"]+" aria-current="(page|true)">([^<]+?) *<')


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/office/", ("page", "Today")),
        ("/office/bank/", ("page", "Bank")),
        ("/office/bank/lines/", ("true", "Bank")),
        ("/office/refunds/", ("page", "Refunds")),
        ("/office/clocks/", ("page", "Clocks")),
    ],
)
def test_one_desk_is_marked_on_its_page_and_on_those_under_it(page, marked):
    client, _ = enter_known(Role.FINANCE)

    assert CURRENT.findall(client.get(page).content.decode()) == [marked]


def test_the_desk_of_the_invoices_is_marked_on_the_page_of_a_bill():
    bill = make_invoice(make_application())
    client, _ = enter_known(Role.FINANCE)

    assert CURRENT.findall(client.get(reverse("show-bill", args=[bill.number])).content.decode()) == [
        ("true", "Invoices")
    ]


def test_the_desks_stand_under_what_somebody_comes_for_and_a_small_screen_names_the_current_one():
    make_application()
    client, _ = enter_known(Role.ADMISSIONS)

    page = client.get("/office/clocks/").content.decode()

    groups = re.findall(r'<p id="(desks-\d)">([^<]+)</p><ul aria-labelledby="\1">(.+?)</ul>', page, re.DOTALL)
    assert {label: re.findall(r">([^<]+)</a>", items) for _, label, items in groups} == {
        "To do": ["Today", "Clocks"],
        "People and applications": [
            *("Applications", "Decisions", "Waiting list", "Groups", "Composition", "Cancellations", "Substitutes"),
        ],
        "Money": ["Fees", "Second person"],
        "Edition and office": ["Settings", "Network"],
        "Mail and records": ["Mail", "History"],
    }
    assert "<summary>Desks · <strong>Clocks</strong></summary>" in page


def test_who_looks_at_the_address_of_an_act_is_led_to_the_page_of_the_thing():
    application = make_application()
    client, _ = enter_known(Role.ADMISSIONS, Role.FINANCE)
    names = [application.edition.slug, application.reference]
    review = reverse("review-application", args=names)

    assert client.get(reverse("draft-decision", args=names))["Location"] == review
    assert client.get(reverse("drop-decision", args=names), follow=True).redirect_chain[-1] == (review, 302)
    assert client.get("/office/refunds/lines/11/")["Location"] == "/office/refunds/"
    assert client.get("/office/refunds/1/failed/")["Location"] == "/office/refunds/"
    assert client.put(reverse("draft-decision", args=names)).status_code == 405


def test_the_way_back_stands_before_the_heading():
    client, _ = enter_known(Role.FINANCE)
    page = client.get("/office/bank/lines/").content.decode()

    assert page.index('class="back"') < page.index("<h1")
