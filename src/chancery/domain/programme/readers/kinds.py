"""The kinds of value a key may hold: how each is read, written back and described to an editor."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chancery.domain.programme.readers.findings import Phrase, phrase
from chancery.foundation.money import exponent, minor_from_decimal

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Twelve digits before the point keep every amount within 64 bits in every currency.
_PLAIN_DECIMAL = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)
_YEARS = range(1900, 2200)
FALLBACK_LANGUAGE = "en"


class Unreadable(Exception):
    """A value is not of the kind its key asks for; says what is wrong and what would be right."""

    def __init__(self, wrong: Phrase, right: Phrase) -> None:
        """Keep both halves apart, so that a page may show them in two columns."""
        super().__init__(wrong, right)
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True, slots=True)
class Setting:
    """What other keys of the file must say before a value can be read: the currency and the time zone."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. ``read`` raises Unreadable; ``write`` gives back what ``read`` would read as equal."""

    schema: Mapping[str, Any]
    read: Callable[[Any, Setting], Any]
    write: Callable[[Any, Setting], Any] = field(default=lambda value, _: value)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in several languages; a text given once for all has the language ``""``."""

    by_language: tuple[tuple[str, str], ...] = ()

    def say(self, language: str) -> str:
        """Return the text in a language, else in its base language, else in English, else in any."""
        texts = dict(self.by_language)
        for wanted in (language, language.partition("-")[0], "", FALLBACK_LANGUAGE):
            if wanted in texts:
                return texts[wanted]
        return next(iter(texts.values()), "")

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return any(text for _, text in self.by_language)


def _text(value: Any, _: Setting) -> str:
    if not isinstance(value, str):
        raise Unreadable(
            phrase("%(value)s is not a text", value=_shown(value)), phrase('write it in quotes, such as "text"')
        )
    return value.strip()


def _slug(value: Any, setting: Setting) -> str:
    text = _text(value, setting)
    if not re.fullmatch(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*", text):
        raise Unreadable(
            phrase("%(value)s is no key", value=_shown(value)),
            phrase("use letters, digits, - and _, such as metropolis-2024"),
        )
    return text


def _language(value: Any, setting: Setting) -> str:
    text = _text(value, setting)
    if not LANGUAGE.fullmatch(text):
        raise Unreadable(
            phrase("%(value)s is no language code", value=_shown(value)), phrase("write en, es, fr, ca or the like")
        )
    return text


def _yes_no(value: Any, _: Setting) -> bool:
    if not isinstance(value, bool):
        raise Unreadable(phrase("%(value)s is neither yes nor no", value=_shown(value)), phrase("write true or false"))
    return value


def _day(value: Any, _: Setting) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime) or value.year not in _YEARS:
        raise Unreadable(phrase("this is no day"), phrase("write a day as 2024-11-18"))
    return value


def _instant(value: Any, setting: Setting) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.year not in _YEARS:
        raise Unreadable(phrase("this is no instant"), phrase("write day and time as 2024-11-18T09:30:00"))
    if value.tzinfo is None:
        return value.replace(tzinfo=setting.zone)
    return value.astimezone(setting.zone)


def _written_instant(value: datetime, _: Setting) -> datetime:
    # The second of two equal wall times (clocks set back) is read back right only with its offset.
    return value.astimezone(UTC) if value.fold else value.replace(tzinfo=None)


def _decimal(value: Any, example: str) -> Decimal:
    if not isinstance(value, str) or not _PLAIN_DECIMAL.fullmatch(value.strip()):
        raise Unreadable(
            phrase("%(value)s is no exact decimal", value=_shown(value)),
            phrase('write it in quotes, such as "%(example)s"', example=example),
        )
    return Decimal(value.strip())


def _amount(value: Any, setting: Setting) -> int:
    example = f"{Decimal(1500):.{exponent(setting.currency)}f}"
    amount = _decimal(value, example)
    try:
        return minor_from_decimal(amount, setting.currency)
    except ValueError as error:  # _decimal lets no amount through that is too long
        digits = exponent(setting.currency)
        wrong = phrase("%(amount)s has more digits than %(currency)s has", amount=amount, currency=setting.currency)
        raise Unreadable(
            wrong,
            phrase("%(currency)s has %(digits)s digits after the point", currency=setting.currency, digits=digits),
        ) from error


def _written_amount(value: int, setting: Setting) -> str:
    digits = exponent(setting.currency)
    return f"{Decimal(value).scaleb(-digits):.{digits}f}"


def _rate(value: Any, _: Setting) -> Decimal:
    rate = _decimal(value, "0.10")
    if rate > 1:
        raise Unreadable(
            phrase("%(rate)s is above 100 %%", rate=rate), phrase('write a share between "0" and "1"; 10 %% is "0.10"')
        )
    return rate


def _percentage(value: Any, _: Setting) -> Decimal:
    rate = _decimal(value, "21")
    if rate > 100:
        raise Unreadable(phrase("%(rate)s is above 100 %%", rate=rate), phrase('write a percentage, such as "21"'))
    return rate


def _currency(value: Any, _: Setting) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
        raise Unreadable(
            phrase("%(value)s is no currency", value=_shown(value)), phrase("write its three letters, such as EUR")
        )
    return value


def _zone(value: Any, setting: Setting) -> str:
    name = _text(value, setting)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Unreadable(
            phrase("%(value)s is no time zone", value=_shown(value)), phrase("write it as Europe/Madrid")
        ) from error
    return name


def _words(value: Any, setting: Setting) -> Words:
    if isinstance(value, str):
        return Words((("", value.strip()),))
    if not isinstance(value, dict) or not value:
        raise Unreadable(
            phrase("%(value)s is no text", value=_shown(value)), phrase('write "text" or { en = "text", es = "texto" }')
        )
    return Words(tuple((_language(key, setting), _text(text, setting)) for key, text in value.items()))


def _written_words(words: Words, _: Setting) -> object:
    texts = dict(words.by_language)
    return texts.get("", texts)


TEXT = Kind({"type": "string"}, _text)
SLUG = Kind({"type": "string", "pattern": "^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"}, _slug)
LANGUAGE_CODE = Kind({"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}, _language)
YES_NO = Kind({"type": "boolean"}, _yes_no)
DAY = Kind({"type": "string", "format": "date"}, _day)
INSTANT = Kind({"type": "string", "format": "date-time"}, _instant, _written_instant)
AMOUNT = Kind({"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}, _amount, _written_amount)
RATE = Kind({"type": "string", "pattern": "^(0(\\.[0-9]+)?|1(\\.0+)?)$"}, _rate, lambda value, _: f"{value:f}")
PERCENTAGE = Kind({"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}, _percentage, lambda value, _: f"{value:f}")
CURRENCY = Kind({"type": "string", "pattern": "^[A-Z]{3}$"}, _currency)
ZONE = Kind({"type": "string"}, _zone)
WORDS = Kind(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
        ]
    },
    _words,
    _written_words,
)
# The answers to choose from, edited as one value; the file has them as a list of tables, which its own reader reads.
OPTIONS = Kind({"type": "array", "items": {"type": "object"}}, lambda value, _: value)


def whole(least: int, most: int | None = None) -> Kind:
    """Return the kind of a whole number of at least ``least``."""

    def read(value: Any, _: Setting) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Unreadable(
                phrase("%(value)s is no whole number", value=_shown(value)),
                phrase("write a number such as %(number)s", number=max(least, 10)),
            )
        if value < least:
            raise Unreadable(
                phrase("%(value)s is too small", value=value), phrase("write %(least)s or more", least=least)
            )
        if most is not None and value > most:
            raise Unreadable(phrase("%(value)s is too large", value=value), phrase("write %(most)s or less", most=most))
        return value

    limits: dict[str, object] = {"type": "integer", "minimum": least}
    return Kind(limits if most is None else {**limits, "maximum": most}, read)


def choice(options: type[StrEnum]) -> Kind:
    """Return the kind of a word out of a list."""
    words = [option.value for option in options]

    def read(value: Any, _: Setting) -> StrEnum:
        if not isinstance(value, str) or value not in words:
            raise Unreadable(
                phrase("%(value)s is not known here", value=_shown(value)),
                phrase("write one of %(words)s", words=", ".join(words)),
            )
        return options(value)

    return Kind({"enum": words}, read, lambda value, _: value.value)


def several(kind: Kind) -> Kind:
    """Return the kind of a list of values of one kind."""

    def read(value: Any, setting: Setting) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unreadable(
                phrase("%(value)s is no list", value=_shown(value)), phrase('write a list such as ["a", "b"]')
            )
        return tuple(kind.read(each, setting) for each in value)

    def write(value: tuple[Any, ...], setting: Setting) -> list[Any]:
        return [kind.write(each, setting) for each in value]

    return Kind({"type": "array", "items": kind.schema}, read, write)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value[:40]}"'
    if isinstance(value, dict | list):
        return phrase("a table") if isinstance(value, dict) else phrase("a list")
    return str(value)
