"""The settings of an edition, through their pages: shown, previewed, saved, refused, set back."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.enrollment import make_place
from tests.factories.entering import enter
from tests.factories.programme import SHIPPED

from chancery.domain.admissions.mails.receipt import receipt_mail
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.models import Edition, EditionRevision, SettingsProposal, Terms
from chancery.domain.programme.queries import (
    as_settled,
    current_rule,
    current_terms,
    get_content,
    get_source,
    newest_revision,
)
from chancery.domain.programme.readers import SettingsPart, dump_edition, list_settings, parse_edition
from chancery.domain.programme.services import SettingIsGuarded, change_settings, load_edition
from chancery.domain.programme.states import ProposalState
from chancery.foundation.accounts.queries import list_holders
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailThread
from chancery.interfaces.office.settings_words import LABELS

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 9, 10, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _story_time(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def edition() -> Edition:
    return load_edition(content=SHIPPED.read_bytes(), name="edition", actor=SYSTEM, now=NOW).edition


def typed(client: Client, edition: Edition, part: str, row: str = "", **changes: object) -> dict[str, object]:
    """Return what the form of a page would send with some fields changed; ``__`` in a name stands for a dot."""
    shown = client.get(reverse("show-settings", args=[edition.slug, part]), {"of": row} if row else {})
    form = shown.context["settings_form"]
    values = {each.html_name: each.value() for each in form}
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    kept = {name: value for name, value in values.items() if value is not False and value is not None}
    return {**kept, **({"of": row} if row else {})}


def send(client: Client, act: str, edition: Edition, part: str, values: dict[str, object]):
    return client.post(reverse(f"{act}-settings", args=[edition.slug, part]), values)


@pytest.mark.parametrize("part", [*SettingsPart])
def test_the_lead_finds_every_part(edition, part: SettingsPart) -> None:
    lead = enter(Role.EDITION_LEAD)

    index = lead.get(reverse("list-settings", args=[edition.slug])).content.decode()
    page = lead.get(reverse("show-settings", args=[edition.slug, part]))

    if part is SettingsPart.MAILS:  # its page shows the program's words too
        assert page["Location"] == reverse("show-mail-words", args=[edition.slug])
        page = lead.get(page["Location"])
    assert page.wsgi_request.path in index
    assert page.status_code == 200


def test_the_index_says_values_as_people_do(edition) -> None:
    index = enter(Role.EDITION_LEAD).get(reverse("list-settings", args=[edition.slug])).content.decode()
    for words in ("75\N{NO-BREAK SPACE}%", "Mon 2 Sept 2024, 00:00:00", "ES75 9999 0001 4120 2411 1800"):
        assert words in index, words


def test_the_index_says_values_in_the_readers_language(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    address = reverse("list-settings", args=[edition.slug])

    index = lead.get(address, headers={"accept-language": "es"}).content.decode()

    for words in ("75\N{NO-BREAK SPACE}%", "<dd>0\N{NO-BREAK SPACE}%</dd>", "lun 2 sept 2024, 00:00:00"):
        assert words in index, words


def test_a_change_is_shown_in_per_cent_and_as_day_and_time_before_and_after(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    later = typed(lead, edition, "opening", edition__closes_at="2024-10-26T12:00")
    more = typed(lead, edition, "leaving", cancellation__refund_rate="0.8")

    instant = send(lead, "preview", edition, "opening", later).context["changes"]
    share = send(lead, "preview", edition, "leaving", more).context["changes"]

    assert [(each["before"], each["after"]) for each in (*instant, *share)] == [
        ("Fri 25 Oct 2024, 23:59:59", "Sat 26 Oct 2024, 12:00:00"),
        ("75\N{NO-BREAK SPACE}%", "80\N{NO-BREAK SPACE}%"),
    ]


def test_a_changed_instant_reads_the_same_in_the_journal_of_the_index(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    send(lead, "save", edition, "opening", typed(lead, edition, "opening", edition__closes_at="2024-10-26T12:00"))

    (change,) = lead.get(reverse("list-settings", args=[edition.slug])).context["changes"]

    assert (change.before, change.after) == ("Fri 25 Oct 2024, 23:59:59", "Sat 26 Oct 2024, 12:00:00")


def test_a_contradiction_is_told_in_spanish_on_a_page_in_spanish(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    values = typed(lead, edition, "opening", edition__minimum="25")
    address = reverse("preview-settings", args=[edition.slug, "opening"])

    page = lead.post(address, values, headers={"accept-language": "es"})

    assert page.status_code == 409
    assert "<p>el mínimo de 25 personas supera la capacidad de 24; redúzcalo o aumente" in page.content.decode()


def test_what_cannot_be_read_is_told_in_spanish_at_its_field(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    values = typed(lead, edition, "leaving", cancellation__refund_rate="75")
    address = reverse("preview-settings", args=[edition.slug, "leaving"])

    page = lead.post(address, values, headers={"accept-language": "es"})

    (problem,) = page.context["settings_form"].errors["cancellation.refund_rate"]
    assert problem.startswith("75 supera el 100 %; escriba una parte entre")


def test_every_value_has_a_name_on_its_page() -> None:
    file = parse_edition(SHIPPED.read_bytes())
    topics = {entry.topic for part in SettingsPart for entry in list_settings(file, part) if entry.table != "text"}

    assert topics - LABELS.keys() == set()


def test_a_change_is_first_shown_beside_the_old_value_with_whom_it_touches(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    make_application(edition=edition)
    make_application(edition=edition, state=ApplicationState.DRAFT)

    page = send(lead, "preview", edition, "fees", typed(lead, edition, "fees", tariff__member="900.00"))

    assert page.status_code == 200
    assert page.context["changes"] == [
        {"label": "Member rate", "key": "tariff.member", "before": "1000.00", "after": "900.00", "frozen": True}
    ]
    assert (page.context["touched"].keep_terms, page.context["touched"].drafts) == (1, 1)
    assert EditionRevision.objects.count() == 1


def test_a_saved_value_is_a_value_of_the_file_and_frozen_terms_stay(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    sent = make_application(edition=edition)

    done = send(lead, "save", edition, "fees", typed(lead, edition, "fees", tariff__member="900.00"))

    assert done.status_code == 302
    assert get_source(edition) == SHIPPED.read_bytes().replace(b'member = "1000.00"', b'member = "900.00"')
    assert current_rule(edition).member_minor == 90_000
    assert current_terms(edition).version == 2
    sent.refresh_from_db()
    assert sent.terms == Terms.objects.get(edition=edition, version=1)
    event = AuditEvent.objects.get(name=Event.EDITION_SETTING_CHANGED)
    assert event.facts == {"key": "tariff.member", "old": "1000.00", "new": "900.00", "terms_version": 2}


def test_a_contradictory_value_is_refused_with_both_places(edition) -> None:
    lead = enter(Role.EDITION_LEAD)

    page = send(lead, "preview", edition, "fees", typed(lead, edition, "fees", tariff__member="1600.00"))

    assert page.status_code == 409
    sides = [(side.label, side.value, side.key) for finding in page.context["findings"] for side in finding.sides]
    assert sides == [("Member rate", "1600.00", "tariff.member"), ("Standard rate", "1500.00", "tariff.standard")]
    assert EditionRevision.objects.count() == 1


def test_a_value_that_cannot_be_read_is_told_at_its_field(edition) -> None:
    lead = enter(Role.EDITION_LEAD)

    page = send(lead, "preview", edition, "leaving", typed(lead, edition, "leaving", cancellation__refund_rate="75"))

    assert page.status_code == 422
    assert list(page.context["settings_form"].errors) == ["cancellation.refund_rate"]


@pytest.mark.parametrize(
    ("part", "row", "name"),
    [("words", "text.fees", "text.es.fees"), ("trace", "session[1]", "session[1].title@es")],
    ids=["a text", "a title"],
)
def test_a_placeholder_that_nothing_fills_is_told_at_its_language(edition, part: str, row: str, name: str) -> None:
    lead = enter(Role.EDITION_LEAD)

    page = send(lead, "preview", edition, part, typed(lead, edition, part, row) | {name: "De {nadie}"})

    assert page.status_code == 422
    assert list(page.context["settings_form"].errors) == [name]


def test_what_was_edited_is_dumped_and_loads_as_the_same(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    send(lead, "save", edition, "leaving", typed(lead, edition, "leaving", cancellation__visa_refusal_rate="0.5"))
    row = Edition.objects.get(pk=edition.pk)

    dumped = dump_edition(as_settled(row, get_content(row)), get_source(row))
    again = load_edition(content=dumped, name="edition", actor=SYSTEM, now=NOW)

    assert dumped == get_source(row)
    assert b'[cancellation]\nvisa_refusal_rate = "0.5"\n' in dumped
    assert (again.changed, again.terms_version) == (False, 2)


def test_a_text_against_a_rule_needs_a_tick(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    text = "A cancellation brings back 80 % of the fee."
    values = typed(lead, edition, "words", "text.cancellation", text__en__cancellation=text)

    shown = send(lead, "preview", edition, "words", values)
    refused = send(lead, "save", edition, "words", values)
    done = send(lead, "save", edition, "words", values | {"accepted": "on"})

    sides = [side.key for finding in shown.context["findings"] for side in finding.sides]
    assert sides == ["text.en.cancellation", "cancellation.refund_rate"]
    assert (shown.status_code, refused.status_code, done.status_code) == (200, 409, 302)


def test_two_people_at_once_see_both_versions(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    mine = typed(lead, edition, "leaving", cancellation__days_before=20)
    theirs = typed(lead, edition, "leaving", cancellation__free_exit_days=10)
    send(lead, "save", edition, "leaving", theirs)

    page = send(lead, "save", edition, "leaving", mine)

    assert page.status_code == 409
    assert [(each["now"], each["yours"]) for each in page.context["versions"]] == [("30", "20"), ("10", "14")]
    assert page.context["settings_form"]["seen"].value() == newest_revision(edition)
    assert current_rule(edition).days_before == 30


def test_a_change_is_set_back_by_another_change(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    send(lead, "save", edition, "leaving", typed(lead, edition, "leaving", cancellation__days_before=20))
    [change] = lead.get(reverse("list-settings", args=[edition.slug])).context["changes"]

    form = lead.get(change.undo).context["settings_form"]
    values = {each.html_name: each.value() for each in form if each.value() is not False and each.value() is not None}
    send(lead, "save", edition, "leaving", values)

    assert (change.before, change.after) == ("30", "20")
    assert current_rule(edition).days_before == 30
    assert AuditEvent.objects.filter(name=Event.EDITION_SETTING_CHANGED).count() == 2


def test_places_never_fall_below_those_taken(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    make_place(make_application(edition=edition))
    make_place(make_application(edition=edition))
    values = typed(lead, edition, "opening", edition__capacity=1, edition__minimum=1)

    assert send(lead, "preview", edition, "opening", values).status_code == 409
    assert send(lead, "save", edition, "opening", values).status_code == 409
    edition.refresh_from_db()
    assert edition.capacity == 24


def test_a_session_keeps_its_day_and_gets_another_practice(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    values = typed(lead, edition, "trace", "session[1]", **{"session[1]__applies": "S2"})

    done = send(lead, "save", edition, "trace", values | {"accepted": "on"})

    assert done.status_code == 302
    changed = AuditEvent.objects.get(name=Event.EDITION_SETTING_CHANGED).facts
    assert json.dumps([changed["key"], changed["old"], changed["new"]]) == '["session[1].applies", ["S1"], ["S2"]]'


ANOTHER_IBAN = "FR1420041010050500013M02606"


def propose(edition: Edition) -> Client:
    lead = enter(Role.EDITION_LEAD)
    send(lead, "save", edition, "account", typed(lead, edition, "account", payment__iban=ANOTHER_IBAN))
    return lead


def decide(client: Client, edition: Edition, decision: str = "approve"):
    proposal = SettingsProposal.objects.get()
    return client.post(reverse("decide-settings", args=[edition.slug, proposal.pk]), {"decision": decision})


def iban_of(edition: Edition) -> str:
    return get_content(Edition.objects.get(pk=edition.pk)).payment.iban


def test_another_account_holds_only_when_another_person_approves(edition) -> None:
    lead = propose(edition)
    before = iban_of(edition)
    waits = lead.get(reverse("show-settings", args=[edition.slug, "account"]))

    done = decide(enter(Role.SECOND_PERSON), edition)

    assert waits.context["proposed"].own
    assert (before, done.status_code, iban_of(edition)) == ("ES7599990001412024111800", 302, ANOTHER_IBAN)
    names = list(AuditEvent.objects.filter(name__startswith="programme.setting").values_list("name", flat=True))
    assert names == [Event.EDITION_SETTINGS_PROPOSED, Event.EDITION_SETTING_CHANGED, Event.EDITION_SETTINGS_APPROVED]


def test_a_rejected_account_changes_nothing(edition) -> None:
    propose(edition)

    decide(enter(Role.SECOND_PERSON), edition, "reject")

    assert iban_of(edition) == "ES7599990001412024111800"
    assert SettingsProposal.objects.get().state == ProposalState.REJECTED


def test_whoever_proposed_the_account_does_not_approve_it(edition) -> None:
    both = make_officer(Role.EDITION_LEAD, Role.SECOND_PERSON)
    client = Client()
    client.force_login(both)
    send(client, "save", edition, "account", typed(client, edition, "account", payment__four_eyes="none"))

    refused = decide(client, edition)
    shown = client.get(reverse("show-settings", args=[edition.slug, "account"])).context["proposed"]

    assert refused.status_code == 409
    assert "another person has to" in refused.content.decode()
    assert [finding.sides[0].key for finding in shown.findings] == ["payment.four_eyes"]
    assert SettingsProposal.objects.get().state == ProposalState.PROPOSED


def test_one_change_of_the_account_waits_at_a_time(edition) -> None:
    lead = propose(edition)

    again = send(lead, "save", edition, "account", typed(lead, edition, "account", payment__bank="Another bank"))

    assert again.status_code == 409
    assert SettingsProposal.objects.count() == 1


def test_the_account_is_closed_to_the_other_way(edition) -> None:
    wanted = {"payment.iban": ANOTHER_IBAN}
    seen = newest_revision(edition)

    with pytest.raises(SettingIsGuarded):
        change_settings(edition_id=edition.pk, seen=seen, wanted=wanted, accepted=True, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "row",
    [{"decided_by": "user:1"}, {"decided_by": "user:2", "alone": True}, {"alone": True}],
    ids=["alone and not said", "said and not alone", "said and not decided"],
)
def test_the_database_refuses_who_decides_alone_unsaid(edition, row: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="settings_proposal_by_two_people"), transaction.atomic():
        SettingsProposal.objects.create(edition=edition, wanted={}, proposed_by="user:1", proposed_at=NOW, **row)


def test_the_database_refuses_two_open_proposals(edition) -> None:
    SettingsProposal.objects.create(edition=edition, wanted={}, proposed_by="user:1", proposed_at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        SettingsProposal.objects.create(edition=edition, wanted={}, proposed_by="user:2", proposed_at=NOW)


def test_a_mail_stands_in_every_language_side_by_side(edition) -> None:
    desk = enter(Role.FINANCE)
    address = reverse("show-mail-words", args=[edition.slug])

    texts = desk.get(address, {"of": "enrollment/place_reserved"}).context["mails"]

    assert [text.language for text in texts] == ["en", "es", "fr", "ca"]
    assert texts[0].subject == "Your place is reserved: {reference}"
    assert "Only a written reply to THIS mail" in " ".join(texts[0].sentences)
    assert desk.get(address, {"of": "../secret"}).status_code == 404


def test_the_lead_sees_who_holds_a_role_and_a_desk_how_many(edition) -> None:
    address = reverse("show-role-holders", args=[edition.slug])
    lead, desk = enter(Role.EDITION_LEAD), enter(Role.FINANCE)

    for_lead, for_desk = (each.get(address).content.decode() for each in (lead, desk))

    [finance], [leading] = (
        list_holders(role).values_list("email", flat=True) for role in (Role.FINANCE, Role.EDITION_LEAD)
    )
    assert finance in for_lead
    assert leading not in for_desk


def test_nothing_changed_is_said(edition) -> None:
    lead = enter(Role.EDITION_LEAD)

    page = send(lead, "save", edition, "fees", typed(lead, edition, "fees"))

    assert page.status_code == 409
    assert "Every value stands there already" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.EDITION_LEAD, 200, 302),
        (Role.AUDITOR, 200, 404),
        (Role.FINANCE, 200, 404),
        (Role.ADMISSIONS, 200, 404),
        (Role.DELIVERY, 200, 404),
        (Role.ASSESSOR, 404, 404),
    ],
)
def test_the_lead_edits_and_the_desks_read(edition, role: Role, reads: int, writes: int) -> None:
    values = typed(enter(Role.EDITION_LEAD), edition, "leaving", cancellation__days_before=20)
    client = enter(role) if role is not Role.EDITION_LEAD else Client()
    if role is Role.EDITION_LEAD:
        client.force_login(make_officer(role, email="second@office.example"))

    assert client.get(reverse("list-settings", args=[edition.slug])).status_code == reads
    assert send(client, "save", edition, "leaving", values).status_code == writes


RECEIPT = "text.mail_admissions_receipt"


def test_what_a_mail_says_besides_is_seen_in_the_mail_before_it_is_saved_and_is_sent(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    words = "We are <closed> on Mondays.\n\nhttps://chancery.example/help"
    values = typed(lead, edition, "mail-words", RECEIPT, text__en__mail_admissions_receipt=words)

    before = send(lead, "preview", edition, "mail-words", values).content.decode()
    send(lead, "save", edition, "mail-words", values)
    listed = lead.get(reverse("show-mail-words", args=[edition.slug])).content.decode()
    application = make_application(edition=Edition.objects.get(pk=edition.pk))
    mail = receipt_mail(
        application, answer_due_on=NOW.date(), document_id=0, thread=MailThread(token="a" * 20, purpose="dialogue")
    )

    assert "The mail as it would be" in before
    assert "<p>We are &lt;closed&gt; on Mondays.</p>" in before
    assert "with words of the edition" in listed
    body, foot = mail.text.split("\n--\n")
    assert body.rstrip().endswith(f"\n\n{words}")
    assert "You get this because" in foot
    assert "<p>We are &lt;closed&gt; on Mondays.</p>" in mail.html
    assert 'href="https://chancery.example/help"' in mail.html


def test_a_mail_without_such_words_is_as_the_program_says_it(edition) -> None:
    thread = MailThread(token="a" * 20, purpose="dialogue")
    mail = receipt_mail(make_application(edition=edition), answer_due_on=NOW.date(), document_id=0, thread=thread)

    assert 'class="own"' not in mail.html
    assert "\n\n\n" not in mail.text


def test_an_account_in_a_mail_is_refused_at_its_field(edition) -> None:
    lead = enter(Role.EDITION_LEAD)
    words = "Our new account: ES91 2100 0418 4502 0005 1332"
    values = typed(lead, edition, "mail-words", RECEIPT, text__en__mail_admissions_receipt=words)

    refused = send(lead, "save", edition, "mail-words", values)

    assert refused.status_code == 422
    assert "this looks like a bank account" in refused.content.decode()
    assert EditionRevision.objects.filter(edition=edition).count() == 1
