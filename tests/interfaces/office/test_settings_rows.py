"""The lists of an edition on its settings pages: a row comes, leaves or moves, after what that would do was shown."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_user
from tests.factories.applying import fill, start_draft
from tests.factories.applying import send as send_application
from tests.factories.entering import enter
from tests.factories.programme import SHIPPED

from chancery.domain.admissions.models import ApplicationAnswer, Assessment
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.domain.programme.queries import get_content, newest_revision
from chancery.domain.programme.readers.rows import list_rows
from chancery.domain.programme.services import load_edition
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent

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


@pytest.fixture
def lead(edition: Edition) -> Client:
    return enter(Role.EDITION_LEAD)


def rows_of(edition: Edition, table: str) -> tuple[str, ...]:
    return list_rows(get_content(Edition.objects.get(pk=edition.pk)), table)


def order(edition: Edition, table: str, *, without: str) -> str:
    return ",".join(str(place) for place, name in enumerate(rows_of(edition, table)) if name != without)


def send(client: Client, act: str, edition: Edition, part: str, table: str, **typed: object):
    told = {"table": table, "seen": newest_revision(edition), **typed}
    return client.post(reverse(f"{act}-rows", args=[edition.slug, part]), told)


def new_row(client: Client, edition: Edition, on: str, table: str, /, **values: str) -> dict[str, str]:
    """Return what the form for a new row sends; ``__`` in a name stands before the language."""
    page = client.get(reverse("show-settings", args=[edition.slug, on]))
    (form,) = [each.form for each in page.context["lists"] if each.table == table]
    wanted = {key.replace("__", "@"): value for key, value in values.items()}
    names = {field.name.rpartition("].")[2]: field.name for field in form.new_fields()}
    return {"order": form.added, **{names[key]: value for key, value in wanted.items()}}


def test_a_hotel_is_added_after_it_was_shown(edition: Edition, lead: Client) -> None:
    before = rows_of(edition, "hotel")
    typed = new_row(lead, edition, "offer", "hotel", name="Hotel Example", band="low")

    shown = send(lead, "preview", edition, "offer", "hotel", **typed)
    meanwhile = rows_of(edition, "hotel")
    saved = send(lead, "save", edition, "offer", "hotel", **typed)

    assert shown.context["changes"][0]["after"].splitlines() == [*before, "Hotel Example"]
    assert meanwhile == before
    assert saved.status_code == 302
    assert rows_of(edition, "hotel") == (*before, "Hotel Example")
    page = lead.get(reverse("list-settings", args=[edition.slug])).content.decode()
    assert "<strong>Hotels</strong>" in page


def test_an_expert_is_announced_and_the_programme_page_says_so(edition: Edition, lead: Client) -> None:
    typed = new_row(lead, edition, "offer", "expert", name="Prof. Ada Example")
    send(lead, "save", edition, "offer", "expert", accepted="on", **typed)
    (shown,) = [
        each
        for each in lead.get(reverse("show-settings", args=[edition.slug, "offer"])).context["lists"]
        if each.table == "expert"
    ]

    assert rows_of(edition, "expert") == ("Prof. Ada Example",)
    assert "Keys of their sessions" in lead.get(shown.rows[0].href).content.decode()
    assert "Prof. Ada Example" in Client().get(f"/en/{edition.slug}/").content.decode()


def test_questions_change_places(edition: Edition, lead: Client) -> None:
    first, second, *rest = rows_of(edition, "question")
    turned = ",".join(["1", "0", *map(str, range(2, len(rest) + 2))])

    page = lead.get(reverse("show-settings", args=[edition.slug, "form"]))
    send(lead, "save", edition, "form", "question", order=turned)

    assert page.context["lists"][0].rows[0].down == turned
    assert page.context["lists"][0].rows[0].up == ""
    assert rows_of(edition, "question") == (second, first, *rest)


def test_whoever_answered_a_question_that_leaves_is_counted_before(edition: Edition, lead: Client) -> None:
    fill(start_draft(edition=edition, user=make_user("one@city.example")), you={"name": "One"})
    gone = order(edition, "question", without="name")

    shown = send(lead, "preview", edition, "form", "question", order=gone)
    send(lead, "save", edition, "form", "question", order=gone, accepted="on")

    assert shown.context["answered"] == [("name", 1)]
    assert "1 application answers name" in shown.content.decode()
    assert "name" not in rows_of(edition, "question")


def test_a_key_that_was_answered_keeps_its_meaning(edition: Edition, lead: Client) -> None:
    fill(start_draft(edition=edition, user=make_user("one@city.example")), you={"name": "One"})
    send(lead, "save", edition, "form", "question", order=order(edition, "question", without="name"), accepted="on")
    cat = {"part": "you", "key": "name", "kind": "text", "label__en": "Name of your cat"}

    refused = send(lead, "save", edition, "form", "question", **new_row(lead, edition, "form", "question", **cat))

    assert refused.status_code == 409
    assert "asked something else here before" in refused.content.decode()


def test_a_key_keeps_its_meaning_although_nobody_answered(edition: Edition, lead: Client) -> None:
    send(lead, "save", edition, "form", "question", order=order(edition, "question", without="name"), accepted="on")
    cat = {"part": "you", "key": "name", "kind": "text", "label__en": "Name of your cat"}

    refused = send(lead, "preview", edition, "form", "question", **new_row(lead, edition, "form", "question", **cat))

    assert refused.status_code == 409
    assert "asked something else here before" in refused.content.decode()


def test_a_question_that_left_comes_back_as_it_was(edition: Edition, lead: Client) -> None:
    asked = {"part": "you", "key": "pronouns", "kind": "text", "label__en": "Pronouns"}
    send(lead, "save", edition, "form", "question", **new_row(lead, edition, "form", "question", **asked))
    send(lead, "save", edition, "form", "question", order=order(edition, "question", without="pronouns"))
    gone = rows_of(edition, "question")

    back = send(lead, "save", edition, "form", "question", **new_row(lead, edition, "form", "question", **asked))

    assert back.status_code == 302
    assert rows_of(edition, "question") == (*gone, "pronouns")


def test_an_answer_to_a_question_that_left_is_read_on_the_review_page(edition: Edition, lead: Client) -> None:
    asked = {"part": "you", "key": "pronouns", "kind": "text", "label__en": "Pronouns"}
    send(lead, "save", edition, "form", "question", **new_row(lead, edition, "form", "question", **asked))
    sent = send_application(fill(start_draft(edition=edition, user=make_user("one@city.example"))))
    ApplicationAnswer.objects.create(application=sent, key="pronouns", value="she, her")
    page = reverse("review-application", args=[edition.slug, sent.reference])
    before = enter(Role.ADMISSIONS).get(page).content.decode()

    send(lead, "save", edition, "form", "question", order=order(edition, "question", without="pronouns"))
    after = enter(Role.ADMISSIONS).get(page).content.decode()

    assert "Asked no more" not in before
    assert "she, her" in after.partition("Asked no more")[2]


def test_a_new_question_is_asked(edition: Edition, lead: Client) -> None:
    said = {"label__en": "Pronouns", "label__es": "Pronombres"}
    typed = new_row(lead, edition, "form", "question", part="you", key="pronouns", kind="text", **said)

    send(lead, "save", edition, "form", "question", accepted="on", **typed)

    asked = get_content(Edition.objects.get(pk=edition.pk)).questions[-1]
    assert (asked.key, asked.label.say("es")) == ("pronouns", "Pronombres")


def test_a_choice_is_asked_with_its_answers(edition: Edition, lead: Client) -> None:
    said = {
        "label__en": "How do you travel?",
        "options__en": "Train\nship = By sea",
        "options__es": "En tren\nEn barco",
    }
    typed = new_row(lead, edition, "form", "question", part="you", key="travel", kind="choice", **said)

    send(lead, "save", edition, "form", "question", accepted="on", **typed)

    asked = get_content(Edition.objects.get(pk=edition.pk)).questions[-1]
    assert [(each.key, each.label.say("en"), each.label.say("es")) for each in asked.options] == [
        ("train", "Train", "En tren"),
        ("ship", "By sea", "En barco"),
    ]


def test_a_choice_without_answers_is_refused_at_its_field(edition: Edition, lead: Client) -> None:
    typed = new_row(lead, edition, "form", "question", part="you", key="travel", kind="choice", label__en="How?")

    refused = send(lead, "preview", edition, "form", "question", **typed)

    assert refused.status_code == 422
    (form,) = [each.form for each in refused.context["lists"] if each.table == "question"]
    assert [name.rpartition(".")[2] for name in form.errors] == ["options@en"]


def test_a_row_says_its_words_in_the_list(edition: Edition, lead: Client) -> None:
    page = lead.get(reverse("show-settings", args=[edition.slug, "form"]))

    questions, criteria = page.context["lists"]
    assert next(row.says for row in questions.rows if row.name == "post") == "What is your post?"
    assert criteria.rows[0].says == "Need of the city"


def test_criteria_stay_while_readers_score_by_them(edition: Edition, lead: Client) -> None:
    draft = start_draft(edition=edition, user=make_user("one@city.example"))
    reader = User.objects.get(email="one@city.example")
    Assessment.objects.create(application=draft, assessor=reader, assigned_at=NOW, submitted_at=NOW)
    criteria = rows_of(edition, "criterion")

    refused = send(lead, "save", edition, "form", "criterion", order=order(edition, "criterion", without=criteria[0]))
    turned = send(lead, "save", edition, "form", "criterion", order=",".join(map(str, range(len(criteria))[::-1])))

    assert refused.status_code == 409
    assert turned.status_code == 302
    assert rows_of(edition, "criterion") == criteria[::-1]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        pytest.param({"order": "0,0"}, 422, id="a row twice"),
        pytest.param({"order": "99"}, 422, id="a row that is not there"),
        pytest.param({"order": "x"}, 422, id="no order"),
        pytest.param({"order": "new"}, 422, id="a new row that says nothing"),
        pytest.param({"order": "", "seen": 0}, 409, id="a page from before"),
        pytest.param({"order": "", "table": "payment"}, 404, id="no list"),
        pytest.param({"order": "", "table": "question"}, 404, id="a list of another part"),
    ],
)
def test_what_makes_no_list_changes_nothing(
    edition: Edition, lead: Client, typed: dict[str, object], status: int
) -> None:
    told = {"table": "hotel", **typed}
    newest = newest_revision(edition)

    answers = [
        lead.post(reverse(f"{act}-rows", args=[edition.slug, "offer"]), {"seen": newest, **told}).status_code
        for act in ("preview", "save")
    ]

    assert answers == [status, status]
    assert newest_revision(edition) == newest


def test_saved_twice_it_is_there_once(edition: Edition, lead: Client) -> None:
    typed = new_row(lead, edition, "offer", "hotel", name="Hotel Example", band="low")
    seen = newest_revision(edition)

    first, second = (send(lead, "save", edition, "offer", "hotel", **{**typed, "seen": seen}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert rows_of(edition, "hotel").count("Hotel Example") == 1


def test_the_trail_says_the_list_before_and_after(edition: Edition, lead: Client) -> None:
    before = list(rows_of(edition, "hotel"))

    send(lead, "save", edition, "offer", "hotel", order="0", accepted="on")

    facts = AuditEvent.objects.get(name=Event.EDITION_SETTING_CHANGED).facts
    assert (facts["key"], facts["old"], facts["new"]) == ("hotel", before, before[:1])
    assert EditionRevision.objects.filter(edition=edition).count() == 2


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMISSIONS, Role.AUDITOR])
def test_other_desks_see_the_lists_and_change_none(edition: Edition, role: Role) -> None:
    client = enter(role)

    page = client.get(reverse("show-settings", args=[edition.slug, "offer"]))
    refused = send(client, "save", edition, "offer", "hotel", order="")

    assert "Take out" not in page.content.decode()
    assert refused.status_code == 404
