"""Who comes instead, and what the colleague says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.policies.names import is_latin, needs_latin_form
from chancery.foundation.accounts.addresses import AddressField
from chancery.foundation.ui.forms import WordsField


class SubstituteForm(forms.Form):
    """Whom a participant names to take the place over."""

    name = WordsField(
        label=_("Name of your colleague"),
        max_length=200,
        error_messages={"required": _("Write the name.")},
    )
    email = AddressField(
        label=_("E-mail address of your colleague"),
        help_text=_("We ask there whether they want to come."),
        error_messages={
            "required": _("Write the address."),
            "invalid": _("Write an address such as name@city.example."),
        },
    )


class ColleagueForm(forms.Form):
    """What a colleague says who takes a place over."""

    name = WordsField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As you write it, in any script."),
        error_messages={"required": _("Write your name.")},
    )
    latin_name = WordsField(
        label=_("Your name in Latin letters"),
        max_length=200,
        required=False,
        help_text=_("Only where your name is in another script."),
    )
    post = WordsField(
        label=_("Your post"),
        max_length=200,
        help_text=_("Post and department, as on your business card."),
        error_messages={"required": _("Write your post.")},
    )
    same_authority = forms.BooleanField(
        label=_("I work for the same authority."),
        error_messages={"required": _("Only a colleague of the same authority can take the place.")},
    )
    accepted = forms.BooleanField(
        label=_("I accept the conditions that hold for this place, and that you use my data to run the course."),
        error_messages={"required": _("Without this you cannot take the place.")},
    )

    def clean(self) -> dict[str, object]:
        """Ask for the Latin form where the name is in another script."""
        cleaned = super().clean() or {}
        name, latin = str(cleaned.get("name", "")), str(cleaned.get("latin_name", ""))
        if needs_latin_form(name) and not (latin and is_latin(latin)):
            self.add_error("latin_name", _("Write this name in Latin letters only."))
        return cleaned
