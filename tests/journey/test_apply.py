from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.accounts import make_person, make_user
from tests.factories.applying import GOOD_ANSWERS, NOW, actor_of, fill, send, start_draft
from tests.factories.network import make_country
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application, PayerDetails
from chancery.domain.admissions.policies.form import FaultCode, PartStatus
from chancery.domain.admissions.queries.form import read_form
from chancery.domain.admissions.services.applying import (
    ApplicationNotReady,
    ApplicationsClosed,
    NotWithdrawable,
    expire_drafts,
)
from chancery.domain.admissions.services.filling import ApplicationNotOpen
from chancery.domain.admissions.services.grouping import GroupClosed
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.programme.models import Terms
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.documents.models import Document
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.journey import apply

pytestmark = pytest.mark.django_db
AFTER_CLOSING = datetime(2024, 10, 26, 0, 0, tzinfo=UTC)


def save(application, part, texts, *, done=True, now=NOW):
    return apply.save(
        application=application, part=part, typed=apply.Typed(texts), done=done, actor=actor_of(application), now=now
    )


def names_of_events():
    return list(AuditEvent.objects.order_by("id").values_list("name", flat=True))


class TestStart:
    def test_a_person_has_one_file_an_edition(self):
        application = start_draft()

        again = apply.start(
            edition=application.edition, user=application.person.user, actor=actor_of(application), now=NOW
        )

        assert again == application
        assert names_of_events().count("admissions.application.started") == 1

    def test_references_count_up_within_the_prefix_of_the_edition(self):
        edition = make_edition()

        references = [start_draft(edition=edition).reference for _ in range(3)]

        assert references == [f"{edition.reference_prefix}-{number:04d}" for number in (1, 2, 3)]

    def test_a_number_taken_by_another_edition_with_the_same_prefix_is_passed_over(self):
        first, second = make_edition(), make_edition()
        first.reference_prefix = second.reference_prefix = "SAME"
        first.save()
        second.save()

        references = [start_draft(edition=edition).reference for edition in (first, second, first)]

        assert references == ["SAME-0001", "SAME-0002", "SAME-0003"]

    def test_nothing_starts_after_closing(self):
        user = make_user()

        with pytest.raises(ApplicationsClosed) as refused:
            apply.start(edition=make_edition(), user=user, actor=user_actor(user.pk), now=AFTER_CLOSING)

        assert refused.value.ruling.reasons == ("applications_closed",)

    def test_somebody_who_withdrew_may_start_again(self):
        application = send(fill(start_draft()))
        apply.withdraw(application=application, reason="", actor=actor_of(application), now=NOW)

        again = apply.start(
            edition=application.edition, user=application.person.user, actor=actor_of(application), now=NOW
        )

        assert again.reference != application.reference


