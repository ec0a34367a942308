"""What the finance desk types."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chancery.domain.billing.queries.bank import WAITING
from chancery.domain.billing.states import WorkState
from chancery.domain.network.models import IncomeClass, LocalAuthority
from chancery.domain.network.queries import list_country_names
from chancery.foundation.ui.forms import SumField

LARGEST_STATEMENT = 500 * 1024 * 1024
# Kinds of file that may book the money of an account; the others only announce it.
FEEDS = [
    ("", _("the kind that comes first: camt.053 or MT940")),
    ("camt.053", "camt.053"),
    ("mt940", "MT940"),
    ("csv", "CSV"),
    ("camt.052", "camt.052"),
    ("camt.054", "camt.054"),
]
WORK = [
    (WAITING, _("waiting for a person")),
    ("", _("all")),
    (WorkState.SUGGESTED, _("with a suggestion")),
    (WorkState.SUSPENSE, _("in suspense")),
    (WorkState.GIVE_BACK, _("to give back")),
    (WorkState.OUTGOING, _("money going out")),
    (WorkState.BOOKED, _("booked")),
    (WorkState.CONFLICT, _("perhaps on file already")),
    (WorkState.IGNORED, _("no money")),
]
STANDINGS = [("", _("all")), ("open", _("open")), ("late", _("late")), ("part", _("part paid")), ("paid", _("paid"))]


class StatementForm(forms.Form):
    """A statement file to take in."""

    file = forms.FileField(
        label=_("Statement file"), help_text=_("camt.053, 052 or 054 (XML) or MT940, as your bank gives it.")
    )

    def clean_file(self) -> Any:  # an UploadedFile; Django names no narrower type
        """Refuse what is too large to be a statement."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_STATEMENT:
            raise forms.ValidationError(_("The file is larger than 500 MB."))
        return upload


class AccountForm(forms.Form):
    """A bank account of ours and which kind of file books its money."""

    number = forms.CharField(label=_("IBAN or account number"), max_length=40)
    currency = forms.RegexField(label=_("Currency"), regex=r"^[A-Za-z]{3}$", initial="EUR")
    feed = forms.ChoiceField(label=_("Booked by"), choices=FEEDS, required=False)
    from_on = forms.DateField(
        label=_("From this day on"),
        help_text=_("Only where another kind of file has booked the account until then."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class LineFilter(forms.Form):
    """Which bank lines to show."""

    q = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=WORK, required=False)


class InvoiceFilter(forms.Form):
    """Which bills to show."""

    q = forms.CharField(label=_("Search"), required=False)
    standing = forms.ChoiceField(label=_("State"), choices=STANDINGS, required=False)


class ExternalForm(forms.Form):
    """The invoice that the issuer's own system made."""

    number = forms.CharField(label=_("Invoice number"), max_length=60)
    issued_on = forms.DateField(label=_("Issued on"), widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label=_("PDF of the invoice"), required=False)


class WhatIfForm(forms.Form):
    """What would it cost, as of which day, in which year?"""

    authority = forms.ModelChoiceField(
        label=_("Authority"), queryset=LocalAuthority.objects.none(), required=False, empty_label=_("not on file")
    )
    country = forms.ChoiceField(label=_("Or country"), required=False)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=500, initial=1)
    on = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    fiscal_year = forms.RegexField(label=_("Fiscal year"), regex=r"^FY\d\d$", required=False)

    def clean_fiscal_year(self) -> str:
        """Refuse a year without income classes: it would make every economy one without a class."""
        year: str = self.cleaned_data["fiscal_year"]
        if year and not IncomeClass.objects.filter(fiscal_year=year).exists():
            raise forms.ValidationError(_("No income classes are on file for this year."))
        return year

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is on file."""
        super().__init__(*args, **kwargs)
        authorities = LocalAuthority.objects.filter(listed=True).order_by("name")
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]  # a ModelChoiceField
        countries = [("", "-"), *list_country_names(get_language() or "en")]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]  # a ChoiceField


class ExceptionForm(forms.Form):
    """A fee that the rules do not give."""

    reference = forms.CharField(label=_("Application"), max_length=20, help_text=_("Its reference, such as M2-0017."))
    fee = SumField(label=_("Fee"), min_value=0, max_digits=12, decimal_places=4)
    reason = forms.CharField(label=_("Reason"), max_length=300)
