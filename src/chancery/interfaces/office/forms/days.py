"""A day to come, as officers name one."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chancery.foundation import clock

MOST_AHEAD = timedelta(days=731)


class ComingDayField(forms.DateField):
    """A day of the next two years; whether it may be today or earlier is for the act to say."""

    def __init__(self, **more: Any) -> None:
        """Ask with the browser's own calendar."""
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **more)

    def validate(self, value: date | None) -> None:
        """Refuse a year that nobody meant."""
        super().validate(value)
        if value and value > clock.now().date() + MOST_AHEAD:
            raise ValidationError(_("Take a day within the next two years."), code="far_away")
