"""What the network page takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST_SHEET = 2 * 1024 * 1024


class SheetForm(forms.Form):
    """A sheet of members: looked at first."""

    sheet = forms.FileField(
        label=_("Sheet of members (CSV)"),
        help_text=_("Columns: city, country, joined_on, left_on, year, due, currency, paid_on."),
        required=False,
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    add_cities = forms.BooleanField(label=_("Add cities that are not on file"), required=False)

    def content(self) -> bytes:
        """Return the sheet: as uploaded now, or as it was looked at before."""
        upload = self.cleaned_data.get("sheet")
        if upload is not None:
            return bytes(upload.read(LARGEST_SHEET + 1))
        return str(self.cleaned_data.get("kept", "")).encode()


class NetworkFilter(forms.Form):
    """Which authorities to show."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    members = forms.BooleanField(label=_("Members only"), required=False)


class StandingForm(forms.Form):
    """Whether a body's staff count as staff of a member city."""

    member = forms.ChoiceField(
        label=_("Its staff count as staff of the member city"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
