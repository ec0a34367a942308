"""What stands in a scratch database before a test begins; runs in a process of its own."""

from datetime import UTC, datetime

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from chancery.domain.admissions.models import Application, PayerDetails
from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.billing.models import EntryBalance, Invoice, Refund
from chancery.domain.billing.states import WorkState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.tasks.models import DemoClock
from chancery.interfaces.cli import preparing
from chancery.journey.admit import release_decisions
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_refund
from tests.factories.network import classify, make_city_council, make_country
from tests.factories.programme import make_edition

NOW = datetime(2024, 10, 14, 9, 0, tzinfo=UTC)


def make_tables() -> None:
    """Make the tables as a start does, and let the story's clock stand at NOW."""
    preparing.migrate()
    DemoClock.objects.create(story_at=NOW, machine_at=NOW, running=False)


def draft_admissions(capacity: int, applicants: int) -> list[int]:
    """Draft that many admissions to an edition of that many seats; return the ids of the decisions."""
    edition, officer = make_edition(capacity=capacity), user_actor(make_officer().pk)
    return [_draft(edition, officer) for _ in range(applicants)]


def bill_places(bills: int) -> list[tuple[str, int]]:
    """Admit people who have to pay; return reference and sum of each bill."""
    decisions = draft_admissions(bills, bills)
    release_decisions(decision_ids=decisions, actor=user_actor(1), now=NOW)
    return list(Invoice.objects.order_by("id").values_list("creditor_reference", "total_minor"))


def refunds_and_two_lines(of_two_minor: int) -> list[tuple[int, list[int]]]:
    """Make refunds of 100 cents in one file at the bank; return two lines, and two refunds for each, which share one.

    ``of_two_minor``: the sum of a line, such as -200 where they left with it.
    """
    make_edition()
    author = make_officer()
    refunds = [make_refund(make_entry(amount_minor=100), proposed_by=author) for _ in range(3)]
    Refund.objects.update(batch=refunds[0].batch)
    EntryBalance.objects.update(returned_minor=100, work_state=WorkState.BOOKED)
    keys = [refund.pk for refund in refunds]
    return [(make_entry(amount_minor=of_two_minor).pk, pair) for pair in (keys[:2], keys[:0:-1])]


def _draft(edition: Edition, officer: Actor) -> int:
    application = make_application(
        edition=edition, state=ApplicationState.IN_ASSESSMENT, authority=make_city_council("Porto", country=_portugal())
    )
    _name_payer(application)
    decision = draft_decision(application_id=application.pk, outcome=Outcome.ADMIT, reason="", actor=officer, now=NOW)
    return decision.pk


def _portugal():
    country = make_country("PRT", "Portugal", region="Europe")
    if not country.income_classes.exists():
        classify(country, "H")
    return country


def _name_payer(application: Application) -> None:
    PayerDetails.objects.create(
        application=application,
        legal_name=f"City of Porto, desk {application.pk}",
        address="Main Square 1",
        town="Porto",
        country="PRT",
        email=f"accounts{application.pk}@porto.example",
    )


def bill_places_and_open_drafts(bills: int, applicants: int) -> tuple[list[tuple[str, int]], list[tuple[str, str]]]:
    """Bill places, and open a file for each applicant, signed in; return bills, then references and session keys."""
    billed, edition = bill_places(bills), Edition.objects.get()
    drafts = [make_application(edition=edition, state=ApplicationState.DRAFT) for _ in range(applicants)]
    return billed, [(draft.reference, _signed_in(draft.person.user)) for draft in drafts]


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
