"""Money that moves between two accounts of ours: its two lines use each other up, and no bill or cost is touched."""

import hashlib
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.entering import enter
from tests.factories.money import ACCOUNT, billed_place, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, EntryReturn, Refund
from chancery.domain.billing.queries.issuing import have_one_issuer
from chancery.domain.billing.queries.journal import BANK, WAITING, journal
from chancery.domain.billing.queries.paying import list_payable
from chancery.domain.billing.queries.returned_lines import list_counterparts
from chancery.domain.billing.services.accounts import name_account
from chancery.domain.billing.states import WorkState
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
SAVINGS, THEIRS = "ES7921000813610123456789", "FR1420041010050500013M02606"
SUM = 50_000

type Pair = tuple[BankEntry, BankEntry]


@pytest.fixture
def finance() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@pytest.fixture(autouse=True)
def _two_accounts(finance: Actor) -> None:
    billed_place(make_edition())
    name_account(number=SAVINGS, currency="EUR", feed="camt.053", actor=finance, now=NOW)


@pytest.fixture
def pair(finance: Actor, tmp_path: Path) -> Pair:
    """A debit of the account that bills are paid to, and the credit of the other one."""
    return take_in(tmp_path, finance, -SUM, payer_iban=SAVINGS), take_in(
        tmp_path, finance, SUM, account=SAVINGS, payer_iban=ACCOUNT
    )


def take_in(folder: Path, actor: Actor, minor: int, *, account: str = ACCOUNT, **more: Any) -> BankEntry:
    number = BankEntry.objects.count() + 1
    told = {"payer_name": "METROPOLIS", "value_date": date(2024, 10, 10 + number), **more}
    line = transfer(minor, text="own funds", number=number, **told)
    settle.import_statement(statement_file(folder, line, name=f"{number}.xml", account=account), actor=actor, now=NOW)
    return BankEntry.objects.select_related("balance", "account").latest("pk")


def join(pair: Pair, actor: Actor) -> EntryReturn:
    debit, credit = pair
    return reconcile.join_return(debit_id=debit.pk, credit_id=credit.pk, actor=actor, now=NOW)


def standing(pair: Pair) -> list[tuple[int, str]]:
    rows = EntryBalance.objects.in_bulk([each.pk for each in pair], field_name="entry_id")
    return [(rows[each.pk].left_minor, rows[each.pk].work_state) for each in pair]


def test_both_lines_are_used_up_and_the_journal_moves_nothing_but_the_bank(pair: Pair, finance: Actor) -> None:
    joined = join(pair, finance)

    assert (joined.is_transfer, joined.amount_minor) == (True, SUM)
    assert standing(pair) == [(0, WorkState.BOOKED), (0, WorkState.BOOKED)]
    assert not EntryCost.objects.exists()
    moved = [(row.debit, row.credit, row.minor) for row in journal() if row.number.startswith("line")]
    assert sorted(moved) == sorted([(WAITING, BANK, SUM), (BANK, WAITING, SUM)])
    assert AuditEvent.objects.filter(name="billing.entry.transferred").count() == 1
    assert not AuditEvent.objects.filter(name="billing.entry.returned").exists()


def test_lines_that_do_not_belong_together_wait_again(pair: Pair, finance: Actor) -> None:
    joined = join(pair, finance)

    reconcile.part_return(return_id=joined.pk, reason="another transfer", actor=finance, now=NOW)

    assert standing(pair) == [(-SUM, WorkState.OUTGOING), (SUM, WorkState.SUSPENSE)]
    assert list_counterparts(pair[0]) == [pair[1]]


@pytest.mark.parametrize(
    ("left_for", "came_from", "minor", "belongs"),
    [
        (SAVINGS, ACCOUNT, SUM, True),
        (SAVINGS, "", SUM, True),
        ("", ACCOUNT, SUM, True),
        ("", "", SUM, False),
        (SAVINGS, THEIRS, SUM, False),
        (THEIRS, ACCOUNT, SUM, False),
        (SAVINGS, ACCOUNT, SUM + 1, False),
    ],
    ids=["both", "only the debit", "only the credit", "neither", "came from others", "left for others", "another sum"],
)
def test_a_line_has_to_name_the_account_of_the_other(
    finance: Actor, tmp_path: Path, left_for: str, came_from: str, minor: int, belongs: bool
) -> None:
    debit = take_in(tmp_path, finance, -SUM, payer_iban=left_for)
    credit = take_in(tmp_path, finance, minor, account=SAVINGS, payer_iban=came_from)

    assert (list_counterparts(debit), list_counterparts(credit)) == (([credit], [debit]) if belongs else ([], []))
    if belongs:
        assert join((debit, credit), finance).is_transfer
    else:
        with pytest.raises(reconcile.SettingAsideNotPossible, match="not_its_return"):
            join((debit, credit), finance)


