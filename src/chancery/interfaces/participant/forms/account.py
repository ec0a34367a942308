"""The settings of one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundation.accounts.languages import OWN_NAMES


class ErasureCodeForm(forms.Form):
    """The digits from the mail that confirm an erasure."""

    code = forms.CharField(
        label=_("The six digits"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
        max_length=20,
    )


class LanguageForm(forms.Form):
    """The language of pages and mails."""

    language = forms.ChoiceField(
        label=_("Language of pages and mails"), choices=list(OWN_NAMES.items()), widget=forms.RadioSelect
    )


class OfficerForm(LanguageForm):
    """The account of somebody of the office: how colleagues call them, too."""

    name = forms.CharField(label=_("Your name, as colleagues read it"), max_length=200, required=False)
    field_order = ("name", "language")
