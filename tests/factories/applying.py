"""Applications filled through the real steps, for tests."""

from datetime import UTC, datetime

from tests.factories.accounts import make_user
from tests.factories.network import make_city_council
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import user_actor
from chancery.journey import apply

NOW = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)

GOOD_ANSWERS = {
    "you": {"name": "Asha Elephanta"},
    "work": {
        "authority": "Mumbai City Council, Mumbai, India",
        "post": "International officer",
        "seniority": "middle",
        "years": "7",
    },
    "abroad": {"international_unit": "no", "metropolitan_body": "yes", "motivation": "To learn from others."},
    "languages": {"languages": "en\nfr", "teaching_language": "yes"},
    "experience": {"experience": "We turned waste into work."},
    "problem": {"problem": "Floods in the old town."},
    "payer": {
        "payer_kind": "public",
        "billing_name": "Mumbai City Council",
        "billing_address": "1 Mahapalika Marg",
        "billing_address.postcode": "400001",
        "billing_address.town": "Mumbai",
        "billing_address.country": "IND",
        "billing_email": "accounts@mumbai.example",
    },
    "consents": {"consent_data": "yes"},
}


def start_draft(*, user: User | None = None, edition: Edition | None = None) -> Application:
    """Return a draft that was just started."""
    make_city_council()
    user = user or make_user()
    return apply.start(edition=edition or make_edition(), user=user, actor=user_actor(user.pk), now=NOW)


def fill(application: Application, **changes: dict[str, str]) -> Application:
    """Fill all parts of a draft with good answers, some of them changed."""
    for part, texts in GOOD_ANSWERS.items():
        apply.save(
            application=application,
            part=part,
            typed=apply.Typed({**texts, **changes.get(part, {})}),
            done=True,
            actor=actor_of(application),
            now=NOW,
        )
    return application


def send(application: Application, *, now: datetime = NOW) -> Application:
    """Send a filled draft."""
    return apply.submit(application=application, accepted_version=1, actor=actor_of(application), now=now).application


def actor_of(application: Application):
    """Return the applicant as the one who acts."""
    return user_actor(application.person.user_id)
