"""What makes an answer good enough, a part complete, and a form ready to be sent (promise B1).

The form is data of the edition; answers are kept as typed, so every rule here takes text and says what is wrong with
it. Composite answers stand beside their question under ``key.part`` (``authority.city``, ``billing_address.town``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chancery.domain.admissions.policies.names import is_latin, needs_latin_form
from chancery.domain.programme.readers.edition_file import Question
from chancery.domain.programme.readers.edition_file import QuestionKind as Kind

NAME_KEY = "name"
CERTIFICATE_NAME_KEY = "certificate_name"
LATIN_NAME_KEY = "latin_name"
AUTHORITY_KEY = "authority"
YES, NO = "yes", "no"

SHORT_TEXT = 300
CHARACTERS_A_WORD = 12
LARGEST_NUMBER = 99_999
ADDRESS_SUBKEYS = ("postcode", "town", "country")
AUTHORITY_SUBKEYS = ("unlisted", "city", "country", "body")
# Languages that the form offers by name; any other is written beside them.
WORKING_LANGUAGES = ("en", "es", "fr", "ca", "pt", "ar", "zh-hans", "hi", "id", "ru", "sw", "tr")

_SUBKEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ADDRESS: ADDRESS_SUBKEYS,
    Kind.AUTHORITY: AUTHORITY_SUBKEYS,
    Kind.LANGUAGES: ("other",),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,30}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed so far, and what of it points to something we know."""

    values: Mapping[str, str]
    files: frozenset[str] = frozenset()
    authority_found: bool = False
    group_found: bool = False

    @property
    def given(self) -> dict[str, str]:
        """What was answered at all."""
        return {key: value for key, value in self.values.items() if value}

    def text(self, key: str) -> str:
        """Return what was typed under a key, trimmed; blank where nothing was."""
        return self.values.get(key, "").strip()


class FaultCode(StrEnum):
    """What can be wrong with an answer; worded by the page."""

    MISSING = "missing"
    TOO_LONG = "too long"
    TOO_MANY_WORDS = "too many words"
    NO_SUCH_OPTION = "no such option"
    NOT_A_NUMBER = "not a number"
    NOT_AN_ADDRESS = "not an e-mail address"
    NOT_A_PHONE = "not a phone number"
    NOT_LATIN = "not in latin letters"
    LATIN_FORM_MISSING = "latin form missing"
    AUTHORITY_UNKNOWN = "authority unknown"
    GROUP_UNKNOWN = "group unknown"
    ADDRESS_INCOMPLETE = "address incomplete"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: at which input, what, and the limit that was passed."""

    key: str
    code: FaultCode
    limit: int | None = None
    found: int | None = None


class PartStatus(StrEnum):
    """How far a part of the form is."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"


def input_keys(question: Question) -> tuple[str, ...]:
    """Return the keys under which an answer is kept: the question's own first, then its parts."""
    return (question.key, *(f"{question.key}.{subkey}" for subkey in _SUBKEYS.get(question.kind, ())))


def faults_of_part(questions: Iterable[Question], answers: Answers) -> tuple[Fault, ...]:
    """Return everything that is wrong with the answers to these questions, in their order."""
    return tuple(fault for question in questions for fault in faults_of(question, answers))


def faults_of(question: Question, answers: Answers) -> tuple[Fault, ...]:
    """Return what is wrong with the answer to one question."""
    if question.kind is Kind.FILE:
        return _missing(question) if question.required and question.key not in answers.files else ()
    if question.kind is Kind.AUTHORITY:
        return _authority_faults(question, answers)
    if question.kind is Kind.LANGUAGES:
        return _language_faults(question, answers)

    text = answers.text(question.key)
    if not text:
        return _blank_faults(question, answers)
    return _typed_faults(question, text, answers)


def status_of_part(questions: Iterable[Question], answers: Answers, *, done: bool) -> PartStatus:
    """Return how far a part is; complete means that the applicant called it done and nothing is wrong."""
    asked = tuple(questions)
    begun = any(answers.text(key) or key in answers.files for each in asked for key in input_keys(each))
    if done and not faults_of_part(asked, answers):
        return PartStatus.COMPLETED
    return PartStatus.IN_PROGRESS if begun or done else PartStatus.NOT_STARTED


def count_words(text: str) -> int:
    """Return how many words a text has, as a person who separates words by spaces counts them."""
    return len(text.split())


