"""What a list says in its sheet is what its page says to the same reader."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer
from tests.factories.billing import make_entry
from tests.factories.entering import enter
from tests.factories.programme import make_edition

from chancery.domain.billing.queries import bank
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.journey import reconcile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


def lines_of(response) -> list[str]:
    return response.getvalue().decode("utf-8-sig").splitlines()


def test_a_sheet_of_bank_lines_says_amounts_as_figures_and_holds_no_formula() -> None:
    make_edition()
    entry = make_entry(amount_minor=50_000, remittance="=1+1")
    reconcile.keep_to_return(entry_id=entry.pk, reason="paid twice", actor=SYSTEM, now=NOW)

    lines = lines_of(enter(Role.FINANCE).get(reverse("list-lines"), {"as": "csv", "state": "", "q": ""}))

    assert lines[0] == "Payer,IBAN,Text,Sum,Left,Currency,Value day,Why it stands here,Note"
    assert len(lines) == 2
    assert ",'=1+1,500.00,500.00,EUR," in lines[1]


def test_a_sheet_without_filters_holds_the_lines_that_the_page_shows_at_first() -> None:
    make_edition()
    make_entry(amount_minor=50_000)
    waiting = bank.list_lines().count()

    lines = lines_of(enter(Role.FINANCE).get(reverse("list-lines"), {"as": "csv"}))

    assert len(lines) == 1 + waiting


def test_a_sheet_is_named_by_list_edition_and_day() -> None:
    edition = make_edition()

    answer = enter(Role.EDITION_LEAD).get(reverse("list-history", args=[edition.slug]), {"as": "xlsx"})

    day = local_day(clock.now(), ZoneInfo(edition.time_zone))
    told = answer.headers["Content-Disposition"]
    assert told == f'attachment; filename="history-{edition.slug}-{day.isoformat()}.xlsx"'


def test_the_trail_leaves_whole_though_it_is_read_in_pieces(monkeypatch) -> None:
    monkeypatch.setattr("chancery.interfaces.office.sheets.records.CHUNK", 2)
    edition, officer = make_edition(), make_officer(Role.EDITION_LEAD)
    for minute in range(5):
        at = NOW + timedelta(minutes=minute)
        record(Event.PERSON_NAMED, actor=SYSTEM, subject=officer, now=at)
    client = Client()
    client.force_login(officer)

    lines = lines_of(
        client.get(reverse("list-history", args=[edition.slug]), {"as": "csv", "kind": "accounts.person.named"})
    )

    assert len(lines) == 1 + 5


def test_the_trail_of_an_export_keeps_which_filters_were_set_and_not_what_was_searched_for() -> None:
    make_edition()

    enter(Role.FINANCE).get(reverse("list-lines"), {"as": "xlsx", "q": "Accra", "state": ""})

    event = AuditEvent.objects.latest("id")
    assert (event.name, event.facts) == (
        Event.LIST_EXPORTED,
        {"list": "bank-lines", "form": "xlsx", "filters": "q"},
    )


def test_a_reader_gets_no_sheet_of_the_desk() -> None:
    edition = make_edition()

    assert enter(Role.ASSESSOR).get(reverse("list-waiting", args=[edition.slug]), {"as": "xlsx"}).status_code == 404
