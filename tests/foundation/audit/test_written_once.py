"""Rows that are written once refuse to be changed or deleted, whoever asks the database."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ProjectState
from django.db.models import Model
from tests.factories.accounts import NOW, make_user
from tests.factories.admissions import make_application
from tests.factories.billing import make_allocation, make_entry, make_invoice, make_refund
from tests.factories.enrollment import make_difference, make_place
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import (
    Decision,
    DialogueEntry,
    DialogueText,
    ReplacedFile,
    Submission,
    Supplement,
    SupplementRequest,
)
from chancery.domain.admissions.states import Channel, Direction, Outcome
from chancery.domain.billing.models import (
    BatchItem,
    EntryConflict,
    EntryCorrection,
    EntryCost,
    EntryReturn,
    ExternalInvoice,
    FeedChange,
    HoldRelease,
    LineCredit,
    ProForma,
    ProofOfTransfer,
    SetOff,
    StatementFile,
    WriteOff,
)
from chancery.domain.billing.states import FileState
from chancery.domain.enrollment.models import CancellationNotice, DifferenceUndone
from chancery.domain.programme.models import DateChange
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import Ref
from chancery.foundation.audit.services import record, seal_events
from chancery.foundation.audit.triggers import written_once
from chancery.foundation.documents.models import Document, Rendering
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.mail.models import IncomingMail, MailDocument, OutgoingMail
from chancery.foundation.mail.services import Mail, queue_mail
from chancery.foundation.privacy.models import ErasurePermit

WITHOUT_ADDRESS = import_module("chancery.foundation.mail.migrations.0007_keys_without_addresses").WITHOUT_ADDRESS
pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[3] / "src" / "chancery"
CALL = re.compile(r'written_once\(\s*"(\w+)"(?:,\s*deletable_when=(\w+|"[^"]*"))?')
DECLARED = {
    table: condition
    for path in sorted(SOURCE.glob("*/*/migrations/*.py"))
    for table, condition in CALL.findall(path.read_text())
}
ERASABLE = sorted(table for table, condition in DECLARED.items() if condition == "ERASURE")
FOR_EVER = sorted(table for table, condition in DECLARED.items() if condition != "ERASURE")


def make_file(name: str = "paper.pdf") -> StoredFile:
    return StoredFile.objects.create(
        sha256="0" * 64,
        purpose=Purpose.DOCUMENT,
        content_type="application/pdf",
        size=1,
        name=name,
        path=name,
        created_at=NOW,
    )


def make_document() -> Document:
    return Document.objects.create(
        kind="test",
        subject_kind="test",
        subject_id="1",
        language="en",
        filename="paper.pdf",
        facts={},
        requested_at=NOW,
    )


def audit_rows() -> None:
    record(
        Event.ROLE_GRANTED,
        actor=SYSTEM,
        subject=make_user(),
        now=NOW,
        personal={"reason": "needed"},
    )
    seal_events(now=NOW)


def admissions_rows() -> None:
    application = make_application()
    Submission.objects.create(application=application, answers={}, submitted_at=NOW)
    entry = DialogueEntry.objects.create(
        application=application, direction=Direction.FROM_OFFICE, channel=Channel.PAGE, at=NOW
    )
    DialogueText.objects.create(entry=entry, text="What is your problem?")
    request = SupplementRequest.objects.create(application=application, entry=entry, asked=["name"], asked_at=NOW)
    Supplement.objects.create(application=application, request=request, answers={}, sent_at=NOW)
    ReplacedFile.objects.create(request=request, key="endorsement", file=make_file("old.pdf"), replaced_at=NOW)
    Decision.objects.create(application=application, outcome=Outcome.ADMIT, drafted_by=make_user(), drafted_at=NOW)


def billing_rows() -> None:
    invoice, entry = make_invoice(make_application()), make_entry()
    allocation = make_allocation(entry, invoice, amount_minor=100)
    once = {"amount_minor": 1, "reason": "charges", "actor": "user:1", "at": NOW}
    WriteOff.objects.create(invoice=invoice, allocation=allocation, **once)
    EntryCost.objects.create(entry=entry, **once)
    FeedChange.objects.create(account=entry.account, feed_before="mt940", from_on=NOW.date(), actor="user:1", at=NOW)
    contest = EntryConflict.objects.create(file=entry.file, entry=entry, came=make_entry(), amount_minor=1)
    correction = {"netted_minor": 0, "reason": "charges", "actor": "user:1", "at": NOW}
    EntryCorrection.objects.create(contest=contest, line=make_entry(), **correction)
    EntryReturn.objects.create(credit=entry, debit=make_entry(), amount_minor=1, actor="user:1", at=NOW)
    refund = make_refund(make_entry(), proposed_by=make_user())
    SetOff.objects.create(refund=refund, allocation=allocation, amount_minor=1)
    line, credit_line = invoice.lines.get(), make_invoice(make_application()).lines.get()
    LineCredit.objects.create(line=line, credit_line=credit_line, kept_minor=0)
    ExternalInvoice.objects.create(request=invoice, number="7", issued_on=NOW.date(), recorded_at=NOW)
    BatchItem.objects.create(entry=entry, announced=make_entry())
    HoldRelease.objects.create(entry=entry, reason="known", released_by=make_user(), released_at=NOW)
    ProForma.objects.create(
        application=invoice.lines.get().quote.application,
        digest="d",
        valid_until=NOW,
        total_minor=1,
        currency="EUR",
        document=make_document(),
        written_at=NOW,
    )
    ProofOfTransfer.objects.create(invoice=invoice, file=make_file("proof.pdf"), uploaded_at=NOW)


def enrollment_rows() -> None:
    invoice = make_invoice(make_application())
    place = make_place(invoice.lines.get().quote.application, invoice=invoice)
    notice = CancellationNotice.objects.create(place=place, received_at=NOW, counts_from=NOW)
    row = make_difference(notice, invoice=invoice, entry=make_entry())
    DifferenceUndone.objects.create(difference=row, credit_note=invoice, reason="wrong", actor="user:1", at=NOW)


def programme_rows() -> None:
    edition = make_edition()
    DateChange.objects.create(
        edition=edition,
        starts_before=edition.starts_on,
        ends_before=edition.ends_on,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        provisional=False,
        changed_by="user:1",
        changed_at=NOW,
    )


def documents_rows() -> None:
    Rendering.objects.create(document=make_document(), file=make_file(), rendered_at=NOW)


def mail_rows() -> None:
    mail = Mail(
        kind="test/mail",
        about=Ref("test", "1"),
        to="iva@zagreb.example",
        language="en",
        subject="s",
        text="t",
        html="h",
        dedupe_key="k",
    )
    sent = queue_mail(mail, now=NOW)
    MailDocument.objects.create(mail=sent, document=make_document())
    IncomingMail.objects.create(sha256="0" * 64, received_at=NOW, received_source="test", raw=make_file("raw.eml"))


ROWS: dict[str, Callable[[], None]] = {
    "audit": audit_rows,
    "admissions": admissions_rows,
    "billing": billing_rows,
    "enrollment": enrollment_rows,
    "programme": programme_rows,
    "documents": documents_rows,
    "mail": mail_rows,
}


@pytest.fixture
def table(request: pytest.FixtureRequest) -> str:
    """Return a table that holds at least one row."""
    name: str = request.param
    ROWS[name.partition("_")[0]]()
    assert model_of(name).objects.exists(), f"{name}: make a row of it in this file"  # type: ignore[attr-defined]
    return name


def model_of(table: str) -> type[Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def refuses(sql: str) -> bool:
    """Say whether the database refuses a statement; what it does is undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError as error:
        assert "is written once" in str(error)  # noqa: PT017  # the refusal must be the trigger's
        return True
    return False


