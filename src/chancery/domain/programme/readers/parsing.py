"""Reads an edition file into :class:`EditionFile`, or says everything that is wrong with it and where."""

import re
import tomllib
from dataclasses import Field, dataclass, field, fields, replace
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chancery.domain.programme.readers.edition_file import EditionFile, EditionText, Quotation
from chancery.domain.programme.readers.findings import EditionRefused, Finding, Phrase, Severity, phrase
from chancery.domain.programme.readers.key_tables import REQUIRED, Key, Part
from chancery.domain.programme.readers.kinds import CURRENCY, DAY, LANGUAGE, Setting, Unreadable
from chancery.domain.programme.readers.line_index import KeyPath, line_index, line_of

SCHEMA_VERSION = 1
OPEN_BEFORE_START = timedelta(days=180)
DEFAULT_MEMBER_RATE = "1000.00"
# Tables whose absence changes what people pay: the default is said aloud.
TELLING_TABLES = {
    "group": phrase('a group of 2 or more gets the default 10 %%; write rate = "0" for no discount'),
    "tariff": phrase("the default amounts apply and are shown as examples"),
}


def parse_edition(content: bytes | str, name: str = "edition") -> EditionFile:
    """Return the edition that a TOML text states; keys that are wanting have the defaults of the format.

    :raises EditionRefused: when the text is no TOML or breaks the key tables; all findings at once.
    """
    try:
        return replace(_parsed(content), name=name)
    except EditionRefused as no:
        raise EditionRefused(name, no.findings) from no


def unread_keys(content: bytes | str) -> tuple[KeyPath, ...]:
    """Return the keys that a readable edition file holds and this version does not read."""
    text = _decoded(content)
    raw = _toml(text)  # first: the index is of a text that is TOML
    reading = _Reading(index=line_index(text), raw=raw)
    reading.edition()
    return tuple(reading.unread)


@lru_cache(maxsize=16)
def _parsed(content: bytes | str) -> EditionFile:
    """Read a text once: one act reads the same file several times, to judge it, to change it and to show it."""
    text = _decoded(content)
    raw = _toml(text)
    reading = _Reading(index=line_index(text), raw=raw)
    edition = reading.edition()
    if edition is None:
        raise EditionRefused("", reading.sorted_findings())
    return edition


def _decoded(content: bytes | str) -> str:
    if isinstance(content, str):
        text = content
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise _refused(line, phrase("a byte is not UTF-8"), phrase("save the file as UTF-8")) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _refused(1, phrase("lists or tables are nested too deeply"), phrase("write them flat")) from error
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        wrong = re.sub(r" \(at [^)]*\)$", "", str(error))
        raise _refused(line, phrase("this is not TOML: %(wrong)s", wrong=wrong), phrase("correct the line")) from error


def _refused(line: int, wrong: Phrase, right: Phrase) -> EditionRefused:
    return EditionRefused("", (Finding(Severity.ERROR, line, "file", wrong, right),))


