"""The programme of an edition: what it is, what it teaches, how one applies."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_safe

from chancery.domain.enrollment.queries import count_seats
from chancery.domain.programme.documents.prose import fill
from chancery.domain.programme.queries import get_open_edition
from chancery.domain.programme.readers.edition_file import EditionFile, Inclusion, Question, QuestionKind
from chancery.interfaces.public.course_markup import course_markup
from chancery.interfaces.public.forms.fees import ShortFeeForm
from chancery.interfaces.public.frame import frame
from chancery.interfaces.public.looking_up import list_known
from chancery.interfaces.public.opening import OpenedEdition, opened
from chancery.interfaces.public.pages import in_language, kept_page
from chancery.interfaces.public.tracing import lesson_traces, sessions_of_lesson


@require_safe
def front_door(request: HttpRequest, language: str = "") -> HttpResponse:
    """Lead to the open edition in the visitor's language; say so where there is none."""
    language = language or (get_language() or "en").split("-")[0]
    activate(language)
    edition = get_open_edition()
    if edition is not None:
        return redirect("show-programme", language, edition.slug)
    return render(request, "public/no_edition.html", frame(request, language, None))


@require_safe
@in_language
@kept_page
def show_programme(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Show everything that one needs to decide to apply."""
    page = opened(request, language, edition)
    told = {
        "quotation": page.file.quotation(language),
        "profiles": page.file.text_list("profiles", language),
        "traces": lesson_traces(page.file, language),
        "included": _labels(page.file.included, language),
        "excluded": _labels(page.file.excluded, language),
        "testimonials": page.file.shown_testimonials(),
        "markup": course_markup(request, page),
        "fee_form": ShortFeeForm(initial={"people": 1}),
        "known": list_known(),
    }
    return render(request, "public/programme.html", page.context | told)


@require_safe
@in_language
def show_lesson(request: HttpRequest, language: str, edition: str, number: int) -> HttpResponse:
    """Show one lesson: its aim, the skills it builds and its sessions.

    :raises Http404: when the edition has no lesson of that number.
    """
    page = opened(request, language, edition)
    lessons = {lesson.number: lesson for lesson in page.file.lessons}
    if number not in lessons:
        raise Http404
    lesson = lessons[number]
    told = {
        "lesson": lesson,
        "skills": [skill for skill in page.file.skills if skill.key in lesson.skills],
        "sessions": sessions_of_lesson(page.file, lesson, language),
        "before": lessons.get(number - 1),
        "after": lessons.get(number + 1),
    }
    return render(request, "public/lesson.html", page.context | told)


@require_safe
@in_language
@kept_page
def list_experts(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Show who teaches, each with their sessions; say when they are announced."""
    page = opened(request, language, edition)
    titles = {session.key: session for session in page.file.sessions}
    experts = [(expert, [titles[key] for key in expert.sessions if key in titles]) for expert in page.file.experts]
    return render(request, "public/experts.html", page.context | {"experts": experts})


@require_safe
@in_language
@kept_page
def show_how_to_apply(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Say what applying takes, what happens after and when, before anybody starts; and what is left when it is full."""
    page = opened(request, language, edition)
    told = {"to_have_ready": _to_have_ready(page), "seats": count_seats(page.edition)}
    return render(request, "public/how_to_apply.html", page.context | told)


def _labels(inclusions: tuple[Inclusion, ...], language: str) -> list[str]:
    return [fill(each.label.say(language), {"quantity": str(each.quantity or "")}) for each in inclusions]


def _to_have_ready(page: OpenedEdition) -> list[str]:
    """Return the required questions that take thought or a paper, in the visitor's language."""
    language = str(page.context["language"])
    return [question.label.say(language) for question in _heavy(page.file)]


def _heavy(file: EditionFile) -> list[Question]:
    return [each for each in file.questions if each.kind in {QuestionKind.LONG_TEXT, QuestionKind.FILE}]
