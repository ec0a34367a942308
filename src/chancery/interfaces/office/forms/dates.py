"""The form in which the dates of an edition are confirmed or moved."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.domain.programme.policies.settling import Dates


class DatesForm(forms.Form):
    """First and last day, and whether they are still to be confirmed."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    provisional = forms.BooleanField(label=_("These dates are still to be confirmed"), required=False)

    def dates(self) -> Dates:
        """Return the days that were asked for."""
        said = self.cleaned_data
        return Dates(said["starts_on"], said["ends_on"], said["provisional"])
