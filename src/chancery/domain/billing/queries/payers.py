"""Read who pays, as the application says."""

from dataclasses import asdict, dataclass
from typing import Any

from chancery.domain.admissions.models import Application, PayerDetails, PayerWords, SecondPayer
from chancery.domain.billing.models import BillingParty
from chancery.domain.billing.policies.sharing import Share
from chancery.foundation.money import Money

SUM, PERCENT = "sum", "percent"  # how a share is typed
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
    return payer_in(details) if details else None


@dataclass(frozen=True, slots=True)
class SharingPayer:
    """Who shares a fee with the first payer, and how much of it is theirs."""

    payer: Payer
    share: Share


def second_payer_of(application: Application) -> SharingPayer | None:
    """Return who waits to be billed for a share of the fee, or None."""
    second = SecondPayer.objects.filter(application=application, closed_at=None).first()
    return SharingPayer(payer_in(second), Share(second.share_minor, second.share_percent)) if second else None


def second_payer_to_type(second: SharingPayer | None, currency: str) -> dict[str, Any]:
    """Return what a form about the second payer starts from: what was said before."""
    if second is None:
        return {"kind": PayerWords.Kind.PERSON, "share_in": SUM}
    minor = second.share.minor
    share = second.share.percent if minor is None else Money(minor, currency).decimal
    return {**asdict(second.payer), "share": share, "share_in": PERCENT if minor is None else SUM}


def payer_in(words: PayerWords | BillingParty) -> Payer:
    """Return the payer that a row names."""
    return Payer(**{name: getattr(words, name) for name in FIELDS})
