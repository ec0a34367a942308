"""The application form, built from the questions of the edition.

Fields take any text, because a part keeps what was typed even when it is not valid yet; what is wrong is said by the
policy of the room and only worded here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chancery.domain.admissions.policies.form import (
    NO,
    WORKING_LANGUAGES,
    YES,
    Fault,
    FaultCode,
    chosen,
    input_keys,
)
from chancery.domain.admissions.policies.names import fold
from chancery.domain.admissions.queries.form import FilledForm, FormPart, language_name
from chancery.domain.network.queries import list_country_names
from chancery.domain.programme.readers.edition_file import Question
from chancery.domain.programme.readers.edition_file import QuestionKind as Kind
from chancery.foundation.characters import without_controls
from chancery.foundation.ui.forms import PlainSelect

FEW_OPTIONS = 7
AUTHORITY_LIST = "authorities"
_LINES = {Kind.LONG_TEXT: 8, Kind.ADDRESS: 2}
_LIST_KINDS = frozenset({Kind.CHOICES, Kind.LANGUAGES})
_COUNTRY_KINDS = frozenset({Kind.COUNTRY, Kind.ADDRESS, Kind.AUTHORITY})


class PartForm(forms.Form):
    """One part of the form; its fields are named by the keys under which answers are kept."""

    def __init__(self, part: FormPart, filled: FilledForm, data: QueryDict | None = None) -> None:
        """Build the fields of the part's questions, filled with what was typed before."""
        super().__init__(data, initial=_initial(part.questions, filled))
        self.part, self.filled = part, filled
        language, countries = get_language() or "en", _countries(part.questions, filled)
        for question in part.questions:
            for key, field in _fields(question, filled, language, countries):
                self.fields[key] = field

    def _clean_fields(self) -> None:
        """Check nothing: the policy of the room does, so that each rule stands once."""

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Say what is wrong, each at its field."""
        for fault in faults:
            self.add_error(fault.key, fault_words(fault))

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields question by question, with what the page needs to draw the special ones."""
        return [self._group(question) for question in self.part.questions]

    def _group(self, question: Question) -> dict[str, Any]:
        keys = (*input_keys(question), f"{question.key}.remove")
        unlisted = f"{question.key}.unlisted"
        return {
            "question": question,
            "kind": str(question.kind),
            "fields": [self[key] for key in keys if key in self.fields],
            "stored": self.filled.files.get(question.key),
            "unlisted": unlisted in self.fields and bool(self[unlisted].value()),
        }


def typed_texts(questions: Iterable[Question], data: QueryDict) -> dict[str, str]:
    """Return what was typed for these questions, by the keys under which it is kept; files are left out.

    Control characters are taken out here, before anything is looked up by an answer: no database takes the null one.
    """
    asked = [question for question in questions if question.kind is not Kind.FILE]
    return {key: without_controls(_typed(question, key, data)) for question in asked for key in input_keys(question)}


def fault_words(fault: Fault) -> str:
    """Return what is wrong with an answer, in the active language."""
    words = {
        FaultCode.MISSING: _("Answer this question."),
        FaultCode.NO_SUCH_OPTION: _("Choose one of the answers."),
        FaultCode.NOT_A_NUMBER: _("Write a whole number in digits, such as 7."),
        FaultCode.NOT_AN_ADDRESS: _("Write an e-mail address, such as name@city.example."),
        FaultCode.NOT_A_PHONE: _("Write a telephone number in digits, with the country code."),
        FaultCode.NOT_LATIN: _("Write this name in Latin letters only."),
        FaultCode.LATIN_FORM_MISSING: _(
            "Your name is in another script: write it in Latin letters too, for the invoice and the bank."
        ),
        FaultCode.AUTHORITY_UNKNOWN: _(
            "This is not in our list, or fits more than one body. Choose a line of the list, or look at"
            " city and country below and tick that they are to be taken."
        ),
        FaultCode.GROUP_UNKNOWN: _("No group of this edition has this code. Ask your coordinator, or leave it empty."),
        FaultCode.ADDRESS_INCOMPLETE: _("An invoice needs town and country beside the street."),
    }
    if fault.code is FaultCode.TOO_MANY_WORDS:
        return ngettext(
            "At most %(limit)s word; there are %(found)s.",
            "At most %(limit)s words; there are %(found)s.",
            fault.limit or 0,
        ) % {"limit": fault.limit, "found": fault.found}
    if fault.code is FaultCode.TOO_LONG:
        return _("At most %(limit)s characters; there are %(found)s.") % {"limit": fault.limit, "found": fault.found}
    return words[fault.code]


def _typed(question: Question, key: str, data: QueryDict) -> str:
    if question.kind in _LIST_KINDS and key == question.key:
        return "\n".join(data.getlist(key))
    if question.kind is Kind.CONSENT or key.endswith(".unlisted"):
        return YES if data.get(key) else ""
    return data.get(key, "").strip()


def _initial(questions: Sequence[Question], filled: FilledForm) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for question in questions:
        for key in input_keys(question):
            text = filled.answers.text(key)
            many = question.kind in _LIST_KINDS and key == question.key
            ticked = question.kind is Kind.CONSENT or key.endswith(".unlisted")
            values[key] = chosen(text) if many else text == YES if ticked else text
    return values


