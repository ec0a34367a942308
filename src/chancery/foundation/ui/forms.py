"""How forms are drawn: question as label, hint, error before the input."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Draws every field with one template of ours."""

    field_template_name = "ui/forms/field.html"
