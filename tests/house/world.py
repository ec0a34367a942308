"""A small world of real rows, so that a 404 means "closed to you" and never "there is no such row"."""

from dataclasses import dataclass, field
from typing import Any

from tests.factories.accounts import NOW, make_officer, make_person
from tests.factories.admissions import ask_to_assess, make_application, make_authority
from tests.factories.billing import make_allocation, make_entry, make_refund
from tests.factories.enrollment import make_difference
from tests.factories.money import billed_place
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition

from chancery.domain.admissions.mails.receipt import receipt_mail
from chancery.domain.admissions.models import (
    Application,
    ApplicationAnswer,
    DialogueEntry,
    ReplacedFile,
    Submission,
    Supplement,
    SupplementRequest,
)
from chancery.domain.admissions.states import Channel, Direction
from chancery.domain.billing.models import EntryCost, FeeException, ProofOfTransfer, StatementMapping
from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.programme.models import SettingsProposal
from chancery.foundation.accounts.models import SavedView, User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.models import Document
from chancery.foundation.documents.services import request_document, store_rendering
from chancery.foundation.files.models import Purpose, StoredFile
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.services import mark_sent, queue_mail
from chancery.foundation.privacy.models import DataRequest
from chancery.journey.correspond import dialogue_of


@dataclass(frozen=True)
class World:
    """One applicant with place and invoice, one of another city, and an officer a role."""

    owner: User
    stranger: User
    owner_name: str
    officers: dict[Role, User]
    values: dict[str, Any]
    # Where a name means something else on one route: route name to values.
    elsewhere: dict[str, dict[str, Any]] = field(default_factory=dict)

    def values_for(self, route_name: str) -> dict[str, Any]:
        """Return a value for each parameter of a route."""
        return {**self.values, **self.elsewhere.get(route_name, {})}


def make_world() -> World:
    """Make the rows; ``values`` names one of them for each parameter that any route has."""
    edition = make_edition(slug="metropolis-2024")
    officers = {role: make_officer(role, email=f"{role.name.lower()}@office.example") for role in Role}
    place, invoice = billed_place(edition)
    admitted, entry = place.application, make_entry()
    lima = make_authority("Lima", "Peru", "PER", "Latin America")
    asked = make_application(edition=edition, person=make_person("Rosa Paracas"), authority=lima)
    ask_to_assess(asked, officers[Role.ASSESSOR])
    _send_papers(admitted)
    _send_papers(asked)
    proof = ProofOfTransfer.objects.create(invoice=invoice, file=_store_proof(), uploaded_at=NOW)
    allocation = make_allocation(entry, invoice, amount_minor=100)
    cost = EntryCost.objects.create(entry=entry, amount_minor=-1, reason="fee", actor="user:1", at=NOW)
    refund = make_refund(make_entry(), proposed_by=officers[Role.FINANCE])
    exception = FeeException.objects.create(
        application=asked,
        fee_minor=50_000,
        currency="EUR",
        reason="twin city",
        proposed_by=officers[Role.FINANCE],
        proposed_at=NOW,
    )
    paper = request_document(
        "admissions/submission", about=ref(admitted), language="en", filename="paper.pdf", facts={}, now=NOW
    )
    thread = dialogue_of(admitted)
    mail = queue_mail(receipt_mail(admitted, answer_due_on=NOW.date(), document_id=paper.pk, thread=thread), now=NOW)
    mark_sent(mail, now=NOW)
    for document in Document.objects.filter(rendering=None):
        store_rendering(document, content=b"%PDF-1.7 paper", now=NOW)
    _give_a_copy(place.person.user)
    _give_a_copy(asked.person.user)
    notice = hear(place, facts_of(place), at=NOW)
    values = {
        "language": "en",
        "edition": edition.slug,
        "edition_slug": edition.slug,
        "reference": admitted.reference,
        "mail_id": mail.pk,
        "document_id": paper.pk,
        "ref": admitted.reference,
        "user_id": officers[Role.FINANCE].pk,
        "passkey": 1,
        "token": "not-a-secret-of-ours",
        "number": invoice.number,
        "syntax": "ubl",
        "entry_id": entry.pk,
        "message_id": 1,
        "file_id": entry.file_id,
        "place_id": place.pk,
        "key": "endorsement",
        "part": "you",
        "settings_part": "fees",
        "proposal_id": SettingsProposal.objects.create(
            edition=edition, wanted={"payment.bank": "Another"}, proposed_by="user:1", proposed_at=NOW
        ).pk,
        "iso3": "PER",
        "authority_id": asked.authority_id,
        "exception_id": exception.pk,
        "proof_id": proof.pk,
        "allocation_id": allocation.pk,
        "cost_id": cost.pk,
        "credit_id": make_entry().pk,
        "refund_id": refund.pk,
        "batch_id": refund.batch_id,
        "mapping_id": StatementMapping.objects.create(name="Bank", rule={}, saved_by="user:1", saved_at=NOW).pk,
        "view_id": SavedView.objects.create(
            owner=officers[Role.EDITION_LEAD],
            of="list-clocks",
            name="Refunds",
            query="kind=refund",
            is_shared=True,
            saved_at=NOW,
        ).pk,
        "notice_id": notice.pk,
        "difference_id": make_difference(notice, invoice=invoice, entry=entry).pk,
        "application_id": admitted.pk,
        "substitution_id": _name_a_colleague(place),
        "replaced_id": _send_supplement(admitted).pk,
        "line_id": entry.pk,
        "statement_id": entry.statement_id,
    }
    owner, stranger = place.person.user, asked.person.user
    assert owner
    assert stranger
    read = {"reference": asked.reference}
    elsewhere = {
        "show-lesson": {"number": 1},
        "save-supplement-copy": {"number": 1},
        "read-application": read,
        "open-reading-file": read,
        "step-back": read,
    }
    return World(owner, stranger, place.person.name, officers, values, elsewhere)


