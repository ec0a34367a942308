"""Which addresses there are in the played demo, and who may stand before each: walked from the URL map."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from tests.house.routes import BY_SECRET, DEMO, Route, all_routes

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.billing.models import BankEntry, Invoice, StatementFile
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.enrollment.queries import find_place
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.readers import SettingsPart
from chancery.foundation import clock
from chancery.foundation.accounts.models import SavedView, User
from chancery.foundation.accounts.roles import GRANTS
from chancery.foundation.mail.models import MailDocument
from chancery.interfaces.demo.cast import OFFICE, applicants

EDITION = "metropolis-2024"
VISITOR = ""
# Whose pages are all looked at: a draft, a question, part of the money, a waived place, a fee with an officer.
PATHS = ("M2-0003", "M2-0009", "M2-0021", "M2-0032", "M2-0017")
PANES = ("assess", "dialogue", "decide", "history")


@dataclass(frozen=True)
class Address:
    """A page and the key of somebody who may see it; blank for a visitor."""

    path: str
    key: str
    name: str


def office_addresses() -> list[Address]:
    """Return every office route, as the first of the office who holds the right."""
    found = [Address(_path(route), _officer(route), route.name) for route in all_routes() if route.permission]
    review = reverse("review-application", args=[EDITION, _file("M2-0006").reference])
    panes = [Address(f"{review}?pane={pane}", "merce", f"pane {pane}") for pane in PANES]
    lines = [
        Address(reverse("show-line", args=[entry.pk]), "pol", "show-line")
        for entry in BankEntry.objects.order_by("id")[6:12]
    ]
    settings = [
        Address(reverse("show-settings", args=[EDITION, part]), "aina", f"settings {part}") for part in SettingsPart
    ]
    return [*found, *panes, *lines, *settings]


def public_addresses(language: str) -> list[Address]:
    """Return every route that is open, in a language."""
    closed = {*BY_SECRET, *DEMO, "metrics", "healthz", "readyz"}
    routes = [route for route in all_routes() if not route.permission and not route.is_own and route.name not in closed]
    return [Address(_path(route, language=language), VISITOR, route.name) for route in routes]


def own_addresses() -> Iterator[Address]:
    """Yield the first page of everybody of the cast, and every page of four of them."""
    for key, who in applicants().items():
        if Application.objects.filter(person__user__email=who.email).exists():
            yield Address(reverse("my-files"), key, f"my-files of {who.name}")
    for key in PATHS:
        file = _file(key)
        for route in all_routes():
            of_a_place = route.pattern.startswith("my/places/")
            of_a_colleague = route.pattern.startswith("my/substitutions/")
            if route.is_own and not of_a_colleague and not (of_a_place and find_place(file.pk) is None):
                yield Address(_path(route, ref=file.reference, part="payer"), key, f"{route.name} of {key}")
    wish = Substitution.objects.earliest("id")
    yield Address(reverse("answer-substitution", args=[wish.pk]), "M2-0036", "answer-substitution")
    parts = ("you", "work", "abroad", "languages", "experience", "problem", "consents")
    draft = _file("M2-0003").reference
    yield from (Address(reverse("edit-part", args=[draft, part]), "M2-0003", f"part {part}") for part in parts)


def payer_address() -> Address:
    """Return the page of a payer by signed link."""
    return Address(
        reverse("pay-invoice", args=[payer_token(Invoice.objects.earliest("id").number)]), VISITOR, "pay-invoice"
    )


def _path(route: Route, **more: object) -> str:
    values = {**_values(), **_elsewhere().get(route.name, {}), **more}
    missing = [name for name in route.parameters if name not in values]
    assert not missing, f"{route.pattern}: give {missing} a row in tests/stories/addresses.py"
    return reverse(route.name, kwargs={name: values[name] for name in route.parameters})


def _values() -> dict[str, object]:
    file, invoice = _file("M2-0006"), Invoice.objects.earliest("id")
    travels = MailDocument.objects.earliest("id")
    return {
        "language": "en",
        "edition": EDITION,
        "edition_slug": EDITION,
        "reference": file.reference,
        "ref": file.reference,
        "application_id": file.pk,
        "mail_id": travels.mail_id,
        "document_id": travels.document_id,
        "user_id": User.objects.get(email="pol@metropolis.example").pk,
        "number": invoice.number,
        "place_id": Place.objects.get(person__user__email=applicants()["M2-0018"].email).pk,
        "entry_id": BankEntry.objects.latest("id").pk,
        "message_id": 1,
        "file_id": StatementFile.objects.latest("id").pk,
        "allocation_id": 1,
        "cost_id": 1,
        "difference_id": 1,
        "credit_id": 1,
        "authority_id": LocalAuthority.objects.earliest("id").pk,
        "exception_id": 1,
        "proof_id": 1,
        "key": "endorsement",
        "part": "you",
        "iso3": "PER",
        "syntax": "ubl",
        "refund_id": 1,
        "batch_id": 1,
        "notice_id": 1,
        "mapping_id": 1,
        "replaced_id": 1,
        "substitution_id": Substitution.objects.earliest("id").pk,
        "view_id": _kept_view().pk,
        "settings_part": "fees",
        "proposal_id": 1,
        "passkey": 1,
    }


def _kept_view() -> SavedView:
    """Return a view that the lead keeps; the story has none."""
    lead = User.objects.get(email="aina@metropolis.example")
    values = {"query": "stage=submitted", "saved_at": clock.now()}
    return SavedView.objects.get_or_create(owner=lead, of="list-applications", name="Received", defaults=values)[0]


def _elsewhere() -> dict[str, dict[str, object]]:
    reading = Assessment.objects.filter(assessor__email="ines@metropolis.example", submitted_at=None).earliest("id")
    of_reader: dict[str, object] = {"reference": reading.application.reference}
    return {
        "show-lesson": {"number": 1},
        "save-supplement-copy": {"number": 1},
        "read-application": of_reader,
        "step-back": of_reader,
        "open-reading-file": of_reader,
    }


def _officer(route: Route) -> str:
    return next(member.key for member in OFFICE if any(route.permission in GRANTS[role] for role in member.roles))


def _file(key: str) -> Application:
    return Application.objects.get(person__user__email=applicants()[key].email)
