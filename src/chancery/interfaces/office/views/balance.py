"""The balance of the shortlist: how it is composed, beside everybody who applied. Nothing is sorted or scored."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chancery.domain.admissions.policies.balance import FEW, Untold, disclosed
from chancery.domain.admissions.policies.form import NO, YES
from chancery.domain.admissions.queries.balance import NOT_SAID, Circle, Composition, count_composition
from chancery.domain.admissions.queries.desk import NO_CLASS
from chancery.domain.network.models import IncomeClass
from chancery.domain.network.words import class_words
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import current_rule, get_content
from chancery.domain.programme.readers.edition_file import Question, QuestionKind
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.ui.parts import PairLine
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of

# Questions that an edition may ask under these keys (docs/decisions/0012); what it does not ask is not shown.
STAGE, BODY, GENDER = "seniority", "metropolitan_body", "gender"


@office_page(Permission.SEE_BALANCE)
@require_GET
def see_balance(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show the composition of a circle beside that of all who applied: region, income class, body, career stage."""
    edition = edition_of(request, edition_slug)
    asked = request.GET.get("of", "")
    circle = Circle.ADMITTED if asked == Circle.ADMITTED else Circle.SHORTLIST
    fiscal_year = current_rule(edition).waiver_fiscal_year or ""
    questions = _questions(edition)
    chosen, everybody = (
        count_composition(edition, each, fiscal_year=fiscal_year, questions=questions) for each in (circle, Circle.SENT)
    )
    words = {
        "circles": [
            (Circle.SHORTLIST, _("Shortlist"), circle is Circle.SHORTLIST),
            (Circle.ADMITTED, _("Admitted people"), circle is Circle.ADMITTED),
        ],
        "circle_name": _("Admitted people") if circle is Circle.ADMITTED else _("Shortlist"),
        "total": _count(chosen.total),
        "everybody": _count(everybody.total),
        "empty": not everybody.total,
        "few": FEW,
        "pictures": _pictures(chosen, everybody, questions, fiscal_year),
    }
    return render(request, "office/admissions/balance.html", words)


def _questions(edition: Edition) -> dict[str, Question]:
    countable = {QuestionKind.CHOICE, QuestionKind.YES_NO}
    asked = {each.key: each for each in get_content(edition).questions if each.kind in countable}
    return {key: asked[key] for key in (BODY, STAGE, GENDER) if key in asked}


def _pictures(
    chosen: Composition, everybody: Composition, questions: Mapping[str, Question], fiscal_year: str
) -> list[dict[str, Any]]:
    regions = {key: key or _("not known") for key in sorted(everybody.regions)}
    pictures = [_picture(_("Region"), regions, chosen.regions, everybody.regions)]
    if fiscal_year:
        title = _("Income class, %(year)s") % {"year": fiscal_year}
        pictures.append(_picture(title, _class_names(), chosen.classes, everybody.classes))
    titles = {
        BODY: _("Metropolitan body, or one of several sectors"),
        STAGE: _("Stage of career"),
        GENDER: _("Gender, where given"),
    }
    for key, question in questions.items():
        pictures.append(_picture(titles[key], _options(question), chosen.answers[key], everybody.answers[key]))
    return pictures


def _class_names() -> dict[str, str]:
    return {**{code.value: class_words(code) for code in IncomeClass.Code}, NO_CLASS: _("no class")}


def _options(question: Question) -> dict[str, str]:
    language = get_language() or "en"
    named = {option.key: option.label.say(language) for option in question.options}
    if question.kind is QuestionKind.YES_NO:
        named = {YES: _("Yes"), NO: _("No")}
    return {**named, NOT_SAID: _("not said")}


def _picture(title: str, names: Mapping[str, str], chosen: Counter[str], everybody: Counter[str]) -> dict[str, Any]:
    """Return a picture with a line for each kind that anybody is of, in the order of ``names``."""
    keys = [key for key in names if everybody[key]]
    ours = disclosed({key: chosen[key] for key in keys})
    theirs = disclosed({key: everybody[key] for key in keys})
    return {
        "title": title,
        "lines": [
            PairLine(
                names[key],
                *_length(ours[key], chosen.total()),
                *_length(theirs[key], everybody.total()),
            )
            for key in keys
        ],
    }


def _length(count: int | Untold, total: int) -> tuple[str, int]:
    if isinstance(count, Untold):
        return {Untold.FEW: _("few"), Untold.KEPT_BACK: _("kept back")}[count], 0
    return str(count), round(100 * count / total) if total else 0


def _count(total: int) -> str:
    return str(total) if total >= FEW or not total else _("few")
