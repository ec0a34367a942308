"""What the finance desk sees and does."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.entering import enter_known
from tests.factories.money import ACCOUNT, billed_place, member_council, reserve, statement_file, transfer
from tests.factories.network import make_city_council, make_country, make_member
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, BankEntry, FeeException, Invoice, StatementFile
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.network.models import City, Membership, Standing
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.ruling import refusal
from chancery.interfaces.demo.camt import CamtStatement, camt_file
from chancery.interfaces.office.money_shown import refusal_words
from chancery.interfaces.office.reasons_shown import noted_words
from chancery.journey import bill, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _desk(settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path / "files"


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes(), content_type="application/xml")


def form_of(candidate: Any, entry: BankEntry) -> dict[str, object]:
    """Return what the button of a candidate sends."""
    (part,) = candidate.parts
    seen = {"left": entry.amount_minor, f"open-{part.invoice.pk}": part.open_minor}
    return {"invoice": part.invoice.pk, "amount": part.amount, "reason": candidate.reason, **seen}


def test_a_statement_is_taken_in_and_its_report_says_what_happened(tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    client, _ = enter_known(Role.FINANCE)
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference), transfer(5, number=2))

    shown = client.post(reverse("take-statement"), {"file": upload(path)}, follow=True)

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    text = shown.content.decode()
    assert "adds up" in text
    assert "Work through 1 line" in text


def test_a_statement_that_does_not_add_up_says_by_how_much(tmp_path: Path) -> None:
    billed_place(make_edition())
    path = tmp_path / "gap.xml"
    path.write_bytes(camt_file(CamtStatement(ACCOUNT, (transfer(100_000),), closing_cents=250_000)))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)

    page = client.get(reverse("show-statement", args=[StatementFile.objects.get().pk])).content.decode()

    assert "does not add up" in page
    assert "1,500.00" in page


def test_a_file_that_is_no_statement_is_refused_with_the_reason() -> None:
    client, _ = enter_known(Role.FINANCE)

    refused = client.post(reverse("take-statement"), {"file": SimpleUploadedFile("x.xml", b"<no/>")})

    assert refused.status_code == 409
    assert 'role="alert"' in refused.content.decode()
    file = StatementFile.objects.get()
    page = client.get(reverse("show-statement", args=[file.pk])).content.decode()
    assert "Nothing of x.xml was taken" in page
    assert b"".join(client.get(reverse("download-statement", args=[file.pk]))) == b"<no/>"  # type: ignore[arg-type]


def test_a_bill_that_is_not_there_is_refused(tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000)), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    told = {"invoice": "424242", "amount": "1", "reason": "x"}

    answer = client.post(reverse("book-line", args=[BankEntry.objects.get().pk]), told)

    assert answer.status_code == 409
    assert "Nothing is open on that bill." in answer.content.decode()


def test_an_auditor_sees_the_bank_but_moves_nothing(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000)), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.AUDITOR)

    page = client.get(reverse("show-line", args=[entry.pk]))
    booked = client.post(reverse("book-line", args=[entry.pk]), {"invoice": invoice.pk, "amount": "1", "reason": "x"})

    assert page.status_code == 200
    assert "Book to" not in page.content.decode()
    assert booked.status_code == 404
    assert not Allocation.objects.exists()


def test_a_line_is_booked_by_hand_and_taken_back(tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000, text="thanks")), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)

    page = client.get(reverse("show-line", args=[entry.pk])).content.decode()
    assert f"Book EUR\N{NO-BREAK SPACE}1,000.00 to {invoice.number}" in page
    assert "the whole open sum" in page
    client.post(
        reverse("book-line", args=[entry.pk]), {"invoice": invoice.pk, "amount": "1000.00", "reason": "Accra called"}
    )
    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED

    undo = reverse("undo-allocation", args=[entry.pk, Allocation.objects.get().pk])
    page = client.post(undo, {"reason": "wrong bill"}, follow=True).content.decode()
    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert f"Taken back from {invoice.number}: its place is no longer guaranteed, and who has it is told." in page


@pytest.mark.parametrize("number", ["²", "9" * 30], ids=["no digit", "too many digits"])
def test_a_bill_by_a_number_that_is_none_is_no_bill(number: str, tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000, text="thanks")), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)

    asked = client.get(reverse("split-line", args=[entry.pk]), {"bill": number})
    sent = {"invoice": number, "amount": "1.00", "reason": "why", "left": number, f"open-{number}": "1"}
    answer = client.post(reverse("book-line", args=[entry.pk]), sent)

    assert (asked.status_code, answer.status_code) == (200, 422)


def test_a_refused_booking_names_the_fact(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(150_000)), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)

    refused = client.post(
        reverse("book-line", args=[entry.pk]), {"invoice": invoice.pk, "amount": "1500", "reason": "all of it"}
    )

    assert refused.status_code == 409
    assert "Less is open on that bill" in refused.content.decode()


def test_a_suggested_line_is_booked_with_what_stands_on_its_page(tmp_path: Path) -> None:
    place, _ = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000, text="invoice 1")), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    entry = BankEntry.objects.get()
    shown = client.get(reverse("show-line", args=[entry.pk])).context["candidates"][0]

    client.post(reverse("book-line", args=[entry.pk]), form_of(shown, entry))

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    assert "its number, written in short: invoice 1" in noted_words(Allocation.objects.get().reason)


def test_the_second_of_two_officers_is_told_what_changed(tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000, text="?")), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)
    form = form_of(client.get(reverse("show-line", args=[entry.pk])).context["candidates"][0], entry)
    client.post(reverse("book-line", args=[entry.pk]), {**form, "amount": "600.00"})

    second, _ = enter_known(Role.FINANCE)
    refused = second.post(reverse("book-line", args=[entry.pk]), form)

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody has booked from this line since you opened it." in text
    assert "EUR 400.00 of the line are left now" in text
    assert Allocation.objects.get().amount_minor == 60_000


def test_what_is_too_much_is_asked_about_and_kept_to_be_given_back(tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(150_000, invoice.creditor_reference))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)
    asked = client.get(reverse("split-line", args=[entry.pk]), {"bill": invoice.pk})
    assert "500.00 more came than is open." in asked.content.decode()
    form = {"page": "split", "asked": "1", "invoice": invoice.pk, "amount": "1000.00", "reason": "its reference"}

    unsaid = client.post(reverse("book-line", args=[entry.pk]) + f"?bill={invoice.pk}", form)
    assert (unsaid.status_code, Allocation.objects.count()) == (422, 0)
    client.post(reverse("book-line", args=[entry.pk]), {**form, "rest": "give back", "rest_reason": "too much"})

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    page = client.get(reverse("show-line", args=[entry.pk])).content.decode()
    assert "EUR\N{NO-BREAK SPACE}500.00 is to be given back" in page
    assert page.count(f'href="{reverse("list-refunds")}"') == 2  # the desk's own, and beside the line
    assert [line.pk for line, *_ in client.get(reverse("list-lines") + "?state=give+back").context["lines"]] == [
        entry.pk
    ]


def test_a_write_off_above_the_tolerance_is_refused_on_the_page(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(
        statement_file(tmp_path, transfer(98_000, invoice.creditor_reference)), actor=SYSTEM, now=NOW
    )
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)
    page = client.get(reverse("split-line", args=[entry.pk]), {"bill": invoice.pk}).content.decode()
    assert "Write EUR" not in page

    form = {"page": "split", "invoice": invoice.pk, "amount": "980.00", "reason": "x", "rest_reason": "y"}
    refused = client.post(reverse("book-line", args=[entry.pk]), {**form, "rest": "write off"})

    assert refused.status_code == 409
    assert "More is missing than may be written off" in refused.content.decode()
    assert not Allocation.objects.exists()


def test_what_was_written_off_stands_beside_line_and_bill(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(98_750, invoice.creditor_reference))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)
    form = {"page": "split", "invoice": invoice.pk, "amount": "987.50", "reason": "x", "rest_reason": "bank charges"}

    client.post(reverse("book-line", args=[entry.pk]), {**form, "rest": "write off"})

    for page in (reverse("show-line", args=[entry.pk]), reverse("show-bill", args=[invoice.number])):
        text = client.get(page).content.decode()
        assert "EUR\N{NO-BREAK SPACE}12.50" in text
        assert "bank charges" in text


def test_the_fee_of_the_bank_waits_and_is_booked_as_a_cost(tmp_path: Path) -> None:
    billed_place(make_edition())
    fee = transfer(-420, text="COMISION", payer_name="", payer_iban="")
    settle.import_statement(statement_file(tmp_path, fee), actor=SYSTEM, now=NOW)
    entry = BankEntry.objects.get()
    client, _ = enter_known(Role.FINANCE)
    assert [line.pk for line, *_ in client.get(reverse("list-lines")).context["lines"]] == [entry.pk]

    client.post(reverse("book-cost", args=[entry.pk]), {"reason": "fee of October"})

    assert list(client.get(reverse("list-lines")).context["lines"]) == []
    undo = reverse("undo-cost", args=[entry.pk, entry.costs.get().pk])
    client.post(undo, {"reason": "charged back"})
    assert [line.pk for line, *_ in client.get(reverse("list-lines")).context["lines"]] == [entry.pk]


@pytest.mark.parametrize("words", ["Accra", "1000", "1000.00", "M2", "Nobody"])
def test_a_bill_is_looked_up_by_number_payer_city_or_sum(words: str, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition(), authority=member_council("Kumasi"))
    settle.import_statement(statement_file(tmp_path, transfer(7, payer_name="X")), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    asked = {"Accra": "Kumasi", "M2": invoice.number}.get(words, words)

    found = client.get(reverse("show-line", args=[BankEntry.objects.get().pk]), {"q": asked}).context["candidates"]

    assert [each.parts[0].invoice for each in found] == ([] if words == "Nobody" else [invoice])


@pytest.mark.parametrize("bills", [1, 3])
def test_the_page_of_a_line_costs_the_same_few_queries(
    bills: int, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    edition = make_edition()
    for _ in range(bills):
        billed_place(edition)
    settle.import_statement(statement_file(tmp_path, transfer(7)), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    page = reverse("show-line", args=[BankEntry.objects.get().pk])
    client.get(page)

    with django_assert_max_num_queries(34):
        client.get(page)


def test_another_kind_of_file_is_asked_for_its_first_day(tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(7)), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    wanted = {"number": ACCOUNT, "currency": "EUR", "feed": "mt940"}

    asked = client.post(reverse("name-account"), wanted)
    kept = client.post(reverse("name-account"), {**wanted, "from_on": "2024-11-01"}, follow=True)

    assert asked.status_code == 409
    assert "Say from which day on the other kind of file books it." in asked.content.decode()
    assert "until the day before Fri 1 Nov 2024 those of camt.053" in kept.content.decode()


@pytest.mark.parametrize("typed", ["1.000", "1,000.00", "1 000", "NaN", "-5", "0"])
def test_an_amount_that_can_be_misread_moves_nothing(typed: str, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100_000)), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)

    refused = client.post(
        reverse("book-line", args=[BankEntry.objects.get().pk]),
        {"invoice": invoice.pk, "amount": typed, "reason": "a thousand"},
    )

    assert refused.status_code in {409, 422}
    assert not Allocation.objects.exists()


def test_a_refused_booking_keeps_the_bill_that_was_looked_up_and_what_was_typed(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(30_000)), actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    found = client.get(reverse("show-line", args=[BankEntry.objects.get().pk]) + f"?q={invoice.number}")
    assert f"/book/?q={invoice.number}" in found.content.decode()

    refused = client.post(
        reverse("book-line", args=[BankEntry.objects.get().pk]) + f"?q={invoice.number}",
        {"invoice": invoice.pk, "amount": "300,00", "reason": "they called"},
    ).content.decode()

    assert "Write the amount as 300.00" in refused
    assert 'value="300,00"' in refused
    assert 'value="they called"' in refused


def test_booking_to_the_bill_of_an_ended_place_claims_no_guarantee(tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    lapse_place(place_id=place.pk, reason="overdue", actor=SYSTEM, now=NOW)
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)
    line = reverse("show-line", args=[BankEntry.objects.get().pk])
    assert client.get(line).content.decode().count("the place has ended") == 2  # why it waits, and beside the bill

    booked = client.post(
        reverse("book-line", args=[BankEntry.objects.get().pk]),
        {"invoice": invoice.pk, "amount": "1000.00", "reason": "kept"},
        follow=True,
    ).content.decode()

    assert "nobody holds its place any more" in booked
    assert "guaranteed" not in booked


def test_money_that_the_bank_takes_back_waits_for_a_person(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    back = transfer(-100_000, number=2, reversal=True)
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference), back, transfer(-700, number=3))
    settle.import_statement(path, actor=SYSTEM, now=NOW)
    client, _ = enter_known(Role.FINANCE)

    assert [line.amount_minor for line, *_ in client.get(reverse("list-lines")).context["lines"]] == [-100_000]
    assert "1 bank line waits for you" in client.get(reverse("list-statements")).content.decode()
    assert "1 line to decide" in client.get(reverse("see-today")).content.decode()
    page = client.get(reverse("show-statement", args=[StatementFile.objects.get().pk])).content.decode()
    assert "Work through 1 line" in page


def test_totals_of_the_bills_equal_the_ledger_and_leave_as_csv() -> None:
    edition = make_edition()
    _, first = billed_place(edition)
    billed_place(edition)
    client, _ = enter_known(Role.FINANCE)

    shown = client.get(reverse("list-bills", args=[edition.slug]))
    csv = b"".join(client.get(reverse("export-bills", args=[edition.slug]))).decode()  # type: ignore[arg-type]

    total = shown.context["totals"][0]
    assert (total.count, total.total_minor, total.open_minor) == (2, 200_000, 200_000)
    assert len(csv.strip().splitlines()) == 3
    assert first.number in csv


@pytest.mark.parametrize("bills", [1, 3])
def test_the_list_of_bills_costs_the_same_few_queries(bills: int, django_assert_max_num_queries: Any) -> None:
    edition = make_edition()
    for _ in range(bills):
        billed_place(edition)
    client, _ = enter_known(Role.FINANCE)

    with django_assert_max_num_queries(22):
        client.get(reverse("list-bills", args=[edition.slug]))


def test_a_remittance_pasted_into_the_search_finds_by_its_first_words() -> None:
    edition = make_edition()
    _, invoice = billed_place(edition)
    client, _ = enter_known(Role.FINANCE)
    words = f"{invoice.number} Accra Assembly " + "Accra " * 3000

    with CaptureQueriesContext(connection) as asked:
        shown = client.get(reverse("list-bills", args=[edition.slug]), {"q": words})
        lines = client.get(reverse("list-lines"), {"q": words})

    assert invoice.number in shown.content.decode()
    assert (shown.status_code, lines.status_code) == (200, 200)
    assert max(query["sql"].count(" JOIN ") for query in asked) < 64


def test_the_page_of_a_bill_shows_payer_money_and_mails() -> None:
    place, invoice = billed_place(make_edition())
    client, _ = enter_known(Role.FINANCE)

    text = client.get(reverse("show-bill", args=[invoice.number])).content.decode()

    assert "Accra Metropolitan Assembly" in text
    assert place.person.email in text
    assert "Nothing has arrived for this bill." in text
    assert client.get(reverse("download-bill", args=[invoice.number])).content.startswith(b"%PDF")


def test_a_place_without_a_bill_is_billed_when_its_payer_is_known() -> None:
    edition = make_edition()
    place = reserve(edition)
    client, _ = enter_known(Role.FINANCE)
    assert place.person.name in client.get(reverse("list-bills", args=[edition.slug])).content.decode()

    client.post(reverse("issue-bill", args=[edition.slug, place.pk]))

    assert Invoice.objects.get().total_minor == 100_000


def test_the_fee_desk_answers_with_reasons() -> None:
    edition = make_edition()
    council = make_city_council("Accra", country=make_country("GHA", "Ghana"))
    make_member(council.city)
    client, _ = enter_known(Role.FINANCE)

    asked = {"authority": council.pk, "people": 2, "on": "2024-10-21"}
    text = client.get(reverse("show-fees", args=[edition.slug]), asked).content.decode()

    assert "an officer decides" in text
    assert "gives this economy no income class" in text


def test_a_fee_needs_a_second_person() -> None:
    edition = make_edition()
    authority = make_city_council("Caracas", country=make_country("VEN", "Venezuela, RB"))
    make_member(authority.city)
    place = reserve(edition, authority=authority)
    bill.bill_places(places=[place], actor=SYSTEM, now=NOW)
    first, _ = enter_known(Role.FINANCE, Role.SECOND_PERSON)
    second, _ = enter_known(Role.SECOND_PERSON)
    asked = {"reference": place.application.reference, "fee": "1000.00", "reason": "No class in FY23"}

    first.post(reverse("propose-exception", args=[edition.slug]), asked)
    exception = FeeException.objects.get()
    decide = reverse("decide-exception", args=[exception.pk])
    own = first.post(decide, {"decision": "approve"})
    second.post(decide, {"decision": "approve"})

    assert own.status_code == 409
    assert "Needs another person" in first.get(reverse("show-second-person")).content.decode() or exception
    assert Invoice.objects.get().total_minor == 100_000


def test_an_approved_fee_without_a_payer_is_not_called_billed() -> None:
    place = reserve(make_edition(), payer=False)
    first, _ = enter_known(Role.FINANCE)
    second, _ = enter_known(Role.SECOND_PERSON)
    asked = {"reference": place.application.reference, "fee": "500.00", "reason": "agreed"}
    first.post(reverse("propose-exception", args=[place.edition.slug]), asked)

    decide = reverse("decide-exception", args=[FeeException.objects.get().pk])
    shown = second.post(decide, {"decision": "approve"}, follow=True).content.decode()

    assert "The bill waits until payer and issuer are complete." in shown
    issue = reverse("issue-bill", args=[place.edition.slug, place.pk])
    assert "This is missing or wrong: who pays." in first.post(issue, follow=True).content.decode()


def test_a_fiscal_year_without_classes_is_no_question() -> None:
    edition = make_edition()
    council = make_city_council("Accra", country=make_country("GHA", "Ghana"))
    client, _ = enter_known(Role.FINANCE)

    asked = {"authority": council.pk, "people": 1, "fiscal_year": "FY99"}
    text = client.get(reverse("show-fees", args=[edition.slug]), asked).content.decode()

    assert "No income classes are on file for this year." in text


def test_a_sheet_of_members_is_looked_at_first_and_taken_whole_or_not() -> None:
    make_country("GHA", "Ghana")
    City.objects.create(name="Accra", country_id=make_country("GHA").pk)
    client, _ = enter_known(Role.FINANCE)
    good = "city,country,joined_on,year,due,paid_on\nAccra,GHA,2010-01-01,2023,5000,2023-03-14\n"
    bad = good + "Atlantis,GHA,2010-01-01,2023,5000,\n"

    looked = client.post(reverse("import-sheet"), {"sheet": SimpleUploadedFile("m.csv", good.encode())})
    assert "new member" in looked.content.decode()
    assert not Membership.objects.exists()

    refused = client.post(reverse("import-sheet"), {"kept": bad, "act": "import"})
    assert refused.status_code == 409
    assert "nothing is guessed" in refused.content.decode()
    assert not Membership.objects.exists()

    client.post(reverse("import-sheet"), {"kept": good, "act": "import"})
    assert str(Membership.objects.get().contributions.get().paid_on) == "2023-03-14"


def test_whether_staff_count_is_decided_once_with_a_reason() -> None:
    council = make_city_council("Bangkok", country=make_country("THA", "Thailand"))
    council.kind = "metropolitan"
    council.save()
    make_member(council.city)
    client, officer = enter_known(Role.FINANCE)
    assert council.name in client.get(reverse("show-network")).content.decode()

    page = reverse("decide-standing", args=[council.pk])
    unreasoned = client.post(page, {"member": "yes", "reason": ""})
    client.post(page, {"member": "yes", "reason": "It is the city's own administration"})

    assert unreasoned.status_code == 422
    assert Standing.objects.get().decided_by == user_actor(officer.pk).reference
    assert "to decide" not in client.get(reverse("show-network")).content.decode()


def test_the_desk_names_the_signs_that_no_font_has() -> None:
    known, unknown = (bill.InvoiceDataMissing(refusal("unprintable"), about=signs) for signs in ("\u1210 \u1290", ""))

    assert refusal_words(known) == [
        "Our papers cannot print these signs: \u1210 \u1290. Write name and address in Latin letters, please."
    ]
    assert refusal_words(unknown) == ["This is missing or wrong: signs that our fonts do not have."]