class TestSave:
    def test_what_was_typed_is_kept_even_when_it_is_wrong(self):
        application = start_draft()

        saved = save(application, "work", {**GOOD_ANSWERS["work"], "years": "about seven"})

        assert [fault.code for fault in saved.faults] == [FaultCode.NOT_A_NUMBER]
        assert saved.part.status is PartStatus.IN_PROGRESS
        assert read_form(application).answers.text("years") == "about seven"

    @pytest.mark.parametrize(
        "name",
        ["Lê Gió Nồm", "يسمين الشهيلي", "आशा एलिफंटा", "陳逸風", "Ελένη Μελτέμι"],
        ids=["latin", "arabic", "devanagari", "han", "greek"],
    )
    def test_a_name_in_any_script_is_kept_as_written(self, name):
        application = start_draft()

        save(application, "you", {"name": name, "latin_name": "Some Body"})

        application.person.refresh_from_db()
        assert application.person.name == name

    def test_an_automatic_save_leaves_the_mark_of_the_applicant_alone(self):
        application = start_draft()
        save(application, "experience", GOOD_ANSWERS["experience"])

        saved = save(application, "experience", {"experience": "Another story."}, done=None)

        assert saved.completed

    def test_the_listed_authority_is_found_by_what_was_typed(self):
        application = start_draft()

        save(application, "work", {**GOOD_ANSWERS["work"], "authority": "mumbai"})

        assert application.authority.name == "Mumbai City Council"

    def test_a_city_that_is_not_listed_is_written_in_once(self):
        make_country("ARG", "Argentina")
        typed = {
            **GOOD_ANSWERS["work"],
            "authority": "",
            "authority.unlisted": "yes",
            "authority.city": "Ushuaia",
            "authority.country": "ARG",
        }
        edition = make_edition()

        saved = [save(start_draft(edition=edition), "work", typed) for _ in range(2)]

        authorities = {each.authority for each in Application.objects.all()}
        assert [(one.name, one.listed) for one in authorities] == [("Ushuaia", False)]
        assert all(each.completed for each in saved)

    def test_an_automatic_save_writes_no_authority_in(self):
        make_country("ARG", "Argentina")
        application = start_draft()
        typed = {"authority.unlisted": "yes", "authority.city": "Ush", "authority.country": "ARG"}

        save(application, "work", typed, done=None)

        assert application.authority is None

    def test_the_payer_is_kept_apart_from_the_participant(self):
        application = start_draft()
        make_country()

        save(application, "payer", GOOD_ANSWERS["payer"])

        payer = PayerDetails.objects.get(application=application)
        assert (payer.kind, payer.legal_name, payer.town, payer.country) == (
            "public",
            "Mumbai City Council",
            "Mumbai",
            "IND",
        )

    def test_no_payer_is_kept_while_the_applicant_does_not_know(self):
        application = start_draft()
        save(application, "payer", GOOD_ANSWERS["payer"])

        save(application, "payer", {**GOOD_ANSWERS["payer"], "payer_kind": "unknown"})

        assert not PayerDetails.objects.filter(application=application).exists()

    def test_nothing_changes_after_closing(self):
        application = start_draft()

        with pytest.raises(ApplicationNotOpen):
            save(application, "you", {"name": "Too Late"}, now=AFTER_CLOSING)

        assert read_form(application).answers.text("name") == ""

    def test_nothing_changes_once_it_was_sent(self):
        application = send(fill(start_draft()))

        with pytest.raises(ApplicationNotOpen):
            save(application, "you", {"name": "Somebody Else"})


class TestSubmit:
    def test_a_complete_application_is_received_with_everything_that_follows(self):
        application = send(fill(start_draft()))

        application.refresh_from_db()
        obligation = Obligation.objects.get()
        mail = OutgoingMail.objects.get()
        document = Document.objects.get()
        assert application.state == ApplicationState.SUBMITTED
        assert application.terms.version == 1
        assert application.turn_ours
        assert application.turn_due_at == obligation.due_at
        assert obligation.kind == "first answer"
        # Monday 7 October and five working days: the end of Monday 14 October in Barcelona.
        assert obligation.due_at == datetime(2024, 10, 14, 21, 59, 59, tzinfo=UTC)
        assert mail.content.subject == f"We have your application {application.reference}"
        assert [each.document for each in mail.documents.all()] == [document]
        assert document.facts["first_answer_by"] == date(2024, 10, 14).isoformat()
        assert names_of_events()[-1] == "admissions.application.submitted"

    def test_what_was_sent_is_kept_as_it_was_sent(self):
        application = send(fill(start_draft()))

        assert application.submission.answers["motivation"] == "To learn from others."
        assert "asha elephanta" in application.search_text
        assert "mumbai" in application.search_text

    def test_an_open_part_stops_it_and_nothing_is_sent(self):
        application = fill(start_draft(), problem={"problem": ""})

        with pytest.raises(ApplicationNotReady) as refused:
            send(application)

        assert refused.value.ruling.reasons == ("parts_open",)
        assert not OutgoingMail.objects.exists()
        assert not Obligation.objects.exists()

    def test_terms_that_changed_meanwhile_must_be_read_again(self):
        application = fill(start_draft())
        first = Terms.objects.get(edition=application.edition)
        Terms.objects.create(edition=application.edition, version=2, rule=first.rule, frozen_at=NOW)

        with pytest.raises(ApplicationNotReady) as refused:
            send(application)

        assert refused.value.ruling.reasons == ("terms_changed",)

    def test_it_is_sent_once(self):
        application = send(fill(start_draft()))

        with pytest.raises(ApplicationNotOpen):
            send(application)

        assert OutgoingMail.objects.count() == 1

    def test_the_last_second_of_the_call_counts(self):
        application = fill(start_draft())

        send(application, now=datetime(2024, 10, 25, 21, 59, 59, 900_000, tzinfo=UTC))

        assert application.submission

    def test_a_second_later_is_too_late(self):
        application = fill(start_draft())

        with pytest.raises(ApplicationNotOpen):
            send(application, now=datetime(2024, 10, 25, 22, 0, tzinfo=UTC))


