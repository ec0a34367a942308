"""The page of money that goes back, as finance and the second person use it."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_invoice
from tests.factories.entering import enter
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import BankAccount, BankEntry, EntryBalance, Refund, RefundBatch
from chancery.domain.billing.queries.issuing import accounts_of_issuer
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.ui.templatetags.ui import fours
from chancery.journey import reconcile

pytestmark = pytest.mark.django_db
IBAN = "FR14 2004 1010 0505 0001 3M02 606"
LIST = "list-refunds"


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


@world
def entry() -> BankEntry:
    make_edition()
    entry = make_entry(amount_minor=50_000)
    reconcile.keep_to_return(entry_id=entry.pk, reason="paid twice", actor=SYSTEM, now=NOW)
    return entry


def propose(client: Client, entry: BankEntry, **typed: str) -> int:
    told = {"name": "City Council", "iban": IBAN, "evidence": "letter of 16 October", **typed}
    return client.post(reverse("propose-refund", args=[entry.pk]), told).status_code


def approve(client: Client, refund: Refund) -> HttpResponse:
    """Approve what the page shows."""
    seen = re.search(r'name="seen" value="(\w+)"', client.get(reverse(LIST)).content.decode())
    assert seen
    return client.post(reverse("decide-refund", args=[refund.pk]), {"decision": "approve", "seen": seen[1]})


def test_nothing_to_give_back_says_so() -> None:
    make_edition()

    assert "Nothing is to be given back" in enter(Role.FINANCE).get(reverse(LIST)).content.decode()


def test_the_page_of_the_second_person_leads_to_the_refunds_that_wait_for_them(entry: BankEntry) -> None:
    propose(enter(Role.FINANCE), entry)

    page = enter(Role.SECOND_PERSON).get(reverse("show-second-person")).content.decode()

    assert "1 proposal waits for a second person" in page
    assert "1 refund waits for you" in page


def test_money_goes_from_a_proposal_over_another_person_into_a_file(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)

    assert "500.00" in finance.get(reverse(LIST)).content.decode()
    assert propose(finance, entry) == 302
    refund = Refund.objects.get()
    approve(second, refund)
    finance.post(reverse("make-refund-file"))

    batch = RefundBatch.objects.get()
    answer = finance.get(reverse("download-refund-file", args=[batch.pk]))
    assert answer.content == bytes(batch.content)
    assert "attachment" in answer["Content-Disposition"]
    refund.refresh_from_db()
    assert refund.state == RefundState.EXPORTED


def test_the_second_person_approves_no_account_that_they_did_not_see(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry)
    refund = Refund.objects.get()
    seen = {"decision": "approve", "seen": refund.fingerprint}
    other = {"name": "Somebody Else", "iban": "DE89 3704 0044 0532 0130 00", "evidence": "a call"}
    finance.post(reverse("name-refund-account", args=[refund.pk]), other)

    answer = second.post(reverse("decide-refund", args=[refund.pk]), seen)

    refund.refresh_from_db()
    assert (answer.status_code, refund.state) == (409, RefundState.PROPOSED)
    assert "changed this refund since you looked" in answer.content.decode()
    approve(second, refund)
    refund.refresh_from_db()
    assert refund.state == RefundState.APPROVED


def test_what_was_typed_stays_when_it_is_refused(entry: BankEntry) -> None:
    finance = enter(Role.FINANCE)

    answer = finance.post(
        reverse("propose-refund", args=[entry.pk]), {"name": "City Council", "iban": "ES00 0000", "evidence": "call"}
    )

    assert answer.status_code == 409
    assert "A name is needed, and a valid IBAN or an account in words." in answer.content.decode()
    assert "ES00 0000" in answer.content.decode()


def test_money_that_a_failed_refund_promised_is_pointed_out_and_its_booking_listed(entry: BankEntry) -> None:
    finance = enter(Role.FINANCE)
    propose(finance, entry)
    Refund.objects.update(state=RefundState.FAILED)
    EntryBalance.objects.update(returned_minor=0, work_state=WorkState.GIVE_BACK)
    bill = make_invoice(make_application(edition=Edition.objects.get()), total_minor=50_000)

    before = finance.get(reverse("show-line", args=[entry.pk])).content.decode()
    parts = [reconcile.Part(bill.pk, 50_000)]
    reconcile.book_line(entry_id=entry.pk, parts=parts, reason="as they asked", actor=SYSTEM, now=NOW)

    assert "of this line is promised back by" in before
    assert "promised back" not in finance.get(reverse("show-line", args=[entry.pk])).content.decode()
    assert f"of it pays bill {bill.number}" in finance.get(reverse(LIST)).content.decode()


def test_a_reason_is_kept_without_what_nobody_sees(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry)
    refund = Refund.objects.get()
    approve(second, refund)
    finance.post(reverse("make-refund-file"))

    finance.post(reverse("fail-refund", args=[refund.pk]), {"reason": "no such\x00\x07\r\naccount"})

    refund.refresh_from_db()
    assert refund.evidence.endswith(" no such account")


def test_an_officer_chooses_which_account_of_ours_pays(entry: BankEntry) -> None:
    finance = enter(Role.FINANCE)
    propose(finance, entry)
    refund = Refund.objects.get()
    ours, paid = accounts_of_issuer(refund)[-1], entry.account.number
    assert ours != paid

    asked = finance.get(reverse("name-refund-account", args=[refund.pk])).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', asked)
    assert seen
    told, act = {"account": ours, "seen": seen[1]}, reverse("choose-paying-account", args=[refund.pk])
    done = finance.post(act, told, follow=True)
    wrong = finance.post(act, {**told, "account": "ES00"})
    old = finance.post(act, told)

    assert "Which account of ours pays it" in asked
    assert f"from {fours(ours)}" in done.content.decode()
    assert wrong.status_code == 409
    assert "changed this refund since you looked" in old.content.decode()


def test_an_empty_form_is_asked_for_again(entry: BankEntry) -> None:
    assert propose(enter(Role.FINANCE), entry, name="", iban="") == 422
    assert not Refund.objects.exists()


def test_a_name_that_no_file_can_write_is_pointed_out_and_not_counted(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry)
    approve(second, Refund.objects.get())
    before = finance.get(reverse(LIST)).content.decode()
    Refund.objects.update(name="😀")

    page = finance.get(reverse(LIST)).content.decode()

    assert "No file can hold this name" not in before
    assert "Make the file" in before
    assert "No file can hold this name" in page
    assert "Make the file" not in page


def test_no_file_is_made_of_nothing() -> None:
    make_edition()

    answer = enter(Role.FINANCE).post(reverse("make-refund-file"))

    assert (answer.status_code, RefundBatch.objects.count()) == (409, 0)


def test_a_line_that_may_be_a_refund_of_ours_is_taken_for_it(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry)
    refund = Refund.objects.get()
    approve(second, refund)
    finance.post(reverse("make-refund-file"))
    back = make_entry(amount_minor=50_000, remittance=f"RETURNED AC04 {refund.end_to_end_id}")

    page = finance.get(reverse("show-line", args=[back.pk])).content.decode()
    answer = finance.post(reverse("name-coming-back", args=[back.pk]), {"refund": refund.pk})

    assert "the reference of our refund, exactly" in page
    assert "This refund came back" in page
    assert answer.status_code == 302
    refund.refresh_from_db()
    assert (refund.state, refund.came_back) == (RefundState.FAILED, back)
    assert "Came back" in finance.get(reverse(LIST)).content.decode()
    assert "It is a refund that came back" in finance.get(reverse("show-line", args=[back.pk])).content.decode()
    assert finance.post(reverse("name-coming-back", args=[back.pk]), {"refund": refund.pk}).status_code == 409


def test_the_page_of_a_statement_tells_which_refunds_left_with_it_and_which_came_back(entry: BankEntry) -> None:
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry)
    approve(second, Refund.objects.get())
    finance.post(reverse("make-refund-file"))
    left, back = make_entry(amount_minor=-50_000), make_entry(amount_minor=50_000)
    Refund.objects.update(state=RefundState.FAILED, debit=left, came_back=back)

    told = {line: _about_refunds(finance, line) for line in (entry, left, back)}

    sum_and_name = "EUR\N{NO-BREAK SPACE}500.00 to <bdi>City Council</bdi>"
    assert told == {
        entry: [],
        left: [(reverse("show-line", args=[left.pk]), f"A refund of {sum_and_name} left")],
        back: [(reverse("show-line", args=[back.pk]), f"A refund of {sum_and_name} came back")],
    }


def _about_refunds(client: Client, line: BankEntry) -> list[tuple[str, str]]:
    page = client.get(reverse("show-statement", args=[line.file_id])).content.decode()
    return re.findall(r'<li><a href="([^"]+)">(A refund of .+?)</a></li>', page)


@pytest.fixture
def approved_by_hand(entry: BankEntry) -> Refund:
    """An approved refund to an account in words."""
    finance, second = enter(Role.FINANCE), enter(Role.SECOND_PERSON)
    propose(finance, entry, iban="", by_hand="Ghana Commercial Bank, account 11013012345, SWIFT GHCBGHAC")
    refund = Refund.objects.get()
    told = {"decision": "approve", "seen": refund.fingerprint}
    second.post(reverse("decide-refund", args=[refund.pk]), told)
    return refund


def test_what_no_file_reaches_is_printed_as_an_instruction(approved_by_hand: Refund) -> None:
    finance = enter(Role.FINANCE)

    page = finance.get(reverse(LIST)).content.decode()
    instruction = finance.get(reverse("show-instruction", args=[approved_by_hand.pk])).content.decode()

    assert "Approved, to be paid by hand" in page
    assert "Make the file" not in page
    assert finance.post(reverse("make-refund-file")).status_code == 409
    for told in ("account 11013012345", "500.00", approved_by_hand.end_to_end_id, "City Council"):
        assert told in instruction


def test_no_instruction_is_given_beside_money_that_left_and_may_be_that_refund(approved_by_hand: Refund) -> None:
    finance, debit = enter(Role.FINANCE), make_entry(amount_minor=-50_000, remittance="City Council")
    EntryBalance.objects.filter(entry=debit).update(work_state=WorkState.OUTGOING)
    address = reverse("show-instruction", args=[approved_by_hand.pk])

    refused = finance.get(address)
    assert (refused.status_code, address in finance.get(reverse(LIST)).content.decode()) == (409, False)
    assert "Money left that may be this refund." in refused.content.decode()

    reconcile.book_cost(entry_id=debit.pk, reason="a room", actor=SYSTEM, now=NOW)
    assert finance.get(address).status_code == 200


def test_no_instruction_is_given_before_the_second_person_approved(entry: BankEntry) -> None:
    finance = enter(Role.FINANCE)
    propose(finance, entry, iban="", by_hand="Ghana Commercial Bank, account 11013012345")

    assert finance.get(reverse("show-instruction", args=[Refund.objects.get().pk])).status_code == 409


def test_a_debit_with_charges_is_named_as_the_refund_that_left(approved_by_hand: Refund) -> None:
    finance = enter(Role.FINANCE)
    debit = make_entry(amount_minor=-50_250, remittance="INTERNATIONAL PAYMENT")
    name, refund = reverse("name-leaving", args=[debit.pk]), approved_by_hand.pk

    page = finance.get(reverse("show-line", args=[debit.pk])).content.decode()
    without, told, again = (
        finance.post(name, {"refund": refund, "reason": reason}).status_code for reason in ("", "charges", "charges")
    )

    assert "more than the refund: the bank may have taken charges" in page
    assert (without, told, again) == (409, 302, 409)
    approved_by_hand.refresh_from_db()
    assert (approved_by_hand.state, approved_by_hand.debit) == (RefundState.SENT, debit)
    assert "A refund of ours left with it." in finance.get(reverse("show-line", args=[debit.pk])).content.decode()


def test_a_refund_is_asked_for_by_iban_or_in_words(entry: BankEntry) -> None:
    assert propose(enter(Role.FINANCE), entry, iban="", by_hand="") == 422


@pytest.fixture
def approved(entry: BankEntry) -> Refund:
    """A refund to an IBAN, approved and in no file."""
    propose(enter(Role.FINANCE), entry)
    approve(enter(Role.SECOND_PERSON), Refund.objects.get())
    return Refund.objects.get()


def test_a_refund_that_may_have_left_names_the_line_and_is_paid_when_that_is_another_payment(approved: Refund) -> None:
    finance, debit = enter(Role.FINANCE), make_entry(amount_minor=-50_000)

    page = finance.get(reverse(LIST)).content.decode()
    without = finance.post(reverse("make-refund-file"))
    told = finance.post(reverse("make-refund-file"), {"other": debit.pk}, follow=True).content.decode()

    assert "May have left" in page
    assert f'href="{reverse("show-line", args=[debit.pk])}"' in page
    assert f'name="other" value="{debit.pk}"' in page
    assert "Make the file of 1 approved refund" not in page
    assert without.status_code == 409
    assert "may have left with a line on file" in without.content.decode()
    batch = RefundBatch.objects.get()
    assert f'<a href="{reverse("download-refund-file", args=[batch.pk])}">refunds-{batch.pk}.xml</a></div>' in told
    assert 'role="status" tabindex="-1" data-focus' in told
    assert "1 payment, " in told


def test_the_button_counts_the_refunds_of_the_account_that_the_file_is_of(approved: Refund) -> None:
    other = BankAccount.objects.create(number="ES7921000813610123456789", currency="EUR")
    Refund.objects.filter(pk=approved.pk).update(pay_from=other, pay_from_by=approved.proposed_by)
    line = make_entry(amount_minor=60_000)
    reconcile.keep_to_return(entry_id=line.pk, reason="paid twice", actor=SYSTEM, now=NOW)
    propose(enter(Role.FINANCE), line)
    approve(enter(Role.SECOND_PERSON), Refund.objects.latest("pk"))
    moved = Refund.objects.get(pk=approved.pk)
    Refund.objects.filter(pk=approved.pk).update(approved_for=moved.fingerprint)

    page = enter(Role.FINANCE).get(reverse(LIST)).content.decode()
    enter(Role.FINANCE).post(reverse("make-refund-file"))

    assert "Make the file of 1 approved refund" in page
    assert RefundBatch.objects.get().refunds.get() == approved


def test_a_refund_of_money_of_which_the_bank_says_less_says_what_waits(approved: Refund) -> None:
    with_more = Refund.objects.filter(pk=approved.pk)
    with_more.update(amount_minor=60_000)
    with_more.update(approved_for=with_more.get().fingerprint)

    finance = enter(Role.FINANCE)

    assert "it is more than has come" in finance.get(reverse(LIST)).content.decode()
    assert finance.post(reverse("make-refund-file")).status_code == 409


def test_a_refund_leads_to_the_line_that_its_money_came_with(approved: Refund) -> None:
    page = enter(Role.FINANCE).get(reverse(LIST)).content.decode()

    assert f'href="{reverse("show-line", args=[approved.entry_id])}"' in page


def test_a_debit_that_only_may_hold_charges_is_offered_without_a_filled_button(approved_by_hand: Refund) -> None:
    debit = make_entry(amount_minor=-50_250)
    EntryBalance.objects.filter(entry=debit).update(work_state=WorkState.OUTGOING)
    Refund.objects.update(name="Somebody Else")

    page = enter(Role.FINANCE).get(reverse("show-line", args=[debit.pk])).content.decode()

    assert "This refund left with it" in page
    assert "btn-primary" not in page
