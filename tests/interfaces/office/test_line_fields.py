"""What a refused act on a bank line points at: the box above the heading leads to the field, which says the same."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.factories.billing import make_entry, make_refund
from tests.factories.entering import enter, enter_known
from tests.factories.money import ACCOUNT, billed_place, statement_file, transfer
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, Invoice, Refund
from chancery.domain.billing.queries.refunds import count_to_approve
from chancery.domain.billing.states import RefundState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.interfaces.demo.camt import CamtStatement, camt_file
from chancery.journey import settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)
SPLIT = {"page": "split", "asked": "1", "amount": "1000.00", "reason": "its reference", "rest": "waits"}


@pytest.fixture(autouse=True)
def _desk(settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path / "files"


@world
def bill() -> Invoice:
    return billed_place(make_edition())[1]


@pytest.fixture
def line(bill: Invoice, tmp_path: Path) -> BankEntry:
    """A line of EUR 500.00 more than the bill."""
    path = statement_file(tmp_path, transfer(150_000, bill.creditor_reference))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    return BankEntry.objects.get()


def points_at(answer: HttpResponse, field: str, words: str) -> bool:
    """Tell whether the box above the heading leads to a field that is marked and says the same words before it."""
    page = answer.content.decode()
    box = page.index(f'<a href="#{field}">{words}</a>')
    marked = re.search(rf'field-bad"[^§]*?<li>{re.escape(words)}</li>[^§]*?id="{field}"', page)
    return box < page.index("<h1") and marked is not None


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        pytest.param({"rest": ""}, "rest-waits", "Say what happens with the difference.", id="difference"),
        pytest.param({"reason": ""}, "reason", "Say why it belongs there.", id="reason"),
        pytest.param({"amount": "a lot"}, "amount-{}", "Write the amount as 1500.00.", id="amount"),
        pytest.param({"amount": ""}, "amount-{}", "Write the amount as 1500.00.", id="no amount"),
        pytest.param({"rest": "give back"}, "rest_reason", "Say why, in a few words.", id="why it goes back"),
    ],
)
def test_a_refused_split_leads_to_its_field(
    bill: Invoice, line: BankEntry, typed: dict[str, str], field: str, words: str
) -> None:
    client = enter(Role.FINANCE)

    answer = client.post(reverse("book-line", args=[line.pk]), {**SPLIT, "invoice": bill.pk, **typed})

    assert answer.status_code in {409, 422}
    assert points_at(answer, field.format(bill.pk), words)


@pytest.mark.parametrize(
    ("act", "field", "words"),
    [
        ("park-line", "note", "Write what you are waiting for."),
        ("give-line-back", "back", "Say why, in a few words."),
    ],
)
def test_an_act_without_a_reason_leads_to_its_field(line: BankEntry, act: str, field: str, words: str) -> None:
    answer = enter(Role.FINANCE).post(reverse(act, args=[line.pk]))

    assert answer.status_code == 422
    assert points_at(answer, field, words)


def test_the_question_about_a_difference_stands_below_the_bills_that_can_be_added(
    bill: Invoice, line: BankEntry, tmp_path: Path
) -> None:
    _, other = billed_place(make_edition())
    query = {"bill": bill.pk, "q": other.number}

    page = enter(Role.FINANCE).get(reverse("split-line", args=[line.pk]), query).content.decode()

    add = page.index(f">Add {other.number}</button>")
    assert add < page.index("<legend>The difference of EUR\N{NO-BREAK SPACE}500.00</legend>")
    assert "form-check-input" not in page


def test_a_bill_is_taken_out_of_the_sheet_again(bill: Invoice, line: BankEntry) -> None:
    _, other = billed_place(make_edition())
    client, sheet = enter(Role.FINANCE), reverse("split-line", args=[line.pk])
    page = client.get(sheet, {"bill": [bill.pk, other.pk]}).content.decode()

    out = re.findall(r'formaction="([^"]+)" name="out" value="([0-9]+)">Take ([^<]+) out</button>', page)

    assert [number for *_, number in out] == [bill.number, other.number]
    both = {"invoice": [bill.pk, other.pk], "amount": ["400.00", "30.00"]}
    left = [client.post(to, {**both, "out": key}).context["sheet"].parts for to, key, _ in out]
    assert [[(part.invoice, part.amount) for part in parts] for parts in left] == [
        [(other, "30.00")],
        [(bill, "400.00")],
    ]


def test_a_bill_that_is_added_keeps_what_was_typed_and_takes_what_is_left(bill: Invoice, line: BankEntry) -> None:
    _, other = billed_place(make_edition())
    client, sheet = enter(Role.FINANCE), reverse("split-line", args=[line.pk])
    typed = {**SPLIT, "invoice": bill.pk, "amount": "700.00", "reason": "both are named", "q": other.number}
    page = client.post(sheet, typed).content.decode()
    to, key = re.findall(rf'formaction="([^"]+)" name="bill" value="([0-9]+)">Add {other.number}</button>', page)[0]

    shown = client.post(to, {**typed, "bill": key}).context["sheet"]

    assert [(part.invoice, part.amount) for part in shown.parts] == [(bill, "700.00"), (other, "800.00")]
    assert (shown.reason, shown.rest) == ("both are named", "waits")
    assert not line.allocations.exists()


@pytest.mark.parametrize("form", [{"page": "split", "reason": ""}, {"page": "split", "reason": "x", "asked": "1"}])
def test_a_refused_sheet_keeps_its_bills_and_the_words_that_were_looked_for(
    bill: Invoice, line: BankEntry, form: dict[str, str]
) -> None:
    _, other = billed_place(make_edition())
    typed = {**form, "invoice": bill.pk, "amount": "1000.00", "q": other.number}

    answer = enter(Role.FINANCE).post(reverse("book-line", args=[line.pk]), typed)

    assert answer.status_code == 422
    assert [part.invoice for part in answer.context["sheet"].parts] == [bill]
    assert f">Add {other.number}</button>" in answer.content.decode()


@pytest.mark.parametrize("amount", ["1e3", "+1000", "1,000", "1000.000", "\u0661\u0660\u0660\u0660", "NaN", "."])
def test_an_amount_that_nobody_writes_so_is_none(bill: Invoice, line: BankEntry, amount: str) -> None:
    form = {**SPLIT, "invoice": bill.pk, "amount": amount}

    answer = enter(Role.FINANCE).post(reverse("book-line", args=[line.pk]), form)

    assert answer.status_code == 422
    assert points_at(answer, f"amount-{bill.pk}", "Write the amount as 1500.00.")


@pytest.mark.parametrize("amount", ["1000", "1000.", "999.5", " 0999.50 ", ".50"])
def test_an_amount_as_people_write_it_is_booked(bill: Invoice, line: BankEntry, amount: str) -> None:
    enter(Role.FINANCE).post(reverse("book-line", args=[line.pk]), {**SPLIT, "invoice": bill.pk, "amount": amount})

    assert line.allocations.get().amount_minor == Decimal(amount) * 100


@pytest.mark.parametrize(
    ("language", "left"), [("en", "Left of the line: EUR\N{NO-BREAK SPACE}{sum}"), ("es", "{sum}\N{NO-BREAK SPACE}EUR")]
)
def test_each_amount_has_its_currency_and_the_page_has_the_words_for_what_is_left(
    bill: Invoice, line: BankEntry, language: str, left: str
) -> None:
    client, sheet = enter(Role.FINANCE), reverse("split-line", args=[line.pk])

    answer = client.get(sheet, {"bill": bill.pk}, headers={"accept-language": language})

    page, said = answer.content.decode(), answer.context["sheet"].left
    assert f'aria-describedby="amount-{bill.pk}-unit amount-{bill.pk}-hint"' in page
    assert f'<span class="unit" id="amount-{bill.pk}-unit">EUR</span>' in page
    assert (said.minor, said.digits) == (150_000, 2)
    assert left in said.left


def test_whoever_only_sees_money_is_not_told_that_lines_wait_for_them() -> None:
    make_edition()
    make_entry()

    def pages(client: Client) -> tuple[str, str]:
        bank, today = (client.get(reverse(name)).content.decode() for name in ("list-statements", "see-today"))
        return re.findall(r"<h1[^>]*>([^<]*)</h1>", bank)[0], "1 line to decide" if "1 line to decide" in today else ""

    finance, _ = enter_known(Role.FINANCE)
    assert pages(finance) == ("1 bank line waits for you", "1 line to decide")
    for role in (Role.AUDITOR, Role.SECOND_PERSON):
        client, _ = enter_known(role)
        assert pages(client) == ("1 bank line waits for finance", "")


def test_a_gap_of_an_account_stands_above_all_else_and_leads_to_the_lines_in_doubt(tmp_path: Path) -> None:
    billed_place(make_edition())
    for opening, number in ((0, 1), (700, 2)):
        statement = CamtStatement(
            ACCOUNT, (transfer(500, number=number),), opening_cents=opening, statement_id=f"S{number}"
        )
        path = tmp_path / f"{number}.xml"
        path.write_bytes(camt_file(statement))
        settle.import_statement(path, actor=SYSTEM, now=NOW)

    page = enter(Role.FINANCE).get(reverse("list-statements")).content.decode()

    gap = page.index(f'href="{reverse("list-lines")}?state=conflict"')
    assert page.index("</h1>") < page.index("does not add up") < gap < page.index("Take in a statement</h2>")


def test_a_second_person_counts_only_what_they_may_approve() -> None:
    make_edition()
    finance, second = enter_known(Role.FINANCE)[1], enter_known(Role.SECOND_PERSON)[1]
    for who, account in (
        (finance, "FR1420041010050500013M02606"),
        (second, "FR1420041010050500013M02606"),
        (finance, ""),
    ):
        refund = make_refund(make_entry(), proposed_by=who)
        Refund.objects.filter(pk=refund.pk).update(state=RefundState.PROPOSED, batch=None, iban=account)

    assert (count_to_approve(second.pk), count_to_approve(finance.pk)) == (1, 1)
