"""What leaves the finance desk as a sheet: words for readers, codes for an accountant's import."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.factories.entering import enter_known
from tests.factories.money import billed_place, reserve
from tests.factories.programme import make_edition

from chancery.domain.billing.models import FeeException
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk(settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path / "files"


def test_bills_and_their_ages_leave_in_the_words_of_the_reader() -> None:
    edition = make_edition()
    _, invoice = billed_place(edition)
    client = _french()

    bills, ages = _csv(client, "export-bills", edition.slug), _csv(client, "export-ages", edition.slug)

    heads = [
        "Numéro",
        "Type",
        "Émis le",
        "Échéance",
        "Payeur",
        "Référence",
        "Devise",
        "Total",
        "Crédité",
        "Abandonné",
        "Montant reçu",
        "Ouvert",
    ]
    assert bills[0] == heads
    assert bills[1][:2] == [invoice.number, "Facture"]
    assert (ages[0][0], ages[0][2], ages[1][0]) == ("Devise", "de 1 à 30 jours de retard", "EUR")
    assert sum(Decimal(cell) for cell in ages[1][1:]) == Decimal(1000)


def test_the_journal_keeps_its_codes_in_csv_and_has_words_in_its_workbook() -> None:
    billed_place(make_edition())
    client = _french()

    rows = _csv(client, "export-journal")
    book = client.get(reverse("export-journal"), {"as": "xlsx"}).getvalue()  # type: ignore[attr-defined]

    assert rows[0] == ["day", "number", "debit", "credit", "amount", "currency", "text"]
    assert rows[1][2:6] == ["receivables", "course fees", "1000.00", "EUR"]
    with ZipFile(BytesIO(book)) as parts:
        words = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert [word in words for word in ("Débit", "Créances", "Frais de cours", "receivables")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_fee_leaves_with_the_list_of_the_second_person_while_it_waits() -> None:
    place = reserve(make_edition(), payer=False)
    slug, reference = place.edition.slug, place.application.reference
    client, _ = enter_known(Role.FINANCE)
    second, _ = enter_known(Role.SECOND_PERSON)
    asked = {"reference": reference, "fee": "500.00", "reason": "agreed"}
    client.post(reverse("propose-exception", args=[slug]), asked)

    waits, by_hand = _csv(client, "show-second-person")[1:], _csv(client, "show-fees", slug)[1:]
    second.post(reverse("decide-exception", args=[FeeException.objects.get().pk]), {"decision": "approve"})

    assert waits == by_hand
    assert [(row[0], row[3], row[5], row[-1]) for row in waits] == [
        (reference, "500.00", "agreed", "waits for a second person")
    ]
    assert _csv(client, "show-second-person")[1:] == []
    assert [row[-1] for row in _csv(client, "show-fees", slug)[1:]] == ["approved"]


def test_a_place_without_a_bill_leaves_with_its_name() -> None:
    place = reserve(make_edition(), payer=False)
    client, _ = enter_known(Role.FINANCE)

    rows = _csv(client, "export-unbilled", place.edition.slug)

    assert [row[:2] for row in rows[1:]] == [[place.application.reference, place.person.name]]


def _french() -> Client:
    client, _ = enter_known(Role.FINANCE)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    return client


def _csv(client: Client, name: str, *of: str) -> list[list[str]]:
    content = client.get(reverse(name, args=of), {"as": "csv"}).getvalue()  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
