"""A sweep is due while there is something that it can do, and not while there is something that it cannot."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.factories.accounts import make_user

from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.services import request_document, store_rendering
from chancery.foundation.mail.services import Mail, queue_mail
from chancery.foundation.privacy.models import DataRequest
from chancery.interfaces.worker import sweeps
from chancery.interfaces.worker.sweeps import SWEEPS

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 14, 9, 0, tzinfo=UTC)


def due() -> set[str]:
    return {sweep.name for sweep in SWEEPS if sweep.is_due()}


def test_a_mail_whose_paper_is_not_printed_is_not_due() -> None:
    user = make_user()
    with time_machine.travel(NOW, tick=False):
        paper = request_document(
            kind="billing/invoice", about=ref(user), language="en", filename="x.pdf", facts={}, now=NOW
        )
        told = {"to": user.email, "language": "en", "subject": "x", "text": "x", "html": "x"}
        queue_mail(Mail("billing/invoice", ref(user), dedupe_key="one", document_ids=(paper.pk,), **told), now=NOW)
        assert "mail" not in due()

        store_rendering(paper, content=b"%PDF-", now=NOW)
        assert "mail" in due()


@pytest.mark.parametrize(
    ("name", "module", "act"),
    [("copies of data", "disclose", "make_copies"), ("choices", "choose", "close_choices")],
)
def test_what_cannot_be_done_is_left_alone_for_ten_minutes(
    name: str, module: str, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    DataRequest.objects.create(user=make_user(), asked_at=NOW)
    sweep = next(each for each in SWEEPS if each.name == name)
    tried: list[datetime] = []
    monkeypatch.setattr(sweeps.choose, "choices_are_over", lambda **_more: True)
    monkeypatch.setattr(getattr(sweeps, module), act, lambda *, now: tried.append(now) or 0)

    with time_machine.travel(NOW, tick=False) as clock:
        assert name in due()
        assert sweep.run() == 0
        assert name not in due()
        clock.shift(timedelta(minutes=9))
        assert name not in due()
        clock.shift(timedelta(minutes=2))
        assert name in due()

    assert len(tried) == 1


def test_a_copy_that_could_be_made_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = DataRequest.objects.create(user=make_user(), asked_at=NOW)

    def make(*, now: datetime) -> int:
        return int(DataRequest.objects.filter(pk=asked.pk).update(answered_at=now))

    monkeypatch.setattr(sweeps.disclose, "make_copies", make)
    with time_machine.travel(NOW, tick=False):
        assert sweeps.make_copies() == 1
        DataRequest.objects.create(user=make_user("other@city.example"), asked_at=NOW)
        assert "copies of data" in due()
