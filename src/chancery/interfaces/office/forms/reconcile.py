"""What an officer says at a bank line: which bills, how much, why, and what becomes of the difference."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chancery.foundation.figures import whole_number
from chancery.foundation.money import decimal_from_typed, minor_from_typed
from chancery.interfaces.office.reasons_shown import is_signs_reason, noted_words
from chancery.journey.reconcile import Part, Rest, Seen

RESTS = [
    (Rest.WAITS, _("It waits")),
    (Rest.GIVE_BACK, _("It is given back")),
    (Rest.WRITE_OFF, _("It is written off")),
]


class BookingForm(forms.Form):
    """Why a line belongs to the bills that are named beside it, and what happens with the difference.

    Bills and amounts come in pairs: ``invoice`` and ``amount`` may stand there several times. ``left`` and
    ``open-<bill>`` are what the officer had on the screen, in minor units, ``offered`` the reason that stood there.
    """

    reason = forms.CharField(label=_("Why it belongs there"), max_length=300)
    rest = forms.ChoiceField(choices=RESTS, required=False)
    rest_reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def parts(self, currency: str, *, credit: bool) -> list[Part] | None:
        """Return what goes to each bill, blank amounts left out; None where one cannot be read."""
        pairs = zip(self.typed.getlist("invoice"), self.typed.getlist("amount"), strict=False)
        found = []
        for invoice, amount in pairs:
            if not amount.strip():
                continue
            minor, key = typed_minor(amount, currency), whole_number(invoice)
            if minor is None or key is None:
                return None
            found.append(Part(key, minor if credit else -abs(minor)))
        return found or None

    def unread(self, currency: str) -> str:
        """Return the first bill whose amount cannot be read, as it was sent; blank where none was written."""
        pairs = zip(self.typed.getlist("invoice"), self.typed.getlist("amount"), strict=False)
        return next((bill for bill, amount in pairs if amount.strip() and typed_minor(amount, currency) is None), "")

    def seen(self) -> Seen | None:
        """Return what the officer had on the screen, or None where the page did not say."""
        left = whole_number(str(self.typed.get("left", "")))
        if left is None:
            return None
        keys = [key for key in self.typed if key.startswith("open-")]
        told = {whole_number(key.removeprefix("open-")): whole_number(str(self.typed[key])) for key in keys}
        return Seen(left, {bill: minor for bill, minor in told.items() if bill is not None and minor is not None})

    @property
    def reason_kept(self) -> str:
        """Why it belongs there: what a suggestion offered, as it is kept, where its words stand there unchanged."""
        reason, offered = self.cleaned_data["reason"], self.typed.get("offered", "")
        return offered if is_signs_reason(offered) and noted_words(offered) == reason else reason

    @property
    def rest_wanted(self) -> Rest:
        """What happens with the difference; it waits where nobody said."""
        return Rest(self.cleaned_data["rest"] or Rest.WAITS)

    @property
    def typed(self) -> QueryDict:
        """What was sent."""
        sent: QueryDict = self.data  # type: ignore[assignment]  # a page always gives a QueryDict
        return sent


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class NoteForm(forms.Form):
    """What is being waited for."""

    note = forms.CharField(label=_("Note"), max_length=300)


def typed_minor(text: str, currency: str) -> int | None:
    """Return an amount as it was typed in minor units; None where it is none."""
    try:
        return minor_from_typed(decimal_from_typed(text), currency)
    except ValueError:
        return None