def _countries(questions: Sequence[Question], filled: FilledForm) -> list[tuple[str, str]]:
    asked = [question for question in questions if question.kind in _COUNTRY_KINDS]
    if not asked:
        return []
    chosen_before = [filled.answers.text(key) for question in asked for key in input_keys(question)]
    return [("", _("Choose a country")), *list_country_names(get_language() or "en", keep=chosen_before)]


def _fields(
    question: Question, filled: FilledForm, language: str, countries: list[tuple[str, str]]
) -> list[tuple[str, forms.Field]]:
    key, kind = question.key, question.kind
    said = {"label": question.label.say(language), "help_text": _help(question, language), "required": False}
    fields: list[tuple[str, forms.Field]] = [(key, _main_field(question, said, language, countries))]
    if kind is Kind.ADDRESS:
        fields += _address_fields(key, countries)
    if kind is Kind.AUTHORITY:
        fields += _authority_fields(key, countries)
    if kind is Kind.LANGUAGES:
        fields.append((f"{key}.other", _text(_("Other languages"))))
    if kind is Kind.FILE and key in filled.files:
        fields.append((f"{key}.remove", forms.BooleanField(label=_("Remove this file"), required=False)))
    for _key, field in fields:
        field.widget.is_required = False
        # Drives the word "(optional)" only: the fields check nothing.
        field.required = question.required and (_key == key or _key in _needed_where_unlisted(question))
    return fields


def _main_field(
    question: Question, said: Mapping[str, Any], language: str, countries: list[tuple[str, str]]
) -> forms.Field:
    kind = question.kind
    options = [(option.key, option.label.say(language)) for option in question.options]
    match kind:
        case Kind.LONG_TEXT | Kind.ADDRESS:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": _LINES[kind]}), **said)
        case Kind.YES_NO:
            return forms.CharField(widget=forms.RadioSelect(choices=[(YES, _("Yes")), (NO, _("No"))]), **said)
        case Kind.CHOICE if len(options) <= FEW_OPTIONS:
            return forms.CharField(widget=forms.RadioSelect(choices=options), **said)
        case Kind.CHOICE:
            return forms.CharField(widget=forms.Select(choices=[("", _("Choose an answer")), *options]), **said)
        case Kind.CHOICES:
            return forms.Field(widget=forms.CheckboxSelectMultiple(choices=options), **said)
        case Kind.LANGUAGES:
            named = [(code, language_name(code)) for code in WORKING_LANGUAGES]
            return forms.Field(widget=forms.CheckboxSelectMultiple(choices=named), **said)
        case Kind.COUNTRY:
            return forms.CharField(widget=PlainSelect(choices=countries), **said)
        case Kind.CONSENT:
            return forms.BooleanField(**said)
        case Kind.FILE:
            return forms.Field(widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), **said)
        case _:
            return forms.CharField(widget=_line(kind, question.key), **said)


def _line(kind: Kind, key: str) -> forms.Widget:
    attributes: dict[str, Any] = {
        Kind.NUMBER: {"inputmode": "numeric"},
        Kind.EMAIL: {"autocomplete": "email"},
        Kind.PHONE: {"autocomplete": "tel", "type": "tel"},
        Kind.AUTHORITY: {"list": AUTHORITY_LIST, "autocomplete": "off"},
        Kind.GROUP_CODE: {"autocomplete": "off"},
    }.get(kind, {"autocomplete": "name"} if key == "name" else {})
    return forms.EmailInput(attrs=attributes) if kind is Kind.EMAIL else forms.TextInput(attrs=attributes)


def _needed_where_unlisted(question: Question) -> tuple[str, ...]:
    key = question.key
    return (f"{key}.unlisted", f"{key}.city", f"{key}.country") if question.kind is Kind.AUTHORITY else ()


def taken_apart(questions: Iterable[Question], data: QueryDict, language: str) -> QueryDict:
    """Return what was typed with an authority that is not listed as city and country: "Genova, Italy" is both."""
    apart = data.copy()
    for question in questions:
        typed = data.get(question.key, "").strip()
        if question.kind is not Kind.AUTHORITY or data.get(f"{question.key}.city") or not typed:
            continue
        city, _comma, last = typed.rpartition(",")
        country = next((code for code, name in list_country_names(language) if fold(name) == fold(last)), "")
        apart[f"{question.key}.city"] = city.strip() if country and city else typed
        apart[f"{question.key}.country"] = country or data.get(f"{question.key}.country", "")
    return apart


def _authority_fields(key: str, countries: list[tuple[str, str]]) -> list[tuple[str, forms.Field]]:
    return [
        (f"{key}.unlisted", forms.BooleanField(label=_("Take it as it is written here"), required=False)),
        (f"{key}.city", _text(_("City"))),
        (f"{key}.country", forms.CharField(label=_("Country"), required=False, widget=PlainSelect(choices=countries))),
        (f"{key}.body", _text(_("Authority, if it is not the city itself"))),
    ]


def _address_fields(key: str, countries: list[tuple[str, str]]) -> list[tuple[str, forms.Field]]:
    return [
        (f"{key}.postcode", _text(_("Postcode"))),
        (f"{key}.town", _text(_("Town"))),
        (f"{key}.country", forms.CharField(label=_("Country"), required=False, widget=PlainSelect(choices=countries))),
    ]


def _text(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False)


def _help(question: Question, language: str) -> str:
    words = [question.help.say(language)]
    if question.max_words:
        words.append(_("At most %(limit)s words.") % {"limit": question.max_words})
    if question.kind is Kind.FILE:
        words.append(_("PDF, JPEG or PNG, at most 10 MB."))
    return " ".join(filter(None, words))
