import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.admissions.policies.form import (
    Answers,
    Fault,
    FaultCode,
    PartStatus,
    faults_of,
    faults_of_part,
    input_keys,
    status_of_part,
)
from chancery.domain.programme.readers import Words
from chancery.domain.programme.readers.edition_file import Option, Question, QuestionKind, QuestionPart

LABEL = Words((("en", "A question?"),))
OPTIONS = tuple(Option(key=key, label=LABEL) for key in ("a", "b"))


def ask(kind, *, key="q", required=True, max_words=None):
    return Question(
        part=QuestionPart.YOU,
        key=key,
        kind=QuestionKind(kind),
        required=required,
        max_words=max_words,
        label=LABEL,
        help=Words(),
        options=OPTIONS if kind in {"choice", "choices"} else (),
    )


def codes(question, typed, **facts):
    return [fault.code for fault in faults_of(question, Answers(values=typed, **facts))]


@pytest.mark.parametrize(
    ("kind", "good", "bad", "code"),
    [
        ("choice", "a", "c", FaultCode.NO_SUCH_OPTION),
        ("choices", "a\nb", "a\nc", FaultCode.NO_SUCH_OPTION),
        ("yes_no", "no", "perhaps", FaultCode.NO_SUCH_OPTION),
        ("number", "7", "seven", FaultCode.NOT_A_NUMBER),
        ("number", "0", "-1", FaultCode.NOT_A_NUMBER),
        ("email", "a.b@city.example", "a.b@city", FaultCode.NOT_AN_ADDRESS),
        ("phone", "+34 93 402 70 00", "call me", FaultCode.NOT_A_PHONE),
        ("country", "IND", "India", FaultCode.NO_SUCH_OPTION),
        ("consent", "yes", "", FaultCode.MISSING),
        ("languages", "en\nzh-hans", "klingon", FaultCode.NO_SUCH_OPTION),
        ("text", "नमस्ते", "x" * 301, FaultCode.TOO_LONG),
    ],
    ids=lambda value: str(value)[:20],
)
def test_each_kind_takes_what_fits_and_names_what_does_not(kind, good, bad, code):
    assert codes(ask(kind), {"q": good}) == []
    assert codes(ask(kind), {"q": bad}) == [code]


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind if kind is not QuestionKind.GROUP_CODE])
def test_a_required_question_left_blank_is_missing_and_an_optional_one_is_fine(kind):
    assert codes(ask(kind), {"q": "  "}) == [FaultCode.MISSING]
    assert codes(ask(kind, required=False), {}) == []


def test_too_many_words_are_counted():
    question = ask("long_text", max_words=3)

    assert faults_of(question, Answers({"q": "one two\nthree"})) == ()
    assert faults_of(question, Answers({"q": "one two three four"})) == (
        Fault("q", FaultCode.TOO_MANY_WORDS, limit=3, found=4),
    )


def test_a_script_without_spaces_is_limited_by_its_characters():
    question = ask("long_text", max_words=2)

    assert codes(question, {"q": "城" * 24}) == []
    assert codes(question, {"q": "城" * 25}) == [FaultCode.TOO_LONG]


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("Asha Elephanta", False),
        ("Lê Gió Nồm", False),
        ("Ōsaka ʻOkina", False),  # noqa: RUF001  # the letter of Hawaiian, not a quotation mark
        ("يسمين الشهيلي", True),
        ("आशा एलिफंटा", True),
        ("陳逸風", True),
        ("Ελένη Μελτέμι", True),
        ("Asha आशा", True),
    ],
)
def test_the_latin_form_is_asked_only_of_names_in_another_script(name, needed):
    question = ask("text", key="latin_name", required=False)

    assert codes(question, {"name": name}) == ([FaultCode.LATIN_FORM_MISSING] if needed else [])


def test_the_latin_form_must_be_latin():
    question = ask("text", key="latin_name", required=False)

    assert codes(question, {"name": "陳逸風", "latin_name": "陳 Yi-Feng"}) == [FaultCode.NOT_LATIN]


def test_an_authority_is_found_or_written_in_with_city_and_country():
    question = ask("authority", key="authority")

    assert codes(question, {"authority": "Atlantis"}) == [FaultCode.AUTHORITY_UNKNOWN]
    assert codes(question, {"authority": "Mumbai"}, authority_found=True) == []
    assert [
        fault.key for fault in faults_of(question, Answers({"authority.unlisted": "yes", "authority.city": "Atlantis"}))
    ] == ["authority.country"]


def test_an_address_needs_town_and_country_once_it_is_begun():
    question = ask("address", required=False)

    faults = faults_of(question, Answers({"q": "1 Main Street", "q.town": "Mumbai"}))

    assert faults == (Fault("q.country", FaultCode.ADDRESS_INCOMPLETE),)


def test_a_group_code_must_lead_to_a_group():
    question = ask("group_code", required=False)

    assert codes(question, {"q": "ABCD-EFGH"}) == [FaultCode.GROUP_UNKNOWN]
    assert codes(question, {"q": "ABCD-EFGH"}, group_found=True) == []


def test_a_required_file_is_there_or_missing():
    assert codes(ask("file"), {}) == [FaultCode.MISSING]
    assert codes(ask("file"), {}, files=frozenset({"q"})) == []


@pytest.mark.parametrize(
    ("typed", "done", "status"),
    [
        ({}, False, PartStatus.NOT_STARTED),
        ({"q": "  "}, False, PartStatus.NOT_STARTED),
        ({"q": "text"}, False, PartStatus.IN_PROGRESS),
        ({"q": "text"}, True, PartStatus.COMPLETED),
        ({}, True, PartStatus.IN_PROGRESS),
    ],
    ids=["untouched", "only blanks", "typed, not called done", "called done", "called done and blank"],
)
def test_a_part_is_complete_when_it_was_called_done_and_nothing_is_wrong(typed, done, status):
    assert status_of_part([ask("text")], Answers(typed), done=done) is status


@given(st.sampled_from(list(QuestionKind)), st.text(max_size=400), st.booleans())
def test_whatever_is_typed_is_judged_and_every_fault_lies_in_its_own_question(kind, text, required):
    question = ask(kind, required=required)

    faults = faults_of_part([question], Answers({"q": text}))

    assert {fault.key for fault in faults} <= set(input_keys(question))
