"""A bill is corrected by a credit note and a new bill in one act; its money and its places move along."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from tests.factories.accounts import NOW
from tests.factories.entering import enter
from tests.factories.money import billed_group, billed_place, book, charge_of, member_council, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.foundation.documents.reading import text_of
from tests.journey.test_cancel import IN_TIME
from tests.journey.test_choose import holder_of, next_of
from tests.journey.test_substitute import handed_over

from chancery.domain.billing.documents import render_invoice
from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import Allocation, EntryBalance, Invoice, InvoiceBalance
from chancery.domain.billing.queries.payers import Payer, payer_in, payer_of
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import bills_before_and_after
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.ui.wording import day_text
from chancery.journey import cancel, choose, settle
from chancery.journey.reissue import InvoiceDataMissing, NotToBeReissued, due_anew, reissue_bill

pytestmark = pytest.mark.django_db
MINISTRY = Payer(legal_name="Ministry of Example", address="Square 1", country="GHA", email="pay@ministry.example")


def paid(invoice: Invoice, folder: Path, finance: Actor, minor: int | None = None) -> None:
    path = statement_file(folder, transfer(minor or invoice.total_minor, invoice.creditor_reference))
    settle.import_statement(path, actor=finance, now=NOW)


def open_of(invoice: Invoice) -> int:
    return InvoiceBalance.objects.get(invoice=invoice).open_minor


def test_a_paid_bill_moves_with_its_money_and_the_place_stays_sure(tmp_path: Path, finance: Actor) -> None:
    place, old = billed_place(make_edition())
    paid(old, tmp_path, finance)
    told = OutgoingMail.objects.count()

    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    place.refresh_from_db()
    charge = charge_of(place)
    assert place.state == PlaceState.GUARANTEED
    assert charge is not None
    assert charge.invoice_line is not None
    assert charge.invoice_line.invoice == new
    assert (open_of(old), open_of(new), EntryBalance.objects.get().left_minor) == (0, 0, 0)
    assert Invoice.objects.get(corrects=old).total_minor == old.total_minor
    assert new.party.legal_name == "Ministry of Example"
    assert payer_of(place.application) == MINISTRY
    kinds = list(OutgoingMail.objects.order_by("id").values_list("kind", flat=True))[told:]
    assert set(kinds) == {"billing/credit_note", "billing/invoice"}
    words = MailContent.objects.filter(mail__kind="billing/invoice").latest("id")
    assert "nothing is to be transferred" in words.text


def test_each_bill_leads_to_the_one_that_it_replaces_and_the_one_that_replaced_it(finance: Actor, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    _, old = billed_place(make_edition())
    _, stranger = billed_place(old.edition)
    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    assert [bills_before_and_after(each) for each in (old, new, stranger)] == [([], [new]), ([old], []), ([], [])]
    desk = enter(Role.FINANCE)
    pages = {each: desk.get(reverse("show-bill", args=[each.number])).content.decode() for each in (old, new)}
    assert reverse("show-bill", args=[new.number]) in pages[old]
    assert reverse("show-bill", args=[old.number]) in pages[new]


def test_an_open_bill_is_open_anew_with_what_it_had_received(tmp_path: Path, finance: Actor) -> None:
    place, old = billed_place(make_edition())
    paid(old, tmp_path, finance, 40_000)
    balance = EntryBalance.objects.get()
    if not balance.allocated_minor:
        book(entry_id=balance.entry_id, invoice_id=old.pk, amount_minor=40_000, reason="part", actor=finance, now=NOW)

    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    place.refresh_from_db()
    assert (open_of(old), open_of(new), place.state) == (0, old.total_minor - 40_000, PlaceState.RESERVED)


def told_by(bill: Invoice, folder: Path) -> tuple[str, dict[str, str]]:
    """Return the words of the paper of a bill, and what its data says of the payment."""
    assert bill.document is not None
    paper = render_invoice(bill.document.facts, language="en", issued_at=NOW)
    data = bill_as_xml(bill, Syntax.UBL).decode()
    found = re.findall(r"<cbc:(PayableAmount|PrepaidAmount|DueDate)[^>]*>([^<]*)", data)
    return text_of(paper, folder), dict(found)


def test_paper_and_data_of_a_bill_that_is_paid_already_ask_for_nothing(tmp_path: Path, finance: Actor) -> None:
    _, old = billed_place(make_edition())
    paid(old, tmp_path, finance)

    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    paper, data = told_by(new, tmp_path)
    assert data == {"PrepaidAmount": "1000.00", "PayableAmount": "0.00"}
    assert "What had been paid on an earlier bill pays this one." in " ".join(paper.split())
    assert "How to pay" not in paper
    assert "to pay by" not in paper
    assert new.due_on is not None


def test_paper_data_and_mail_of_a_bill_that_is_paid_in_part_ask_for_the_rest(tmp_path: Path, finance: Actor) -> None:
    _, old = billed_place(make_edition())
    paid(old, tmp_path, finance, 40_000)
    if not Allocation.objects.exists():
        entry_id = EntryBalance.objects.get().entry_id
        book(entry_id=entry_id, invoice_id=old.pk, amount_minor=40_000, reason="part", actor=finance, now=NOW)

    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    paper, data = told_by(new, tmp_path)
    assert data == {"PrepaidAmount": "400.00", "PayableAmount": "600.00", "DueDate": str(new.due_on)}
    assert paper.count("EUR 600.00") == 3  # the call, the table and how to pay
    mail = MailContent.objects.filter(mail__kind="billing/invoice").latest("id")
    assert "EUR 600.00 is to be paid by" in " ".join(mail.text.split())
    assert "EUR 400.00 had been paid" in " ".join(mail.text.split())
    assert "EUR 600.00 by" in mail.subject


def test_the_credit_note_of_a_bill_that_was_paid_when_issued_says_nothing_of_it(tmp_path: Path, finance: Actor) -> None:
    _, old = billed_place(make_edition())
    paid(old, tmp_path, finance)
    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)
    reissue_bill(invoice_id=new.pk, payer=replace(MINISTRY, legal_name="Third"), actor=finance, now=NOW)

    paper, data = told_by(Invoice.objects.get(corrects=new), tmp_path)

    assert data == {"PrepaidAmount": "0.00", "PayableAmount": "1000.00"}
    assert "Paid already" not in paper


def test_a_bill_of_a_group_stays_one_bill(tmp_path: Path, finance: Actor) -> None:
    places, old = billed_group(make_edition(), member_council())
    paid(old, tmp_path, finance)

    new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    assert new.lines.count() == 2
    assert {place.state for place in Place.objects.filter(pk__in=[each.pk for each in places])} == {"guaranteed"}


@pytest.mark.parametrize("why", ["credited_before", "same_payer"])
def test_what_cannot_be_issued_anew_changes_nothing(finance: Actor, why: str) -> None:
    _, old = billed_place(make_edition())
    payer = MINISTRY
    if why == "credited_before":
        reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)
        payer = replace(MINISTRY, legal_name="Third")
    else:
        payer = Payer(**{name: getattr(old.party, name) for name in Payer.__slots__})
    before = (Invoice.objects.count(), Allocation.objects.count())

    with pytest.raises(NotToBeReissued) as refused:
        reissue_bill(invoice_id=old.pk, payer=payer, actor=finance, now=NOW)

    assert refused.value.ruling.reasons == (why,)
    assert (Invoice.objects.count(), Allocation.objects.count()) == before


def test_money_stays_where_another_tax_would_make_another_sum(tmp_path: Path, finance: Actor) -> None:
    edition = make_edition()
    place, old = billed_place(edition)
    paid(old, tmp_path, finance)
    newest = EditionRevision.objects.filter(edition=edition).latest("id")
    taxed = bytes(newest.content).replace(b'vat_category = "E"\nvat_rate = "0"', b'vat_category = "S"\nvat_rate = "21"')
    EditionRevision.objects.create(edition=edition, content=taxed, sha256="taxed", loaded_at=NOW)

    with pytest.raises(NotToBeReissued) as refused:
        reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)

    place.refresh_from_db()
    assert refused.value.ruling.reasons == ("sum_changed",)
    assert (Invoice.objects.count(), open_of(old), place.state) == (1, 0, PlaceState.GUARANTEED)


def test_a_bill_written_anew_names_the_colleague_who_came_instead(tmp_path: Path, finance: Actor) -> None:
    place, old = billed_place(make_edition())
    paid(old, tmp_path, finance)
    substitute = handed_over(place, finance)
    payer, told = payer_in(old.party), OutgoingMail.objects.count()

    new = reissue_bill(invoice_id=old.pk, payer=payer, actor=finance, now=NOW)

    assert substitute.person.name in new.lines.get().text
    assert place.person.name not in new.lines.get().text
    readers = set(MailContent.objects.order_by("mail")[told:].values_list("to", flat=True))
    assert substitute.person.email in readers
    assert place.person.email not in readers
    substitute.refresh_from_db()
    assert (substitute.state, open_of(new)) == (PlaceState.GUARANTEED, 0)


def test_a_bill_written_anew_says_the_days_of_the_edition_that_the_place_moved_to(finance: Actor) -> None:
    edition = make_edition()
    place, old = billed_place(edition)
    later, at = next_of(edition), datetime(2024, 12, 3, 9, 0, tzinfo=UTC)
    told = {"edition_id": edition.pk, "target_id": later.pk, "answer_by": date(2024, 10, 20), "note": "x"}
    choose.ask_everybody(actor=finance, now=NOW, **told)
    choose.take_next_edition(place_id=place.pk, actor=holder_of(place), now=NOW)

    promised = due_anew(invoice=old, now=at)
    new = reissue_bill(invoice_id=old.pk, payer=payer_in(old.party), actor=finance, now=at)

    assert new.edition == later
    assert new.due_on is not None
    assert new.due_on > at.date()
    assert promised == new.due_on
    assert new.document.facts["course_from"] == later.starts_on.isoformat()


def test_the_page_says_to_which_day_a_new_bill_moves_the_payment(tmp_path: Path, finance: Actor, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    _, old = billed_place(make_edition())
    page, desk = reverse("reissue-bill", args=[old.number]), enter(Role.FINANCE)
    later = datetime(2024, 11, 6, 9, 0, tzinfo=UTC)

    with time_machine.travel(later, tick=False):
        while_open = desk.get(page).content.decode()
        new = reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=later)
        paid(new, tmp_path, finance)
        when_paid = desk.get(reverse("reissue-bill", args=[new.number])).content.decode()

    days = re.findall(r"is to be paid by ([^.]+)\.", while_open)
    assert days == [day_text(each.due_on) for each in (old, new) if each.due_on]
    assert new.due_on != old.due_on
    assert "is to be paid by" not in when_paid


def test_a_cancelled_place_is_not_billed_anew(finance: Actor) -> None:
    place, old = billed_place(make_edition())
    cancel.accept_notice(notice_id=hear(place, facts_of(place), at=IN_TIME).pk, actor=finance, now=IN_TIME)

    with pytest.raises(NotToBeReissued):
        reissue_bill(invoice_id=old.pk, payer=MINISTRY, actor=finance, now=NOW)


def test_a_payer_that_cannot_be_printed_leaves_the_old_bill(finance: Actor) -> None:
    _, old = billed_place(make_edition())

    with pytest.raises(InvoiceDataMissing):
        reissue_bill(invoice_id=old.pk, payer=replace(MINISTRY, legal_name="\U00012000"), actor=finance, now=NOW)

    assert Invoice.objects.get() == old
    assert open_of(old) == old.total_minor
