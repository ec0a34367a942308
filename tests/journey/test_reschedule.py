"""Dates that move take the deadlines along, and everybody is told (promises A1, C3)."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice
from tests.factories.enrollment import make_place
from tests.factories.money import billed_place
from tests.factories.programme import make_edition

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import Invoice, InvoiceBalance
from chancery.domain.enrollment.services.places import reserve_place
from chancery.domain.programme.policies.settling import Dates
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.tasks.models import Heartbeat
from chancery.journey.reschedule import plan_dates, settle_dates, someone_is_untold, tell_the_untold

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)
CONFIRMED = Dates(date(2024, 11, 18), date(2024, 11, 22), provisional=False)
MOVED = Dates(date(2024, 12, 2), date(2024, 12, 6), provisional=False)
THEN = datetime(2024, 11, 1, 22, 59, 59, tzinfo=UTC)


def make_cohort():
    edition = make_edition()
    admitted = make_application(edition=edition, state=ApplicationState.ADMITTED)
    place = reserve_place(application=admitted, now=NOW, actor=SYSTEM)
    make_application(edition=edition, state=ApplicationState.IN_DIALOGUE)
    make_application(edition=edition, state=ApplicationState.DECLINED)
    make_application(edition=edition, state=ApplicationState.DRAFT)
    return edition, place


def test_the_plan_names_whom_it_touches_and_what_moves_and_changes_nothing() -> None:
    edition, place = make_cohort()

    plan = plan_dates(edition, MOVED, now=NOW)

    assert (plan.places, plan.applications) == (1, 1)
    assert (plan.refund_now, plan.refund_then) == (place.refundable_until, THEN)
    assert plan.free_exit_until == datetime(2024, 11, 4, 22, 59, 59, tzinfo=UTC)
    assert not OutgoingMail.objects.exists()


def test_a_bill_whose_rest_was_written_off_is_not_open() -> None:
    edition = make_edition()
    bills = []
    for _ in range(2):
        admitted = make_application(edition=edition, state=ApplicationState.ADMITTED)
        bills.append(make_invoice(admitted))
        make_place(admitted, invoice=bills[-1])
    InvoiceBalance.objects.filter(invoice=bills[0]).update(allocated_minor=149_000, written_off_minor=1_000)

    plan = plan_dates(edition, MOVED, now=NOW)

    assert (plan.places, plan.open_bills) == (2, 1)


def test_moved_dates_move_the_refund_deadline_and_tell_everybody() -> None:
    edition, place = make_cohort()

    settle_dates(edition_id=edition.pk, wanted=MOVED, actor=SYSTEM, now=NOW)

    place.refresh_from_db()
    assert place.refundable_until == THEN
    kinds = sorted(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds == ["admissions/dates_told", "enrollment/dates_settled"]
    told = OutgoingMail.objects.get(kind="enrollment/dates_settled").content.text
    assert "Mon 4 Nov 2024, 23:59:59" in told


def test_the_data_of_a_bill_stays_what_it_was_when_the_course_moves() -> None:
    edition = make_edition()
    _, bill = billed_place(edition)
    before = bill_as_xml(Invoice.objects.get(pk=bill.pk), Syntax.UBL)

    settle_dates(edition_id=edition.pk, wanted=MOVED, actor=SYSTEM, now=NOW)

    assert b"2024-11-22" in before
    assert bill_as_xml(Invoice.objects.get(pk=bill.pk), Syntax.UBL) == before


def test_confirmed_dates_open_no_free_exit() -> None:
    edition, place = make_cohort()

    settle_dates(edition_id=edition.pk, wanted=CONFIRMED, actor=SYSTEM, now=NOW)

    before = place.refundable_until
    place.refresh_from_db()
    told = OutgoingMail.objects.get(kind="enrollment/dates_settled").content
    assert place.refundable_until == before
    assert told.subject.startswith("The dates are confirmed")
    assert "everything you paid" not in told.text


def test_who_was_left_untold_by_a_crash_is_told_by_the_worker_once() -> None:
    edition, _ = make_cohort()
    settle_dates(edition_id=edition.pk, wanted=MOVED, actor=SYSTEM, now=NOW)
    told = OutgoingMail.objects.filter(kind="admissions/dates_told").count()
    assert not someone_is_untold()

    Heartbeat.objects.all().delete()  # as if the process had died before it could note the end
    assert someone_is_untold()

    assert tell_the_untold(now=NOW) == 1
    assert tell_the_untold(now=NOW) == 0
    assert OutgoingMail.objects.filter(kind="admissions/dates_told").count() == told == 1
