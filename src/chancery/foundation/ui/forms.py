"""How forms are drawn, question as label, hint, error before the input, and how their words are read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chancery.foundation.characters import without_controls
from chancery.foundation.money import decimal_from_typed

SELECTED = mark_safe(" selected")


class FormRenderer(TemplatesSetting):
    """Draws every field with one template of ours."""

    field_template_name = "ui/forms/field.html"


class WordsField(forms.CharField):
    """Words that may stand on a paper: what is pasted with control characters is read without them."""

    def to_python(self, value: Any) -> str | None:
        """Return what was typed."""
        return super().to_python(without_controls(value) if isinstance(value, str) else value)


class SumField(forms.DecimalField):
    """A sum of money, or a part in percent, as people write it; browsers let 1e3 through in a field for numbers."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs take it for whole numbers
        """Return what was typed.

        :raises ValidationError: when it is written in another way.
        """
        if isinstance(value, str) and value.strip():
            try:
                value = decimal_from_typed(value)
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return super().to_python(value)


class PlainSelect(forms.Select):
    """A list of plain options: written at once, where Django renders a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the field as HTML."""
        chosen = set(self.format_value(value))
        rows = ((code, SELECTED if str(code) in chosen else "", label) for code, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})), options
        )
