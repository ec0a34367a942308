"""The form by which the office asks for what is missing."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.form import part_title
from chancery.domain.programme.queries import get_content
from chancery.interfaces.office.forms.days import ComingDayField

WHOLE_PART = "part."


class MissingForm(forms.Form):
    """What is missing, why, and by when; each part of the form can be ticked as a whole."""

    asked = forms.MultipleChoiceField(
        label=_("What needs work?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one part or question.")},
    )
    text = forms.CharField(
        label=_("What is missing or wrong?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("The applicant reads these words on the page and in the mail."),
    )
    wished_by = ComingDayField(
        label=_("By when?"),
        required=False,
        help_text=_("Without a day, the edition's time to answer counts."),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:  # as forms.Form
        """Offer the parts and questions of the edition's form."""
        super().__init__(*args, **kwargs)
        self._questions = get_content(application.edition).questions
        language = get_language() or "en"
        choices: dict[str, str] = {}
        for question in self._questions:
            whole = gettext("Whole part: %(part)s") % {"part": part_title(question.part)}
            choices.setdefault(f"{WHOLE_PART}{question.part}", whole)
            choices[question.key] = question.label.say(language)
        field = self.fields["asked"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(choices.items())

    def clean_asked(self) -> list[str]:
        """Return the questions that were ticked, those of a whole part one by one."""
        ticked = set(self.cleaned_data["asked"])
        return [
            question.key
            for question in self._questions
            if question.key in ticked or f"{WHOLE_PART}{question.part}" in ticked
        ]
