"""An incomplete application: asked, completed, sent again, or let expire (promise B1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.applying import GOOD_ANSWERS, actor_of, fill, send, start_draft

from chancery.domain.admissions.models import Application, PayerDetails, ReplacedFile
from chancery.domain.admissions.queries.supplement import form_to_fill, list_supplements, sent_form
from chancery.domain.admissions.services.assessing import MayNotAssess, assign_assessors
from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.services.filling import ApplicationNotOpen, attach_file
from chancery.domain.admissions.services.moving import MoveNotAllowed
from chancery.domain.admissions.services.supplementing import MayNotExpire, NotToBeSupplemented, SupplementNotReady
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.files.storage import path_of
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.mail.threads import reply_address
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.worker.documents import render_document
from chancery.journey import apply, correspond
from chancery.journey.supplement import ask_for_missing, let_expire, send_again

pytestmark = pytest.mark.django_db
SENT_AT = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)
ASKED_AT = datetime(2024, 10, 8, 8, 0, tzinfo=UTC)
AFTER_THE_CALL = datetime(2024, 10, 16, 8, 0, tzinfo=UTC)
WISHED = date(2024, 10, 21)
PAST = datetime(2024, 10, 22, 8, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer().pk)


def sent(**changes: dict[str, str]) -> Application:
    application = fill(start_draft(), **changes)
    return Application.objects.select_related("edition", "person").get(pk=send(application, now=SENT_AT).pk)


def upload(name: str) -> CheckedUpload:
    return CheckedUpload(content=PDF + name.encode(), content_type="application/pdf", name=name)


def asked(officer: Actor, *keys: str, application: Application | None = None) -> Application:
    application = application or sent()
    ask_for_missing(
        application_id=application.pk,
        asked=keys or ("post", "motivation"),
        text="Say more.",
        wished_by=WISHED,
        actor=officer,
        now=ASKED_AT,
    )
    application.refresh_from_db()
    return application


def save(application: Application, part: str, **texts: str) -> None:
    apply.save(
        application=application,
        part=part,
        typed=apply.Typed(texts),
        done=True,
        actor=actor_of(application),
        now=AFTER_THE_CALL,
    )


def complete(application: Application) -> None:
    save(application, "work", post="Head of unit")
    save(application, "abroad", motivation="To learn, and to teach.")


def open_promises(application: Application) -> list[tuple[str, date]]:
    rows = Obligation.objects.filter(subject_id=str(application.pk), met_at=None, dropped_at=None)
    return [(row.kind, row.due_at.date()) for row in rows]


def events(application: Application) -> list[str]:
    rows = AuditEvent.objects.filter(subject_kind="admissions.application", subject_id=str(application.pk))
    return [row.name.rpartition("admissions.")[2] for row in rows.order_by("id")]


class TestAsking:
    def test_it_is_the_applicants_turn_with_a_mail_and_nothing_is_owed(self, officer: Actor) -> None:
        application = asked(officer)

        assert application.state == ApplicationState.INCOMPLETE
        assert (application.turn_ours, application.turn_due_at.date()) == (False, WISHED)
        assert open_promises(application) == []
        mail = OutgoingMail.objects.get(kind="admissions/missing")
        assert mail.content.to == application.person.email
        assert mail.thread.purpose == correspond.DIALOGUE
        assert "Say more." in mail.content.text
        assert events(application)[-1] == "supplement.asked"

    def test_without_a_day_it_is_the_editions_time_to_answer(self, officer: Actor) -> None:
        application = sent()

        request = ask_for_missing(
            application_id=application.pk, asked=["post"], text="Which post?", actor=officer, now=ASKED_AT
        )

        assert request.entry.wished_by == date(2024, 10, 15)

    def test_somebody_reads_it_already(self, officer: Actor) -> None:
        application = sent()
        assign_assessors(application_id=application.pk, assessor_ids=[make_officer().pk], actor=officer, now=ASKED_AT)

        with pytest.raises(NotToBeSupplemented):
            asked(officer, application=application)

    def test_nobody_reads_it_and_nobody_decides_meanwhile(self, officer: Actor) -> None:
        application = asked(officer)

        with pytest.raises(MayNotAssess):
            assign_assessors(
                application_id=application.pk, assessor_ids=[make_officer().pk], actor=officer, now=ASKED_AT
            )
        with pytest.raises(MoveNotAllowed):
            draft_decision(application_id=application.pk, outcome=Outcome.ADMIT, reason="", actor=officer, now=ASKED_AT)


class TestCompleting:
    def test_only_what_was_asked_for_can_be_changed(self, officer: Actor) -> None:
        application = asked(officer, "post")

        save(application, "work", post="Head of unit", seniority="senior")
        with pytest.raises(ApplicationNotOpen):
            save(application, "problem", problem="Another problem.")

        answers = dict(application.answers.values_list("key", "value"))
        assert (answers["post"], answers["seniority"]) == ("Head of unit", "middle")
        assert answers["problem"] == GOOD_ANSWERS["problem"]["problem"]

    def test_the_form_shows_only_what_was_asked_for(self, officer: Actor) -> None:
        form = form_to_fill(asked(officer))

        assert {part.key: [each.key for each in part.questions] for part in form.parts} == {
            "work": ["post"],
            "abroad": ["motivation"],
        }

    def test_a_single_fact_about_the_payer_leaves_the_rest_as_it_was(self, officer: Actor) -> None:
        application = asked(officer, "billing_email")

        save(application, "payer", billing_email="new@mumbai.example")

        payer = PayerDetails.objects.get(application=application)
        assert (payer.email, payer.legal_name) == ("new@mumbai.example", "Mumbai City Council")

    def test_a_corrected_name_keeps_the_forms_that_were_not_typed_wrongly(self, officer: Actor) -> None:
        application = asked(officer, "name")

        save(application, "you", name="Asha E. Elephanta", certificate_name="Asha Elephanta", latin_name="")

        application.person.refresh_from_db()
        assert (application.person.name, application.person.name_on_certificate) == (
            "Asha E. Elephanta",
            "Asha Elephanta",
        )

    def test_the_office_sees_what_was_sent_until_it_is_sent_again(self, officer: Actor) -> None:
        application = asked(officer)
        complete(application)

        before = sent_form(application).answers.text("post")
        send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)
        application.refresh_from_db()

        assert (before, sent_form(application).answers.text("post")) == ("International officer", "Head of unit")


class TestSendingAgain:
    def test_it_is_with_the_office_again_and_its_clock_runs_anew(self, officer: Actor) -> None:
        application = asked(officer)
        complete(application)

        result = send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)

        application.refresh_from_db()
        assert application.state == ApplicationState.SUBMITTED
        assert open_promises(application) == [(ObligationKind.FIRST_ANSWER, date(2024, 10, 23))]
        assert (application.turn_ours, result.answer_due_on) == (True, date(2024, 10, 23))
        assert events(application)[-1] == "supplement.sent"
        mail = OutgoingMail.objects.get(kind="admissions/supplement")
        assert [each.document_id for each in mail.documents.all()] == [result.document_id]

    def test_what_was_sent_first_stays_and_both_stand_side_by_side(self, officer: Actor) -> None:
        application = asked(officer)
        complete(application)
        send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)
        application.refresh_from_db()

        (shown,) = list_supplements(application, "en")

        assert application.submission.answers["post"] == "International officer"
        assert application.submitted_at == SENT_AT
        assert [(each.before, each.now) for each in shown.answers] == [
            ("International officer", "Head of unit"),
            ("To learn from others.", "To learn, and to teach."),
        ]

    def test_the_paper_holds_what_was_asked_for_only(self, officer: Actor) -> None:
        application = asked(officer, "post")
        save(application, "work", post="Head of unit")
        result = send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)

        document = result.supplement.document

        assert [[each["answer"] for each in part["answers"]] for part in document.facts["parts"]] == [["Head of unit"]]
        assert document.facts["supplement"] == 1
        assert render_document(document).startswith(b"%PDF")

    def test_a_part_that_was_asked_for_must_be_complete(self, officer: Actor) -> None:
        application = asked(officer)
        save(application, "work", post="Head of unit")

        with pytest.raises(SupplementNotReady):
            send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)

    def test_a_second_request_compares_with_what_came_with_the_first(self, officer: Actor) -> None:
        application = asked(officer, "post")
        save(application, "work", post="Head of unit")
        send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)
        ask_for_missing(
            application_id=application.pk, asked=["post"], text="Of which?", actor=officer, now=AFTER_THE_CALL
        )
        application.refresh_from_db()
        save(application, "work", post="Head of the unit of waste")
        send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)
        application.refresh_from_db()

        latest, first = list_supplements(application, "en")

        assert [(each.before, each.now) for each in (*first.answers, *latest.answers)] == [
            ("International officer", "Head of unit"),
            ("Head of unit", "Head of the unit of waste"),
        ]

    def test_a_paper_that_was_sent_is_kept_and_one_that_was_not_is_removed(self, officer: Actor) -> None:
        draft = fill(start_draft())
        attach_file(application=draft, key="endorsement", upload=upload("a.pdf"), actor=officer, now=SENT_AT)
        send(draft, now=SENT_AT)
        application = asked(officer, "endorsement", application=Application.objects.get(pk=draft.pk))

        for name in ("b.pdf", "c.pdf"):
            typed = apply.Typed({}, {"endorsement": upload(name)})
            part = form_to_fill(application).parts[0].key
            apply.save(
                application=application,
                part=part,
                typed=typed,
                done=True,
                actor=actor_of(application),
                now=AFTER_THE_CALL,
            )
        seen = sent_form(application).files["endorsement"].name
        send_again(application=application, actor=actor_of(application), now=AFTER_THE_CALL)
        application.refresh_from_db()

        (kept,) = ReplacedFile.objects.all()
        (answer,) = list_supplements(application, "en")[0].answers
        assert (seen, kept.file.name, path_of(kept.file).exists()) == ("a.pdf", "a.pdf", True)
        assert (answer.before, answer.now, answer.replaced) == ("a.pdf", "c.pdf", kept)


class TestSilence:
    def test_past_the_day_we_owe_a_call(self, officer: Actor) -> None:
        application = asked(officer)

        assert correspond.call_silent_applicants(now=PAST) == 1

        application.refresh_from_db()
        assert application.turn_ours
        assert [kind for kind, _due in open_promises(application)] == [ObligationKind.CALL]

    def test_an_officer_lets_it_expire_and_the_applicant_is_told(self, officer: Actor) -> None:
        application = asked(officer)
        correspond.call_silent_applicants(now=PAST)

        let_expire(application_id=application.pk, actor=officer, now=PAST)

        application.refresh_from_db()
        assert application.state == ApplicationState.EXPIRED
        assert open_promises(application) == []
        assert OutgoingMail.objects.get(kind="admissions/expired").content.to == application.person.email
        assert events(application)[-1] == "supplement.missed"

    def test_it_does_not_expire_in_time_nor_while_we_owe_an_answer(self, officer: Actor) -> None:
        application = asked(officer)

        with pytest.raises(MayNotExpire):
            let_expire(application_id=application.pk, actor=officer, now=ASKED_AT + timedelta(days=1))
        correspond.hear_from_applicant(application_id=application.pk, text="Soon!", actor=officer, now=AFTER_THE_CALL)
        with pytest.raises(MayNotExpire):
            let_expire(application_id=application.pk, actor=officer, now=PAST)

    def test_a_late_reply_by_mail_to_an_expired_file_is_heard(self, officer: Actor) -> None:
        application = asked(officer)
        let_expire(application_id=application.pk, actor=officer, now=PAST)
        token = OutgoingMail.objects.get(kind="admissions/expired").thread.token
        raw = f"From: {application.person.email}\r\nTo: {reply_address(token)}\r\nSubject: Re\r\n\r\nI was ill.\r\n"

        correspond.receive_mail(raw=raw.encode(), source="test", now=PAST)

        assert application.dialogue.latest("id").words.text == "I was ill."
        assert [kind for kind, _due in open_promises(application)] == ["answer"]

    def test_it_may_be_sent_after_the_day_as_long_as_nobody_ended_it(self, officer: Actor) -> None:
        application = asked(officer)
        correspond.call_silent_applicants(now=PAST)
        complete(application)

        send_again(application=application, actor=actor_of(application), now=PAST)

        assert [kind for kind, _due in open_promises(application)] == [ObligationKind.FIRST_ANSWER]

    def test_the_applicant_may_withdraw(self, officer: Actor) -> None:
        application = asked(officer)

        apply.withdraw(application=application, reason="", actor=actor_of(application), now=AFTER_THE_CALL)

        application.refresh_from_db()
        assert application.state == ApplicationState.WITHDRAWN
