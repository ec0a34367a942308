"""The paper before an order: for a sent application or a place, the same bytes while its facts are the same."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.accounts import NOW
from tests.factories.admissions import make_application
from tests.factories.money import ADMITTED_AT, billed_place, member_council, reserve, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.admissions.services.paying import keep_payer
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice, ProForma, Series
from chancery.domain.billing.queries.payers import Payer, payer_of
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.models import AuditEvent
from chancery.journey import order, settle
from chancery.journey.bill import bill_places

pytestmark = pytest.mark.django_db
CITY = Payer(legal_name="Accra City", address="High Street 1", country="GHA", email="pay@accra.example", language="fr")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def written() -> list[str]:
    return list(AuditEvent.objects.filter(name="billing.pro_forma.written").values_list("actor", flat=True))


def test_a_place_gets_the_same_paper_again_while_its_facts_are_the_same(finance: Actor) -> None:
    place, invoice = billed_place(make_edition())

    first = order.give_pro_forma(application_id=place.application_id, actor=finance, now=NOW)
    again = order.give_pro_forma(application_id=place.application_id, actor=finance, now=NOW + timedelta(days=2))

    kept = ProForma.objects.get()
    assert (first.content, first.filename) == (again.content, f"{place.application.reference}-pro-forma.pdf")
    assert first.content.startswith(b"%PDF")
    assert (kept.total_minor, kept.document.facts["valid_until"]) == (invoice.total_minor, kept.valid_until.isoformat())
    assert (kept.document.facts["number"], kept.document.facts["reference"], kept.document.facts["beneficiary"]) == (
        "",
        "",
        None,
    )
    assert written() == [finance.reference]


def test_another_payer_is_another_paper_and_so_is_one_after_its_last_day(finance: Actor) -> None:
    place, _ = billed_place(make_edition())

    def give(at: datetime) -> None:
        order.give_pro_forma(application_id=place.application_id, actor=finance, now=at)

    give(NOW)
    keep_payer(application=place.application, details=asdict(CITY))
    give(NOW)
    give(NOW + timedelta(days=60))

    papers = ProForma.objects.order_by("id")
    names = [each.document.facts["buyer"]["legal_name"] for each in papers]
    assert names == ["Accra Metropolitan Assembly", "Accra City", "Accra City"]
    assert [each.document.language for each in papers] == ["en", "fr", "fr"]
    assert len(written()) == 3


def test_no_number_of_any_series_is_taken_and_no_bill_is_written(finance: Actor) -> None:
    place = reserve(make_edition(), payer=False)
    bill_places(places=[place], actor=finance, now=ADMITTED_AT)

    order.ask_for_pro_forma(place_id=place.pk, payer=CITY, actor=finance, now=NOW)

    assert (Invoice.objects.count(), Series.objects.count(), ProForma.objects.count()) == (0, 0, 1)
    assert payer_of(place.application) == CITY
    reasons = [line["label"] for line in ProForma.objects.get().document.facts["participants"][0]["lines"]]
    assert len(reasons) == 1
    assert ": Accra" in reasons[0]


def test_who_pays_is_not_changed_by_asking_once_the_bill_is_written(finance: Actor) -> None:
    place, _ = billed_place(make_edition())
    before = payer_of(place.application)

    with pytest.raises(order.AlreadyBilled):
        order.ask_for_pro_forma(place_id=place.pk, payer=CITY, actor=finance, now=NOW)

    assert payer_of(place.application) == before


def test_the_office_gets_it_for_an_application_that_nobody_decided_about(finance: Actor) -> None:
    application = make_application(
        edition=make_edition(), state=ApplicationState.IN_ASSESSMENT, authority=member_council()
    )
    PayerDetails.objects.create(application=application, **asdict(CITY))

    paper = order.give_pro_forma(application_id=application.pk, actor=finance, now=NOW)

    assert (ProForma.objects.get().application, paper.filename) == (
        application,
        f"{application.reference}-pro-forma.pdf",
    )


def test_a_paid_place_has_none_any_more(tmp_path: Path, finance: Actor) -> None:
    place, invoice = billed_place(make_edition())
    settle.import_statement(
        statement_file(tmp_path, transfer(invoice.total_minor, invoice.creditor_reference)), actor=finance, now=NOW
    )

    with pytest.raises(order.NoProForma) as refused:
        order.give_pro_forma(application_id=place.application_id, actor=finance, now=NOW)

    assert refused.value.ruling.reasons == ("place_settled",)
    assert written() == []


def test_without_a_payer_nothing_is_written(finance: Actor) -> None:
    place = reserve(make_edition(), payer=False)

    with pytest.raises(order.InvoiceDataMissing) as refused:
        order.give_pro_forma(application_id=place.application_id, actor=finance, now=NOW)

    assert refused.value.ruling.reasons == ("party",)
