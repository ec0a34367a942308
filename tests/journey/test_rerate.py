"""A group becomes smaller: those who stay are billed by its price, where the terms say so and nothing was paid."""

from pathlib import Path

import pytest
from tests.factories.money import ADMITTED_AT, charge_of, member_council, reserve, statement_file, transfer
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME
from tests.journey.test_choose import next_of
from tests.journey.test_remind import moved

from chancery.domain.admissions.models import GroupRegistration
from chancery.domain.billing.models import Invoice, InvoiceBalance, Quote
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import NoticeGround
from chancery.domain.network.models import Contribution
from chancery.domain.programme.models import Edition, EditionRevision, Terms
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.journey import cancel, rerate, settle
from chancery.journey.bill import bill_places

pytestmark = pytest.mark.django_db
FULL, REDUCED = 100_000, 90_000


@pytest.fixture
def edition() -> Edition:
    edition = make_edition()
    terms = Terms.objects.get(edition=edition)
    Terms.objects.create(
        edition=edition, version=2, rule={**terms.rule, "group_on_leaver": "rerate"}, frozen_at=ADMITTED_AT
    )
    return edition


def group_of(edition: Edition, size: int = 2, *, one_bill: bool = False) -> list[Place]:
    if one_bill:
        newest = EditionRevision.objects.get(edition=edition)
        content = bytes(newest.content).replace(b"[invoice]\n", b'[invoice]\ngroup = "one"\n')
        EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=ADMITTED_AT)
    authority = member_council()
    first = reserve(edition, authority=authority)
    group = GroupRegistration.objects.create(
        code="SOME", edition=edition, coordinator=first.person, name="Some", opened_at=ADMITTED_AT
    )
    first.application.group = group
    first.application.save()
    places = [first, *(reserve(edition, authority=authority, group=group) for _ in range(size - 1))]
    bill_places(places=places, actor=SYSTEM, now=ADMITTED_AT)
    return places


def leave(place: Place, finance: Actor) -> None:
    cancel.leave_by_right(place_id=place.pk, ground=NoticeGround.ORGANISER, note="x", actor=finance, now=IN_TIME)


def bill_of(place: Place) -> Invoice:
    charge = charge_of(place)
    assert charge is not None
    assert charge.invoice_line is not None
    return charge.invoice_line.invoice


def owed(invoice: Invoice) -> int:
    return InvoiceBalance.objects.get(invoice=invoice).open_minor


def test_the_one_who_stays_is_billed_by_the_price_of_one(edition: Edition, finance: Actor) -> None:
    leaver, stays = group_of(edition)
    before = bill_of(stays)
    assert rerate.list_rerates(edition) == []
    leave(leaver, finance)

    (found,) = rerate.list_rerates(edition)
    new = rerate.rerate_bill(number=before.number, seen_minor=found.after_minor, actor=finance, now=IN_TIME)

    assert (found.before_minor, found.after_minor, found.paid) == (REDUCED, FULL, False)
    assert (bill_of(stays), new.total_minor) == (new, FULL)
    assert (owed(before), owed(new)) == (0, FULL)
    assert rerate.list_rerates(edition) == []


def test_of_a_bill_for_all_only_those_who_stay_are_billed_anew(edition: Edition, finance: Actor) -> None:
    leaver, stays = group_of(edition, one_bill=True)
    bill = bill_of(stays)
    assert bill == bill_of(leaver)
    leave(leaver, finance)

    new = rerate.rerate_bill(number=bill.number, seen_minor=FULL, actor=finance, now=IN_TIME)

    assert (owed(bill), owed(new), new.lines.count()) == (0, FULL, 1)


def test_a_group_that_is_still_one_keeps_its_price(edition: Edition, finance: Actor) -> None:
    leave(group_of(edition, 3)[0], finance)

    assert rerate.list_rerates(edition) == []


def test_whoever_moved_to_the_next_edition_keeps_the_price_of_the_group(edition: Edition, finance: Actor) -> None:
    first, second = group_of(edition, one_bill=True)
    target = next_of(edition)
    successor = moved(second, target, at=IN_TIME)
    fee = bill_of(successor).total_minor // 2

    assert rerate.list_rerates(target) == []
    (found,) = rerate.list_rerates(edition)
    assert [charge.place_id for charge in found.charges] == [first.pk]

    new = rerate.rerate_bill(number=found.invoice.number, seen_minor=found.after_minor, actor=finance, now=IN_TIME)
    assert (bill_of(first), bill_of(successor)) == (new, found.invoice)
    assert owed(found.invoice) == fee


def test_terms_that_keep_the_price_keep_it(finance: Actor) -> None:
    edition = make_edition()
    leaver, stays = group_of(edition)
    leave(leaver, finance)

    assert rerate.list_rerates(edition) == []
    with pytest.raises(rerate.NotToBeRerated) as refused:
        rerate.rerate_bill(number=bill_of(stays).number, seen_minor=FULL, actor=finance, now=IN_TIME)
    assert refused.value.ruling.reasons == ("nothing_to_rerate",)


def test_whoever_has_paid_a_part_keeps_the_price(edition: Edition, finance: Actor, tmp_path: Path) -> None:
    leaver, stays = group_of(edition)
    bill = bill_of(stays)
    settle.import_statement(
        statement_file(tmp_path, transfer(REDUCED, bill.creditor_reference)), actor=finance, now=IN_TIME
    )
    leave(leaver, finance)

    (found,) = rerate.list_rerates(edition)
    with pytest.raises(rerate.NotToBeRerated) as refused:
        rerate.rerate_bill(number=bill.number, seen_minor=FULL, actor=finance, now=IN_TIME)

    assert found.paid
    assert refused.value.ruling.reasons == ("money_stands",)
    assert bill_of(stays) == bill


def test_a_sum_that_was_not_seen_is_not_billed(edition: Edition, finance: Actor) -> None:
    leaver, stays = group_of(edition)
    leave(leaver, finance)

    with pytest.raises(rerate.NotToBeRerated) as refused:
        rerate.rerate_bill(number=bill_of(stays).number, seen_minor=REDUCED, actor=finance, now=IN_TIME)

    assert refused.value.ruling.reasons == ("sums_changed",)


def test_pressed_twice_it_is_billed_once(edition: Edition, finance: Actor) -> None:
    leaver, stays = group_of(edition)
    number = bill_of(stays).number
    leave(leaver, finance)
    rerate.rerate_bill(number=number, seen_minor=FULL, actor=finance, now=IN_TIME)
    bills = Invoice.objects.count()

    with pytest.raises(rerate.NotToBeRerated):
        rerate.rerate_bill(number=number, seen_minor=FULL, actor=finance, now=IN_TIME)

    assert Invoice.objects.count() == bills


def test_only_the_size_of_the_group_is_asked_anew(edition: Edition, finance: Actor) -> None:
    leaver, stays = group_of(edition)
    Contribution.objects.update(paid_on=None)  # what the network says by now is no matter of the group
    leave(leaver, finance)

    rerate.rerate_bill(number=bill_of(stays).number, seen_minor=FULL, actor=finance, now=IN_TIME)

    quote = Quote.objects.latest("id")
    assert (quote.fee_minor, quote.facts["group_size"]) == (FULL, 1)
    assert quote.facts["network"]["contributions_paid"] is True
