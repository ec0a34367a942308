"""The paper before an order: when there is one, and what it says and does not say."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.domain.billing.papers import ACCRA, ISSUED_AT
from tests.factories.accounts import NOW
from tests.factories.admissions import make_application
from tests.foundation.documents.reading import text_of
from tests.foundation.documents.verapdf import violations

from chancery.domain.billing.documents import InvoiceDocument, PrintedKind, render_invoice
from chancery.domain.billing.models import ProForma
from chancery.domain.billing.policies.pro_formas import ProFormaFacts, may_write_pro_forma
from chancery.foundation.documents.models import Document

PRO_FORMA: InvoiceDocument = replace(
    ACCRA,
    kind=PrintedKind.PRO_FORMA,
    number="",
    reference="",
    due_on=None,
    beneficiary=None,
    application="M2-0017",
    valid_until=date(2024, 10, 25),
)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        pytest.param(ProFormaFacts(under_way=True, settled=False, fee_minor=100_000), (), id="a fee that is known"),
        pytest.param(ProFormaFacts(under_way=True, settled=False, fee_minor=None), ("fee_not_known",), id="undecided"),
        pytest.param(ProFormaFacts(under_way=True, settled=False, fee_minor=0), ("fee_is_zero",), id="waived"),
        pytest.param(ProFormaFacts(under_way=True, settled=True, fee_minor=1), ("place_settled",), id="paid"),
        pytest.param(ProFormaFacts(under_way=False, settled=False, fee_minor=1), ("application_over",), id="ended"),
    ],
)
def test_there_is_a_paper_only_while_something_is_to_be_ordered(facts: ProFormaFacts, reasons: tuple[str, ...]) -> None:
    ruling = may_write_pro_forma(facts)

    assert (bool(ruling), ruling.reasons) == (not reasons, reasons)


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_paper_conforms_in_every_language(language: str) -> None:
    paper = render_invoice(PRO_FORMA, language=language, issued_at=ISSUED_AT)

    assert violations(paper, "a-3a") + violations(paper, "ua-1") == []


def test_the_paper_says_that_it_is_no_invoice_and_nothing_by_which_one_could_pay(tmp_path: Path) -> None:
    text = text_of(render_invoice(PRO_FORMA, language="en", issued_at=ISSUED_AT), tmp_path)

    wanted = (
        *("Pro-forma - not an invoice", "no tax can be deducted by it", "it asks for no payment"),
        *("Accra Metropolitan Assembly", "EUR 1,000.00", "M2-0017", "25 October 2024", "Member rate"),
        *("Only the bill asks for payment", "A place is guaranteed only after the full payment"),
        *("75", "A colleague of the same authority", "18 October 2024"),
    )
    assert [words for words in wanted if words not in text] == []
    assert [words for words in ("ES91", "RF40", "M2-2024-0014", "How to pay", "Billed to") if words in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("total", "times"), [(0, 1), (1, 2)], ids=["nothing to pay", "the same paper twice"])
def test_the_database_refuses_a_paper_that_cannot_be(total: int, times: int) -> None:
    application = make_application()

    with pytest.raises(IntegrityError), transaction.atomic():
        for turn in range(times):
            _keep(application.pk, total, turn)


def _keep(application_id: int, total: int, turn: int) -> None:
    document = Document.objects.create(
        kind="test",
        subject_kind="test",
        subject_id=str(turn),
        language="en",
        filename="paper.pdf",
        facts={},
        requested_at=NOW,
    )
    ProForma.objects.create(
        application_id=application_id,
        digest="d",
        valid_until=date(2024, 10, 25),
        total_minor=total,
        currency="EUR",
        document=document,
        written_at=NOW,
    )
