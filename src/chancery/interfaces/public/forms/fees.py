"""The question of the fee finder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.domain.network.models import Country
from chancery.domain.network.queries import list_country_names

MOST_PEOPLE = 30


class ShortFeeForm(forms.Form):
    """Who asks: a city or authority, and how many people would come."""

    city = forms.CharField(
        label=_("Your city or authority"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-authorities", "autocomplete": "off"}),
    )
    people = forms.IntegerField(
        label=_("People"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class FeeForm(ShortFeeForm):
    """The same for a city that is not listed: its country stands in."""

    country = forms.ChoiceField(label=_("or else your country"), required=False)
    field_order = ("city", "country", "people")

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:  # as forms.Form
        """Offer the countries on file in the language of the page."""
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("choose")), *list_country_names(language)]

    def clean_country(self) -> Country | None:
        """Return the country that was chosen."""
        chosen = self.cleaned_data["country"]
        return Country.objects.get(iso3=chosen) if chosen else None

    def clean(self) -> dict[str, object]:
        """Ask for one of the two, city or country."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("city") and not cleaned.get("country"):
            self.add_error("city", _("Write a city, or choose a country."))
        return cleaned
