"""Who issues the bills of an edition and where they are paid, as its file says."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.domain.billing.models import Allocation, Invoice, Refund
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


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """In whose name an account of ours stands, and the code of its bank; blank where it is not known."""

    name: str
    bic: str


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
    """Return the newest edition that is paid to an account of ours, else that of its newest bill, else the newest."""
    editions = list(Edition.objects.order_by("-starts_on"))
    named = next((each for each in editions if billing_facts(each).iban == account_number), None)
    if named:
        return named
    billed = _newest_bill(account_number)
    return billed.edition if billed else editions[0]


def editions_of_refunds(refunds: Sequence[Refund]) -> dict[int, Edition]:
    """Return the edition that rules each refund (decision 98), by id.

    It is that of its credit note, else that of the first bill which its line was booked to, else that of the account.
    """
    first = Allocation.objects.filter(entry__in={each.entry_id for each in refunds}).order_by("-pk")
    paid = dict(first.values_list("entry", "invoice__edition"))
    noted = {each.pk: each.credit_note.edition_id if each.credit_note else paid.get(each.entry_id) for each in refunds}
    editions = Edition.objects.in_bulk({key for key in noted.values() if key})
    return {
        each.pk: editions[key] if (key := noted[each.pk]) else edition_paid_to(each.entry.account.number)
        for each in refunds
    }


def edition_of_refund(refund: Refund) -> Edition:
    """Return the edition that rules a refund."""
    return editions_of_refunds([refund])[refund.pk]


def holder_of(account_number: str) -> AccountHolder:
    """Return who holds an account of ours: by the file of an edition, else as it was printed on its newest bill.

    Where neither names the account, the beneficiary of today stands in, and no bank.
    """
    facts = billing_facts(edition_paid_to(account_number))
    if facts.iban == account_number:
        return AccountHolder(facts.payment.beneficiary, facts.payment.bic)
    billed = _newest_bill(account_number)
    if billed:
        return AccountHolder(billed.issuer["beneficiary"], billed.issuer["bic"])
    return AccountHolder(facts.payment.beneficiary, "")


def accounts_of(edition: Edition) -> list[str]:
    """Return the accounts that an edition is paid to: the one of today first, then those of its bills."""
    billed = Invoice.objects.filter(edition=edition).order_by("-pk").values_list("issuer__iban", flat=True)
    return list(dict.fromkeys([billing_facts(edition).iban, *billed]))


def accounts_of_issuer(refund: Refund) -> list[str]:
    """Return the accounts that a refund may leave from: the one that was paid first, then those of its issuer today."""
    paid = refund.entry.account.number
    issuer = _name_of_issuer(edition_of_refund(refund))
    editions = [each for each in Edition.objects.order_by("-starts_on") if _name_of_issuer(each) == issuer]
    return list(dict.fromkeys([paid, *filter(None, (billing_facts(each).iban for each in editions))]))


def have_one_issuer(*numbers: str) -> bool:
    """Tell whether some accounts of ours are not of two issuers; one that no edition was paid to may be anybody's."""
    paid_to = [each for each in Edition.objects.all() if billing_facts(each).iban in numbers]
    billed = [bill.edition for bill in map(_newest_bill, numbers) if bill]
    return len({_name_of_issuer(each) for each in (*paid_to, *billed)}) <= 1


def _name_of_issuer(edition: Edition) -> str:
    issuer = billing_facts(edition).issuer
    return issuer.tax_id or issuer.legal_name


def four_eyes_of(edition: Edition) -> FourEyes:
    """Return what takes two people in an edition."""
    return billing_facts(edition).payment.four_eyes


def _newest_bill(account_number: str) -> Invoice | None:
    rows = Invoice.objects.select_related("edition").filter(issuer__iban=account_number)
    return rows.order_by("-pk").first()