def triggers() -> set[str]:
    of_engine = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(of_engine[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_what_the_house_promises_to_keep_is_declared() -> None:
    promised = {
        "audit_auditevent",
        "admissions_decision",
        "billing_invoice",
        "billing_invoiceline",
        "billing_bankentry",
        "billing_allocation",
        "programme_terms",
    }

    assert promised <= set(DECLARED)


def test_each_declared_table_has_both_triggers() -> None:
    expected = {f"{table}_no_{moment}" for table in DECLARED for moment in ("update", "delete")}

    assert triggers() >= expected


@pytest.mark.parametrize("table", sorted(DECLARED), indirect=True)
def test_a_row_that_is_written_once_cannot_be_changed(table: str) -> None:
    assert refuses(f"UPDATE {table} SET id = id")


@pytest.mark.parametrize("table", sorted(DECLARED), indirect=True)
def test_a_row_that_is_written_once_cannot_be_deleted(table: str) -> None:
    assert refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ERASABLE, indirect=True)
def test_an_erasure_may_delete_the_personal_part(table: str) -> None:
    ErasurePermit.objects.create(reason="asked")

    assert not refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", FOR_EVER, indirect=True)
def test_an_erasure_leaves_figures_and_ids(table: str) -> None:
    ErasurePermit.objects.create(reason="asked")

    assert refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ERASABLE, indirect=True)
def test_even_an_erasure_changes_no_row(table: str) -> None:
    ErasurePermit.objects.create(reason="asked")

    assert refuses(f"UPDATE {table} SET id = id")


def test_the_entries_of_a_file_that_never_was_accepted_can_be_dropped() -> None:
    entry = make_entry()
    StatementFile.objects.filter(pk=entry.file_id).update(state=FileState.REFUSED)

    assert not refuses(f"DELETE FROM billing_bankentry WHERE id = {entry.pk}")


def test_keys_of_older_mails_lose_their_addresses_and_are_written_once_again() -> None:
    mail_rows()
    old = OutgoingMail.objects.get()
    OutgoingMail.objects.create(
        kind="billing/invoice",
        subject_kind="test",
        subject_id="1",
        dedupe_key="billing/invoice:1:iva@zagreb.example",
        message_id="<2@chancery.example>",
        queued_at=NOW,
    )

    rule = written_once("mail_outgoingmail", instead=True, meanwhile=WITHOUT_ADDRESS)
    editor = connection.SchemaEditorClass(connection, atomic=False)  # entered, SQLite would want no transaction
    rule.database_forwards("mail", editor, ProjectState(), ProjectState())

    keys = list(OutgoingMail.objects.order_by("id").values_list("dedupe_key", flat=True))
    assert keys == [old.dedupe_key, f"billing/invoice:mail-{old.pk + 1}"]
    assert refuses("UPDATE mail_outgoingmail SET id = id")
