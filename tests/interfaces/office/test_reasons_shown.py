"""Why money was moved, or a file refused, is said in the reader's language where the program wrote it."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook
from tests.factories.accounts import make_officer
from tests.factories.entering import enter
from tests.factories.money import billed_place, reserve, statement_file, transfer
from tests.factories.programme import make_edition
from tests.house.sources import SOURCE

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.billing.models import Allocation, BankEntry, StatementFile
from chancery.domain.billing.states import CreditReason, Noted
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.interfaces.office.money_shown import reason_words
from chancery.interfaces.office.reasons_shown import noted_words, signs_reason
from chancery.interfaces.office.signs_words import BRIEF, SIGNS
from chancery.interfaces.office.statement_words import REFUSED
from chancery.journey import reconcile, settle
from chancery.journey.bill import bill_places

NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)
WRITTEN = [
    *Noted,
    *CreditReason,
    "kept of M2-2024-0003",
    "moved from M2-2024-0003",
    "score 85: number.full, amount.short",
    "signs: city.named=Accra; amount.equal",
]


@pytest.mark.parametrize("language", ["es", "fr", "ca"])
@pytest.mark.parametrize("reason", WRITTEN)
def test_what_the_program_wrote_is_said_in_the_readers_language(reason: str, language: str) -> None:
    with override("en"):
        english = noted_words(reason)
    with override(language):
        assert noted_words(reason) not in {reason, english}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("kept of M2-2024-0003", "kept of bill M2-2024-0003"),
        ("score 85: number.full, amount.short", "fits 85/100: its number in the text; short within the tolerance"),
        (
            "signs: city.named=Accra, Ghana; amount.equal",
            "the text names Accra, Ghana; amount equal, the whole open sum",
        ),
        ("the city told us so", "the city told us so"),
        ("score settled: by phone", "score settled: by phone"),
    ],
)
def test_what_a_person_typed_stays_as_it_is(reason: str, words: str) -> None:
    with override("en"):
        assert noted_words(reason) == words


def test_a_sign_that_told_something_has_words_without_it_too() -> None:
    assert {code for code, (_, words) in SIGNS.items() if "%(" in str(words)} == set(BRIEF)
    with override("en"):
        assert reason_words(["number.full", "place_ended", "unknown"]) == [
            "its number in the text",
            "the place has ended or is billed anew",
            "unknown",
        ]


@pytest.mark.parametrize("code", SIGNS)
def test_any_sign_has_words_whatever_stands_behind_it(code: str) -> None:
    with override("en"):
        assert "%(" not in noted_words(f"signs: {code}=1")


def test_what_a_sign_told_is_no_other_sign() -> None:
    reason = signs_reason([("person.named", "Kofi; amount.short=1 Zanzibar"), ("amount.equal", "unseen")])

    assert reason == "signs: person.named=Kofi, amount.short=1 Zanzibar; amount.equal"
    with override("en"):
        assert noted_words(reason) == ("the text names Kofi, amount.short=1 Zanzibar; amount equal, the whole open sum")


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _desk(self, settings: Any, tmp_path: Path) -> None:
        settings.SECOND_FACTOR_REQUIRED = False
        settings.FILES_ROOT = tmp_path / "files"

    def test_a_booking_by_itself_and_by_a_suggestion_read_in_spanish(self, tmp_path: Path) -> None:
        _, invoice = billed_place(make_edition())
        told = transfer(100_000, invoice.creditor_reference), transfer(70_000, text=f"BILL {invoice.number}", number=2)
        settle.import_statement(statement_file(tmp_path, *told), actor=SYSTEM, now=NOW)
        first = Allocation.objects.get()
        officer = user_actor(make_officer(Role.FINANCE, email="other@office.example").pk)
        reconcile.take_back(allocation_id=first.pk, reason="the other one pays it", actor=officer, now=NOW)
        client, second = enter(Role.FINANCE), BankEntry.objects.exclude(pk=first.entry_id).get()
        sheet = client.get(reverse("split-line", args=[second.pk]), {"bill": invoice.pk}).context["sheet"]
        typed = {"invoice": invoice.pk, "amount": "700.00", "reason": sheet.reason, "offered": sheet.offered}

        client.post(reverse("book-line", args=[second.pk]), {"page": "split", **typed})

        page = client.get(
            reverse("show-bill", args=[invoice.number]), headers={"accept-language": "es"}
        ).content.decode()
        assert sheet.offered.startswith("signs: number.full=")
        assert second.allocations.get().reason == sheet.offered
        with override("es"):
            assert all(f"<bdi>{noted_words(each)}</bdi>" in page for each in (first.reason, sheet.offered))
        assert "<bdi>the other one pays it</bdi>" in page

    def test_a_reason_that_was_changed_is_what_was_typed(self, tmp_path: Path) -> None:
        _, invoice = billed_place(make_edition())
        told = transfer(70_000, text=f"BILL {invoice.number}")
        settle.import_statement(statement_file(tmp_path, told), actor=SYSTEM, now=NOW)
        line, client = BankEntry.objects.get(), enter(Role.FINANCE)
        sheet = client.get(reverse("split-line", args=[line.pk]), {"bill": invoice.pk}).context["sheet"]
        typed = {"invoice": invoice.pk, "amount": "700.00", "reason": "by phone", "offered": sheet.offered}

        client.post(reverse("book-line", args=[line.pk]), {"page": "split", **typed})

        assert line.allocations.get().reason == "by phone"

    @pytest.mark.parametrize("behind", ["what nobody sees", "\x00", "\x01"])
    def test_what_the_page_does_not_show_is_not_kept_with_what_it_offered(self, tmp_path: Path, behind: str) -> None:
        _, invoice = billed_place(make_edition())
        settle.import_statement(statement_file(tmp_path, transfer(100_000, text="thanks")), actor=SYSTEM, now=NOW)
        line, words = BankEntry.objects.get(), noted_words("signs: amount.equal")
        typed = {"invoice": invoice.pk, "amount": "1000.00", "reason": words}

        enter(Role.FINANCE).post(
            reverse("book-line", args=[line.pk]), {"page": "split", **typed, "offered": f"signs: amount.equal={behind}"}
        )

        assert line.allocations.get().reason == words

    @pytest.mark.parametrize("name", ["signs: amount.over=1", "place cancelled", "moved from M2-2024-0001"])
    def test_whoever_pays_stands_in_the_journal_by_their_name(self, tmp_path: Path, name: str) -> None:
        place = reserve(make_edition())
        PayerDetails.objects.filter(application=place.application).update(legal_name=name)
        bill_places(places=[place], actor=SYSTEM, now=NOW)
        stranger = transfer(1, text="hello", payer_name=name)
        settle.import_statement(statement_file(tmp_path, stranger), actor=SYSTEM, now=NOW)

        book = enter(Role.FINANCE).get(reverse("export-journal"), {"as": "xlsx"}).getvalue()

        rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
        assert [row[-1] for row in rows[1:]] == [name, name]

    @pytest.mark.parametrize("typed", ["signs: amount.short=1", "signs: amount.over", "signs: =; =", "score 1: ,"])
    def test_a_reason_that_looks_like_the_programs_own_stops_no_page(self, tmp_path: Path, typed: str) -> None:
        _, invoice = billed_place(make_edition())
        told = transfer(100_000, text="thanks"), transfer(100, text="more", number=2)
        settle.import_statement(statement_file(tmp_path, *told), actor=SYSTEM, now=NOW)
        client, (first, second) = enter(Role.FINANCE), BankEntry.objects.order_by("pk")
        sent = {"invoice": invoice.pk, "amount": "1000.00", "reason": typed}
        client.post(reverse("book-line", args=[first.pk]), sent)
        client.post(reverse("give-line-back", args=[second.pk]), {"reason": typed})
        assert Allocation.objects.get().reason == second.balance.note == typed

        pages = [reverse("show-line", args=[each.pk]) for each in (first, second)]
        pages += [reverse("show-bill", args=[invoice.number]), reverse("list-refunds"), reverse("list-lines")]
        sheets = [f"{reverse(name)}?as=xlsx" for name in ("export-journal", "list-lines")]

        assert {client.get(each).status_code for each in (*pages, *sheets)} == {200}

    def test_a_file_that_was_refused_says_why_in_spanish_too(self) -> None:
        client = enter(Role.FINANCE)
        sent = {"file": SimpleUploadedFile("x.xml", b"<no/>")}

        refused = client.post(reverse("take-statement"), sent, headers={"accept-language": "es"}).content.decode()

        page = reverse("show-statement", args=[StatementFile.objects.get().pk])
        kept = client.get(page, headers={"accept-language": "es"}).content.decode()
        assert "El XML no es un extracto bancario." in refused
        assert "El XML no es un extracto bancario.</p>" in kept


def test_each_way_to_refuse_a_file_has_words() -> None:
    source = "".join(path.read_text() for path in SOURCE.joinpath("domain", "billing").rglob("*.py"))

    codes = set(re.findall(r'StatementRefused\(\s*"(\w+)"', source))

    assert codes | {"interrupted"} == set(REFUSED)
