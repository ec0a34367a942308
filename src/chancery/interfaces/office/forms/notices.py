"""Forms of the cancellations page."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeGround, NoticeWay
from chancery.domain.programme.models import Edition
from chancery.foundation.ui.wording import days_text
from chancery.interfaces.office.applications_shown import who
from chancery.interfaces.office.forms.days import ComingDayField


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A place by its reference, and the name and the city of its person as the desk lists them."""

    def label_from_instance(self, obj: Place) -> str:
        """Return the words of one choice."""
        return f"{obj.application.reference} {who(obj.application)}"


class OtherWayForm(forms.Form):
    """That somebody wanted to cancel otherwise than by the reply that the terms ask for."""

    place = PlaceField(label=_("Whose place"), queryset=Place.objects.none())
    way = forms.ChoiceField(
        label=_("How it reached you"),
        choices=[
            (NoticeWay.PHONE, _("phone call")),
            (NoticeWay.MAIL, _("a new mail, not a reply")),
            (NoticeWay.PAGE, _("message on the site")),
            (NoticeWay.OTHER, _("another way")),
        ],
    )
    note = forms.CharField(
        label=_("What was said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, edition: Edition, **more: Any) -> None:
        """Offer the places of the edition that hold a seat."""
        super().__init__(*args, **more)
        self.fields["place"] = PlaceField(label=_("Whose place"), queryset=_held(edition))


class ExitForm(forms.Form):
    """That a place ends by another right than the reply of the terms."""

    place = PlaceField(label=_("Whose place"), queryset=Place.objects.none())
    ground = forms.ChoiceField(
        label=_("Why it ends"),
        choices=[
            (NoticeGround.VISA_REFUSED, _("the visa was refused")),
            (NoticeGround.ORGANISER, _("we do not hold the course as announced")),
        ],
    )
    note = forms.CharField(
        label=_("What shows it, or what the participant is told"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, edition: Edition, **more: Any) -> None:
        """Offer the places of the edition that hold a seat."""
        super().__init__(*args, **more)
        self.fields["place"] = PlaceField(label=_("Whose place"), queryset=_held(edition))


class EditionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """An edition by its days and its place."""

    def label_from_instance(self, obj: Edition) -> str:
        """Return days and place."""
        return f"{days_text(obj.starts_on, obj.ends_on)}, {obj.place}"


class AskForm(forms.Form):
    """That everybody of an edition that is not held is asked what they choose."""

    target = EditionField(label=_("The next edition"), queryset=Edition.objects.none())
    answer_by = ComingDayField(label=_("Answer by"))
    note = forms.CharField(
        label=_("What everybody is told"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, editions: QuerySet[Edition], **more: Any) -> None:
        """Offer the later editions."""
        super().__init__(*args, **more)
        self.fields["target"] = EditionField(label=self.fields["target"].label, queryset=editions)


class CallOffForm(forms.Form):
    """That a whole edition is not held; the word is typed so that no click does it by mistake."""

    reference = forms.CharField(label=_("Type the name of the edition's address"), max_length=60)
    note = forms.CharField(
        label=_("What everybody is told"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, edition: Edition, **more: Any) -> None:
        """Know which word is wanted."""
        super().__init__(*args, **more)
        self.wanted = edition.slug
        self.fields["reference"].help_text = edition.slug

    def clean_reference(self) -> str:
        """Refuse any other word.

        :raises ValidationError: when it is another one.
        """
        typed: str = self.cleaned_data["reference"].strip()
        if typed != self.wanted:
            raise forms.ValidationError(_("That is another word. Nothing was done."))
        return typed


class DecisionForm(forms.Form):
    """What a person decided about a notice, and why where nothing takes effect.

    ``waiting`` are the bank lines that were shown as waiting, where it is accepted all the same.
    """

    decision = forms.ChoiceField(choices=[(each, each) for each in ("accept", "not-one", "give-up", "abandon")])
    because = forms.CharField(label=_("Why"), max_length=300, required=False)
    waiting = forms.RegexField(regex=r"^\d{1,18}( \d{1,18})*$", max_length=2000, required=False, strip=True)

    def clean_waiting(self) -> list[int]:
        """Return the ids of the lines."""
        return [int(each) for each in self.cleaned_data["waiting"].split()]


def _held(edition: Edition) -> QuerySet[Place]:
    held = Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT).select_related(
        "application__person", "application__authority__city"
    )
    return held.order_by("application__reference")
