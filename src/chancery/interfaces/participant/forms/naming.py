"""How a name is written in Latin letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundation.ui.forms import WordsField


class LatinNameForm(forms.Form):
    """One's name in Latin letters, as it shall stand on papers."""

    latin_name = WordsField(
        label=_("Your name in Latin letters"),
        max_length=200,
        help_text=_("As in your passport or on your bank card, for example."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write your name.")},
    )
