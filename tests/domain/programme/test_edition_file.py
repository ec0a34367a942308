"""Reading an edition file, and saying where each mistake stands."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests.domain.programme.editions import ANOTHER_PROGRAMME, changed, line_with, shipped

from chancery.domain.programme.policies import TermsRule
from chancery.domain.programme.readers import EditionRefused, check_edition, parse_edition, terms_from
from chancery.domain.programme.readers.edition_file import FiscalRegime, QuestionPart
from chancery.domain.programme.readers.line_index import line_index


def test_the_shipped_edition_has_nothing_to_mend() -> None:
    assert check_edition(shipped()) == ()


def test_the_shipped_edition_holds_the_whole_brochure() -> None:
    edition = parse_edition(shipped())

    assert {
        "skills": len(edition.skills),
        "pillars": len(edition.pillars),
        "lessons": [lesson.number for lesson in edition.lessons],
        "final work": len(edition.final_work_parts),
        "requirements": [each.source.value for each in edition.requirements],
        "criteria": [(each.lowest, each.highest) for each in edition.criteria],
        "experts": edition.experts,
        "included": len(edition.included),
        "excluded": len(edition.excluded),
        "profiles": len(edition.text_list("profiles", "en")),
    } == {
        "skills": 8,
        "pillars": 3,
        "lessons": [1, 2, 3, 4, 5],
        "final work": 9,
        "requirements": ["attendance", "experience", "presentation"],
        "criteria": [(1, 5)] * 3,
        "experts": (),
        "included": 10,
        "excluded": 3,
        "profiles": 3,
    }


def test_the_shipped_terms_are_those_of_the_brochure_with_demo_amounts() -> None:
    assert terms_from(parse_edition(shipped())) == TermsRule(
        currency="EUR",
        standard_minor=150_000,
        member_minor=100_000,
        demo=True,
        reference_year=2023,
        invoice_due_days=24,
        waiver_income_classes=("L",),
        waiver_fiscal_year="FY23",
        group_rate=Decimal("0.10"),
        refund_rate=Decimal("0.75"),
        tolerance_minor=1500,
    )


def test_every_part_of_the_application_asks_something() -> None:
    edition = parse_edition(shipped())

    assert all(edition.questions_of(part) for part in QuestionPart)


def test_what_nobody_has_published_is_marked_as_demo() -> None:
    edition = parse_edition(shipped())

    unpublished = (edition.tariff, edition.payment, edition.issuer, *edition.sessions, *edition.hotels)
    assert all(each.demo for each in unpublished)


def test_the_testimonial_is_hidden_until_its_person_agreed() -> None:
    assert parse_edition(shipped()).shown_testimonials() == ()
    agreed = changed(('city = "Bristol"\n', 'city = "Bristol"\nconsent_on = 2024-09-01\n'))

    assert [each.name for each in parse_edition(agreed).shown_testimonials()] == ["Deborah Kinghorn"]


def test_another_programme_is_read_by_the_same_code() -> None:
    edition = parse_edition(ANOTHER_PROGRAMME)

    assert edition.edition.closes_at == datetime(2027, 3, 31, 23, 59, 59, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert edition.issuer.fiscal_regime is FiscalRegime.EXTERNAL
    assert edition.text("objective", "fr") == "港湾都市の国際協力を学ぶ。"
    assert terms_from(edition) == TermsRule(
        currency="JPY", standard_minor=200_000, member_minor=150_000, tolerance_minor=15
    )
    assert not [each for each in check_edition(ANOTHER_PROGRAMME) if each.severity != "warning"]


@pytest.mark.parametrize(
    ("standard", "member_minor"),
    [
        pytest.param("1500.00", 100_000, id="the usual rate"),
        pytest.param("999.99", 99_999, id="never more than the standard rate"),
    ],
)
def test_a_rate_for_members_that_nobody_states_is_no_higher_than_the_standard_one(
    standard: str, member_minor: int
) -> None:
    text = changed(('standard = "1500.00"', f'standard = "{standard}"'), ('member = "1000.00"\n', ""))

    assert terms_from(parse_edition(text)).member_minor == member_minor


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        pytest.param("JPY", "1500.00", 1500, id="zeros that the yen does not have"),
        pytest.param("KWD", "1500.125", 1_500_125, id="three digits of the dinar"),
        pytest.param("CLP", "900000", 900_000, id="no digits of the peso"),
        pytest.param("EUR", "1500", 150_000, id="cents left out"),
    ],
)
def test_amounts_are_exact_minor_units_of_their_currency(currency: str, amount: str, minor: int) -> None:
    text = changed(
        ('currency = "EUR"', f'currency = "{currency}"'),
        ('standard = "1500.00"', f'standard = "{amount}"'),
    )

    assert parse_edition(text).tariff.standard_minor == minor


@pytest.mark.parametrize(
    ("before", "after", "marker", "sentence"),
    [
        pytest.param(
            "capacity = 24\n", "", "[edition]", "capacity is missing; add capacity = 24.", id="capacity missing"
        ),
        pytest.param("capacity = 24", "capacity = 0", "capacity = 0", "0 is too small; write 1 or more.", id="no seat"),
        pytest.param(
            'time_zone = "Europe/Madrid"\n',
            "",
            "[edition]",
            'time_zone is missing; add time_zone = "...".',
            id="time zone missing",
        ),
        pytest.param(
            "Europe/Madrid",
            "Mars/Olympus",
            "Mars/Olympus",
            '"Mars/Olympus" is no time zone; write it as Europe/Madrid.',
            id="time zone of another planet",
        ),
        pytest.param(
            "from = 2\n", "from = 1\n", "from = 1", "1 is too small; write 2 or more.", id="group threshold below two"
        ),
        pytest.param(
            'rate = "0.10"',
            'rate = "1.10"',
            'rate = "1.10"',
            '1.10 is above 100 %; write a share between "0" and "1"; 10 % is "0.10".',
            id="discount above the whole",
        ),
        pytest.param(
            'standard = "1500.00"',
            "standard = 1500.0",
            "standard = 1500.0",
            '1500.0 is no exact decimal; write it in quotes, such as "1500.00".',
            id="a float where money is meant",
        ),
        pytest.param(
            'standard = "1500.00"',
            'standard = "1500.005"',
            "1500.005",
            "1500.005 has more digits than EUR has; EUR has 2 digits after the point.",
            id="a fraction of a cent",
        ),
        pytest.param(
            'member = "1000.00"',
            'membr = "1000.00"',
            "membr",
            "membr is not a key here; did you mean member?",
            id="a slip in a key",
        ),
        pytest.param(
            'source = "experience"\n',
            "",
            'key = "experience"\ntitle = { en = "Share',
            'source is missing; add source = "attendance".',
            id="requirement without evidence source",
        ),
        pytest.param(
            'kind = "social"',
            'kind = "party"',
            'kind = "party"',
            '"party" is not known here; write one of knowledge, skills, site_visit, social, presentation.',
            id="unknown kind of session",
        ),
        pytest.param(
            "provisional = true",
            'provisional = "yes"',
            'provisional = "yes"',
            '"yes" is neither yes nor no; write true or false.',
            id="a word for a switch",
        ),
        pytest.param(
            "starts_on = 2024-11-18",
            'starts_on = "18 November"',
            "18 November",
            "this is no day; write a day as 2024-11-18.",
            id="a day in words",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(before: str, after: str, marker: str, sentence: str) -> None:
    text = changed((before, after))
    head, _, _ = text.partition(marker)
    expected = head.count("\n") + 1
    if marker.startswith("key ="):
        expected -= 1  # the table around the missing key begins a line above

    with pytest.raises(EditionRefused) as refused:
        parse_edition(text, "edition.toml")

    assert [(each.line, each.sentence) for each in refused.value.findings] == [(expected, sentence)]


def test_all_mistakes_are_told_at_once() -> None:
    text = changed(("capacity = 24", "capacity = -1"), ('rate = "0.10"', "rate = 0.1"), ('"internal"', '"inside"'))

    with pytest.raises(EditionRefused) as refused:
        parse_edition(text, "x.toml")

    assert [each.key for each in refused.value.findings] == ["edition.capacity", "group.rate", "issuer.fiscal_regime"]
    assert refused.value.detail.startswith(f"x.toml:{line_with(text, 'capacity')}: edition.capacity: -1 is too small")


@pytest.mark.parametrize(
    ("content", "line", "wrong"),
    [
        pytest.param(b"schema = 1\n[programme\n", 2, "this is not TOML: Expected ']'", id="broken table"),
        pytest.param(b"a = 1\na = 2\n", 2, "this is not TOML: Cannot overwrite a value", id="a key twice"),
        pytest.param(b'a = "\xff"\n', 1, "a byte is not UTF-8", id="another encoding"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(content: bytes, line: int, wrong: str) -> None:
    finding = check_edition(content)[0]

    assert (finding.line, finding.wrong[: len(wrong)]) == (line, wrong)


def test_an_unknown_key_is_warned_and_the_file_still_read() -> None:
    text = changed(("capacity = 24", 'capacity = 24\nmascot = "owl"'))

    (warning,) = parse_edition(text).warnings

    assert (warning.severity, warning.key, warning.line) == ("warning", "edition.mascot", line_with(text, "mascot"))


@pytest.mark.parametrize("mark", [pytest.param("\ufeff", id="byte order mark"), pytest.param("", id="none")])
def test_files_of_other_systems_are_read_the_same(mark: str) -> None:
    text = mark + shipped().decode().replace("\n", "\r\n")

    assert parse_edition(text.encode()) == parse_edition(shipped())


def test_lines_are_those_that_an_editor_shows() -> None:
    text = (
        '# a\nschema = 1 # "x" [[y]]\n"a b".c = """\n[no]\n"""\n[t]\nl = [ # one\n  "]",\n'
        "  { k = '}' },\n]\n[[t.r]]\n[[t.r]]\nz = 1\n"
    )
    tomllib.loads(text)
    index = line_index(text)

    assert index == {
        ("schema",): 2,
        ("a b",): 3,
        ("a b", "c"): 3,
        ("t",): 6,
        ("t", "l"): 7,
        ("t", "l", 0): 8,
        ("t", "l", 1): 9,
        ("t", "l", 1, "k"): 9,
        ("t", "r"): 11,
        ("t", "r", 0): 11,
        ("t", "r", 1): 12,
        ("t", "r", 1, "z"): 13,
    }


def test_every_value_of_the_shipped_edition_has_a_line() -> None:
    edition = parse_edition(shipped())
    raw = tomllib.loads(shipped().decode())

    def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path, *(below for step, each in pairs for below in paths(each, (*path, step)))]

    assert set(paths(raw)[1:]) == set(edition.lines)


def test_dates_are_days_of_the_calendar() -> None:
    assert parse_edition(shipped()).edition.starts_on == date(2024, 11, 18)