def _give_a_copy(user: User) -> None:
    """Let the owner have a copy of their data to fetch."""
    packed = store_bytes(b"PK", purpose=Purpose.DATA_COPY, name="copy.zip", content_type="application/zip", now=NOW)
    DataRequest.objects.create(user=user, asked_at=NOW, answered_at=NOW, file=packed)


def _store_proof() -> StoredFile:
    return store_bytes(
        b"%PDF-1.7 proof",
        purpose=Purpose.PROOF_OF_TRANSFER,
        name="proof.pdf",
        content_type="application/pdf",
        now=NOW,
    )


def _send_supplement(application: Application) -> ReplacedFile:
    entry = DialogueEntry.objects.create(
        application=application, direction=Direction.FROM_OFFICE, channel=Channel.PAGE, at=NOW
    )
    request = SupplementRequest.objects.create(
        application=application, entry=entry, asked=["endorsement"], asked_at=NOW
    )
    old = store_bytes(
        b"%PDF-1.7 old letter", purpose=Purpose.ENDORSEMENT, name="old.pdf", content_type="application/pdf", now=NOW
    )
    copy = request_document(
        "admissions/submission", about=ref(request), language="en", filename="copy-2.pdf", facts={}, now=NOW
    )
    store_rendering(copy, content=b"%PDF-1.7 paper", now=NOW)
    Supplement.objects.create(application=application, request=request, answers={}, document=copy, sent_at=NOW)
    return ReplacedFile.objects.create(request=request, key="endorsement", file=old, replaced_at=NOW)


def _send_papers(application: Application) -> None:
    letter = store_bytes(
        b"%PDF-1.7 letter",
        purpose=Purpose.ENDORSEMENT,
        name="letter.pdf",
        content_type="application/pdf",
        now=NOW,
    )
    ApplicationAnswer.objects.create(application=application, key="endorsement", file=letter)
    copy = request_document(
        "admissions/submission", about=ref(application), language="en", filename="copy.pdf", facts={}, now=NOW
    )
    Submission.objects.create(application=application, answers={}, document=copy, submitted_at=NOW)


def _name_a_colleague(place: Place) -> int:
    """Name somebody to come instead; the page for the colleague opens to the owner's address."""
    return Substitution.objects.create(place=place, email=place.person.email, proposed_at=NOW).pk
