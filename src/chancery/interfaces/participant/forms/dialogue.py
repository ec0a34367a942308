"""The box in which an applicant writes to the office."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_MESSAGE = 10_000


class MessageForm(forms.Form):
    """A message to the office."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )
