"""What is kept about one person, played through the real steps and marked, to see what is left of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db.models import BinaryField, Model
from tests.factories.accounts import make_officer, make_user
from tests.factories.applying import actor_of, fill, send, start_draft
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.filling import attach_file
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import store_rendering
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.mail.services import lease_due_mail, mark_sent
from chancery.foundation.mail.threads import reply_address
from chancery.journey import apply, cancel, correspond
from chancery.journey.supplement import ask_for_missing, send_again

NAME, EMAIL = "Zoraida Qhapaq", "zoraida.q@marker.example"
MARKERS = ("zoraida", "qhapaq", "marker.example")
APPLIED_AT = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)
WITHDRAWN_AT = datetime(2024, 10, 20, 8, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_withdrawn() -> Application:
    """Return an application with all that can be kept about it, taken back by its applicant."""
    application = start_draft(user=make_user(EMAIL))
    fill(application, you={"name": NAME}, problem={"problem": f"I am {NAME}, and the old town floods."})
    _attach(application, "zoraida.pdf")
    send(application)
    officer = user_actor(make_officer().pk)
    later = APPLIED_AT + timedelta(days=1)
    ask_for_missing(
        application_id=application.pk,
        asked=["endorsement", "post"],
        text=f"Say more, {NAME}.",
        wished_by=later.date() + timedelta(days=7),
        actor=officer,
        now=later,
    )
    application = Application.objects.select_related("edition", "person").get(pk=application.pk)
    _attach(application, "zoraida-again.pdf", at=later)
    apply.save(
        application=application,
        part="work",
        typed=apply.Typed({"post": f"Aide to {NAME}"}),
        done=True,
        actor=actor_of(application),
        now=later,
    )
    send_again(application=application, actor=actor_of(application), now=later)
    correspond.receive_mail(raw=_letter(application), source="test", now=later)
    apply.withdraw(application=application, reason=f"{NAME} moved", actor=actor_of(application), now=WITHDRAWN_AT)
    render_and_send(WITHDRAWN_AT)
    return Application.objects.get(pk=application.pk)


def make_left() -> tuple[Place, CancellationNotice]:
    """Return a place that somebody left by a reply before anything was paid, and the notice."""
    place, _invoice = billed_place(make_edition())
    name_person(place)
    heard = hear(place, facts_of(place), at=WITHDRAWN_AT - timedelta(days=5), sender=EMAIL)
    at = WITHDRAWN_AT - timedelta(days=4)
    notice = cancel.accept_notice(notice_id=heard.pk, actor=user_actor(make_officer().pk), now=at)
    render_and_send(WITHDRAWN_AT)
    return Place.objects.get(pk=place.pk), CancellationNotice.objects.get(pk=notice.pk)


def name_person(place: Place) -> None:
    """Give the person of a place the marked name and address."""
    person, user = place.person, place.person.user
    assert user
    person.name, person.email, user.email = NAME, EMAIL, EMAIL
    person.save()
    user.save()


def render_and_send(at: datetime) -> None:
    """Let everything be made and leave that waits."""
    for document in Document.objects.filter(rendering=None):
        store_rendering(document, content=PDF + NAME.encode(), now=at)
    while mail := lease_due_mail(machine_now=at, story_now=at):
        mark_sent(mail, now=at)


def rows_that_name(*markers: str) -> dict[str, int]:
    """Return for each model in whose rows one of the markers stands how many rows do, searched in every column."""
    found = {model._meta.label: sum(_names(row, markers) for row in _rows(model)) for model in apps.get_models()}
    return {label: count for label, count in found.items() if count}


def _rows(model: type[Model]) -> Iterator[dict[str, object]]:
    fields = [field.attname for field in model._meta.concrete_fields if not isinstance(field, BinaryField)]
    yield from model.objects.values(*fields).iterator()


def _names(row: dict[str, object], markers: tuple[str, ...]) -> bool:
    text = json.dumps(row, default=str, ensure_ascii=False).casefold()
    return any(marker in text for marker in markers)


def _attach(application: Application, name: str, *, at: datetime = APPLIED_AT) -> None:
    attach_file(
        application=application,
        key="endorsement",
        upload=CheckedUpload(content=PDF + name.encode(), content_type="application/pdf", name=name),
        actor=actor_of(application),
        now=at,
    )


def _letter(application: Application) -> bytes:
    thread = correspond.dialogue_of(application)
    lines = [
        f"From: {NAME} <{EMAIL}>",
        f"To: {reply_address(thread.token)}",
        "Subject: Re: your question",
        "Message-ID: <letter@marker.example>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Here is more, {NAME}",
    ]
    return "\r\n".join(lines).encode()
