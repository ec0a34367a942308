"""The settings of one's own account."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chancery.foundation.accounts.languages import OWN_NAMES
from chancery.foundation.ui.forms import WordsField


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

    name = WordsField(label=_("Your name, as colleagues read it"), max_length=200, required=False)
    field_order = ("name", "language")

    def clean_name(self) -> str:
        """Return the name on one line; an address could be a colleague's, and what has no letter shows nobody."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if name and ("@" in name or not any(sign.isalpha() for sign in name)):
            raise ValidationError(_("Write a name with letters, and no address."))
        return name
