"""Forms of the lists of an edition: in which order the rows stand, and what a new row says."""

import re
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chancery.domain.programme.readers import EditionFile, SettingEntry
from chancery.domain.programme.readers.rows import Raw, Row, list_rows, wanted_of
from chancery.interfaces.office.forms.settings import IN, field_for, typed_values, value_for

NEW: Final = "new"
NEEDS_MORE: Final = frozenset({"authority", "group_code"})
_ORDER: Final = re.compile(r"(\d{1,4}|new)(,(\d{1,4}|new))*")


class RowsForm(forms.Form):
    """The rows of one list in their order, by their places of before; ``new`` stands for the row that was typed."""

    all_may_be_blank = False
    table = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    order = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, file: EditionFile, table: str, **kwargs: Any) -> None:  # as forms.Form
        """Make a field for each value that a new row cannot go without."""
        kwargs.setdefault("auto_id", f"{table}-%s")
        super().__init__(*args, **kwargs)
        self.of = table
        self.count = len(list_rows(file, table))
        self.languages = file.edition.languages
        self.entries = [
            SettingEntry((table, self.count, each.name), each.kind, each.default, required=each.default is None)
            for each in wanted_of(file, table)
        ]
        self.asks_new = not self.is_bound or NEW in self.data.get("order", "").split(",")
        for entry in self.entries:
            for name, value in typed_values(entry, entry.value, self.languages).items():
                self.fields[name] = _offered(field_for(entry, name))
                self.initial.setdefault(name, value)

    @property
    def added(self) -> str:
        """The order with the new row at the end, as the form for it sends it."""
        return ",".join([*map(str, range(self.count)), NEW])

    def new_fields(self) -> list[forms.BoundField]:
        """Return the fields of a new row."""
        return self.visible_fields()

    def clean_order(self) -> list[str]:
        """Take each row at most once, and only rows that are there."""
        said = self.cleaned_data["order"]
        order = said.split(",") if said and _ORDER.fullmatch(said) else []
        is_whole = bool(order) == bool(said) and len(set(order)) == len(order)
        if not is_whole or any(each != NEW and int(each) >= self.count for each in order):
            raise ValidationError(_("The list has changed since the page was shown. Look at it again."))
        return order

    def rows(self) -> list[Row]:
        """Return the rows as they are wanted."""
        return [self._new_row() if each == NEW else int(each) for each in self.cleaned_data["order"]]

    def typed(self) -> list[tuple[str, str]]:
        """Return what was sent, to be sent again."""
        return [(name, str(self.data[name])) for name in self.fields if name in self.data]

    def blame(self, key: str, problem: str) -> None:
        """Put a problem at the field of the new row, or above all fields."""
        fits = [name for name in self.fields if key in (name, name.replace(IN, "."), name.partition(IN)[0])]
        self.add_error(fits[0] if fits and self.asks_new else None, problem)

    def _new_row(self) -> Raw:
        row = {str(entry.path[-1]): value_for(entry, self.cleaned_data, self.languages) for entry in self.entries}
        return {key: value for key, value in row.items() if value not in (None, "", {})}


def _offered(field: forms.Field) -> forms.Field:
    """Leave out what needs more than a row: a group or an authority have their own page."""
    if isinstance(field, forms.ChoiceField):
        field.choices = [
            (value, label) for value, label in cast("list[tuple[str, str]]", field.choices) if value not in NEEDS_MORE
        ]
    return field
