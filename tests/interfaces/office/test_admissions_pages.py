"""What the admissions desk sees and does."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer, make_person
from tests.factories.admissions import SENT_AT, ask_to_assess, make_application, make_authority
from tests.factories.entering import enter_known
from tests.factories.programme import make_edition
from tests.house.world import make_world

from chancery.domain.admissions.models import Application, Assessment, Decision, ReplacedFile
from chancery.domain.admissions.states import ApplicationState, DeclineReason, Direction, Outcome
from chancery.foundation import clock
from chancery.foundation.accounts.models import Person
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.services import record
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.mail.threads import reply_address
from chancery.journey.correspond import hear_from_applicant, receive_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    cache.clear()


def page(name: str, application: Application, pane: str = "") -> str:
    address = reverse(name, args=[application.edition.slug, application.reference])
    return f"{address}?pane={pane}" if pane else address


def test_the_list_shows_who_is_late_first_and_hides_drafts() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    edition = make_edition()
    late, soon = make_application(edition=edition), make_application(edition=edition)
    make_application(edition=edition, state=ApplicationState.DRAFT)
    Application.objects.filter(pk=late.pk).update(turn_due_at=clock.now() - timedelta(days=1))
    Application.objects.filter(pk=soon.pk).update(turn_due_at=clock.now() + timedelta(days=1))

    shown = client.get(reverse("list-applications", args=[edition.slug]))

    assert shown.status_code == 200, shown.headers
    sections = shown.context["sections"]
    assert [(str(s["title"]), s["count"]) for s in sections] == [("late", 1), ("to do", 1)]
    assert late.person.name in sections[0]["items"][0].label
    assert shown.context["page"].total == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("q=kaskazi", ["Nairobi"], id="search"),
        pytest.param("region=Africa", ["Nairobi"], id="region"),
        pytest.param("stage=in+assessment", ["Mumbai"], id="stage"),
        pytest.param("group=to+do", ["Mumbai", "Nairobi"], id="turn"),
        pytest.param("desk=mine", [], id="mine"),
        pytest.param("stage=nonsense", ["Mumbai", "Nairobi"], id="nonsense filters nothing"),
    ],
)
def test_the_list_is_filtered(query: str, found: list[str]) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    edition = make_edition()
    nairobi = make_authority("Nairobi", "Kenya", "KEN", "Africa")
    peter = make_application(edition=edition, authority=nairobi)
    Application.objects.filter(pk=peter.pk).update(search_text="peter kaskazi nairobi")
    make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)

    shown = client.get(f"{reverse('list-applications', args=[edition.slug])}?{query}")

    cities = [item.label.rpartition(", ")[2] for s in shown.context["sections"] for item in s["items"]]
    assert sorted(cities) == found


def test_the_list_costs_the_same_at_three_rows_as_at_one(django_assert_max_num_queries) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    edition = make_edition()
    address = reverse("list-applications", args=[edition.slug])
    make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
    client.get(address)

    with django_assert_max_num_queries(8):
        client.get(address)
    for state in (ApplicationState.DECIDED, ApplicationState.ADMITTED):
        make_application(edition=edition, state=state)
    with django_assert_max_num_queries(8):
        client.get(address)


def test_the_sheet_holds_no_formula() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application()
    application.person.name = '=HYPERLINK("http://bad.example")'
    application.person.save()

    sheet = client.get(reverse("export-applications", args=[application.edition.slug]))

    lines = b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK" in lines[1]


def test_a_draft_is_read_by_nobody() -> None:
    client, _ = enter_known(Role.EDITION_LEAD)
    draft = make_application(state=ApplicationState.DRAFT)

    assert client.get(page("review-application", draft)).status_code == 404


@pytest.mark.parametrize("pane", ["", "assess", "dialogue", "decide", "history"])
def test_each_pane_of_an_application_opens(pane: str) -> None:
    client, _ = enter_known(Role.EDITION_LEAD)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    shown = client.get(page("review-application", application, pane))

    assert shown.status_code == 200
    assert application.person.name in shown.content.decode()


def test_a_message_leaves_by_mail_and_stands_in_the_dialogue() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    done = client.post(page("write-to-applicant", application), {"message-text": "Who pays?"}, follow=True)

    assert "Who pays?" in done.content.decode()
    mail = OutgoingMail.objects.get(kind="admissions/question")
    assert mail.thread is not None
    assert mail.thread.purpose == "dialogue"


@pytest.mark.parametrize(("sender", "warned"), [("stranger@elsewhere.example", True), ("{own}", False)])
def test_a_reply_from_another_address_is_shown_as_such(sender: str, warned: bool) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    client.post(page("write-to-applicant", application), {"message-text": "Who pays?"})
    token = reply_address(OutgoingMail.objects.get(kind="admissions/question").thread.token)
    raw = f"From: {sender.format(own=application.person.email.upper())}\r\nTo: {token}\r\n\r\nI withdraw."
    receive_mail(raw=raw.encode(), source="test", now=clock.now())

    shown = client.get(page("review-application", application, "dialogue")).content.decode()

    assert "I withdraw." in shown
    assert ("not the applicant's own address" in shown) is warned


@pytest.mark.parametrize(("verdict", "warned"), [("fail", True), ("permerror", True), ("pass", False)])
def test_a_reply_whose_sender_our_server_did_not_confirm_is_shown_as_such(verdict: str, warned: bool, settings) -> None:
    settings.AUTHSERV_ID = "mx.us.example"
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    client.post(page("write-to-applicant", application), {"message-text": "Who pays?"})
    token = reply_address(OutgoingMail.objects.get(kind="admissions/question").thread.token)
    email = application.person.email
    checked = f"Authentication-Results: mx.us.example; dmarc={verdict} header.from={email.partition('@')[2]}"
    raw = f"{checked}\r\nFrom: {email}\r\nTo: {token}\r\n\r\nI withdraw."
    receive_mail(raw=raw.encode(), source="test", now=clock.now())

    shown = client.get(page("review-application", application, "dialogue")).content.decode()

    assert "I withdraw." in shown
    assert ("Our mail server did not confirm" in shown) is warned


def test_a_mail_in_doubt_counts_when_an_officer_says_that_it_is_the_applicants() -> None:
    client, user = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    client.post(page("write-to-applicant", application), {"message-text": "Who pays?"})
    token = reply_address(OutgoingMail.objects.get(kind="admissions/question").thread.token)
    raw = f"From: someone@elsewhere.example\r\nTo: {token}\r\n\r\nOur city pays."
    receive_mail(raw=raw.encode(), source="test", now=clock.now())
    decline = {"decision-outcome": "decline", "decision-reason": DeclineReason.CANNOT_ATTEND.value}
    message = application.dialogue.get(direction=Direction.FROM_APPLICANT)
    address = reverse("vouch-for-message", args=[application.edition.slug, application.reference, message.pk])

    refused = client.post(page("draft-decision", application), decline)
    said = client.post(address, {}, follow=True).content.decode()
    again = client.post(address, {})
    client.post(page("draft-decision", application), decline)

    assert (refused.status_code, again.status_code) == (409, 409)
    assert "It is the applicant's" not in said
    assert AuditEvent.objects.get(name=Event.MESSAGE_VOUCHED_FOR).actor == f"user:{user.pk}"
    assert Decision.objects.get(application=application).dialogue_id == message.pk


def test_who_was_admitted_and_wrote_is_to_do_until_somebody_says_that_no_answer_is_needed() -> None:
    client, user = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.ADMITTED)
    hear_from_applicant(application_id=application.pk, text="Thanks!", actor=user_actor(user.pk), now=clock.now())
    desk = reverse("list-applications", args=[application.edition.slug])
    items = [item for section in client.get(desk).context["sections"] for item in section["items"]]
    assert [item.detail for item in items] == ["admitted: wrote to us"]
    assert "No answer needed" in client.get(page("review-application", application, "dialogue")).content.decode()

    done = client.post(page("leave-unanswered", application), {}, follow=True)

    assert "No answer is owed any more" in done.content.decode()
    shown = client.get(page("review-application", application, "dialogue")).content.decode()
    assert "No answer needed" not in shown
    assert f"<strong>Message needs no answer</strong> {user.email} · " in shown
    assert client.post(page("leave-unanswered", application), {}).status_code == 409


@pytest.mark.parametrize(
    ("days", "said"), [(0, "An answer is owed by"), (30, "An answer was owed by")], ids=["in time", "after the day"]
)
def test_an_answer_that_is_late_is_told_in_other_words(days: int, said: str) -> None:
    client, user = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.ADMITTED)
    hear_from_applicant(application_id=application.pk, text="When?", actor=user_actor(user.pk), now=clock.now())

    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        client.force_login(user)
        shown = client.get(page("review-application", application, "dialogue")).content.decode()

    assert said in shown
    assert (" days late</span>" in shown.partition('id="pane"')[2]) is bool(days)


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        pytest.param("0001-01-01", 409, "Choose a day after today.", id="long over"),
        pytest.param("9999-12-31", 422, "Take a day within the next two years.", id="the end of the calendar"),
    ],
)
def test_a_day_that_nobody_meant_is_refused_and_the_words_stay(day: str, status: int, said: str) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    answer = client.post(
        page("write-to-applicant", application), {"message-text": "Who pays?", "message-wished_by": day}
    )

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "Who pays?" in answer.content.decode()
    assert not application.dialogue.exists()


def test_an_empty_message_is_asked_for_again_with_its_field_named() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    refused = client.post(page("write-to-applicant", application), {"message-text": ""})

    assert refused.status_code == 422
    assert "#id_message-text" in refused.content.decode()


def test_a_decline_without_a_talk_is_refused_with_the_reason_and_what_would_lift_it() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)

    refused = client.post(
        page("draft-decision", application),
        {"decision-outcome": Outcome.DECLINE, "decision-reason": DeclineReason.CANNOT_ATTEND},
    )

    words = refused.content.decode()
    assert refused.status_code == 409
    assert 'role="alert"' in words
    assert "before a dialogue with the applicant has taken place" in words
    assert not Decision.objects.exists()


def test_a_decline_after_a_logged_talk_is_drafted() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    client.post(page("log-call", application), {"call-outcome": "talked", "call-text": "Clear."})

    done = client.post(
        page("draft-decision", application),
        {"decision-outcome": Outcome.DECLINE, "decision-reason": DeclineReason.CANNOT_ATTEND},
    )

    assert done.status_code == 302
    assert Decision.objects.get().dialogue.direction == Direction.CALL


def test_a_form_sent_twice_acts_once() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    said = {"note-text": "Ask Biel.", "form_token": "one-token"}

    first = client.post(page("keep-note", application), said)
    second = client.post(page("keep-note", application), said)

    assert application.dialogue.count() == 1
    assert second["Location"] == first["Location"]


def test_a_reader_sees_the_case_without_payer_and_fee() -> None:
    client, reader = enter_known(Role.ASSESSOR)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    application.answers.create(key="problem", value="Too few pilots are kept.")
    application.answers.create(key="billing_name", value="Secret Treasury")
    ask_to_assess(application, reader)

    shown = client.get(page("read-application", application)).content.decode()

    assert "Too few pilots are kept." in shown
    assert "Secret Treasury" not in shown
    assert "EUR" not in shown


def test_a_reader_is_given_no_file_of_a_part_that_is_not_shown() -> None:
    client, reader = enter_known(Role.ASSESSOR)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ask_to_assess(application, reader)
    for key in ("endorsement", "billing_name"):
        file = store_bytes(b"x", purpose=Purpose.ENDORSEMENT, name=key, content_type="application/pdf", now=SENT_AT)
        application.answers.update_or_create(key=key, defaults={"value": key, "file": file})

    where = [application.edition.slug, application.reference]
    answers = [client.get(reverse("open-reading-file", args=[*where, key])) for key in ("endorsement", "billing_name")]

    answers[0].close()
    assert [answer.status_code for answer in answers] == [200, 404]


def test_a_reader_does_not_see_the_other_scores_before_sending() -> None:
    client, reader = enter_known(Role.ASSESSOR)
    other = make_officer(Role.ASSESSOR)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ask_to_assess(application, reader, other)
    Assessment.objects.filter(assessor=other).update(
        scores={"need": 1}, reason="A reason to be hidden.", submitted_at=SENT_AT
    )

    before = client.get(page("read-application", application)).content.decode()
    scores = {f"score_{key}": "4" for key in ("need", "experience", "use")}
    client.post(page("read-application", application), {**scores, "reason": "Useful."})
    after = client.get(page("read-application", application)).content.decode()

    assert "A reason to be hidden." not in before
    assert "A reason to be hidden." in after


def test_a_reader_who_steps_back_finds_the_file_gone() -> None:
    client, reader = enter_known(Role.ASSESSOR)
    application = make_application(state=ApplicationState.IN_ASSESSMENT)
    ask_to_assess(application, reader)

    client.post(page("step-back", application), {"aside-because": "I know her."})

    assert client.get(page("read-application", application)).status_code == 404


@pytest.mark.parametrize("name", ["list-applications", "list-decisions", "list-waiting", "list-groups", "list-history"])
def test_a_reader_enters_no_other_desk(name: str) -> None:
    client, _ = enter_known(Role.ASSESSOR)

    assert client.get(reverse(name, args=[make_edition().slug])).status_code == 404


@pytest.mark.parametrize("name", ["list-decisions", "list-waiting", "list-groups", "list-history"])
def test_each_list_of_the_lead_opens_when_nothing_is_there(name: str) -> None:
    client, _ = enter_known(Role.EDITION_LEAD)

    assert client.get(reverse(name, args=[make_edition().slug])).status_code == 200


@pytest.mark.parametrize(
    ("role", "name", "amount"),
    [
        pytest.param(Role.ADMISSIONS, True, True, id="sees applications and fees"),
        pytest.param(Role.SECOND_PERSON, False, True, id="sees fees"),
        pytest.param(Role.DELIVERY, False, False, id="sees neither"),
    ],
)
def test_the_trail_names_people_and_amounts_to_those_who_may_see_them(role: Role, name: bool, amount: bool) -> None:
    client, officer = enter_known(role)
    edition = make_edition()
    with transaction.atomic():
        record(
            Event.FEE_EXCEPTION_PROPOSED,
            actor=user_actor(officer.pk),
            subject=make_application(edition=edition),
            now=clock.now(),
            facts={"fee_minor": 77_700},
            personal={"reason": "Asha Elephanta asked"},
        )

    shown = client.get(reverse("list-history", args=[edition.slug])).content.decode()

    assert ("Asha Elephanta asked" in shown, "77700" in shown) == (name, amount)


@pytest.mark.parametrize("role", Role)
def test_today_opens_for_every_role(role: Role) -> None:
    client, _ = enter_known(role)
    make_edition()

    assert client.get(reverse("see-today")).status_code == 200


@pytest.mark.parametrize(
    ("name", "latin", "told"),
    [
        ("𒀭 𒈹", "Inanna of Uruk", "prints as <bdi>Inanna of Uruk</bdi>"),
        ("𒀭 𒈹", "", "No Latin form that can be printed is on file."),
        ("Lê Gió Nồm", "", ""),
    ],
    ids=["a script without a font", "and no Latin form", "a name that prints"],
)
def test_the_office_reads_how_a_name_will_print(name: str, latin: str, told: str) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application(state=ApplicationState.SUBMITTED, person=make_person(name))
    Person.objects.filter(pk=application.person_id).update(latin_name=latin)

    shown = client.get(page("review-application", application)).content.decode()

    assert told in shown
    assert ("our fonts lack" in shown.lower()) is bool(told)


def ask(client: Client, application: Application, **more: object):
    data = {"missing-asked": ["part.work"], "missing-text": "Which post exactly?", **more}
    return client.post(page("ask-for-missing", application), data)


def test_the_officer_ticks_parts_and_questions_and_says_what_is_missing() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application()

    answer = ask(client, application, **{"missing-asked": ["part.work", "motivation"]})

    application.refresh_from_db()
    request = application.supplement_requests.get()
    assert answer.url == page("review-application", application, "assess") + "#pane"
    assert application.state == ApplicationState.INCOMPLETE
    assert {"authority", "post", "seniority", "years", "motivation"} <= set(request.asked)
    assert "problem" not in request.asked


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        pytest.param({"missing-asked": []}, 422, "Tick at least one part or question.", id="nothing ticked"),
        pytest.param({"missing-text": ""}, 422, "This field is required", id="nothing said"),
        pytest.param({"missing-wished_by": "2024-01-01"}, 409, "Choose a day after today.", id="a day that is over"),
    ],
)
def test_what_the_request_lacks_is_said_and_nothing_happens(more: dict[str, object], status: int, said: str) -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application()

    answer = ask(client, application, **more)

    application.refresh_from_db()
    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert application.state == ApplicationState.SUBMITTED


def test_an_incomplete_file_shows_what_was_asked_for_and_neither_readers_nor_decision() -> None:
    client, _ = enter_known(Role.ADMISSIONS)
    application = make_application()
    ask(client, application)

    assess = client.get(page("review-application", application, "assess")).content.decode()
    decide = client.get(page("review-application", application, "decide")).content.decode()

    assert "We asked for what is missing" in assess
    assert "It cannot expire before the day has passed." in assess
    assert page("ask-readers", application) not in assess
    assert page("ask-for-missing", application) not in assess
    assert page("draft-decision", application) not in decide


def test_it_is_let_expire_past_the_day_and_stays_on_the_list() -> None:
    client, officer = enter_known(Role.ADMISSIONS)
    application = make_application()
    ask(client, application)
    refused = client.post(page("let-expire", application))

    with time_machine.travel(clock.now() + timedelta(days=30)):
        client.force_login(officer)
        offered = client.get(page("review-application", application)).content.decode()
        client.post(page("let-expire", application))
        after = client.get(page("review-application", application, "history"))
        listed = client.get(reverse("list-applications", args=[application.edition.slug]))

    application.refresh_from_db()
    assert refused.status_code == 409
    assert page("let-expire", application) in offered
    assert application.state == ApplicationState.EXPIRED
    assert "Let expire: what was missing did not come" in after.content.decode()
    assert [(str(s["title"]), s["count"]) for s in listed.context["sections"]] == [("answered or ended", 1)]


def test_what_changed_stands_side_by_side_with_the_paper_that_was_replaced() -> None:
    world = make_world()
    client = Client()
    client.force_login(world.officers[Role.ADMISSIONS])
    application = Application.objects.get(reference=world.values["reference"])

    shown = client.get(page("review-application", application)).content.decode()

    row = ReplacedFile.objects.get()
    address = reverse("open-replaced-file", args=[application.edition.slug, application.reference, row.pk])
    assert "what changed" in shown
    assert address in shown
    assert b"".join(client.get(address).streaming_content) == b"%PDF-1.7 old letter"


def test_an_act_leads_back_to_its_pane_and_says_there_what_it_did() -> None:
    application = make_application(state=ApplicationState.IN_DIALOGUE)
    client, _ = enter_known(Role.ADMISSIONS)

    done = client.post(
        page("keep-note", application), {"note-text": "Call on Monday.", "form_token": "once-and-no-more"}
    )
    shown = client.get(done["Location"]).content.decode()

    assert done["Location"] == page("review-application", application, "dialogue") + "#pane"
    assert shown.count('class="said"') == 1
    assert shown.index('id="pane" tabindex="-1"') < shown.index('class="said"')