@dataclass
class _Reading:
    """One walk over a raw file, with what was found on the way."""

    index: dict[KeyPath, int]
    raw: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    unread: list[KeyPath] = field(default_factory=list)

    def edition(self) -> EditionFile | None:
        self._version()
        self._tell_defaults()
        self._fill_computed()
        setting = self._setting()
        values = self._values(EditionFile, self.raw, (), setting, extra=("schema", "text"))
        values["texts"] = self._texts()
        if any(finding.is_error for finding in self.findings):
            return None
        return EditionFile(**values, name="", lines=self.index, warnings=self.sorted_findings())

    def sorted_findings(self) -> tuple[Finding, ...]:
        return tuple(sorted(self.findings, key=lambda finding: (finding.line, finding.key)))

    def error(self, path: KeyPath, wrong: Phrase, right: Phrase) -> None:
        self._find(Severity.ERROR, path, wrong, right)

    def warn(self, path: KeyPath, wrong: Phrase, right: Phrase) -> None:
        self._find(Severity.WARNING, path, wrong, right)

    def _find(self, severity: Severity, path: KeyPath, wrong: Phrase, right: Phrase) -> None:
        self.findings.append(Finding(severity, line_of(self.index, path), dotted(path), wrong, right))

    def _version(self) -> None:
        version = self.raw.get("schema")
        if version is None:
            self.warn(
                (),
                phrase("schema is missing"),
                phrase("write schema = %(version)s on the first line", version=SCHEMA_VERSION),
            )
        elif version != SCHEMA_VERSION:
            self.error(
                ("schema",),
                phrase("schema %(version)s is not known here", version=str(version)),
                phrase("write schema = %(version)s", version=SCHEMA_VERSION),
            )

    def _tell_defaults(self) -> None:
        for table, what in TELLING_TABLES.items():
            if table not in self.raw:
                self.warn((table,), phrase("there is no table [%(table)s]", table=table), what)

    def _setting(self) -> Setting:
        """Return currency and zone, which other keys need; errors in them are told where they are read."""
        currency = self._table("tariff").get("currency", "EUR")
        try:
            currency = CURRENCY.read(currency, Setting("EUR", ZoneInfo("UTC")))
        except Unreadable:
            currency = "EUR"
        return Setting(currency, self._zone())

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self._table("edition")["time_zone"])
        except (KeyError, ValueError, OSError, TypeError):
            return ZoneInfo("UTC")

    def _table(self, name: str) -> dict[str, Any]:
        table = self.raw.get(name)
        return table if isinstance(table, dict) else {}

    def _fill_computed(self) -> None:
        """Fill the keys whose default depends on other keys."""
        edition, tariff = self._table("edition"), self._table("tariff")
        self._fill_window(edition)
        slug, number = edition.get("slug"), edition.get("number", 1)
        if isinstance(slug, str) and slug:
            edition.setdefault("reference_prefix", f"{slug[0].upper()}{number}")
        standard = tariff.get("standard")
        if isinstance(standard, str) and "member" not in tariff and _is_less(standard, DEFAULT_MEMBER_RATE):
            tariff["member"] = standard

    def _fill_window(self, edition: dict[str, Any]) -> None:
        starts_on = edition.get("starts_on")
        try:
            starts_on = DAY.read(starts_on, self._setting())
        except Unreadable:
            return
        eve = datetime.combine(starts_on - timedelta(days=1), time(23, 59, 59))  # local, as TOML has it
        defaults = {
            "opens_at": (
                datetime.combine(starts_on, time()) - OPEN_BEFORE_START,
                phrase("180 days before the start is taken; state it to be sure"),
            ),
            "closes_at": (eve, phrase("the eve of the start, 23:59:59 is taken; state it to be sure")),
        }
        for key, (value, remedy) in defaults.items():
            if key not in edition:
                self.warn(("edition", key), phrase("%(key)s is missing", key=key), remedy)
                edition[key] = value

    def _values(
        self,
        of: type,
        raw: dict[str, Any],
        path: KeyPath,
        setting: Setting,
        extra: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Return the values for the fields of a table; what cannot be read becomes a finding."""
        known = {toml_name(each): each for each in fields(of) if each.metadata}
        self._unknown(raw, [*known, *extra], path)
        return {each.name: self._value(each, name, raw, path, setting) for name, each in known.items()}

    def _value(self, each: Field[Any], name: str, raw: dict[str, Any], path: KeyPath, setting: Setting) -> Any:
        place = (*path, name)
        below = each.metadata.get("part")
        if below is not None:
            return self._below(below, raw.get(name), place, setting)
        return self._key(each.metadata["key"], name, raw, place, setting)

    def _key(self, key: Key, name: str, raw: dict[str, Any], place: KeyPath, setting: Setting) -> Any:
        if name not in raw and key.default is REQUIRED:
            self.error(
                place,
                phrase("%(key)s is missing", key=name),
                phrase("add %(key)s = %(example)s", key=name, example=_example(key)),
            )
            return None
        value = raw.get(name, key.default)
        if value is None:
            return None
        try:
            return key.kind.read(value, setting)
        except Unreadable as error:
            self.error(place, error.wrong, error.right)
            return None

    def _below(self, below: Part, raw: Any, place: KeyPath, setting: Setting) -> Any:
        if below.many:
            return self._many(below, raw, place, setting)
        if raw is None and below.required:
            self.error(place, phrase("the table [%(key)s] is missing", key=below.toml_name), phrase("add it"))
        if raw is not None and not isinstance(raw, dict):
            self.error(
                place, phrase("%(key)s is no table", key=below.toml_name), phrase("write [%(key)s]", key=dotted(place))
            )
            return None
        if raw is None and below.required:
            return None
        return self._built(below.of, raw or {}, place, setting)

    def _many(self, below: Part, raw: Any, place: KeyPath, setting: Setting) -> tuple[Any, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
            self.error(
                place,
                phrase("%(key)s is no list of tables", key=below.toml_name),
                phrase("write [[%(key)s]] for each", key=dotted(place)),
            )
            return ()
        return tuple(self._built(below.of, each, (*place, n), setting) for n, each in enumerate(raw))

    def _built(self, of: type, raw: dict[str, Any], place: KeyPath, setting: Setting) -> Any:
        before = len(self.findings)
        values = self._values(of, raw, place, setting)
        if any(finding.is_error for finding in self.findings[before:]):
            return None
        return of(**values)

    def _unknown(self, raw: dict[str, Any], known: list[str], path: KeyPath) -> None:
        for key in raw:
            if key in known:
                continue
            near = get_close_matches(key, known, n=1, cutoff=0.8)
            if near:
                self.error(
                    (*path, key),
                    phrase("%(key)s is not a key here", key=key),
                    phrase("did you mean %(near)s?", near=near[0]),
                )
            else:
                self.unread.append((*path, key))
                self.warn(
                    (*path, key),
                    phrase("%(key)s is not a key here and is not read", key=key),
                    phrase("remove it or mend its name"),
                )

    def _texts(self) -> tuple[EditionText, ...]:
        raw = self.raw.get("text", {})
        if not isinstance(raw, dict):
            self.error(("text",), phrase("text is no table"), phrase("write [text.en]"))
            return ()
        return tuple(self._language(language, blocks) for language, blocks in raw.items())

    def _language(self, language: str, raw: Any) -> EditionText:
        path: KeyPath = ("text", language)
        if not LANGUAGE.fullmatch(language) or not isinstance(raw, dict):
            self.error(
                path,
                phrase("%(key)s is no table of a language", key=dotted(path)),
                phrase("write [text.en], [text.es] and so on"),
            )
            return EditionText(language, ())
        quotation = raw.get("quotation")
        blocks = {key: value for key, value in raw.items() if key != "quotation"}
        return EditionText(
            language,
            tuple((key, self._block(value, (*path, key))) for key, value in blocks.items()),
            None if quotation is None else self._quotation(quotation, (*path, "quotation")),
        )

    def _quotation(self, raw: Any, path: KeyPath) -> Quotation | None:
        if not isinstance(raw, dict):
            self.error(
                path, phrase("the quotation is no table"), phrase('write quotation = { text = "...", source = "..." }')
            )
            return None
        built: Quotation | None = self._built(Quotation, raw, path, Setting("EUR", ZoneInfo("UTC")))
        return built

    def _block(self, value: Any, path: KeyPath) -> str | tuple[str, ...]:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(each.strip() for each in value)
        self.error(
            path, phrase("this is neither a text nor a list of texts"), phrase('write "text" or ["text", "text"]')
        )
        return ""


def toml_name(each: Field[Any]) -> str:
    """Return the name that a field of a key table has in the file."""
    below: Part | None = each.metadata.get("part")
    if below is not None:
        return below.toml_name
    key: Key = each.metadata["key"]
    return key.toml_name or each.name


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: ``session[3].lesson``, counted from 1."""
    words = ""
    for step in path:
        words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
    return words or "file"


def _example(key: Key) -> str:
    schema = key.kind.schema
    if schema.get("format") == "date":
        return "2024-11-18"
    if schema.get("type") == "integer":
        return str(max(int(schema.get("minimum", 1)), 24))
    if "enum" in schema:
        return f'"{schema["enum"][0]}"'
    return '"..."'


def _is_less(text: str, other: str) -> bool:
    try:
        return Decimal(text) < Decimal(other)
    except InvalidOperation:
        return False
