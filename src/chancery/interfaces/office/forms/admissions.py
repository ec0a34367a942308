"""Forms of the admissions desk and of the readers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.queries.desk import NO_CLASS, Group
from chancery.domain.admissions.states import ApplicationState, CallOutcome, DeclineReason, Outcome
from chancery.domain.admissions.wording import CALL_OUTCOMES, OUTCOMES, REASONS, STATES
from chancery.domain.programme.readers.edition_file import Criterion
from chancery.foundation.accounts.models import User
from chancery.foundation.ui.forms import PlainSelect
from chancery.interfaces.office.forms.days import ComingDayField

TEXT = forms.Textarea(attrs={"rows": 5})
MINE = "mine"
GROUPS = {
    Group.LATE: _("late"),
    Group.TO_DO: _("to do"),
    Group.READY: _("ready to be given out"),
    Group.THEIR_TURN: _("their turn"),
    Group.CLOSED: _("answered or ended"),
}


class DeskForm(forms.Form):
    """The filters of the desk list; income classes only for those who may see fees."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("Stage"), required=False, widget=PlainSelect)
    desk = forms.ChoiceField(
        label=_("Desk"), required=False, widget=PlainSelect, choices=[("", _("all")), (MINE, _("mine"))]
    )
    region = forms.ChoiceField(label=_("Region"), required=False, widget=PlainSelect)
    income = forms.ChoiceField(label=_("Income class"), required=False, widget=PlainSelect)
    group = forms.ChoiceField(label=_("Turn"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, regions: Sequence[str], sees_fees: bool, **kwargs: Any) -> None:  # as forms.Form
        """Offer the regions that exist, and the classes where they may be seen."""
        super().__init__(*args, **{"auto_id": "filter_%s", **kwargs})
        states = [(state, STATES[state]) for state in ApplicationState if state != ApplicationState.DRAFT]
        _choices(self, "stage", [("", _("any")), *states])
        _choices(self, "group", [("", _("any")), *GROUPS.items()])
        _choices(self, "region", [("", _("any")), *((region, region) for region in regions)])
        if sees_fees:
            classes = [("L", _("low")), ("LM", _("lower middle")), ("UM", _("upper middle")), ("H", _("high"))]
            _choices(self, "income", [("", _("any")), *classes, (NO_CLASS, _("no class"))])
        else:
            del self.fields["income"]


class MessageForm(forms.Form):
    """A message to the applicant."""

    text = forms.CharField(label=_("Message to the applicant"), widget=TEXT, max_length=5000)
    wished_by = ComingDayField(label=_("Answer wished by"), required=False)


class CallForm(forms.Form):
    """A call, with its outcome."""

    outcome = forms.ChoiceField(
        label=_("How did the call end?"),
        choices=[(outcome, CALL_OUTCOMES[outcome]) for outcome in CallOutcome],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("What was said, or tried"), widget=TEXT, max_length=5000)


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(label=_("Note for the office only"), widget=TEXT, max_length=5000)


class DecisionForm(forms.Form):
    """A drafted decision."""

    outcome = forms.ChoiceField(
        label=_("What do we answer?"),
        choices=[(outcome, OUTCOMES[outcome]) for outcome in Outcome],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Reason, for a decline"),
        required=False,
        choices=[("", _("none")), *((reason, REASONS[reason]) for reason in DeclineReason)],
        help_text=_("The reason as talked with the applicant; it stands in the letter."),
    )


class _Readers(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in its stubs only
    def label_from_instance(self, obj: User) -> str:
        return obj.email


class AssessorsForm(forms.Form):
    """Who is asked to read."""

    assessors = _Readers(
        label=_("Who reads this application?"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:  # as forms.Form
        """Offer the accounts that hold the role."""
        super().__init__(*args, **kwargs)
        field = self.fields["assessors"]
        if isinstance(field, _Readers):
            field.queryset = holders


class AssessmentForm(forms.Form):
    """One's judgement: a score for each criterion of the edition, and why."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:  # as forms.Form
        """Ask for each criterion on its scale."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        for criterion in criteria:
            self.fields[f"score_{criterion.key}"] = forms.TypedChoiceField(
                label=criterion.label.say(language),
                help_text=criterion.help.say(language),
                coerce=int,
                choices=[(n, str(n)) for n in range(criterion.lowest, criterion.highest + 1)],
                widget=forms.RadioSelect,
            )
        self.fields["reason"] = forms.CharField(label=_("Why?"), widget=TEXT, max_length=5000)

    def scores(self) -> dict[str, int]:
        """Return the scores by criterion."""
        return {
            name.removeprefix("score_"): value for name, value in self.cleaned_data.items() if name.startswith("score_")
        }


class StandAsideForm(forms.Form):
    """Stepping back from an application."""

    because = forms.CharField(
        label=_("Why do you step back?"),
        max_length=200,
        help_text=_("For example: I know this person, or we work for the same city."),
    )


class ReleaseForm(forms.Form):
    """Which drafted decisions go out, and what the page showed."""

    decisions = forms.TypedMultipleChoiceField(coerce=int, label=_("Decisions"))
    free_seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    overflow_waits = forms.BooleanField(required=False, label=_("Who finds no free place goes on the waiting list"))

    def __init__(self, *args: Any, offered: Sequence[int], **kwargs: Any) -> None:  # as forms.Form
        """Offer the drafted decisions of the edition, and those that went out with the first click."""
        super().__init__(*args, **kwargs)
        _choices(self, "decisions", [(pk, str(pk)) for pk in offered])


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class ExtendForm(forms.Form):
    """A later day for an offer, and why."""

    until = ComingDayField(label=_("Offered until"))
    reason = forms.CharField(label=_("Why"), max_length=200)