def test_a_transfer_is_no_refund_to_be_given_back_meanwhile(pair: Pair, finance: Actor) -> None:
    credit = pair[1]
    reconcile.keep_to_return(entry_id=credit.pk, reason="unknown", actor=finance, now=NOW)

    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        repay.propose_refund(entry_id=credit.pk, name="Metropolis", iban=ACCOUNT, evidence="", actor=finance, now=NOW)


@pytest.mark.parametrize("approved", [False, True], ids=["proposed", "approved"])
def test_a_debit_that_is_read_after_the_credit_stops_its_refund(finance: Actor, tmp_path: Path, approved: bool) -> None:
    credit = take_in(tmp_path, finance, SUM, account=SAVINGS, payer_iban=ACCOUNT)
    reconcile.keep_to_return(entry_id=credit.pk, reason="unknown", actor=finance, now=NOW)
    words = {"name": "Metropolis", "iban": THEIRS, "evidence": "a letter", "actor": finance, "now": NOW}
    refund = repay.propose_refund(entry_id=credit.pk, **words)
    if approved:
        approve(refund)

    debit = take_in(tmp_path, finance, -SUM, payer_iban=SAVINGS)

    payable = list_payable([refund])[0]
    assert payable.beside == (debit,)
    assert payable.file.reasons == (("return_waits",) if approved else ("not_approved", "return_waits"))
    if not approved:
        with pytest.raises(repay.RefundNotPossible, match="return_waits"):
            approve(refund)


def approve(refund: Refund) -> None:
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)
    refund.refresh_from_db()


def test_money_of_two_issuers_is_no_transfer(pair: Pair, finance: Actor) -> None:
    revise(make_edition(), {"iban": SAVINGS, "tax_id": "ESQ0801175A"})

    assert not have_one_issuer(ACCOUNT, SAVINGS)
    assert (list_counterparts(pair[0]), list_counterparts(pair[1])) == ([], [])
    with pytest.raises(reconcile.SettingAsideNotPossible, match="not_its_return"):
        join(pair, finance)


def revise(edition: Edition, facts: dict[str, str]) -> None:
    """Load another version of the file of an edition, with other facts in quotes."""
    content = EditionRevision.objects.get(edition=edition).content.decode()
    for key, value in facts.items():
        content, times = re.subn(rf'(?m)^{key} = ".*?"', f'{key} = "{value}"', content, count=1)
        assert times == 1
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    EditionRevision.objects.create(edition=edition, content=content.encode(), sha256=sha256, loaded_at=NOW)


def test_the_page_of_the_debit_says_it_and_both_pages_tell_it(pair: Pair, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client, (debit, credit) = enter(Role.FINANCE), pair

    def page(line: BankEntry) -> str:
        return client.get(reverse("show-line", args=[line.pk])).content.decode()

    assert "It moved between our accounts" in page(debit)
    assert "this line names that account of ours" in page(debit)
    assert "on another account of ours" in page(credit)
    assert all(reverse("join-return", args=[debit.pk, credit.pk]) in page(line) for line in pair)
    said = client.post(reverse("join-return", args=[debit.pk, credit.pk]), follow=True).content.decode()
    assert "the money moved between two accounts of ours" in said
    assert all("It moved between two accounts of ours." in page(line) for line in pair)
    assert "That was named wrongly" in page(debit)


def test_an_account_that_is_named_is_told_to_the_trail(finance: Actor) -> None:
    name_account(number=THEIRS, currency="EUR", feed="", actor=finance, now=NOW)
    name_account(number=THEIRS, currency="EUR", feed="", actor=finance, now=NOW)

    told = [event.facts["number"] for event in AuditEvent.objects.filter(name="billing.account.named")]
    assert told == [SAVINGS, THEIRS]
