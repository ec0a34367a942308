"""The line of a debit, where an officer ticks the refunds that left with it and sees what they come to."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.billing import make_entry, make_refund
from tests.factories.entering import enter
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, EntryBalance, Refund, RefundBatch, SetOff
from chancery.domain.billing.states import RefundState, WorkState
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def held() -> list[Refund]:
    """Three refunds of one file: of 500, 400 and 300 euros."""
    make_edition()
    author = make_officer(Role.FINANCE)
    refunds = [make_refund(make_entry(amount_minor=minor), proposed_by=author) for minor in (50_000, 40_000, 30_000)]
    for refund in refunds:
        EntryBalance.objects.filter(entry=refund.entry).update(
            returned_minor=refund.amount_minor, work_state=WorkState.BOOKED
        )
    Refund.objects.update(batch=refunds[0].batch)
    return refunds


@pytest.fixture
def finance(held: list[Refund]) -> Client:
    return enter(Role.FINANCE)


def left(minor: int) -> BankEntry:
    debit = make_entry(amount_minor=-minor)
    EntryBalance.objects.filter(entry=debit).update(work_state=WorkState.OUTGOING)
    return debit


def page_of(client: Client, debit: BankEntry) -> str:
    return client.get(reverse("show-line", args=[debit.pk])).content.decode()


def ticked(page: str) -> list[int]:
    return [int(key) for key in re.findall(r'name="refund" value="(\d+)" id="left-\d+" checked', page)]


def say(client: Client, debit: BankEntry, refunds: list[Refund], **typed: object) -> tuple[int, str]:
    """Post the form with these ticks; return the status and the page."""
    told = {"refund": [refund.pk for refund in refunds], **typed}
    answer = client.post(reverse("name-leaving", args=[debit.pk]), told)
    return answer.status_code, answer.content.decode()


def states() -> list[str]:
    return list(Refund.objects.order_by("pk").values_list("state", flat=True))


def test_a_debit_that_is_the_sum_of_a_file_has_its_refunds_ticked(held: list[Refund], finance: Client) -> None:
    debit = left(120_000)

    page = page_of(finance, debit)
    status, _ = say(finance, debit, held, sum=120_000)

    assert ticked(page) == [refund.pk for refund in held]
    assert f"the sum of the refunds of refunds-{held[0].batch_id}.xml" in page
    assert "That is what left." in page
    assert (status, states()) == (302, [RefundState.SENT] * 3)
    assert "3 refunds of ours left with it." in page_of(finance, debit)


def test_one_whose_money_is_booked_elsewhere_is_marked_and_nothing_stands_ticked(
    held: list[Refund], finance: Client
) -> None:
    Refund.objects.filter(pk=held[0].pk).update(state=RefundState.FAILED)
    SetOff.objects.create(refund=held[0], amount_minor=20_000)

    page = page_of(finance, left(120_000))

    assert ticked(page) == []
    assert page.count("Its money is proposed anew or booked elsewhere") == 1
    assert f"the sum of the refunds of refunds-{held[0].batch_id}.xml" in page


def test_a_debit_that_names_a_file_says_so_once_whatever_its_sum(held: list[Refund], finance: Client) -> None:
    Refund.objects.filter(pk=held[0].pk).update(state=RefundState.FAILED)
    debit = make_entry(amount_minor=-250_000, remittance=RefundBatch.objects.get(pk=held[0].batch_id).message_id)

    page = page_of(finance, debit)

    assert page.count(f"the bank names the file refunds-{held[0].batch_id}.xml") == 1
    assert ticked(page) == []


def test_a_debit_that_names_a_file_is_refused_as_a_cost_in_words_that_speak_of_files(
    held: list[Refund], finance: Client
) -> None:
    debit = make_entry(amount_minor=-120_000, remittance=RefundBatch.objects.get(pk=held[0].batch_id).message_id)

    answer = finance.post(reverse("book-cost", args=[debit.pk]), {"reason": "salaries"})

    assert answer.status_code == 409
    assert "It names a refund of ours, or a file of refunds." in answer.content.decode()


def test_what_is_ticked_is_added_up_before_it_is_said(held: list[Refund], finance: Client) -> None:
    debit = left(90_400)

    page = page_of(finance, debit)
    added_status, added = say(finance, debit, held[:2], sum=0, add="1")
    without, refused = say(finance, debit, held[:2], sum=90_000, reason="")
    done, _ = say(finance, debit, held[:2], sum=90_000, reason="charges")

    assert (ticked(page), "These refunds left with it" in page) == ([], False)
    assert (added_status, ticked(added)) == (200, [held[0].pk, held[1].pk])
    assert "Ticked: EUR\xa0900.00." in added
    assert "Why EUR\xa04.00 more left: a cost of ours" in added
    assert (without, "Say why, in a few words." in refused, 'href="#exceeds"' in refused) == (409, True, True)
    assert ticked(refused) == [held[0].pk, held[1].pk]
    assert (done, states()) == (302, [RefundState.SENT, RefundState.SENT, RefundState.EXPORTED])


def test_other_ticks_than_were_added_up_are_looked_at_once_more(held: list[Refund], finance: Client) -> None:
    debit = left(120_000)

    status, page = say(finance, debit, held[:2], sum=120_000, reason="charges")

    assert (status, ticked(page)) == (422, [held[0].pk, held[1].pk])
    assert "Other refunds are ticked than were added up." in page
    assert "Ticked: EUR\xa0900.00." in page
    assert states() == [RefundState.EXPORTED] * 3


def test_more_than_left_is_said_and_cannot_be_confirmed(held: list[Refund], finance: Client) -> None:
    debit = left(90_000)

    _, page = say(finance, debit, held, sum=0, add="1")
    status, refused = say(finance, debit, held, sum=120_000)

    assert "That is EUR\xa0300.00 more than left." in page
    assert "These refunds left with it" not in page
    assert (status, "Less left with this line" in refused) == (409, True)


def test_a_debit_that_holds_no_two_refunds_asks_for_none(held: list[Refund], finance: Client) -> None:
    assert "Several refunds at once" not in page_of(finance, left(69_999))


def test_refunds_that_there_are_not_are_not_found(held: list[Refund], finance: Client) -> None:
    answer = finance.post(reverse("name-leaving", args=[left(90_000).pk]), {"refund": [held[0].pk, 987_654]})

    assert answer.status_code == 404


def test_all_refunds_of_the_line_are_taken_back_at_once(held: list[Refund], finance: Client) -> None:
    debit = left(120_000)
    say(finance, debit, held, sum=120_000)

    assert "That was named wrongly" in page_of(finance, debit)
    done = finance.post(reverse("undo-leaving", args=[debit.pk]), {"reason": "salaries"}, follow=True)

    assert "its refunds are still to be paid" in done.content.decode()
    assert states() == [RefundState.EXPORTED] * 3


def test_a_return_that_was_named_wrongly_is_taken_back_at_its_line(held: list[Refund], finance: Client) -> None:
    credit = make_entry(amount_minor=50_000, payer_iban=held[0].iban)
    act = reverse("undo-coming-back", args=[credit.pk])
    assert finance.post(act, {"reason": "a gift"}).status_code == 404
    finance.post(reverse("name-coming-back", args=[credit.pk]), {"refund": held[0].pk})

    assert f'action="{act}"' in page_of(finance, credit)
    assert finance.post(act, {"reason": ""}).status_code == 409
    done = finance.post(act, {"reason": "a gift"}, follow=True).content.decode()

    assert "Where does EUR\xa0500.00 belong?" in done
    assert "the refund is on its way as before" in done
    assert states() == [RefundState.EXPORTED] * 3


@pytest.fixture
def sent(held: list[Refund], finance: Client) -> list[Refund]:
    """The three refunds, which left with one debit."""
    say(finance, left(120_000), held, sum=120_000)
    return held


def say_back(client: Client, credit: BankEntry, refunds: list[Refund], **typed: object) -> tuple[int, str]:
    told = {"refund": [refund.pk for refund in refunds], **typed}
    answer = client.post(reverse("name-coming-back", args=[credit.pk]), told)
    return answer.status_code, answer.content.decode()


def test_a_credit_that_is_the_sum_of_what_left_together_has_its_refunds_ticked(
    sent: list[Refund], finance: Client
) -> None:
    credit = make_entry(amount_minor=120_000)

    page = page_of(finance, credit)
    status, _ = say_back(finance, credit, sent, sum=120_000)

    assert ticked(page) == [refund.pk for refund in sent]
    assert "the sum of refunds that left together" in page
    assert "That is what came." in page
    assert (status, states()) == (302, [RefundState.FAILED] * 3)
    assert "It is 3 refunds that came back" in page_of(finance, credit)


def test_a_part_that_came_back_is_added_up_and_what_the_bank_kept_is_seen_first(
    sent: list[Refund], finance: Client
) -> None:
    credit = make_entry(amount_minor=89_600)

    page = page_of(finance, credit)
    _, one = say_back(finance, credit, sent[:1], sum=0, add="1")
    _, two = say_back(finance, credit, sent[:2], sum=0, add="1")
    refused, why = say_back(finance, credit, sent, sum=120_000)
    done, _ = say_back(finance, credit, sent[:2], sum=90_000)

    assert (ticked(page), "These refunds came back" in page) == ([], False)
    assert ("That is EUR\xa0396.00 less than came." in one, "These refunds came back" in one) == (True, False)
    assert ("The bank kept EUR\xa04.00: a cost of ours." in two, ticked(two)) == (True, [sent[0].pk, sent[1].pk])
    assert (refused, "Less came than without one of these refunds." in why) == (409, True)
    assert (done, states()) == (302, [RefundState.FAILED, RefundState.FAILED, RefundState.SENT])


def test_a_credit_that_may_be_refunds_is_given_back_once_it_is_said_to_be_another_payment(
    sent: list[Refund], finance: Client
) -> None:
    credit = make_entry(amount_minor=120_000)
    act, told = reverse("give-line-back", args=[credit.pk]), {"reason": "a gift"}
    finance.post(act, told)
    propose = reverse("propose-refund", args=[credit.pk])
    account = {"name": "A", "iban": held_iban(sent), "evidence": "letter"}

    refused = finance.post(propose, account)
    page = page_of(finance, credit)
    finance.post(act, {**told, "other": "1"})
    done = finance.post(propose, account)

    assert (refused.status_code, "Say at its line which" in refused.content.decode()) == (409, True)
    assert f'<a href="{reverse("show-line", args=[credit.pk])}">' in refused.content.decode()
    assert ("It is another payment: give EUR\xa01,200.00 back" in page, 'name="other"' in page) == (True, True)
    assert done.status_code == 302
    assert Refund.objects.filter(entry=credit).exists()


def test_a_refund_of_such_a_credit_says_in_the_list_why_it_waits(sent: list[Refund], finance: Client) -> None:
    credit = make_entry(amount_minor=120_000)
    refund = make_refund(credit, proposed_by=make_officer(Role.FINANCE))
    Refund.objects.filter(pk=refund.pk).update(batch=None, state=RefundState.PROPOSED)

    page = finance.get(reverse("list-refunds")).content.decode()

    assert page.count("This money may be refunds of ours that came back.") == 1


def held_iban(refunds: list[Refund]) -> str:
    return refunds[0].iban
