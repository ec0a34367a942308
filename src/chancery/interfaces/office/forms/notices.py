"""Forms of the cancellations page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeWay
from chancery.domain.programme.models import Edition


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A place by its reference and the name of its person."""

    def label_from_instance(self, obj: Place) -> str:
        """Return the words of one choice."""
        return f"{obj.application.reference} {obj.person.name}"


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

    def __init__(self, *args: object, edition: Edition, **more: object) -> None:
        """Offer the places of the edition that hold a seat."""
        super().__init__(*args, **more)  # type: ignore[arg-type]  # passed on
        held = Place.objects.filter(edition=edition, state__in=HOLDS_A_SEAT)
        self.fields["place"] = PlaceField(
            label=_("Whose place"),
            queryset=held.select_related("person", "application").order_by("application__reference"),
        )


class DecisionForm(forms.Form):
    """What a person decided about a notice, and why where nothing takes effect."""

    decision = forms.ChoiceField(choices=[(each, each) for each in ("accept", "not-one", "give-up", "abandon")])
    because = forms.CharField(label=_("Why"), max_length=300, required=False)
