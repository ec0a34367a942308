"""Write a pro-forma: what a bill of today would say, without number, account and reference (decision 0056)."""

import json
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import override

from chancery.domain.admissions.models import Application
from chancery.domain.billing.documents import FeeLine, InvoiceDocument, ParticipantFee
from chancery.domain.billing.models import ProForma
from chancery.domain.billing.policies.pro_formas import ProFormaFacts, may_write_pro_forma
from chancery.domain.billing.policies.sharing import BilledShare
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.queries.pricing import Pricing
from chancery.domain.billing.services.invoicing import refuse_incomplete, refuse_unprintable
from chancery.domain.billing.services.paper import pro_forma_document, share_line
from chancery.domain.billing.words import line_words, why_words
from chancery.domain.programme.policies import TermsRule, invoice_due_on
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import Ref
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.services import request_document
from chancery.foundation.ruling import Refused

DOCUMENT_KIND = "billing/pro_forma"
KEY_LENGTH = 40  # what a document keeps of the name of its subject


class NoProForma(Refused):
    """Nothing is to be ordered: the fee is not known, zero or paid, or the application has ended."""


@transaction.atomic
def lock_application(application_id: int) -> Application:
    """Load an application so that two people at once write one pro-forma."""
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("edition", "person", "terms", "authority__city__country").get(pk=application_id)


@transaction.atomic
def write_pro_forma(
    *,
    application: Application,
    payer: Payer,
    share: BilledShare | None,
    priced: Pricing,
    terms: TermsRule,
    facts: ProFormaFacts,
    actor: Actor,
    now: datetime,
) -> ProForma:
    """Return the pro-forma of a locked application; the one that is valid while its facts are the same.

    It is valid until the day on which a bill written on its own day would be due.

    :raises NoProForma: ``application_over``, ``place_settled``, ``fee_not_known`` or ``fee_is_zero``.
    :raises InvoiceDataMissing: when issuer or payer lack what the paper must say.
    """
    ruling = may_write_pro_forma(facts)
    if not ruling:
        raise NoProForma(ruling)
    today = local_day(now, ZoneInfo(application.edition.time_zone))
    valid_until = invoice_due_on(today, application.edition.starts_on, terms)
    participant = _participant(application, priced, terms, share, payer.language)
    paper = _checked_paper(application, payer, terms, participant, share, (today, valid_until))
    digest = _digest(paper, payer.language)
    known = ProForma.objects.filter(application=application, digest=digest, valid_until__gte=today).last()
    if known is not None:
        return known

    document = request_document(
        DOCUMENT_KIND,
        about=Ref(ProForma._meta.label_lower, f"{application.pk}-{valid_until:%Y%m%d}-{digest}"[:KEY_LENGTH]),
        language=payer.language,
        filename=f"{application.reference}-pro-forma.pdf",
        facts=freeze(paper),
        now=now,
    )
    written = ProForma.objects.create(
        application=application,
        digest=digest,
        valid_until=valid_until,
        total_minor=paper.total_minor,
        currency=paper.currency,
        document=document,
        written_at=now,
    )
    record(
        Event.PRO_FORMA_WRITTEN,
        actor=actor,
        subject=application,
        now=now,
        facts={"pro_forma": written.pk, "total_minor": written.total_minor, "currency": written.currency},
    )
    return written


def _checked_paper(
    application: Application,
    payer: Payer,
    terms: TermsRule,
    participant: ParticipantFee,
    share: BilledShare | None,
    days: tuple[date, date],
) -> InvoiceDocument:
    paper = pro_forma_document(
        application=application.reference,
        edition=application.edition,
        payer=payer,
        facts=billing_facts(application.edition),
        terms=terms,
        participant=participant,
        share=share,
        written_on=days[0],
        valid_until=days[1],
    )
    issuer = {
        "programme.name": paper.course,
        "issuer.legal_name": paper.seller.legal_name,
        "issuer.address": "".join(paper.seller.address),
    }
    refuse_incomplete((*(name for name, value in issuer.items() if not value.strip()), *payer.missing))
    refuse_unprintable(paper)
    return paper


def _participant(
    application: Application, priced: Pricing, terms: TermsRule, share: BilledShare | None, language: str
) -> ParticipantFee:
    """Return the lines of the fee, each with the fact it rests on; why an officer set it is not for a paper."""
    size = priced.facts.group_size
    with override(language):
        said = [
            (line_words(line.reason), why_words(line.reason, priced.network, group_size=size, terms=terms))
            for line in priced.answer.lines
        ]
    lines = tuple(
        FeeLine(": ".join(filter(None, words)), line.amount_minor)
        for words, line in zip(said, priced.answer.lines, strict=True)
    )
    return ParticipantFee(
        application.person.name, application.person.latin_name, (*lines, *share_line(lines, share, language))
    )


def _digest(paper: InvoiceDocument, language: str) -> str:
    """Return what tells a paper from another one, its days left out."""
    dateless = freeze(replace(paper, issued_on=paper.course_from, valid_until=None))
    return sha256(json.dumps([dateless, language], sort_keys=True).encode()).hexdigest()
