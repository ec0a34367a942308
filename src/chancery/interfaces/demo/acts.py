"""What people of a story do, each act through the same journey that the pages use.

An act lives at its own instant: what happens in it is dated by the story, not by the machine.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.admissions.services.assessing import assign_assessors, stand_aside
from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.states import CallOutcome, Outcome
from chancery.domain.billing.policies.sharing import Share
from chancery.domain.billing.queries.payers import Payer, SharingPayer
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import current_terms, get_content
from chancery.foundation import clock
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.services import account_for
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.interfaces.demo.cast import Applicant
from chancery.journey import admit, apply, assess, correspond, shares

ZONE = ZoneInfo("Europe/Madrid")


@contextmanager
def at(day: str, time: str = "10:00") -> Iterator[datetime]:
    """Live at a day of 2024 (``MM-DD``) and a time in Barcelona, to the minute or second; yields the instant in UTC."""
    instant = datetime.fromisoformat(f"2024-{day}T{time}").replace(tzinfo=ZONE).astimezone(UTC)
    with clock.travel(instant):
        yield instant


@cache
def account(email: str) -> User:
    """Return the account of an address."""
    return account_for(email=email)


def actor(email: str) -> Actor:
    """Return the actor behind an address."""
    return user_actor(account(email).pk)


def answers(who: Applicant, **changes: str) -> dict[str, dict[str, str]]:
    """Return a whole form as this applicant fills it in, by part; ``changes`` replace single answers."""
    given = {
        "name": who.native or who.name,
        "latin_name": who.name if who.native else "",
        "certificate_name": who.native or who.name,
        "authority": "" if "authority" in changes else _listed(who),
        "post": who.post,
        "seniority": who.seniority,
        "years": who.years,
        "international_unit": who.unit,
        "metropolitan_body": who.metropolitan,
        "motivation": f"{who.problem} I want to bring home a method, and colleagues to ask.",
        "languages": "en",
        "languages.other": _other_languages(who.languages),
        "teaching_language": "yes",
        "experience": who.experience,
        "problem": who.problem,
        "payer_kind": "public",
        "billing_name": f"City of {who.city}",
        "billing_address": "Town Hall Square 1",
        "billing_address.postcode": "1000",
        "billing_address.town": who.city,
        "billing_address.country": who.iso3,
        "billing_email": who.accounts_email,
        "consent_data": "yes",
        **changes,
    }
    return _by_part(given)


def pay_a_share(application: Application, who: Applicant, now: datetime) -> None:
    """Let an applicant say that a quarter of the fee is theirs: the bill to come is two."""
    payer = Payer(
        kind="person",
        legal_name=who.name,
        address="Calle Larga 7",
        town=who.city,
        country=who.iso3,
        email=who.email,
        language="es",
    )
    second = SharingPayer(payer, Share(percent=Decimal(25)))
    shares.ask_to_share(application_id=application.pk, second=second, actor=actor(who.email), now=now)


def begin(edition: Edition, who: Applicant, now: datetime) -> Application:
    """Start the file."""
    return apply.start(edition=edition, user=account(who.email), actor=actor(who.email), now=now)


def fill(application: Application, who: Applicant, form: dict[str, dict[str, str]], now: datetime) -> None:
    """Save part by part, each called done."""
    for part, texts in form.items():
        typed = apply.Typed(texts)
        apply.save(application=application, part=part, typed=typed, done=True, actor=actor(who.email), now=now)


def send(edition: Edition, who: Applicant, now: datetime, **changes: str) -> Application:
    """Start, fill in and send an application."""
    application = begin(edition, who, now)
    fill(application, who, answers(who, **changes), now)
    version = current_terms(edition).version
    return apply.submit(application=application, accepted_version=version, actor=actor(who.email), now=now).application


def judge(application: Application, scores: Sequence[tuple[str, int]], by: str, now: datetime) -> None:
    """Ask assessors and send what they find; ``scores`` are (assessor, level for every criterion)."""
    assign(application, [email for email, _ in scores], by, now)
    for email, level in scores:
        assess.send_assessment(
            application_id=application.pk,
            scores={criterion.key: level for criterion in assess.criteria_of(application.edition)},
            reason=REASONS[level],
            actor=actor(email),
            now=now,
        )


def assign(application: Application, assessors: Sequence[str], by: str, now: datetime) -> None:
    """Ask these people to judge."""
    ids = [account(email).pk for email in assessors]
    assign_assessors(application_id=application.pk, assessor_ids=ids, actor=actor(by), now=now)


def step_back(application: Application, assessor: str, because: str, now: datetime) -> None:
    """Let an assessor declare an interest."""
    stand_aside(
        application_id=application.pk,
        assessor_id=account(assessor).pk,
        because=because,
        actor=actor(assessor),
        now=now,
    )


def ask(application: Application, text: str, by: str, now: datetime) -> None:
    """Write to the applicant."""
    correspond.write_to_applicant(application_id=application.pk, text=text, actor=actor(by), now=now)


def answer(application: Application, who: Applicant, text: str, now: datetime) -> None:
    """Answer on the page."""
    correspond.hear_from_applicant(application_id=application.pk, text=text, actor=actor(who.email), now=now)


def call(application: Application, text: str, by: str, now: datetime) -> None:
    """Log a call in which both talked."""
    correspond.log_call(application_id=application.pk, outcome=CallOutcome.TALKED, text=text, actor=actor(by), now=now)


def draft(application: Application, outcome: Outcome, by: str, now: datetime, reason: str = "") -> Decision:
    """Draft a decision."""
    return draft_decision(application_id=application.pk, outcome=outcome, reason=reason, actor=actor(by), now=now)


def release(decisions: Sequence[Decision], by: str, now: datetime) -> admit.ReleaseReport:
    """Give decisions out together."""
    return admit.release_decisions(decision_ids=[each.pk for each in decisions], actor=actor(by), now=now)


def release_all(decisions: Sequence[Decision], by: str, now: datetime) -> admit.ReleaseReport:
    """Give decisions out together; who finds no free seat waits for one."""
    ids = [each.pk for each in decisions]
    return admit.release_decisions(decision_ids=ids, actor=actor(by), now=now, overflow_waits=True)


REASONS = {
    1: "The file says little about what the city would do with it.",
    2: "A fair start; the problem is named but not yet owned by anybody.",
    3: "Clear need and a story worth sharing; the use at home is still open.",
    4: "The city needs this now, and others will learn from what it has tried.",
    5: "Rarely is a problem put so well, with people ready to act on it.",
}


def _listed(who: Applicant) -> str:
    """Return how the look-up field names the authority of the applicant's city."""
    authority = LocalAuthority.objects.select_related("city__country").get(
        name=who.city, city__country__iso3=who.iso3, listed=True
    )
    return ", ".join(dict.fromkeys((authority.name, authority.city.name, authority.city.country.name)))


def _other_languages(codes: str) -> str:
    names = Locale("en").languages
    return ", ".join(names[code] for code in codes.split(", ") if code != "en")


def _by_part(given: dict[str, str]) -> dict[str, dict[str, str]]:
    edition = Edition.objects.order_by("-starts_on").select_related("programme")[:1].get()
    parts: dict[str, dict[str, str]] = {}
    for question in get_content(edition).questions:
        keys = [key for key in given if key == question.key or key.startswith(f"{question.key}.")]
        parts.setdefault(question.part, {}).update({key: given[key] for key in keys})
    return parts
