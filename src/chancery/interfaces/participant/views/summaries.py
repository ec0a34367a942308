"""The task list, the answers and the fee as components draw them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.form import PartStatus
from chancery.domain.admissions.queries.form import FilledForm, FormPart, part_title, show_answers
from chancery.domain.admissions.queries.supplement import form_to_fill, open_request
from chancery.domain.billing.queries.pricing import Pricing
from chancery.domain.billing.words import line_words, obstacle_words, open_fact_words
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ui.parts import Answer, Part, PriceLine

_GROUP_OF = {"you": 0, "work": 0, "abroad": 0, "languages": 0, "experience": 1, "problem": 1, "payer": 2, "consents": 3}
_FIRST_GROUP = 1


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """A heading of the task list with its parts."""

    title: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A part of the form with its answers, each with the way to change it."""

    title: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class FeePreview:
    """The fee as it would be, with its reasons."""

    minor: int | None
    currency: str
    lines: list[PriceLine]
    looked_at: list[str]
    open_facts: list[str]
    demo: bool


def task_groups(application: Application, form: FilledForm) -> list[TaskGroup]:
    """Return the parts under their headings, and at the end the way to check and send."""
    titles = [_("You"), _("Your city"), _("Paying"), _("Sending")]
    groups = [TaskGroup(title, []) for title in titles]
    for part in form.parts:
        groups[_GROUP_OF.get(part.key, _FIRST_GROUP)].parts.append(_task(application, part))
    groups[-1].parts.append(_check_task(application, form))
    return [group for group in groups if group.parts]


def checked_parts(application: Application, form: FilledForm) -> list[CheckedPart]:
    """Return all answers by part, each with the way to change it and back."""
    return [
        CheckedPart(
            part.title,
            [
                Answer(each.question, each.text, f"{_part_page(application, part.key)}?then=check#q-{each.key}")
                for each in part.answers
            ],
        )
        for part in show_answers(form, get_language() or "en")
    ]


def missing_words(application: Application) -> dict[str, Any]:
    """Return what the office waits for: its words, the parts to complete, and whether all are."""
    form, request = form_to_fill(application), open_request(application)
    return {
        "asked": request,
        "missing": [_task(application, part) for part in form.parts],
        "ready": form.first_open is None,
        "next": form.first_open,
    }


def fee_preview(pricing: Pricing, rule: TermsRule) -> FeePreview:
    """Return the fee with its reasons in words."""
    answer = pricing.answer
    return FeePreview(
        minor=answer.fee_minor,
        currency=answer.currency,
        lines=[PriceLine(line_words(line.reason), line.amount_minor) for line in answer.lines],
        looked_at=[f"{line_words(each.reason)} ({obstacle_words(each.because)})" for each in answer.looked_at],
        open_facts=[open_fact_words(reason) for reason in answer.reasons] if answer.officer_decides else [],
        demo=rule.demo,
    )


def status_words(status: PartStatus) -> str:
    """Return how far a part is, in words."""
    return {
        PartStatus.COMPLETED: _("Completed"),
        PartStatus.IN_PROGRESS: _("In progress"),
        PartStatus.NOT_STARTED: _("Not started"),
    }[status]


def _task(application: Application, part: FormPart) -> Part:
    tone = {PartStatus.COMPLETED: "", PartStatus.IN_PROGRESS: "yours", PartStatus.NOT_STARTED: "idle"}[part.status]
    return Part(part_title(part.key), _part_page(application, part.key), status_words(part.status), tone)


def _check_task(application: Application, form: FilledForm) -> Part:
    left = len(form.parts) - form.completed
    href = reverse("check-application", args=[application.reference])
    if left:
        return Part(
            _("Check your answers and send"), href, _("Parts to complete first: %(left)s") % {"left": left}, "idle"
        )
    return Part(_("Check your answers and send"), href, _("Ready to send"), "yours")


def _part_page(application: Application, key: str) -> str:
    return reverse("edit-part", args=[application.reference, key])
