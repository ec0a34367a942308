"""Read who pays, as the application says."""

from dataclasses import dataclass

from chancery.domain.admissions.models import Application, PayerDetails

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
