"""Read the form of an application: its parts, what was typed, how far each part is, and how answers read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.form import (
    NO,
    YES,
    Answers,
    Fault,
    PartStatus,
    chosen,
    faults_of_part,
    input_keys,
    status_of_part,
)
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import application_window
from chancery.domain.programme.queries import find_earlier_question, get_content
from chancery.domain.programme.readers.edition_file import EditionFile, Question
from chancery.domain.programme.readers.edition_file import QuestionKind as Kind
from chancery.foundation.countries import country_name
from chancery.foundation.files.models import StoredFile
from chancery.foundation.ruling import Ruling

CODE_LENGTH = 3  # of a country, ISO 3166 alpha-3


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of the form with its questions and how far it is."""

    key: str
    number: int
    questions: tuple[Question, ...]
    status: PartStatus
    done: bool


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The whole form of one application as it is filled now."""

    parts: tuple[FormPart, ...]
    answers: Answers
    files: Mapping[str, StoredFile]

    @property
    def completed(self) -> int:
        """How many parts are complete."""
        return sum(part.status is PartStatus.COMPLETED for part in self.parts)

    @property
    def is_begun(self) -> bool:
        """Whether any part has an answer."""
        return any(part.status is not PartStatus.NOT_STARTED for part in self.parts)

    @property
    def first_open(self) -> FormPart | None:
        """The first part that is not complete."""
        return next((part for part in self.parts if part.status is not PartStatus.COMPLETED), None)

    def part(self, key: str) -> FormPart | None:
        """Return a part by its key."""
        return next((part for part in self.parts if part.key == key), None)

    def after(self, key: str) -> FormPart | None:
        """Return the next part that is not complete, seen from a part, going round once."""
        keys = [part.key for part in self.parts]
        turn = keys.index(key) + 1 if key in keys else 0
        order = (*self.parts[turn:], *self.parts[:turn])
        return next((part for part in order if part.status is not PartStatus.COMPLETED), None)

    def faults(self, part: FormPart) -> tuple[Fault, ...]:
        """Return what is wrong in a part."""
        return faults_of_part(part.questions, self.answers)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and its answer as a person reads them; ``text`` is blank where nothing was answered."""

    key: str
    question: str
    text: str
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the form as a person reads it."""

    key: str
    title: str
    status: PartStatus
    answers: tuple[ShownAnswer, ...]


def read_form(application: Application) -> FilledForm:
    """Return the form of an application with everything that was typed; few queries, as every page asks."""
    rows = list(application.answers.values_list("key", "value", "file_id"))
    files = _files({key: file_id for key, _value, file_id in rows if file_id})
    answers = Answers(
        values={key: value for key, value, _file_id in rows},
        files=frozenset(files),
        authority_found=application.authority_id is not None,
        group_found=application.group_id is not None,
    )
    done = dict(application.parts.values_list("key", "done"))
    content = get_content(application.edition)
    return FilledForm(_parts(content, answers, done), answers, files)


def call_ruling(edition: Edition, now: datetime) -> Ruling:
    """Tell whether the call of an edition is open, and whether it is held at all."""
    return application_window(
        opens_at=edition.opens_at,
        closes_at=edition.closes_at,
        called_off=edition.called_off_at is not None,
        now=now,
    )


def part_title(key: str) -> str:
    """Return the heading of a part, in the active language."""
    titles = {
        "you": _("Tell us who you are"),
        "work": _("Say where you work"),
        "abroad": _("Say what you do abroad, and why you come"),
        "languages": _("Say which languages you work in"),
        "experience": _("Share an experience of your city"),
        "problem": _("Name the problem to work on"),
        "payer": _("Say who will pay"),
        "consents": _("Agree to how your data are used"),
    }
    return titles.get(key, key.replace("_", " ").capitalize())


def part_name(key: str) -> str:
    """Return what a part is about, for whoever reads it, in the active language."""
    names = {
        "you": _("Person"),
        "work": _("Work"),
        "abroad": _("International action"),
        "languages": _("Working languages"),
        "experience": _("Experience of the city"),
        "problem": _("The problem to work on"),
        "payer": _("Who pays"),
        "consents": _("Use of the data"),
    }
    return names.get(key, part_title(key))


def questions_of_part(edition: Edition, part: str) -> tuple[Question, ...]:
    """Return the questions of a part; none where the form has no such part."""
    return tuple(question for question in get_content(edition).questions if question.part == part)


def show_answers(form: FilledForm, language: str) -> tuple[ShownPart, ...]:
    """Return the parts with questions and answers in words; activate the language for what is ours to word."""
    asked = [question for part in form.parts for question in part.questions]
    countries = _country_names(asked, form.answers, language)
    return tuple(
        ShownPart(
            key=part.key,
            title=part_name(part.key),
            status=part.status,
            answers=tuple(_shown(question, form, language, countries) for question in part.questions),
        )
        for part in form.parts
    )


def show_left_answers(
    form: FilledForm, edition: Edition, language: str, *, hidden: Collection[str] = ()
) -> tuple[ShownAnswer, ...]:
    """Return the answers to questions that the form asks no more, in words; those of ``hidden`` parts are left out."""
    asked = {question.key for part in form.parts for question in part.questions}
    left = dict.fromkeys(key.partition(".")[0] for key in (*form.answers.given, *form.files))
    earlier = (find_earlier_question(edition, key) for key in left if key not in asked)
    questions = [question for question in earlier if question and question.part not in hidden]
    countries = _country_names(questions, form.answers, language)
    return tuple(_shown(question, form, language, countries) for question in questions)


def language_name(code: str) -> str:
    """Return the name of a language in the active language."""
    return str(get_language_info(code)["name_translated"])


def _shown(question: Question, form: FilledForm, language: str, countries: Mapping[str, str]) -> ShownAnswer:
    file = form.files.get(question.key)
    text = file.name if file else _in_words(question, form.answers, language, countries)
    return ShownAnswer(question.key, question.label.say(language), text, file)


def _files(ids: Mapping[str, int]) -> Mapping[str, StoredFile]:
    found = StoredFile.objects.in_bulk(set(ids.values())) if ids else {}
    return {key: found[file_id] for key, file_id in ids.items()}


def _parts(content: EditionFile, answers: Answers, done: Mapping[str, bool]) -> tuple[FormPart, ...]:
    keys = dict.fromkeys(question.part for question in content.questions)
    parts = []
    for number, key in enumerate(keys, start=1):
        questions = content.questions_of(key)
        called_done = done.get(key, False)
        status = status_of_part(questions, answers, done=called_done)
        parts.append(FormPart(str(key), number, questions, status, called_done))
    return tuple(parts)


def _country_names(questions: Iterable[Question], answers: Answers, language: str) -> Mapping[str, str]:
    """Return what a language calls the countries that answers name; no query where none does."""
    kinds = {Kind.COUNTRY, Kind.ADDRESS, Kind.AUTHORITY}
    asked = (question for question in questions if question.kind in kinds)
    texts = {answers.text(key) for question in asked for key in input_keys(question)}
    codes = {text for text in texts if len(text) == CODE_LENGTH}
    if not codes:
        return {}
    rows = Country.objects.filter(iso3__in=codes).values_list("iso3", "name")
    return {iso3: country_name(iso3, language, name) for iso3, name in rows}


def _in_words(question: Question, answers: Answers, language: str, countries: Mapping[str, str]) -> str:
    text, key = answers.text(question.key), question.key
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            labels = {option.key: option.label.say(language) for option in question.options}
            return ", ".join(labels.get(each, each) for each in chosen(text))
        case Kind.YES_NO | Kind.CONSENT:
            unsaid = _("No") if question.kind is Kind.CONSENT else ""
            return {YES: _("Yes"), NO: _("No")}.get(text, unsaid)
        case Kind.LANGUAGES:
            named = [language_name(each) for each in chosen(text)]
            return ", ".join([*named, *filter(None, [answers.text(f"{key}.other")])])
        case Kind.COUNTRY:
            return countries.get(text, text)
        case Kind.ADDRESS:
            return _address_in_words(key, answers, countries)
        case Kind.AUTHORITY:
            return _authority_in_words(key, answers, countries)
        case _:
            return text


def _address_in_words(key: str, answers: Answers, countries: Mapping[str, str]) -> str:
    country = answers.text(f"{key}.country")
    town = " ".join(filter(None, (answers.text(f"{key}.postcode"), answers.text(f"{key}.town"))))
    return "\n".join(filter(None, (answers.text(key), town, countries.get(country, country))))


def _authority_in_words(key: str, answers: Answers, countries: Mapping[str, str]) -> str:
    if answers.text(f"{key}.unlisted") != YES:
        return answers.text(key)
    country = answers.text(f"{key}.country")
    parts = (answers.text(f"{key}.{part}") for part in ("body", "city"))
    return ", ".join(filter(None, (*parts, countries.get(country, country))))
