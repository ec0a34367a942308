"""A mail about money is read by who may see the money: its link opens the bill for whoever has it."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.entering import enter
from tests.factories.money import billed_place
from tests.factories.programme import make_edition

from chancery.foundation.accounts.roles import Role
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
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


def test_admissions_sends_no_bill_again_and_opens_no_paper_of_it(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    billed_place(make_edition())
    bill = OutgoingMail.objects.filter(kind__startswith="billing/", documents__isnull=False).latest("id")
    paper = reverse("open-mail-document", args=[bill.pk, bill.documents.get().document_id])
    render_due_documents()
    admissions, finance = enter(Role.ADMISSIONS), enter(Role.FINANCE)

    assert (finance.get(paper).status_code, admissions.get(paper).status_code) == (200, 404)
    assert admissions.post(reverse("send-mail-again", args=[bill.pk])).status_code == 404
