"""A person gets a copy of what is kept and is erased: no column of any table knows them, but for what the law keeps."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings as live
from django.db import transaction
from tests.factories.accounts import make_officer, make_person, make_user
from tests.factories.admissions import make_application
from tests.factories.applying import fill, start_draft
from tests.factories.billing import make_allocation, make_entry, make_refund
from tests.factories.forgetting import (
    EMAIL,
    MARKERS,
    NAME,
    WITHDRAWN_AT,
    make_left,
    make_withdrawn,
    name_person,
    rows_that_name,
)
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.journey.test_choose import next_of
from tests.journey.test_remind import moved

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.erasing import erase_papers
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice
from chancery.domain.enrollment.models import Substitution
from chancery.domain.enrollment.states import NoticeGround, SubstitutionState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.queries import verify_chain
from chancery.foundation.audit.services import seal_events
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.removal import remove_ordered
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.models import MailDelivery
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.privacy.archive import write_archive
from chancery.foundation.privacy.policies import (
    BILL_OPEN,
    HOLDS_A_ROLE,
    PLACE_LIVE,
    REFUND_RUNS,
    UNDER_WAY,
)
from chancery.foundation.privacy.register import declared_models
from chancery.foundation.privacy.retention import months_after
from chancery.journey import correspond
from chancery.journey.cancel import leave_by_right
from chancery.journey.disclose import FOUND, NobodyByThatAddress, disclose, find_subject
from chancery.journey.erase import KeptByLaw, StillNeeded, erase_person
from chancery.journey.forget import sweep_kept

pytestmark = pytest.mark.django_db
ASKED_AT = datetime(2024, 11, 25, 8, 0, tzinfo=UTC)
# What the law keeps may name the person: the bill, the money, and the letter by which a place was left.
BY_LAW = {
    "billing.InvoiceLine",
    "documents.Document",
    "mail.IncomingHandling",
    "enrollment.CancellationNotice",
}


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def erase(email: str = EMAIL, now: datetime = ASKED_AT) -> Any:
    return erase_person(user_id=find_subject(email).user.pk, actor=SYSTEM, now=now)


def officer() -> Actor:
    return user_actor(make_officer().pk)


def reasons(email: str = EMAIL, now: datetime = ASKED_AT) -> tuple[str, ...]:
    with pytest.raises(StillNeeded) as no:
        erase(email, now)
    return no.value.ruling.reasons


def bytes_that_name(*markers: str) -> list[Path]:
    files = (path for path in Path(live.FILES_ROOT).rglob("*") if path.is_file())
    return [
        path for path in files if any(marker in path.read_bytes().decode("latin-1").casefold() for marker in markers)
    ]


class TestErasing:
    def test_no_row_and_no_file_knows_a_person_who_had_no_place(self) -> None:
        make_withdrawn()
        seal_events(now=WITHDRAWN_AT)
        assert len(rows_that_name(*MARKERS)) > 10
        assert bytes_that_name(*MARKERS)

        erased = erase()

        seal_events(now=ASKED_AT)
        assert rows_that_name(*MARKERS) == {}
        assert bytes_that_name(*MARKERS) == []
        assert (erased.applications, erased.kept) == (1, ())
        assert verify_chain().intact

    def test_a_draft_is_ended_and_erased(self) -> None:
        draft = fill(start_draft(user=make_user(EMAIL)), you={"name": NAME})

        erase(now=draft.saved_at + timedelta(minutes=1))

        assert Application.objects.get(pk=draft.pk).state == ApplicationState.EXPIRED
        assert rows_that_name(*MARKERS) == {}

    def test_of_a_person_who_left_a_place_only_bill_and_letter_stay_and_are_named_with_their_end(self) -> None:
        place, notice = make_left()
        bill = Invoice.objects.get(corrects=None)

        erased = erase()

        assert set(rows_that_name(*MARKERS)) <= BY_LAW
        assert KeptByLaw("money", bill.number, months_after(bill.issued_at, 72)) in erased.kept
        assert (
            KeptByLaw("cancellation", place.application.reference, months_after(notice.received_at, 60)) in erased.kept
        )

    def test_the_letter_goes_by_the_sweep_when_its_time_is_over(self) -> None:
        _place, notice = make_left()
        erase()

        sweep_kept(now=months_after(notice.received_at, 60))

        assert set(rows_that_name(*MARKERS)) <= {"billing.InvoiceLine", "documents.Document"}

    def test_somebody_whom_others_named_to_come_instead_is_taken_out_there(self) -> None:
        place, _invoice = billed_place(make_edition())
        make_person(NAME, user=make_user(EMAIL))
        Substitution.objects.create(place=place, email=EMAIL, name=NAME, proposed_at=ASKED_AT)

        erase()

        wish = Substitution.objects.get()
        assert (wish.state, wish.email, wish.name) == (SubstitutionState.DECLINED, "", "")
        assert rows_that_name(*MARKERS) == {}

    def test_others_are_as_they_were(self) -> None:
        make_withdrawn()
        other = fill(start_draft(user=make_user("other@elsewhere.example")), you={"name": "Somebody Else"})
        before = rows_that_name("somebody else", "elsewhere.example")

        erase()

        assert rows_that_name("somebody else", "elsewhere.example") == before
        assert other.answers.exists()

    def test_a_letter_of_support_that_moved_along_goes_with_the_last_file_that_holds_it(self) -> None:
        place, _invoice = billed_place(make_edition())
        name_person(place)
        letter = store_bytes(
            f"a letter for {NAME.casefold()}".encode(),
            purpose=Purpose.ENDORSEMENT,
            content_type="application/pdf",
            name="zoraida.pdf",
            now=WITHDRAWN_AT,
        )
        place.application.answers.create(key="endorsement", value="zoraida.pdf", file=letter)
        successor = moved(place, next_of(place.edition), at=WITHDRAWN_AT)

        erase_papers(application_id=place.application_id, actor=SYSTEM, now=WITHDRAWN_AT)
        remove_ordered()
        assert bytes_that_name(NAME.casefold())
        leave_by_right(
            place_id=successor.pk, ground=NoticeGround.ORGANISER, note="x", actor=officer(), now=WITHDRAWN_AT
        )
        erase()

        assert set(rows_that_name(*MARKERS)) <= BY_LAW
        assert bytes_that_name(NAME.casefold()) == []

    def test_the_trail_says_who_was_erased_by_number(self) -> None:
        user = make_withdrawn().person.user

        erase()

        event = AuditEvent.objects.get(name=Event.PERSON_ERASED)
        assert (event.subject_kind, event.subject_id, event.facts) == ("accounts.user", str(user.pk), {})

    def test_erasing_again_finds_nobody(self) -> None:
        make_withdrawn()
        erase()

        with pytest.raises(NobodyByThatAddress):
            erase()

    def test_an_erasure_that_dies_half_way_leaves_all_or_nothing(self) -> None:
        make_withdrawn()
        before = rows_that_name(*MARKERS)

        with pytest.raises(RuntimeError), transaction.atomic():
            erase()
            raise RuntimeError

        assert rows_that_name(*MARKERS) == before

    def test_a_mail_that_is_still_written_to_an_erased_person_is_held_back(self) -> None:
        application = make_withdrawn()
        erase()

        correspond.write_to_applicant(application_id=application.pk, text="Hello", actor=officer(), now=ASKED_AT)

        assert MailDelivery.objects.latest("id").state == DeliveryState.WITHHELD


class TestRefusing:
    def test_an_application_under_way_is_taken_back_first(self) -> None:
        make_application(person=make_person(NAME, user=make_user(EMAIL)))

        assert reasons() == (UNDER_WAY,)

    def test_a_live_place_with_an_open_bill_and_a_letter_that_waits(self) -> None:
        place, _invoice = billed_place(make_edition())
        name_person(place)

        assert reasons(now=WITHDRAWN_AT) == (PLACE_LIVE, BILL_OPEN)

    def test_a_refund_that_runs(self) -> None:
        make_left()
        bill, entry = Invoice.objects.get(corrects=None), make_entry()
        make_allocation(entry, bill, amount_minor=100)
        make_refund(entry, proposed_by=make_officer())

        assert reasons() == (REFUND_RUNS,)

    def test_the_open_bill_of_a_place_that_somebody_took_over(self) -> None:
        place, _invoice = billed_place(make_edition())
        successor = moved(place, next_of(place.edition), at=WITHDRAWN_AT)
        name_person(successor)

        assert reasons(now=WITHDRAWN_AT) == (PLACE_LIVE, BILL_OPEN)

    def test_whoever_works_in_the_office(self) -> None:
        make_officer(Role.FINANCE, email=EMAIL)

        assert reasons() == (HOLDS_A_ROLE,)

    def test_a_refusal_changes_nothing(self) -> None:
        make_application(person=make_person(NAME, user=make_user(EMAIL)))
        before = rows_that_name(*MARKERS)

        reasons()

        assert rows_that_name(*MARKERS) == before


class TestDisclosing:
    @pytest.mark.parametrize("model", [model for model, said in declared_models() if said.export], ids=str)
    def test_each_model_with_something_to_receive_leads_to_its_person(self, model: Any) -> None:
        declaration = model.__dict__["privacy"]

        assert declaration.person or model in FOUND

    def test_a_person_gets_what_is_kept_with_their_files_and_a_page_to_read(self) -> None:
        application = make_withdrawn()

        copy = disclose(user_id=application.person.user_id, actor=SYSTEM, now=ASKED_AT)
        packed = BytesIO()
        write_archive(copy, packed)

        archive = ZipFile(packed)
        told = json.loads(archive.read("records.json"))
        assert (told["email"], told["made_at"]) == (EMAIL, ASKED_AT.isoformat())
        assert told["records"]["accounts.Person"][0]["name"] == NAME
        answers = {row["key"]: row["value"] for row in told["records"]["admissions.ApplicationAnswer"]}
        assert answers["problem"] == f"I am {NAME}, and the old town floods."
        assert {row["text"] for row in told["records"]["admissions.DialogueText"]} == {
            f"Say more, {NAME}.",
            f"Here is more, {NAME}",
        }
        assert [name.partition("-")[2] for name in told["files"] if "zoraida" in name] == [
            "zoraida.pdf",
            "zoraida-again.pdf",
        ]
        assert sorted(archive.namelist()) == sorted(["index.html", "records.json", *told["files"]])
        page = archive.read("index.html").decode()
        assert NAME in page
        assert "Your applications" in page

    def test_nothing_of_others_is_in_it(self) -> None:
        application = make_withdrawn()
        fill(start_draft(user=make_user("other@elsewhere.example")), you={"name": "Somebody Else"})

        copy = disclose(user_id=application.person.user_id, actor=SYSTEM, now=ASKED_AT)

        told = json.dumps(copy.records, default=str).casefold()
        assert "somebody else" not in told
        assert "elsewhere" not in told

    def test_whoever_left_a_place_gets_their_bill_and_their_letter(self) -> None:
        place, _notice = make_left()

        copy = disclose(user_id=place.person.user_id, actor=SYSTEM, now=ASKED_AT)

        assert {"billing.Invoice", "billing.BillingParty", "enrollment.CancellationNotice"} <= set(copy.records)
        assert any(file.name.endswith(".eml") for file in copy.files)

    def test_the_copy_leaves_a_trail(self) -> None:
        application = make_withdrawn()

        copy = disclose(user_id=application.person.user_id, actor=SYSTEM, now=ASKED_AT)

        event = AuditEvent.objects.get(name=Event.DATA_DISCLOSED)
        assert event.facts == {"records": copy.rows, "files": len(copy.files)}

    def test_an_account_without_a_person_gets_its_address(self) -> None:
        user = make_user(EMAIL)

        copy = disclose(user_id=user.pk, actor=SYSTEM, now=ASKED_AT)

        assert copy.records["accounts.User"] == [{"email": EMAIL, "name": "", "language": "en"}]

    def test_nobody_by_that_address(self) -> None:
        with pytest.raises(NobodyByThatAddress):
            find_subject("nobody@nowhere.example")
