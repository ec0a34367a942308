"""From a reserved place to its bill, or to a sure place where nothing is due (promises B1, B3, B4)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import ADMITTED_AT, billed_group, billed_place, charge_of, member_council, reserve
from tests.factories.network import classify, make_city_council, make_country, make_member
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import GroupRegistration, PayerDetails
from chancery.domain.billing.models import FeeException, Invoice, Quote, Series
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.services.four_eyes import NeedsAnotherPerson
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import count_group
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.network.models import LocalAuthority
from chancery.domain.network.services.standing import decide_standing
from chancery.domain.programme.models import EditionRevision, Terms
from chancery.domain.programme.policies import GroupScope
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.documents.models import Document
from chancery.foundation.mail.models import MailContent, MailDocument
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.worker.documents import render_document
from chancery.journey import bill

pytestmark = pytest.mark.django_db
PAYER = Payer(legal_name="Town Hall", address="Square 1", country="GIN", email="pay@town.example")


def quote_of(place: Place) -> Quote:
    return Quote.objects.filter(application=place.application).latest("id")


def lines_of(quote: Quote) -> list[tuple[str, int]]:
    return list(quote.lines.order_by("position").values_list("reason", "amount_minor"))


def test_an_admitted_member_gets_a_numbered_bill_with_reference_paper_and_mail() -> None:
    place, invoice = billed_place(make_edition())

    prefix = place.edition.reference_prefix
    assert invoice.number == f"{prefix}-2024-0001"
    assert invoice.total_minor == 100_000
    assert invoice.due_on == date(2024, 11, 4)
    assert invoice.creditor_reference.startswith("RF")
    assert invoice.balance.total_minor == 100_000
    assert Document.objects.get(pk=invoice.document_id).kind == "billing/invoice"
    mails = MailContent.objects.filter(mail__kind="billing/invoice").order_by("id")
    assert [mail.to for mail in mails] == ["accounts@accra.example", place.person.email]
    assert MailDocument.objects.filter(document=invoice.document).count() == 2
    assert invoice.number in mails[0].subject
    assert AuditEvent.objects.filter(name="billing.invoice.issued").count() == 1


def test_a_quote_keeps_the_facts_it_was_made_from() -> None:
    place, _ = billed_place(make_edition())

    quote = quote_of(place)
    assert lines_of(quote) == [("rate.member", 100_000)]
    assert quote.facts["network"]["member_city"] == "Accra"
    assert quote.facts["network"]["paid_on"] == "2023-03-14"
    assert quote.facts["network"]["income_class"] == "LM"


def test_a_waived_place_is_guaranteed_at_once_and_gets_no_invoice() -> None:
    authority = member_council("Conakry", "GIN", "Guinea", "L")
    place = reserve(make_edition(), authority=authority)

    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

    place.refresh_from_db()
    charge = charge_of(place)
    assert place.state == PlaceState.GUARANTEED
    assert charge is not None
    assert charge.invoice_line is None
    assert not Invoice.objects.exists()
    assert MailContent.objects.filter(mail__kind="enrollment/nothing_to_pay").count() == 1


def test_a_waived_place_gets_its_confirmation_with_the_mail() -> None:
    authority = member_council("Conakry", "GIN", "Guinea", "L")
    place = reserve(make_edition(), authority=authority)

    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

    document = MailDocument.objects.get(mail__kind="enrollment/nothing_to_pay").document
    assert (document.kind, document.filename) == (
        "enrollment/confirmation",
        f"{place.application.reference}-confirmation.pdf",
    )
    assert [line["amount_minor"] for line in document.facts["lines"]] == [100_000, -100_000]
    assert document.facts["lines"][1]["label"].startswith("Fee waived: member from a low-income economy: Guinea was")
    assert render_document(document).startswith(b"%PDF-")


def test_an_economy_without_a_class_waits_for_an_officer() -> None:
    authority = make_city_council("Caracas", country=make_country("VEN", "Venezuela, RB"))
    make_member(authority.city)
    place = reserve(make_edition(), authority=authority)

    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

    promise = Obligation.objects.get()
    assert quote_of(place).officer_decides
    assert not Invoice.objects.exists()
    assert (promise.kind, promise.due_at.date()) == ("fee decision", date(2024, 10, 16))


def test_a_fee_that_two_people_set_is_billed() -> None:
    authority = make_city_council("Caracas", country=make_country("VEN", "Venezuela, RB"))
    make_member(authority.city)
    place = reserve(make_edition(), authority=authority)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    first, second = (user_actor(make_officer(Role.FINANCE).pk) for _ in range(2))
    exception = bill.propose_fee_exception(
        place_id=place.pk, fee_minor=100_000, reason="No class in FY23", actor=first, now=ADMITTED_AT
    )

    with pytest.raises(NeedsAnotherPerson):
        bill.decide_fee_exception(exception_id=exception.pk, approved=True, actor=first, now=ADMITTED_AT)
    bill.decide_fee_exception(exception_id=exception.pk, approved=True, actor=second, now=ADMITTED_AT)

    assert Invoice.objects.get().total_minor == 100_000
    assert lines_of(quote_of(place)) == [("officer.fee", 100_000)]
    assert not Obligation.objects.filter(met_at=None).exists()


def test_a_place_without_a_payer_waits_for_one_and_is_billed_when_it_is_named() -> None:
    place = reserve(make_edition(), payer=False)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    assert Obligation.objects.get(met_at=None).kind == "invoice"

    payer = Payer(legal_name="Gauteng", address="Main Road 2", country="ZAF", email="bills@gauteng.example")
    invoice = bill.name_payer(place_id=place.pk, payer=payer, actor=SYSTEM, now=ADMITTED_AT)

    assert invoice is not None
    assert invoice.party.legal_name == "Gauteng"
    assert not Obligation.objects.filter(met_at=None).exists()
    with pytest.raises(bill.AlreadyBilled):
        bill.name_payer(place_id=place.pk, payer=payer, actor=SYSTEM, now=ADMITTED_AT)


def test_a_payer_named_while_an_officer_decides_is_billed_afterwards() -> None:
    authority = make_city_council("Caracas", country=make_country("VEN", "Venezuela, RB"))
    make_member(authority.city)
    place = reserve(make_edition(), authority=authority, payer=False)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    payer = Payer(legal_name="Alcaldía", address="Plaza 1", country="VEN", email="pagos@caracas.example")
    assert bill.name_payer(place_id=place.pk, payer=payer, actor=SYSTEM, now=ADMITTED_AT) is None
    first, second = (user_actor(make_officer(Role.FINANCE).pk) for _ in range(2))
    exception = bill.propose_fee_exception(
        place_id=place.pk, fee_minor=90_000, reason="No class in FY23", actor=first, now=ADMITTED_AT
    )

    bill.decide_fee_exception(exception_id=exception.pk, approved=True, actor=second, now=ADMITTED_AT)

    assert Invoice.objects.get().party.legal_name == "Alcaldía"


def waiting_exception(place: Place, fee_minor: int = 50_000) -> tuple[FeeException, Actor]:
    """Return a proposed fee and the second person who decides on it."""
    first, second = (user_actor(make_officer(Role.FINANCE).pk) for _ in range(2))
    proposed = bill.propose_fee_exception(
        place_id=place.pk, fee_minor=fee_minor, reason="Agreed", actor=first, now=ADMITTED_AT
    )
    return proposed, second


def test_a_payer_named_while_a_fee_waits_for_the_second_person_is_billed_by_that_fee() -> None:
    place = reserve(make_edition(), payer=False)
    proposed, second = waiting_exception(place)

    assert bill.name_payer(place_id=place.pk, payer=PAYER, actor=SYSTEM, now=ADMITTED_AT) is None
    assert bill.issue_for_place(place_id=place.pk, actor=SYSTEM, now=ADMITTED_AT) is None
    bill.decide_fee_exception(exception_id=proposed.pk, approved=True, actor=second, now=ADMITTED_AT)

    assert Invoice.objects.get().total_minor == 50_000


def test_a_place_whose_proposed_fee_is_rejected_is_billed_by_the_rules() -> None:
    place = reserve(make_edition())
    proposed, second = waiting_exception(place)

    bill.decide_fee_exception(exception_id=proposed.pk, approved=False, actor=second, now=ADMITTED_AT)

    assert Invoice.objects.get().total_minor == 100_000


@pytest.mark.parametrize("fee_minor", [50_000, 0])
def test_a_fee_is_not_approved_for_a_place_that_has_ended(fee_minor: int) -> None:
    place = reserve(make_edition())
    proposed, second = waiting_exception(place, fee_minor)
    lapse_place(place_id=place.pk, reason="gone", actor=SYSTEM, now=ADMITTED_AT)

    with pytest.raises(bill.AlreadyBilled):
        bill.decide_fee_exception(exception_id=proposed.pk, approved=True, actor=second, now=ADMITTED_AT)

    assert not Invoice.objects.exists()
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_a_fee_is_not_approved_for_a_place_that_was_billed_meanwhile() -> None:
    place = reserve(make_edition())
    proposed, second = waiting_exception(place)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

    with pytest.raises(bill.AlreadyBilled):
        bill.decide_fee_exception(exception_id=proposed.pk, approved=True, actor=second, now=ADMITTED_AT)

    assert Invoice.objects.get().total_minor == 100_000


def test_a_place_that_became_free_before_its_payer_was_named_is_guaranteed() -> None:
    guinea = make_country("GIN", "Guinea")
    classify(guinea, "L")
    authority = make_city_council("Conakry", country=guinea)
    place = reserve(make_edition(), authority=authority, payer=False)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    make_member(authority.city)

    assert bill.name_payer(place_id=place.pk, payer=PAYER, actor=SYSTEM, now=ADMITTED_AT) is None

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    assert not Invoice.objects.exists()
    assert not Obligation.objects.filter(met_at=None).exists()


def test_a_body_whose_standing_was_decided_is_billed_and_nothing_is_left_to_decide() -> None:
    council = member_council()
    body = LocalAuthority.objects.create(name="Water Works", kind=LocalAuthority.Kind.COMPANY, city=council.city)
    place = reserve(make_edition(), authority=body)
    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    assert Obligation.objects.get(met_at=None).kind == "fee decision"
    decide_standing(authority_id=body.pk, counts_as_member=True, reason="Owned by it", actor=SYSTEM, now=ADMITTED_AT)

    bill.issue_for_place(place_id=place.pk, actor=SYSTEM, now=ADMITTED_AT)

    assert Invoice.objects.get().total_minor == 100_000
    assert not Obligation.objects.filter(met_at=None).exists()


def test_places_under_other_terms_do_not_share_a_bill() -> None:
    edition = make_edition()
    newest = EditionRevision.objects.get(edition=edition)
    content = bytes(newest.content).replace(b"[invoice]\n", b'[invoice]\ngroup = "one"\n')
    EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=ADMITTED_AT)
    first = reserve(edition)
    group = GroupRegistration.objects.create(
        code="TWO", edition=edition, coordinator=first.person, name="Two", opened_at=ADMITTED_AT
    )
    first.application.group = group
    first.application.save()
    second = reserve(edition, group=group)
    old = second.application.terms
    assert old is not None
    second.application.terms = Terms.objects.create(
        edition=edition, version=old.version + 1, rule={**old.rule, "currency": "JPY"}, frozen_at=ADMITTED_AT
    )
    second.application.save()

    bill.bill_places(places=[first, second], actor=SYSTEM, now=ADMITTED_AT)

    assert list(Invoice.objects.order_by("id").values_list("currency", flat=True)) == ["EUR", "JPY"]


@pytest.mark.parametrize("scope", [GroupScope.AUTHORITY, GroupScope.CITY])
def test_people_without_an_authority_on_file_are_no_group(scope: GroupScope) -> None:
    edition = make_edition()
    places = [reserve(edition) for _ in range(2)]
    for place in places:
        place.application.authority = None
        place.application.save()

    assert count_group(places[0], scope) == 1


def test_payers_of_one_name_in_two_countries_are_no_group() -> None:
    edition = make_edition()
    here, there = reserve(edition), reserve(edition)
    PayerDetails.objects.filter(application=there.application).update(country="KEN")

    assert count_group(here, GroupScope.PAYER) == 1


def test_missing_data_of_the_issuer_is_named_before_a_number_is_taken() -> None:
    edition = make_edition()
    newest = EditionRevision.objects.get(edition=edition)
    content = newest.content.replace(b'legal_name = "Metropolis (demo)"', b'legal_name = ""')
    EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=ADMITTED_AT)
    place = reserve(edition)

    bill.bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)

    assert not Series.objects.exists()
    assert "issuer.legal_name" in Obligation.objects.get().basis
    with pytest.raises(bill.InvoiceDataMissing) as refused:
        bill.issue_for_place(place_id=place.pk, actor=SYSTEM, now=ADMITTED_AT)
    assert refused.value.ruling.reasons == ("issuer.legal_name",)


def test_a_payer_named_while_our_own_data_is_missing_is_kept_and_billed_afterwards() -> None:
    edition = make_edition()
    whole = EditionRevision.objects.get(edition=edition).content
    broken = bytes(whole).replace(b'legal_name = "Metropolis (demo)"', b'legal_name = ""')
    EditionRevision.objects.create(edition=edition, content=broken, sha256="x", loaded_at=ADMITTED_AT)
    place = reserve(edition, payer=False)

    assert bill.name_payer(place_id=place.pk, payer=PAYER, actor=SYSTEM, now=ADMITTED_AT) is None
    assert "issuer.legal_name" in Obligation.objects.get(met_at=None).basis
    EditionRevision.objects.create(edition=edition, content=whole, sha256="y", loaded_at=ADMITTED_AT)
    bill.issue_for_place(place_id=place.pk, actor=SYSTEM, now=ADMITTED_AT)

    assert Invoice.objects.get().party.legal_name == "Town Hall"


def test_a_payer_that_cannot_be_printed_is_refused_and_takes_no_number() -> None:
    place = reserve(make_edition(), payer=False)
    payer = replace(PAYER, legal_name="\u13a0\u13b5\u13ac\u13e2\u13af")  # Cherokee

    with pytest.raises(bill.InvoiceDataMissing):
        bill.name_payer(place_id=place.pk, payer=payer, actor=SYSTEM, now=ADMITTED_AT)

    assert not Series.objects.exists()


def test_numbers_leave_no_gap_when_an_act_is_rolled_back() -> None:
    edition = make_edition()
    billed_place(edition)
    with transaction.atomic():
        billed_place(edition)
        transaction.set_rollback(True)

    _, second = billed_place(edition)

    assert second.number.endswith("-0002")
    assert Invoice.objects.count() == 2


def test_a_group_of_two_gets_the_discount_on_a_bill_each() -> None:
    edition, authority = make_edition(), member_council("Medellin", "COL", "Colombia", "UM")
    first = reserve(edition, authority=authority)
    group = GroupRegistration.objects.create(
        code="MDE2", edition=edition, coordinator=first.person, name="Medellín", opened_at=ADMITTED_AT
    )
    first.application.group = group
    first.application.save()
    second = reserve(edition, authority=authority, group=group)

    bill.bill_places(places=[first, second], actor=SYSTEM, now=ADMITTED_AT)

    assert [invoice.total_minor for invoice in Invoice.objects.all()] == [90_000, 90_000]
    assert lines_of(quote_of(first)) == [("rate.member", 100_000), ("discount.group", -10_000)]


def test_a_group_may_get_one_bill_where_the_edition_says_so() -> None:
    _, invoice = billed_group(make_edition(), member_council("Medellin", "COL", "Colombia", "UM"))

    assert Invoice.objects.count() == 1
    assert invoice.total_minor == 180_000
    assert invoice.lines.count() == 2


def test_the_external_regime_asks_for_payment_in_a_series_of_its_own() -> None:
    edition = make_edition()
    newest = EditionRevision.objects.get(edition=edition)
    content = newest.content.replace(b'fiscal_regime = "internal"', b'fiscal_regime = "external"')
    EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=ADMITTED_AT)

    _, invoice = billed_place(edition)

    assert (invoice.number, invoice.kind) == ("PR-2024-0001", "payment request")


def test_an_issued_bill_cannot_be_changed() -> None:
    _, invoice = billed_place(make_edition())

    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(total_minor=1)


def test_the_paper_is_made_on_first_look_and_stays_the_same(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    _, invoice = billed_place(make_edition())

    first = bill.invoice_pdf(invoice=invoice, now=ADMITTED_AT)

    assert first.startswith(b"%PDF")
    assert bill.invoice_pdf(invoice=invoice, now=ADMITTED_AT) == first