def chosen(text: str) -> tuple[str, ...]:
    """Return the keys of a multiple choice, which is kept one key a line."""
    return tuple(line for line in text.split("\n") if line)


def _blank_faults(question: Question, answers: Answers) -> tuple[Fault, ...]:
    if question.key == LATIN_NAME_KEY and needs_latin_form(answers.text(NAME_KEY)):
        return (Fault(question.key, FaultCode.LATIN_FORM_MISSING),)
    return _missing(question) if question.required else ()


def _typed_faults(question: Question, text: str, answers: Answers) -> tuple[Fault, ...]:
    key, kind = question.key, question.kind
    if kind is Kind.LONG_TEXT:
        return _length_faults(question, text)
    if len(text) > SHORT_TEXT and kind is not Kind.CHOICES:
        return (Fault(key, FaultCode.TOO_LONG, SHORT_TEXT, len(text)),)
    if key == LATIN_NAME_KEY and not is_latin(text):
        return (Fault(key, FaultCode.NOT_LATIN),)
    if kind is Kind.ADDRESS:
        return _address_faults(question, answers)
    if kind is Kind.GROUP_CODE:
        return () if answers.group_found else (Fault(key, FaultCode.GROUP_UNKNOWN),)
    code = _shape_fault(question, text)
    return (Fault(key, code),) if code else ()


def _shape_fault(question: Question, text: str) -> FaultCode | None:
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES if not set(chosen(text)) <= {each.key for each in question.options}:
            return FaultCode.NO_SUCH_OPTION
        case Kind.YES_NO if text not in {YES, NO}:
            return FaultCode.NO_SUCH_OPTION
        case Kind.CONSENT if text != YES:
            return FaultCode.MISSING if question.required else None
        case Kind.COUNTRY if not (len(text) == 3 and text.isalpha()):
            return FaultCode.NO_SUCH_OPTION
        case Kind.NUMBER if not (text.isdecimal() and int(text) <= LARGEST_NUMBER):
            return FaultCode.NOT_A_NUMBER
        case Kind.EMAIL if not _EMAIL.fullmatch(text):
            return FaultCode.NOT_AN_ADDRESS
        case Kind.PHONE if not _PHONE.fullmatch(text):
            return FaultCode.NOT_A_PHONE
        case _:
            return None


def _length_faults(question: Question, text: str) -> tuple[Fault, ...]:
    """Words are the limit; characters are one too, for scripts that put no spaces between words."""
    if question.max_words is None:
        return ()
    words = count_words(text)
    if words > question.max_words:
        return (Fault(question.key, FaultCode.TOO_MANY_WORDS, question.max_words, words),)
    longest = question.max_words * CHARACTERS_A_WORD
    if len(text) > longest:
        return (Fault(question.key, FaultCode.TOO_LONG, longest, len(text)),)
    return ()


def _authority_faults(question: Question, answers: Answers) -> tuple[Fault, ...]:
    key = question.key
    if answers.authority_found:
        return ()
    if answers.text(f"{key}.unlisted") == YES:
        wanted = (f"{key}.city", f"{key}.country")
        return tuple(Fault(each, FaultCode.MISSING) for each in wanted if not answers.text(each))
    if answers.text(key):
        return (Fault(key, FaultCode.AUTHORITY_UNKNOWN),)
    return _missing(question) if question.required else ()


def _language_faults(question: Question, answers: Answers) -> tuple[Fault, ...]:
    named = chosen(answers.text(question.key))
    if not set(named) <= set(WORKING_LANGUAGES):
        return (Fault(question.key, FaultCode.NO_SUCH_OPTION),)
    other = answers.text(f"{question.key}.other")
    if len(other) > SHORT_TEXT:
        return (Fault(f"{question.key}.other", FaultCode.TOO_LONG, SHORT_TEXT, len(other)),)
    return _missing(question) if question.required and not named and not other else ()


def _address_faults(question: Question, answers: Answers) -> tuple[Fault, ...]:
    """A bill needs town and country beside the street; many countries have no postcodes."""
    wanted = (f"{question.key}.town", f"{question.key}.country")
    return tuple(Fault(key, FaultCode.ADDRESS_INCOMPLETE) for key in wanted if not answers.text(key))


def _missing(question: Question) -> tuple[Fault, ...]:
    return (Fault(question.key, FaultCode.MISSING),)
