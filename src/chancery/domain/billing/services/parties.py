"""Name who pays."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application, PayerDetails
from chancery.domain.billing.models import BillingParty
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record

MANDATORY = ("legal_name", "address", "country", "email")
FIELDS = (
    "kind",
    "legal_name",
    "address",
    "postcode",
    "town",
    "country",
    "tax_id",
    "buyer_reference",
    "purchase_order",
    "dir3",
    "email",
    "language",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who is billed, as somebody wrote it."""

    legal_name: str
    address: str
    country: str
    email: str
    kind: str = "public"
    postcode: str = ""
    town: str = ""
    tax_id: str = ""
    buyer_reference: str = ""
    purchase_order: str = ""
    dir3: str = ""
    language: str = "en"

    @property
    def missing(self) -> tuple[str, ...]:
        """The mandatory fields that are blank."""
        return tuple(f"party.{name}" for name in MANDATORY if not getattr(self, name).strip())


def payer_of(application: Application) -> Payer | None:
    """Return who pays as the application says, or None where it says nothing."""
    details = PayerDetails.objects.filter(application=application).first()
    return Payer(**{name: getattr(details, name) for name in FIELDS}) if details else None


@transaction.atomic
def name_party(*, payer: Payer, actor: Actor, now: datetime) -> BillingParty:
    """Store a billing party; the same words name the same party, a change is a new row."""
    words = asdict(payer)
    party = BillingParty.objects.filter(**words).order_by("id").first()
    if party is not None:
        return party
    party = BillingParty.objects.create(**words)
    record(Event.BILLING_PARTY_NAMED, actor=actor, subject=party, now=now, facts={"kind": party.kind})
    return party
