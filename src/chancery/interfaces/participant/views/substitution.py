"""A colleague comes instead: the participant names them, and they say yes or no on a page of their own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.enrollment.models import Place, Substitution
from chancery.domain.enrollment.queries import open_substitution
from chancery.domain.enrollment.states import SUBSTITUTION_OPEN, SubstitutionState
from chancery.foundation import clock
from chancery.foundation.accounts.access import SignedInRequest
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.tasks.rates import TooManyTries, count_try
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import own_place, signed_in
from chancery.interfaces.participant.forms.substitution import ColleagueForm, SubstituteForm
from chancery.interfaces.participant.page_frame import back_to_files, page_frame
from chancery.journey import substitute as step

NAMED = "10/86400"  # whoever has a file of their own is refused with these words: not to be asked of everybody


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def substitute(request: SignedInRequest, place: Place) -> HttpResponse:
    """Say whether a colleague may come instead, and take their name and address."""
    now, wish = clock.now(), open_substitution(place)
    form, refused = SubstituteForm(request.POST or None), list(step.naming_ruling(place, now=now).reasons)
    if request.method == "POST" and wish is None and form.is_valid():
        try:
            count_try(scope="substitutes", subject=str(place.pk), rate=NAMED, now=clock.machine_now())
            step.name_substitute(place_id=place.pk, actor=request.actor, now=now, **form.cleaned_data)
        except (step.SubstitutionNotAllowed, step.HasAFile, TooManyTries) as no:
            refused = list(no.ruling.reasons)
        else:
            messages.success(
                request, _("We have asked your colleague by mail. Until they have it, the place is yours.")
            )
            return redirect("substitute", place.application.reference)
    words = {
        **page_frame(request, place.edition),
        "place": place,
        "edition": place.edition,
        "reference": place.application.reference,
        "wish": wish,
        "form": form,
        "refused": [_words_of(reason) for reason in refused],
        "back": Link(_("Your place"), reverse("see-place", args=[place.application.reference])),
    }
    return render(request, "participant/places/substitute.html", words, status=_status(request, form, refused))


@own_place
@require_POST
@sent_once
def take_back_substitute(request: SignedInRequest, place: Place) -> HttpResponse:
    """Take the name back: the place stays as it is."""
    wish = open_substitution(place)
    if wish is not None:
        _drop(request, wish, by_colleague=False)
    return redirect("substitute", place.application.reference)


@signed_in
@require_http_methods(["GET", "POST"])
@sent_once
def answer_substitution(request: SignedInRequest, substitution_id: int) -> HttpResponse:
    """Show a colleague what they take over, and take their yes; anybody else finds no such page."""
    wish, now = _asked(request, substitution_id), clock.now()
    form, refused = ColleagueForm(request.POST or None, initial={"name": wish.name}), list[str]()
    if request.method == "POST" and wish.state in SUBSTITUTION_OPEN and form.is_valid():
        said = step.Colleague(**{key: form.cleaned_data[key] for key in ("name", "latin_name", "post")})
        try:
            step.confirm_substitution(substitution_id=wish.pk, colleague=said, actor=request.actor, now=now)
        except (step.SubstitutionNotAllowed, step.SubstitutionMoveNotAllowed) as no:
            refused = list(no.ruling.reasons)
        else:
            return redirect("answer-substitution", wish.pk)
    place = wish.place
    words = {
        **page_frame(request, place.edition),
        "wish": wish,
        "asked": wish.state == SubstitutionState.PROPOSED,
        "confirmed": wish.state == SubstitutionState.CONFIRMED,
        "done": wish.successor,
        "place": place,
        "edition": place.edition,
        "terms": frozen_rule(place.application),
        "form": form,
        "refused": [_words_of(reason) for reason in refused],
        "back": back_to_files(),
    }
    return render(request, "participant/places/substitution.html", words, status=_status(request, form, refused))


@signed_in
@require_POST
@sent_once
def decline_substitution(request: SignedInRequest, substitution_id: int) -> HttpResponse:
    """Take a colleague's no."""
    wish = _asked(request, substitution_id)
    _drop(request, wish, by_colleague=True)
    return redirect("answer-substitution", wish.pk)


def _asked(request: SignedInRequest, substitution_id: int) -> Substitution:
    rows = Substitution.objects.select_related(
        "place__edition__programme", "place__person", "place__application__authority__city", "place__application__terms"
    )
    wish = rows.filter(pk=substitution_id, email=request.user.email).first()
    if wish is None:
        raise Http404
    return wish


def _drop(request: SignedInRequest, wish: Substitution, *, by_colleague: bool) -> None:
    try:
        step.drop_substitution(substitution_id=wish.pk, by_colleague=by_colleague, actor=request.actor, now=clock.now())
    except step.SubstitutionMoveNotAllowed:
        messages.info(request, _("This was decided already."))


def _status(request: SignedInRequest, form: SubstituteForm | ColleagueForm, refused: list[str]) -> int:
    if request.method != "POST":
        return 200
    return 409 if refused or form.is_valid() else 422


def _words_of(reason: str) -> str:
    return {
        "substitution_not_foreseen": _("The conditions of this place foresee no substitute."),
        "substitution_over": _("It is too late for a substitute: the course is about to begin."),
        "place_ended": _("This place has ended."),
        "notice_waits": _("A message about leaving this place waits for an answer. Once it is answered, ask again."),
        "fee_open": _("The price of this place is not settled yet. Once it is billed, a colleague can take it over."),
        "choice_open": _(
            "First choose what you want instead of this edition: a place in the next one can be handed over."
        ),
        "named_often": _("You have named five colleagues for this place. Write to us in the dialogue."),
        "too_many_tries": _("You have tried many names today. Please go on tomorrow, or write to us in the dialogue."),
        "same_person": _("This is your own address."),
        "has_a_file": _("This colleague has an application of their own in this edition."),
        "move_not_allowed": _("This was decided already."),
    }.get(reason, reason)
