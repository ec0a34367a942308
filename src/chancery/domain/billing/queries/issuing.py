"""Who issues the bills of an edition and where they are paid, as its file says."""

from dataclasses import dataclass

from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import FourEyes
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers.edition_file import InvoiceGroup, IssuerFacts, PaymentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingFacts:
    """What a bill of an edition needs beyond its quote; ``one_for_group``: one bill for a group with one payer."""

    course: str
    organiser: str
    issuer: IssuerFacts
    payment: PaymentFacts
    one_for_group: bool

    @property
    def iban(self) -> str:
        """The account to pay to, without blanks."""
        return "".join(self.payment.iban.split())


def billing_facts(edition: Edition) -> BillingFacts:
    """Return issuer, account and course name from the newest revision of the edition's file."""
    content = get_content(edition)
    return BillingFacts(
        course=content.programme.name,
        organiser=content.programme.organiser,
        issuer=content.issuer,
        payment=content.payment,
        one_for_group=content.invoice.group is InvoiceGroup.ONE,
    )


def edition_paid_to(account_number: str) -> Edition:
    """Return the newest edition that is paid to an account of ours, else the newest of all."""
    editions = list(Edition.objects.order_by("-starts_on"))
    return next((each for each in editions if billing_facts(each).iban == account_number), editions[0])


def four_eyes_of(edition: Edition) -> FourEyes:
    """Return what takes two people in an edition."""
    return billing_facts(edition).payment.four_eyes
