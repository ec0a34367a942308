"""Forms of the settings: a field for each value of the edition, made from its kind; the edition's reader judges."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django import forms

from chancery.domain.programme.readers import SettingEntry
from chancery.interfaces.office.forms.spoken import in_language, options_as_lines, options_from_lines, words_from
from chancery.interfaces.office.settings_words import heading_of, help_of, label_of, option_of

LONG: Final = 60
# Between the name of a value and the language that a field says it in.
IN: Final = "@"


class SettingsForm(forms.Form):
    """The values of one page, as the file has them; ``seen`` is the revision that was shown."""

    all_may_be_blank = True  # so no field says that it is optional: a blank one gets the default of the file's format
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, entries: Iterable[SettingEntry], languages: Iterable[str], **kwargs: Any
    ) -> None:  # as forms.Form
        """Make a field a value, and for words one a language."""
        super().__init__(*args, **kwargs)
        self.entries = tuple(entries)
        self.languages = tuple(languages)
        for entry in self.entries:
            for name, field, value in _fields(entry, self.languages):
                self.fields[name] = field
                self.initial.setdefault(name, value)

    def wanted(self) -> dict[str, Any]:
        """Return what was typed and differs from what was shown, in the file's writing."""
        typed = {entry.name: value_for(entry, self.cleaned_data, self.languages) for entry in self.entries}
        shown = {entry.name: entry.value for entry in self.entries}
        return {name: value for name, value in typed.items() if not _same(value, shown[name])}

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under the heading of the table they stand in."""
        found: dict[str, list[forms.BoundField]] = {}
        tables = {entry.name: entry.table for entry in self.entries}
        for field in self.visible_fields():
            found.setdefault(heading_of(tables[field.name.partition(IN)[0]]), []).append(field)
        return list(found.items())

    def blame(self, name: str, problem: str) -> None:
        """Put a problem at the field of a value, or above all fields."""
        fits = [each for each in self.fields if name in (each, each.replace(IN, "."), each.partition(IN)[0])]
        self.add_error(fits[0] if fits else None, problem)


def typed_values(entry: SettingEntry, value: Any, languages: Iterable[str]) -> dict[str, Any]:
    """Return what the fields of a value show for it."""
    if entry.is_words:
        return {f"{entry.name}{IN}{each}": in_language(value, each) for each in languages}
    if entry.is_options:
        return {f"{entry.name}{IN}{each}": options_as_lines(value or [], each) for each in languages}
    return {entry.name: _shown(value)}


def _fields(entry: SettingEntry, languages: Iterable[str]) -> Iterable[tuple[str, forms.Field, Any]]:
    for name, value in typed_values(entry, entry.value, languages).items():
        yield name, field_for(entry, name, value), value


def field_for(entry: SettingEntry, name: str, value: Any = "") -> forms.Field:
    """Return the field of a value, or of what it says in the language that the name ends with."""
    language = name.partition(IN)[2]
    label = f"{label_of(entry)} ({language})" if language else label_of(entry)
    return _field(entry, label, value, language)


def _field(entry: SettingEntry, label: str, value: Any, language: str) -> forms.Field:
    schema: Mapping[str, Any] = entry.kind.schema
    named: dict[str, Any] = {"label": label, "required": False, "help_text": help_of(entry)}
    if schema.get("type") == "boolean":
        return forms.BooleanField(**named)
    if schema.get("type") == "integer":
        return forms.IntegerField(**named)
    if "enum" in schema:
        choices = [(each, option_of(entry, each)) for each in schema["enum"]]
        return forms.ChoiceField(choices=choices, **named)
    if schema.get("format") == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **named)
    if schema.get("format") == "date-time":
        return forms.CharField(widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}), **named)
    is_long = schema.get("type") == "array" or entry.path[0] == "text" or len(str(value)) > LONG
    spoken = {"lang": language or str(entry.path[1]) if entry.path[0] == "text" or language else ""}
    attrs = {key: word for key, word in spoken.items() if word}
    if is_long:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4, **attrs}), **named)
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **named)


def value_for(entry: SettingEntry, typed: Mapping[str, Any], languages: Iterable[str]) -> Any:
    """Return what was typed for a value, in the file's writing."""
    if entry.is_words:
        return words_from(entry.value, _texts(entry, typed, languages))
    if entry.is_options:
        return options_from_lines(_texts(entry, typed, languages), entry.value or []) or None
    value, schema = typed.get(entry.name), entry.kind.schema
    if schema.get("type") == "array":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
        if schema.get("format") == "date-time":
            return _instant(value)
        if not value and not (schema == {"type": "string"} and entry.value is not None):
            return None
    return value


def _texts(entry: SettingEntry, typed: Mapping[str, Any], languages: Iterable[str]) -> dict[str, str]:
    return {each: str(typed.get(f"{entry.name}{IN}{each}", "")).replace("\r\n", "\n") for each in languages}


def _instant(value: str) -> datetime | str | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError:
        return value


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value
    return "" if value is None else value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return bool(one == other) or (one in (None, "", [], {}) and other in (None, "", [], {}))
