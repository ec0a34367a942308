"""Tags and filters of the screens: ``{% load ui %}``; the gallery at /ui/ shows each of them.

Filters: ``minor|money:currency``, ``minor|amount:currency`` (no code), ``rate|percent``, ``day|day``,
``day|short_day``, ``instant|instant:edition``, ``instant|deadline:edition``, ``instant|clock:edition``, ``text|fours``,
``number|unbroken``, ``text|markdown``, ``words|say`` (a text in several languages, in the reader's).

Tags: ``{% days first last %}``, ``{% tone "yours" label %}``, ``{% shape "tick" %}``, ``{% form_token %}``,
``{% control field %}``, ``{% error_summary form [form ...] %}``, ``{% sheet_links %}`` (the list as a file),
``{% now_card %}...{% endnow_card %}``, ``{% verdict %}...{% endverdict %}``, ``{% refused %}...{% endrefused %}``.
"""

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.foundation.countries import country_name
from chancery.foundation.figures import in_groups_of_four
from chancery.foundation.ui import wording
from chancery.foundation.ui.markdown import as_html
from chancery.foundation.ui.wording import Named, Somewhere

register = template.Library()

# A shape for each tone, so that colour is only one of four signs (word, shape, edge, colour).
SHAPE_OF_TONE = {
    "yours": "arrow",
    "ours": "clock",
    "done": "tick",
    "idle": "ring",
    "ended": "cross",
    "late": "triangle",
}
SHAPES = {
    "arrow": '<path d="M2 8h10M8 3.5 12.5 8 8 12.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    "clock": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 4.5V8l2.5 2" fill="none" stroke="currentColor" stroke-width="1.75"/>',
    "tick": '<path d="m2.5 8.5 3.5 4 7.5-9" fill="none" stroke="currentColor" stroke-width="2.25"/>',
    "ring": '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/>',
    "cross": '<path d="m3.5 3.5 9 9m0-9-9 9" fill="none" stroke="currentColor" stroke-width="2.25"/>',
    "triangle": '<path d="M8 1.5 15 14H1z" fill="currentColor"/>',
    "plus": '<path d="M8 2v12M2 8h12" fill="none" stroke="currentColor" stroke-width="2.25"/>',
    "minus": '<path d="M2 8h12" fill="none" stroke="currentColor" stroke-width="2.25"/>',
    "mark": '<path d="M8 1.5V10M8 12v2.5" fill="none" stroke="currentColor" stroke-width="2.5"/>',
}


class Sayable(Protocol):
    """A text in several languages."""

    def say(self, language: str) -> str:
        """Return it in one of them."""


@register.filter
def country(iso3: str, source: str = "") -> str:
    """Return what the reader's language calls a country; ``source`` is its name where no table has it."""
    return country_name(iso3, get_language() or "en", source)


@register.filter
def full_name(person: Named) -> str:
    """Return what a colleague calls somebody: the Latin form first where the name has another script.

    A name alone stands as it is: the page isolates it by ``bdi``.
    """
    if person.latin_name in ("", person.name):
        return person.name
    return wording.name_text(person.name, person.latin_name)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Return an amount in minor units with its currency; nothing for None."""
    return "" if minor is None else wording.money_text(minor, currency)


@register.filter
def amount(minor: int | None, currency: str) -> str:
    """Return an amount in minor units without its currency; nothing for None."""
    return "" if minor is None else wording.number_text(minor, currency)


@register.filter
def percent(rate: Decimal) -> str:
    """Return a share as a percentage."""
    return wording.percent_text(rate)


@register.filter
def day(value: date | None) -> str:
    """Return weekday, day, month and year; nothing for None."""
    return "" if value is None else wording.day_text(value)


@register.filter
def short_day(value: date | None) -> str:
    """Return weekday, day and month; nothing for None."""
    return "" if value is None else wording.short_day_text(value)


@register.filter
def instant(value: datetime | None, where: Somewhere) -> str:
    """Return day and time in the zone of an edition; nothing for None."""
    return "" if value is None else wording.instant_text(value, where)


@register.filter
def deadline(value: datetime | None, where: Somewhere) -> str:
    """Return weekday, date, time and place; nothing for None."""
    return "" if value is None else wording.deadline_text(value, where)


@register.filter
def clock(value: datetime | None, where: Somewhere) -> str:
    """Return the time of day in the zone of an edition; nothing for None."""
    return "" if value is None else wording.time_text(value, where)


@register.filter
def fours(text: str) -> str:
    """Return an IBAN or reference in groups of four."""
    return in_groups_of_four(text)


@register.filter
def unbroken(number: str) -> SafeString:
    """Return the number of a bill or a file so that no line ends at its hyphens."""
    return format_html('<span class="reference">{}</span>', number)


@register.filter
def markdown(text: str) -> SafeString:
    """Return a text of the edition file as safe HTML."""
    return as_html(text)


@register.filter
def say(words: Sayable) -> str:
    """Return a text in the reader's language, or in the nearest that there is."""
    return words.say(get_language() or "en")


