"""Places with their bills, played through the journey, and statements that pay them."""

from datetime import UTC, date, datetime
from pathlib import Path

from tests.factories.admissions import make_application
from tests.factories.network import classify, make_city_council, make_country, make_member

from chancery.domain.admissions.models import GroupRegistration, PayerDetails
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import EntryBalance, Invoice
from chancery.domain.billing.services.allocating import Moved
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import current_charges
from chancery.domain.enrollment.services.places import reserve_place
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.journey import reconcile, settle
from chancery.journey.bill import bill_places

ADMITTED_AT = datetime(2024, 10, 11, 9, 0, tzinfo=UTC)
ACCOUNT = "ES7599990001412024111800"


def member_council(city: str = "Accra", iso3: str = "GHA", country: str = "Ghana", code: str = "LM") -> LocalAuthority:
    """Return the council of a member city whose dues of 2023 are paid."""
    nation = make_country(iso3, country)
    if not nation.income_classes.exists():
        classify(nation, code)
    authority = make_city_council(city, country=nation)
    if not authority.city.memberships.exists():
        make_member(authority.city)
    return authority


def reserve(
    edition: Edition,
    *,
    authority: LocalAuthority | None = None,
    payer: bool = True,
    group: GroupRegistration | None = None,
) -> Place:
    """Return a reserved place that is not billed yet."""
    application = make_application(
        edition=edition, state=ApplicationState.ADMITTED, authority=authority or member_council()
    )
    if group:
        application.group = group
        application.save()
    if payer:
        PayerDetails.objects.create(
            application=application,
            kind="public",
            legal_name="Accra Metropolitan Assembly",
            address="High Street 1",
            town="Accra",
            country="GHA",
            email="accounts@accra.example",
        )
    return reserve_place(application=application, now=ADMITTED_AT, actor=SYSTEM)


def billed_place(edition: Edition, **wish: object) -> tuple[Place, Invoice]:
    """Return a reserved place and its bill."""
    place = reserve(edition, **wish)  # type: ignore[arg-type]  # passed on
    bill_places(places=[place], actor=SYSTEM, now=ADMITTED_AT)
    charge = charge_of(place)
    assert charge is not None
    assert charge.invoice_line is not None
    return place, charge.invoice_line.invoice


def billed_group(edition: Edition, authority: LocalAuthority) -> tuple[list[Place], Invoice]:
    """Return two places of a group that share one bill, as the edition then says."""
    newest = EditionRevision.objects.filter(edition=edition).latest("id")
    content = bytes(newest.content).replace(b"[invoice]\n", b'[invoice]\ngroup = "one"\n')
    EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=ADMITTED_AT)
    first = reserve(edition, authority=authority)
    group = GroupRegistration.objects.create(
        code="TWO", edition=edition, coordinator=first.person, name="Two", opened_at=ADMITTED_AT
    )
    first.application.group = group
    first.application.save()
    places = [first, reserve(edition, authority=authority, group=group)]
    bill_places(places=places, actor=SYSTEM, now=ADMITTED_AT)
    return places, Invoice.objects.latest("id")


def charge_of(place: Place) -> PlaceCharge | None:
    """Return what a place costs now by its first payer's bill, or None."""
    return next(iter(current_charges(place)), None)


def book(*, entry_id: int, invoice_id: int, amount_minor: int, reason: str, actor: Actor, now: datetime) -> Moved:
    """Book money of a line to one bill by hand."""
    parts = [reconcile.Part(invoice_id, amount_minor)]
    (moved,) = reconcile.book_line(entry_id=entry_id, parts=parts, reason=reason, actor=actor, now=now)
    return moved


def pay_bill(
    folder: Path,
    actor: Actor,
    now: datetime,
    invoice: Invoice,
    minor: int,
    *,
    on: date = date(2024, 10, 12),
    number: int = 1,
    **more: object,
) -> None:
    """Let money for a bill come in by a statement, and book by hand what is not booked by itself."""
    entry = transfer(minor, invoice.creditor_reference, number=number, value_date=on, **more)
    path = statement_file(folder, entry, name=f"statement-{number}.xml")
    settle.import_statement(path, actor=actor, now=now)
    for balance in EntryBalance.objects.filter(entry__file__name=path.name, allocated_minor=0):
        book(
            entry_id=balance.entry_id,
            invoice_id=invoice.pk,
            amount_minor=minor,
            reason="part",
            actor=actor,
            now=now,
        )


def transfer(amount: int, reference: str = "", *, text: str = "", number: int = 1, **more: object) -> CamtEntry:
    """Return a booked credit with a bank reference of its own."""
    facts: dict[str, object] = {
        "booking_date": date(2024, 10, 17),
        "payer_name": "ACCRA METROPOLITAN ASSEMBLY",
        "payer_iban": "GB33BUKB20201555555555",
        "reference": reference,
        "remittance": (text,) if text else (),
        "bank_reference": f"BANK{number:08}",
        **more,
    }
    return CamtEntry(amount, **facts)  # type: ignore[arg-type]  # named above


def statement_file(folder: Path, *entries: CamtEntry, name: str = "statement.xml", account: str = ACCOUNT) -> Path:
    """Return the path of a statement with these entries."""
    path = folder / name
    path.write_bytes(camt_file(CamtStatement(account, entries, statement_id=name)))
    return path
