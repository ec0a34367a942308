"""Bills are found by their sums."""

import pytest
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Invoice, InvoiceBalance
from chancery.domain.billing.queries.invoices import list_invoices

pytestmark = pytest.mark.django_db


def make_bill(currency: str, total_minor: int, *, allocated_minor: int = 0) -> Invoice:
    invoice = make_invoice(make_application(edition=make_edition()), total_minor=total_minor, currency=currency)
    InvoiceBalance.objects.filter(invoice=invoice).update(allocated_minor=allocated_minor)
    return invoice


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("731500", ["EUR", "JPY"], id="a total, in each currency by its own digits"),
        pytest.param("731500.00", ["EUR", "JPY"], id="with zeros that the yen does not have"),
        pytest.param("731500.125", ["KWD"], id="three digits of the dinar"),
        pytest.param("731300", ["KWD"], id="what is open"),
        pytest.param("7315.00", [], id="a hundredth of the yen"),
    ],
)
def test_a_sum_is_read_by_the_digits_of_each_currency(words: str, found: list[str]) -> None:
    make_bill("EUR", 73_150_000)
    make_bill("JPY", 731_500)
    make_bill("KWD", 731_500_125)
    make_bill("KWD", 731_500_500, allocated_minor=200_500)

    assert sorted(bill.currency for bill in list_invoices(words=words)) == found
