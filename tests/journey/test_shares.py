"""Two payers share one fee: a bill each, a place that waits for both, and money that goes back to whoever paid it."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import NOW
from tests.factories.admissions import make_application
from tests.factories.money import (
    ADMITTED_AT,
    billed_group,
    billed_place,
    member_council,
    reserve,
    statement_file,
    transfer,
)
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME

from chancery.domain.admissions.models import SecondPayer
from chancery.domain.billing.models import Invoice, InvoiceBalance, LineCredit, ProForma, Refund
from chancery.domain.billing.policies.sharing import Share
from chancery.domain.billing.queries.payers import Payer, SharingPayer, payer_in, payer_of
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import (
    billed_lines,
    bills_before_and_after,
    bills_beside,
    current_charges,
    list_ended_bills,
)
from chancery.domain.enrollment.services.places import lock_place
from chancery.domain.enrollment.services.substituting import hand_over_place
from chancery.domain.enrollment.states import NoticeGround, PlaceState
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.journey import cancel, order, reconcile, settle, shares
from chancery.journey.bill import bill_places
from chancery.journey.reissue import reissue_bill
from chancery.journey.remind import release_unpaid_places
from chancery.journey.rerate import list_rerates

pytestmark = pytest.mark.django_db
ADA = Payer(
    kind="person", legal_name="Ada Example", address="Road 1", country="GHA", email="ada@home.example", language="fr"
)
PAID_ON = date(2024, 10, 14)
FIVE_HUNDRED = SharingPayer(ADA, Share(minor=50_000))


def set_release_days(edition: Edition) -> None:
    """Let the edition release places a day after the due day of their bill."""
    newest = EditionRevision.objects.get(edition=edition)
    content = bytes(newest.content).replace(b"[invoice]\n", b"[invoice]\nrelease_days_after = 1\n")
    EditionRevision.objects.create(edition=edition, content=content, sha256="y", loaded_at=ADMITTED_AT)


def open_of(invoice: Invoice) -> int:
    return InvoiceBalance.objects.get(invoice=invoice).open_minor


def state_of(place: Place) -> str:
    return Place.objects.values_list("state", flat=True).get(pk=place.pk)


def shared_place(finance: Actor, share: Share = FIVE_HUNDRED.share) -> tuple[Place, Invoice, Invoice]:
    place, old = billed_place(make_edition())
    return place, *shares.split_bill(invoice_id=old.pk, second=SharingPayer(ADA, share), actor=finance, now=NOW)


def pay(folder: Path, finance: Actor, *bills: tuple[Invoice, int], name: str = "statement.xml") -> None:
    """Let a statement pay bills, each from an account of its own."""
    entries = [
        transfer(minor, bill.creditor_reference, number=bill.pk, payer_name=f"P{bill.pk}", booking_date=PAID_ON)
        for bill, minor in bills
    ]
    settle.import_statement(statement_file(folder, *entries, name=name), actor=finance, now=NOW)


class TestBilling:
    def test_nobody_is_promised_what_the_office_would_have_to_refuse(self, finance: Actor) -> None:
        edition = make_edition()
        places, _bill = billed_group(edition, member_council())

        with pytest.raises(shares.NotToBeShared) as refused:
            shares.ask_to_share(application_id=places[0].application_id, second=FIVE_HUNDRED, actor=finance, now=NOW)

        assert refused.value.ruling.reasons == ("several_places",)
        assert not SecondPayer.objects.exists()
        assert not Obligation.objects.filter(kind=ObligationKind.INVOICE, met_at=None, dropped_at=None).exists()

    def test_an_unpaid_bill_becomes_two_in_one_act(self, finance: Actor) -> None:
        place, old = billed_place(make_edition())

        city, person = shares.split_bill(invoice_id=old.pk, second=FIVE_HUNDRED, actor=finance, now=NOW)

        assert (city.total_minor, person.total_minor, open_of(old)) == (old.total_minor - 50_000, 50_000, 0)
        assert (city.party, person.party.legal_name, person.document.language) == (old.party, "Ada Example", "fr")
        assert len({city.number, person.number, old.number, city.creditor_reference, person.creditor_reference}) == 5
        assert [charge.invoice_line.invoice for charge in current_charges(place)] == [city, person]
        assert bills_beside(city) == [person]
        note = Invoice.objects.get(corrects=old)
        assert (note.total_minor, LineCredit.objects.get().kept_minor) == (old.total_minor, 0)
        assert list_ended_bills() == {old.pk, note.pk}
        printed = [line["amount_minor"] for line in person.document.facts["participants"][0]["lines"]]
        assert printed == [old.total_minor, 50_000 - old.total_minor]
        assert (person.document.facts["other_payer"], city.document.facts["other_payer"]) == (
            old.party.legal_name,
            "Ada Example",
        )

    def test_a_bill_that_was_shared_or_joined_leads_to_those_in_its_place(self, finance: Actor) -> None:
        _, old = billed_place(make_edition())
        city, person = shares.split_bill(invoice_id=old.pk, second=FIVE_HUNDRED, actor=finance, now=NOW)
        anew = reissue_bill(
            invoice_id=person.pk, payer=replace(ADA, legal_name="Ada Elsewhere"), actor=finance, now=NOW
        )
        joined = shares.join_bills(invoice_id=city.pk, actor=finance, now=NOW)

        assert {each.number: bills_before_and_after(each) for each in (old, city, person, anew, joined)} == {
            old.number: ([], [city, person]),
            city.number: ([old], [joined]),
            person.number: ([old], [anew]),
            anew.number: ([person], [joined]),
            joined.number: ([city, anew], []),
        }

    def test_a_second_payer_named_before_the_admission_is_billed_with_it(self, finance: Actor) -> None:
        place = reserve(make_edition())
        shares.ask_to_share(
            application_id=place.application_id,
            second=SharingPayer(ADA, Share(percent=Decimal(25))),
            actor=finance,
            now=NOW,
        )

        bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

        bills = list(Invoice.objects.order_by("id"))
        fee = current_charges(place)[0].quote.fee_minor or 0
        assert [(bill.party.legal_name, bill.total_minor) for bill in bills] == [
            ("Accra Metropolitan Assembly", fee - fee // 4),
            ("Ada Example", fee // 4),
        ]
        assert SecondPayer.objects.get().closed_at == ADMITTED_AT
        assert {mail.split("/")[1] for mail in OutgoingMail.objects.values_list("kind", flat=True)} == {"invoice"}

    def test_a_wish_about_a_written_bill_waits_for_the_office(self, finance: Actor) -> None:
        place, old = billed_place(make_edition())

        shares.ask_to_share(application_id=place.application_id, second=FIVE_HUNDRED, actor=finance, now=NOW)

        assert list(Invoice.objects.all()) == [old]
        owed = Obligation.objects.get(kind=ObligationKind.INVOICE, met_at=None)
        assert owed.basis == "two payers share the fee"
        shares.split_bill(invoice_id=old.pk, second=FIVE_HUNDRED, actor=finance, now=NOW)
        owed.refresh_from_db()
        assert (owed.met_at, SecondPayer.objects.get().closed_at) == (NOW, NOW)

    def test_one_of_a_group_on_one_bill_gets_two_of_their_own(self, finance: Actor) -> None:
        (first, second), old = billed_group(make_edition(), member_council())
        third = reserve(first.edition, authority=first.application.authority, group=first.application.group)
        fourth = reserve(first.edition, authority=first.application.authority, group=first.application.group)
        shares.ask_to_share(application_id=third.application_id, second=FIVE_HUNDRED, actor=finance, now=NOW)

        bill_places(places=[third, fourth], actor=SYSTEM, now=NOW)

        assert [line.invoice for line in billed_lines(second)] == [old]
        assert [len(billed_lines(place)) for place in (first, second, third, fourth)] == [1, 1, 2, 1]

    @pytest.mark.parametrize("why", ["money_stands", "shared_before", "share_out_of_range", "no_place_held"])
    def test_a_wish_that_cannot_come_true_is_refused_at_once(self, finance: Actor, tmp_path: Path, why: str) -> None:
        share = FIVE_HUNDRED if why != "share_out_of_range" else SharingPayer(ADA, Share(minor=10_000_000))
        bill, share = _unsplittable(why, share, finance, tmp_path)
        application_id = bill.lines.get().quote.application_id

        with pytest.raises(shares.NotToBeShared) as refused:
            shares.ask_to_share(application_id=application_id, second=share, actor=finance, now=NOW)

        assert refused.value.ruling.reasons == (why,)

    def test_one_payer_after_all_leaves_the_bill_alone(self, finance: Actor) -> None:
        place, old = billed_place(make_edition())
        shares.ask_to_share(application_id=place.application_id, second=FIVE_HUNDRED, actor=finance, now=NOW)

        shares.drop_second_payer(application_id=place.application_id, actor=finance, now=NOW)

        assert list(Invoice.objects.all()) == [old]
        assert not Obligation.objects.filter(kind=ObligationKind.INVOICE, met_at=None, dropped_at=None).exists()
        names = list(AuditEvent.objects.filter(name__startswith="admissions.second").values_list("name", flat=True))
        assert names == ["admissions.second_payer.named", "admissions.second_payer.closed"]

    @pytest.mark.parametrize(
        ("why", "second"),
        [
            ("credited_before", FIVE_HUNDRED),
            ("money_stands", FIVE_HUNDRED),
            ("several_places", FIVE_HUNDRED),
            ("shared_before", FIVE_HUNDRED),
            ("share_out_of_range", SharingPayer(ADA, Share(minor=10_000_000))),
            ("same_payer", FIVE_HUNDRED),
            ("no_place_held", FIVE_HUNDRED),
        ],
    )
    def test_what_cannot_be_shared_changes_nothing(
        self, finance: Actor, tmp_path: Path, why: str, second: SharingPayer
    ) -> None:
        bill, second = _unsplittable(why, second, finance, tmp_path)
        before = Invoice.objects.count()

        with pytest.raises(shares.NotToBeShared) as refused:
            shares.split_bill(invoice_id=bill.pk, second=second, actor=finance, now=NOW)

        assert (refused.value.ruling.reasons, Invoice.objects.count()) == ((why,), before)

    @pytest.mark.parametrize("whose", [0, 1], ids=["the first payer", "the second payer"])
    def test_one_of_the_two_pays_it_all_by_one_bill(self, finance: Actor, tmp_path: Path, whose: int) -> None:
        place, *bills = shared_place(finance)

        bill = shares.join_bills(invoice_id=bills[whose].pk, actor=finance, now=NOW)

        assert (bill.total_minor, bill.party) == (bills[0].total_minor + bills[1].total_minor, bills[whose].party)
        assert [line.invoice for line in billed_lines(place)] == [bill]
        assert [open_of(each) for each in bills] == [0, 0]
        assert payer_of(place.application) == payer_in(bill.party)
        pay(tmp_path, finance, (bill, bill.total_minor))
        assert state_of(place) == PlaceState.GUARANTEED

    @pytest.mark.parametrize("why", ["money_stands", "not_shared", "credited_before"])
    def test_what_cannot_be_joined_changes_nothing(self, finance: Actor, tmp_path: Path, why: str) -> None:
        _, city, person = shared_place(finance)
        if why == "money_stands":
            pay(tmp_path, finance, (person, person.total_minor))
        else:
            joined = shares.join_bills(invoice_id=city.pk, actor=finance, now=NOW)
            city = joined if why == "not_shared" else city
        before = Invoice.objects.count()

        with pytest.raises(shares.NotToBeShared) as refused:
            shares.join_bills(invoice_id=city.pk, actor=finance, now=NOW)

        assert (refused.value.ruling.reasons, Invoice.objects.count()) == ((why,), before)

    def test_a_share_is_issued_anew_as_a_share(self, finance: Actor) -> None:
        place, city, person = shared_place(finance)
        known = payer_of(place.application)

        new = reissue_bill(invoice_id=person.pk, payer=replace(ADA, legal_name="Ada B"), actor=finance, now=NOW)

        assert (new.total_minor, open_of(person), open_of(city)) == (50_000, 0, city.total_minor)
        assert [charge.invoice_line.invoice for charge in current_charges(place)] == [city, new]
        assert payer_of(place.application) == known

    def test_a_shared_fee_is_not_rated_anew(self, finance: Actor) -> None:
        place, _, _ = shared_place(finance)

        assert list_rerates(place.edition) == []


def _unsplittable(why: str, second: SharingPayer, finance: Actor, folder: Path) -> tuple[Invoice, SharingPayer]:
    edition = make_edition()
    if why == "several_places":
        return billed_group(edition, member_council())[1], second
    place, bill = billed_place(edition)
    if why == "credited_before":
        reissue_bill(invoice_id=bill.pk, payer=ADA, actor=finance, now=NOW)
    elif why == "shared_before":
        return shares.split_bill(invoice_id=bill.pk, second=second, actor=finance, now=NOW)[0], second
    elif why == "money_stands":
        pay(folder, finance, (bill, bill.total_minor))
    elif why == "same_payer":
        return bill, SharingPayer(payer_of(place.application) or ADA, second.share)
    elif why == "no_place_held":
        Place.objects.filter(pk=place.pk).update(state=PlaceState.LAPSED)
    return bill, second


class TestMoney:
    def test_a_place_is_sure_only_when_both_bills_are_paid(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)

        pay(tmp_path, finance, (city, city.total_minor), name="first.xml")
        between = state_of(place)
        told = MailContent.objects.filter(mail__kind="billing/share_paid").order_by("id")
        pay(tmp_path, finance, (person, person.total_minor), name="second.xml")

        assert (between, state_of(place)) == (PlaceState.RESERVED, PlaceState.GUARANTEED)
        assert {content.to for content in told} == {"accounts@accra.example", place.person.email}
        assert OutgoingMail.objects.filter(kind="enrollment/place_guaranteed").count() == 1

    def test_one_file_that_pays_both_guarantees_once(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)

        pay(tmp_path, finance, (city, city.total_minor), (person, person.total_minor))

        assert state_of(place) == PlaceState.GUARANTEED
        assert OutgoingMail.objects.filter(kind="enrollment/place_guaranteed").count() == 1
        assert AuditEvent.objects.filter(name="enrollment.place.guaranteed").count() == 1

    def test_money_taken_from_one_bill_makes_the_place_unsure_once(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)
        pay(tmp_path, finance, (city, city.total_minor), (person, person.total_minor))

        for bill in (city, person):
            allocation = bill.allocations.get()
            reconcile.take_back(allocation_id=allocation.pk, reason="wrong", actor=finance, now=NOW)

        assert state_of(place) == PlaceState.RESERVED
        assert AuditEvent.objects.filter(name="enrollment.place.unsure").count() == 1
        assert Obligation.objects.filter(kind=ObligationKind.PAYMENT_LOST, met_at=None).count() == 1


class TestPlace:
    def test_nothing_lapses_while_the_other_payer_has_paid(self, finance: Actor, tmp_path: Path) -> None:
        place, city, _ = shared_place(finance)
        set_release_days(place.edition)
        late = NOW + timedelta(days=60)
        pay(tmp_path, finance, (city, city.total_minor))

        assert (release_unpaid_places(now=late), state_of(place)) == (0, PlaceState.RESERVED)

    def test_a_place_that_nobody_pays_lapses_once(self, finance: Actor) -> None:
        place, _, _ = shared_place(finance)
        set_release_days(place.edition)

        assert (release_unpaid_places(now=NOW + timedelta(days=27)), state_of(place)) == (1, PlaceState.LAPSED)

    def test_a_colleague_takes_both_bills_along(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)
        pay(tmp_path, finance, (city, city.total_minor), (person, person.total_minor))
        colleague = make_application(edition=place.edition, authority=place.application.authority)

        successor = hand_over_place(place=lock_place(place.pk), application=colleague, actor=finance, now=NOW)

        assert [line.invoice for line in billed_lines(successor)] == [city, person]
        assert (billed_lines(place), bills_beside(city)) == ([], [person])

    def test_each_payer_has_a_pro_forma_about_their_share(self, finance: Actor, settings: Any, tmp_path: Path) -> None:
        settings.FILES_ROOT = tmp_path / "files"
        place, city, person = shared_place(finance)
        for number in (1, 2):
            order.give_pro_forma(application_id=place.application_id, payer_number=number, actor=finance, now=NOW)

        written = ProForma.objects.order_by("id")
        assert [(each.total_minor, each.document.language) for each in written] == [
            (city.total_minor, "en"),
            (person.total_minor, "fr"),
        ]

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_database_knows_two_payers_and_one_charge_each(self, finance: Actor, number: int) -> None:
        place, _, _ = shared_place(finance)
        charge = current_charges(place)[0]

        with pytest.raises(IntegrityError), transaction.atomic():
            PlaceCharge.objects.create(
                place=place, quote=charge.quote, invoice_line=None, payer_number=number, current=True
            )


class TestLeaving:
    def test_each_payer_gets_back_the_share_of_what_they_paid(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance, Share(minor=33_333))
        pay(tmp_path, finance, (city, city.total_minor), (person, person.total_minor))

        notice = hear(place, facts_of(place), at=IN_TIME)
        done = cancel.accept_notice(notice_id=notice.pk, actor=finance, now=IN_TIME)

        total = city.total_minor + person.total_minor
        refunds = {refund.entry.payer_name: refund.amount_minor for refund in Refund.objects.select_related("entry")}
        assert (done.paid_minor, done.refund_minor, sum(refunds.values())) == (total, total * 3 // 4, total * 3 // 4)
        assert refunds == {f"P{city.pk}": done.refund_minor - 25_000, f"P{person.pk}": 25_000}
        assert [note.corrects for note in done.credit_notes] == [city, person]
        assert (open_of(city), open_of(person)) == (0, 0)
        kept = sum(LineCredit.objects.exclude(kept_minor=0).values_list("kept_minor", flat=True))
        assert kept == total - done.refund_minor

    def test_only_whoever_paid_is_refunded_and_the_open_bill_is_credited(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)
        pay(tmp_path, finance, (city, city.total_minor))

        notice = hear(place, facts_of(place), at=IN_TIME)
        done = cancel.accept_notice(notice_id=notice.pk, actor=finance, now=IN_TIME)

        assert (done.paid_minor, done.refund_minor) == (city.total_minor, city.total_minor * 3 // 4)
        assert Refund.objects.get().amount_minor == done.refund_minor
        assert (open_of(city), open_of(person), len(done.credit_notes)) == (0, 0, 2)

    def test_a_private_person_among_the_payers_may_withdraw(self, finance: Actor, tmp_path: Path) -> None:
        place, city, person = shared_place(finance)
        pay(tmp_path, finance, (city, city.total_minor), (person, person.total_minor))
        at = ADMITTED_AT + timedelta(days=8)

        done = cancel.leave_by_right(place_id=place.pk, ground=NoticeGround.WITHDRAWAL, actor=finance, now=at)

        # The city has no such right: of its part goes back what a cancellation would bring, after the deadline nothing.
        assert (done.refund_minor, Refund.objects.count()) == (person.total_minor, 1)


def test_the_second_payers_row_says_a_sum_or_a_part(finance: Actor) -> None:
    place = reserve(make_edition())
    wrong: list[dict[str, Any]] = [
        {},
        {"share_minor": 1, "share_percent": 1},
        {"share_minor": 0},
        {"share_percent": 100},
        {"share_percent": 0},
    ]
    for share in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondPayer.objects.create(application=place.application, **asdict(ADA), named_at=NOW, **share)
