"""A bank's CSV at the finance desk: refused, mapped beside its first rows, taken in, known from then on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.domain.billing.readers.test_csv import ROWS, SPANISH, raw
from tests.factories.accounts import make_officer
from tests.factories.money import ACCOUNT, billed_place
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, StatementFile, StatementMapping
from chancery.domain.billing.states import FileState
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def finance() -> Client:
    billed_place(make_edition())
    client = Client()
    client.force_login(make_officer(Role.FINANCE))
    return client


def hand_in(client: Client, *rows: str, name: str = "movimientos.csv") -> int:
    file = SimpleUploadedFile(name, raw(*rows).getvalue(), content_type="text/csv")
    return client.post(reverse("take-statement"), {"file": file}).status_code


def typed(**more: str) -> dict[str, str]:
    return {
        "name": "Our bank",
        "account": ACCOUNT,
        "currency": "EUR",
        "booking_date": SPANISH.booking_date,
        "value_date": SPANISH.value_date,
        "amount": SPANISH.amount,
        "balance": SPANISH.balance,
        "payer_name": SPANISH.payer_name,
        "remittance": "Concepto\nMás datos",
        "delimiter": ";",
        "decimal_mark": ",",
        "date_format": "%d/%m/%Y",
        "encoding": "utf-8",
        "rows_before": "0",
        **more,
    }


def test_a_refused_csv_is_mapped_looked_at_and_taken_in(finance: Client) -> None:
    assert hand_in(finance, *ROWS) == 409
    file = StatementFile.objects.get()
    path = reverse("map-statement", args=[file.pk])
    assert path in finance.get(reverse("show-statement", args=[file.pk])).content.decode()

    page = finance.get(path).content.decode()
    assert "CITY OF ACCRA" in page
    assert 'value="F. Operación"' in page  # guessed from the header
    looked = finance.post(path, typed(act="look")).content.decode()
    assert "1,000.00" in looked
    assert not StatementMapping.objects.exists()
    assert finance.post(path, typed(act="save")).status_code == 302

    file.refresh_from_db()
    assert (file.state, BankEntry.objects.count()) == (FileState.ACCEPTED, 2)
    assert hand_in(finance, ROWS[0], name="next.csv") == 302
    assert "Our bank" in finance.get(reverse("list-mappings")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"amount": ""}, {"amount": "Monto"}, {"date_format": "%Y-%m-%d"}, {"encoding": "klingon"}]
)
def test_a_mapping_that_does_not_fit_says_why_and_saves_nothing(finance: Client, wrong: dict[str, str]) -> None:
    hand_in(finance, *ROWS)

    answer = finance.post(reverse("map-statement", args=[StatementFile.objects.get().pk]), typed(act="save", **wrong))

    assert answer.status_code == 422
    assert not StatementMapping.objects.exists()


def test_a_mapping_is_forgotten(finance: Client) -> None:
    hand_in(finance, *ROWS)
    finance.post(reverse("map-statement", args=[StatementFile.objects.get().pk]), typed(act="save"))

    assert finance.post(reverse("forget-mapping", args=[StatementMapping.objects.get().pk])).status_code == 302

    assert not StatementMapping.objects.exists()
