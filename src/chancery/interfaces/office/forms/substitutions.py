"""Why a colleague is refused."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RefusalForm(forms.Form):
    """The reason, as the participant reads it."""

    because = forms.CharField(label=_("Why not? The participant reads it."), max_length=300)