@register.simple_tag
def days(first: date, last: date) -> str:
    """Return a span of days such as ``18-22 Nov 2024``."""
    return wording.days_text(first, last)


@register.simple_tag
def shape(name: str) -> SafeString:
    """Return one of the drawn signs, by its own name or the name of a tone."""
    drawing = SHAPES[SHAPE_OF_TONE.get(name, name)]
    return mark_safe(  # noqa: S308  # constant drawings of this file
        f'<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{drawing}</svg>'
    )


@register.simple_tag
def tone(name: str, label: str) -> SafeString:
    """Return a badge: whose turn it is, as word, shape, edge and colour."""
    return format_html('<span class="tone tone-{}">{}<span>{}</span></span>', name, shape(name), label)


@register.simple_tag
def form_token() -> SafeString:
    """Return the hidden one-time token of a form (see foundation/tasks/form_tokens.py)."""
    return format_html('<input type="hidden" name="form_token" value="{}">', secrets.token_urlsafe(18))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Return the input of a field with the classes and the writing direction of the house."""
    return field.as_widget(attrs=_attributes(field))


@register.simple_tag(takes_context=True)
def error_summary(context: template.Context, *bound_forms: forms.BaseForm) -> str:
    """Return the box that lists what needs another look, each linked to its field; nothing when all is well."""
    problems = [problem for form in bound_forms if form for problem in _problems(form)]
    return render_to_string("ui/error_box.html", {"problems": problems}) if problems else ""


@register.inclusion_tag("ui/sheet_links.html", takes_context=True)
def sheet_links(context: template.Context) -> dict[str, str]:
    """Return the ways to the list of this page as a file, its filters kept and all its pages."""
    query = context["request"].GET.copy()
    for key in ("as", "page", "before"):
        query.pop(key, None)
    return {"filters": f"{query.urlencode()}&" if query else ""}


@register.simple_block_tag
def now_card(content: str, **said: Any) -> str:
    """Draw who acts now and by when around the content: ``who``, ``by``, ``tone``, ``label``, ``heading``."""
    return render_to_string("ui/now_card.html", {"content": content, **said})


@register.simple_block_tag
def verdict(content: str, tone: str, heading: str) -> str:
    """Draw a verdict: its first words, then the reasons."""
    return render_to_string("ui/verdict.html", {"content": content, "tone": tone, "heading": heading})


@register.simple_block_tag
def refused(content: str, heading: str) -> str:
    """Draw the refusal of an act: what stands in the way, then what would lift it."""
    return render_to_string("ui/ruling_box.html", {"content": content, "heading": heading})


def _attributes(field: BoundField) -> dict[str, str | bool]:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return {}
    attributes: dict[str, str | bool] = {"class": "form-select" if isinstance(widget, forms.Select) else "form-control"}
    if type(widget) in {forms.TextInput, forms.Textarea}:
        attributes["dir"] = "auto"
    return attributes


def _problems(form: forms.BaseForm) -> list[dict[str, str]]:
    found = [{"target": "", "text": str(error)} for error in form.non_field_errors()]
    for field in form:
        label = str(field.label)
        lead = label if label.endswith("?") else label + _(":")
        found += [{"target": _target(field), "text": str(error), "lead": lead} for error in field.errors]
    return found


def _target(field: BoundField) -> str:
    return field.id_for_label or f"{field.auto_id}_0"
