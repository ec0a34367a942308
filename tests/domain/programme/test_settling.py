"""When dates may be confirmed or moved, and what stays written of it (promise A1)."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.programme import make_edition

from chancery.domain.programme.models import DateChange
from chancery.domain.programme.policies.settling import Dates, may_settle
from chancery.domain.programme.services import DatesNotSettled, settle_dates
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.models import AuditEvent

CURRENT = Dates(date(2024, 11, 18), date(2024, 11, 22), provisional=True)
TODAY, CLOSES = date(2024, 10, 21), date(2024, 10, 25)
NOW = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "provisional", "reasons"),
    [
        pytest.param(date(2024, 11, 18), date(2024, 11, 22), False, (), id="confirmed"),
        pytest.param(date(2024, 12, 2), date(2024, 12, 6), True, (), id="moved"),
        pytest.param(date(2024, 11, 18), date(2024, 11, 22), True, ("dates_unchanged",), id="nothing changes"),
        pytest.param(date(2024, 12, 6), date(2024, 12, 2), False, ("ends_before_start",), id="out of order"),
        pytest.param(date(2024, 10, 21), date(2024, 10, 25), False, ("starts_in_the_past",), id="today"),
        pytest.param(date(2024, 10, 25), date(2024, 10, 29), False, ("applications_close_after_start",), id="too soon"),
    ],
)
def test_which_dates_may_hold(starts_on: date, ends_on: date, provisional: bool, reasons: tuple[str, ...]) -> None:
    wanted = Dates(starts_on, ends_on, provisional)

    assert may_settle(CURRENT, wanted, today=TODAY, applications_close_on=CLOSES).reasons == reasons


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "event"),
    [
        (Dates(date(2024, 11, 18), date(2024, 11, 22), provisional=False), "programme.dates.confirmed"),
        (Dates(date(2024, 12, 2), date(2024, 12, 6), provisional=False), "programme.dates.moved"),
    ],
)
def test_a_change_keeps_what_the_dates_were(wanted: Dates, event: str) -> None:
    edition = make_edition()

    settle_dates(edition_id=edition.pk, wanted=wanted, actor=SYSTEM, now=NOW)

    edition.refresh_from_db()
    change = DateChange.objects.get(edition=edition)
    assert (edition.starts_on, edition.provisional, edition.dates_settled_at) == (wanted.starts_on, False, NOW)
    assert change.starts_before == date(2024, 11, 18)
    assert AuditEvent.objects.filter(name=event).count() == 1


@pytest.mark.django_db
def test_refused_dates_change_nothing() -> None:
    edition = make_edition()

    with pytest.raises(DatesNotSettled):
        settle_dates(edition_id=edition.pk, wanted=CURRENT, actor=SYSTEM, now=NOW)

    assert not DateChange.objects.exists()