class TestWithdraw:
    def test_what_we_owed_falls_away_and_a_mail_confirms_it(self):
        application = send(fill(start_draft()))

        apply.withdraw(application=application, reason="Another job", actor=actor_of(application), now=NOW)

        application.refresh_from_db()
        assert application.state == ApplicationState.WITHDRAWN
        assert Obligation.objects.get().dropped_at == NOW
        assert not application.turn_ours
        assert OutgoingMail.objects.filter(kind="admissions/withdrawn").count() == 1

    def test_somebody_who_waits_leaves_the_waiting_list(self):
        application = send(fill(start_draft()))
        Application.objects.filter(pk=application.pk).update(state=ApplicationState.WAITING)
        join_waiting_list(application=application, actor=actor_of(application), now=NOW)

        apply.withdraw(application=application, reason="", actor=actor_of(application), now=NOW)

        application.waiting.refresh_from_db()
        assert application.waiting.left_at == NOW

    def test_a_draft_has_nothing_to_take_back(self):
        application = start_draft()

        with pytest.raises(NotWithdrawable):
            apply.withdraw(application=application, reason="", actor=actor_of(application), now=NOW)

    def test_somebody_with_a_place_is_sent_to_the_mail_that_reserved_it(self):
        application = send(fill(start_draft()))
        Application.objects.filter(pk=application.pk).update(state=ApplicationState.ADMITTED)

        with pytest.raises(NotWithdrawable) as refused:
            apply.withdraw(application=application, reason="", actor=actor_of(application), now=NOW)

        assert refused.value.ruling.reasons == ("place_exists",)


class TestGroups:
    def open_group(self, application):
        return apply.open_group_for_colleagues(
            application=application,
            part="payer",
            typed=apply.Typed(GOOD_ANSWERS["payer"]),
            actor=actor_of(application),
            now=NOW,
        )

    def test_a_colleague_joins_with_the_code_however_it_is_typed(self):
        first = start_draft()
        code = self.open_group(first)
        second = start_draft(edition=first.edition)

        saved = save(second, "payer", {**GOOD_ANSWERS["payer"], "group_code": code.replace("-", " ").lower()})

        assert saved.completed
        assert {each.group.code for each in Application.objects.all()} == {code}

    def test_a_code_of_no_group_is_kept_and_named_as_wrong(self):
        application = start_draft()

        saved = save(application, "payer", {**GOOD_ANSWERS["payer"], "group_code": "NONE-SUCH"})

        assert [fault.code for fault in saved.faults] == [FaultCode.GROUP_UNKNOWN]
        assert read_form(application).answers.text("group_code") == "NONE-SUCH"

    def test_emptying_the_code_leaves_the_group(self):
        application = start_draft()
        self.open_group(application)

        save(application, "payer", {**GOOD_ANSWERS["payer"], "group_code": ""})

        application.refresh_from_db()
        assert application.group is None
        assert names_of_events()[-1] == "admissions.group.left"

    def test_one_group_at_a_time(self):
        application = start_draft()
        self.open_group(application)

        with pytest.raises(GroupClosed):
            self.open_group(application)

    def test_the_code_of_another_edition_opens_nothing(self):
        code = self.open_group(start_draft())
        other = start_draft(edition=make_edition())

        saved = save(other, "payer", {**GOOD_ANSWERS["payer"], "group_code": code})

        assert [fault.code for fault in saved.faults] == [FaultCode.GROUP_UNKNOWN]


class TestExpiry:
    def test_a_draft_ends_after_sixty_idle_days_but_not_before_the_call_closes(self):
        application = start_draft()
        sixty = NOW + timedelta(days=60)

        assert expire_drafts(now=AFTER_CLOSING) == 0
        assert expire_drafts(now=sixty) == 1

        application.refresh_from_db()
        assert application.state == ApplicationState.EXPIRED

    def test_a_sent_application_never_expires(self):
        send(fill(start_draft()))

        assert expire_drafts(now=NOW + timedelta(days=400)) == 0


def test_a_person_made_before_keeps_the_file():
    person = make_person("Iva Bura")

    application = start_draft(user=person.user)

    assert application.person == person
