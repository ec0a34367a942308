"""A mail about money is read by who may see the money: its link opens the bill for whoever has it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.entering import enter
from tests.factories.money import ADMITTED_AT, billed_place
from tests.factories.programme import make_edition
from tests.foundation.mail.test_outbox import a_mail

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.names import fold
from chancery.domain.enrollment.queries.retention import files_of
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.refs import Ref, ref
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.services import queue_mail
from chancery.interfaces.worker.sweeps import render_due_documents

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMISSIONS, 404), (Role.FINANCE, 200), (Role.EDITION_LEAD, 200), (Role.AUDITOR, 200)],
)
def test_the_mail_of_a_bill_opens_for_who_may_see_bills(role: Role, status: int) -> None:
    billed_place(make_edition())
    mail = OutgoingMail.objects.filter(kind__startswith="billing/").latest("id")
    client = enter(role)

    listed = reverse("show-mail", args=[mail.pk]) in client.get(reverse("list-mail")).content.decode()

    assert (client.get(reverse("show-mail", args=[mail.pk])).status_code, listed) == (status, status == 200)


@pytest.mark.parametrize(("role", "counted"), [(Role.ADMISSIONS, 0), (Role.FINANCE, 2)])
def test_what_a_role_may_not_see_is_not_counted_for_it(role: Role, counted: int) -> None:
    billed_place(make_edition())
    MailDelivery.objects.exclude(mail__kind__startswith="billing/").update(state="sent")
    MailDelivery.objects.filter(mail__kind="billing/invoice").update(state="failed")
    client = enter(role)

    states = {link.href: str(link.label) for link in client.get(reverse("list-mail")).context["states"]}

    assert states["?state=failed"] == f"failed {counted}"
    assert client.get(reverse("see-today")).context["mail"]["failed"] == counted


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.ADMISSIONS, {"enrollment/place_guaranteed"}),
        (Role.FINANCE, {"billing/invoice", "enrollment/place_guaranteed"}),
    ],
)
def test_the_name_of_a_person_and_their_reference_find_the_mails_about_them(role: Role, kinds: set[str]) -> None:
    edition = make_edition()
    place, other = billed_place(edition)[0], billed_place(edition)[0]
    for each, words in ((place, "M-1 Asha Monçao mumbai"), (other, "M-2 Iva Bura zagreb")):
        queue_mail(a_mail(kind="enrollment/place_guaranteed", about=ref(each), dedupe_key=words), now=ADMITTED_AT)
        Application.objects.filter(pk=each.application_id).update(search_text=fold(words))
    client = enter(role)

    found = {words: _found(client, words) for words in ("moncao asha", "M-1", "moncao iva", "&")}

    about = {(kind, place.application_id) for kind in kinds}
    assert found == {"moncao asha": about, "M-1": about, "moncao iva": set(), "&": set()}


def _found(client: Client, words: str) -> set[tuple[str, int]]:
    """Return the kinds of mail that the page lists, each with the application that it is about."""
    mails = [row["mail"] for row in client.get(reverse("list-mail"), {"q": words}).context["rows"]]
    return {(mail.kind, file) for mail in mails for file in files_of(Ref(mail.subject_kind, mail.subject_id))}


def test_admissions_sends_no_bill_again_and_opens_no_paper_of_it(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    billed_place(make_edition())
    bill = OutgoingMail.objects.filter(kind__startswith="billing/", documents__isnull=False).latest("id")
    paper = reverse("open-mail-document", args=[bill.pk, bill.documents.get().document_id])
    render_due_documents()
    admissions, finance = enter(Role.ADMISSIONS), enter(Role.FINANCE)

    assert (finance.get(paper).status_code, admissions.get(paper).status_code) == (200, 404)
    assert admissions.post(reverse("send-mail-again", args=[bill.pk])).status_code == 404
