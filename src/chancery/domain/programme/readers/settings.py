"""The values of an edition that the office edits on a page, by the part of the settings they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from chancery.domain.programme.readers.dumping import write_row
from chancery.domain.programme.readers.edition_file import EditionFile, Question
from chancery.domain.programme.readers.key_tables import REQUIRED, Key, Part
from chancery.domain.programme.readers.kinds import OPTIONS, PERCENTAGE, RATE, TEXT, WORDS, Kind, Setting, several
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.mail_words import MAIL_KINDS, block_of, is_mail_block
from chancery.domain.programme.readers.parsing import dotted, toml_name
from chancery.domain.programme.readers.rows import IDENTIFYING, KNOWN_BY


class SettingsPart(StrEnum):
    """A page of the settings; the days of the edition have a page of their own."""

    WORDS = "words"
    OPENING = "opening"
    FEES = "fees"
    ACCOUNT = "account"
    LEAVING = "leaving"
    FORM = "form"
    TRACE = "trace"
    OFFER = "offer"
    MAILS = "mail-words"


# The tables, or single keys, of each part. What identifies (slugs, numbers, keys of lists) is no value of these pages.
_SHOWN: Final[dict[SettingsPart, tuple[str, ...]]] = {
    SettingsPart.WORDS: (),
    SettingsPart.MAILS: (),
    SettingsPart.OPENING: (
        *("edition.opens_at", "edition.closes_at", "edition.capacity", "edition.minimum"),
        *("edition.place", "edition.languages"),
    ),
    SettingsPart.FEES: (
        *("tariff", "membership", "waiver", "group", "invoice"),
        *("payment.tolerance", "payment.book_from", "payment.hold_countries", "issuer"),
    ),
    SettingsPart.ACCOUNT: (
        *("payment.beneficiary", "payment.iban", "payment.bic", "payment.bank", "payment.address", "payment.demo"),
        "payment.four_eyes",
    ),
    SettingsPart.LEAVING: ("cancellation", "waiting_list", "dialogue"),
    SettingsPart.FORM: ("question", "criterion"),
    SettingsPart.TRACE: ("skill", "lesson", "session", "final_work_part", "requirement"),
    SettingsPart.OFFER: ("included", "excluded", "hotel", "expert", "testimonial"),
}
# What is part of the terms, which an application keeps as they were when it was sent (promise B5).
_IN_TERMS: Final = frozenset({"tariff", "waiver", "group", "cancellation"})
_IN_TERMS_TOO: Final = frozenset(
    {"membership.reference_year", "invoice.due_days", "invoice.due_on", "invoice.when", "payment.tolerance"}
)


@dataclass(frozen=True, slots=True)
class SettingEntry:
    """One value: where it stands in the file, of which kind it is, and what it says now in the file's writing."""

    path: KeyPath
    kind: Kind
    value: Any
    required: bool
    group: str = ""

    @property
    def name(self) -> str:
        """The path as people write it."""
        return dotted(self.path)

    @property
    def row(self) -> str:
        """What is edited together with it: a table, a row of a list, a text in all its languages."""
        return f"text.{self.path[2]}" if self.path[0] == "text" else dotted(self.path[:-1])

    @property
    def table(self) -> str:
        """The table of the file, or the list whose row it is."""
        return str(self.path[0])

    @property
    def is_words(self) -> bool:
        """Whether it is a text that may say something else in each language."""
        return self.kind is WORDS

    @property
    def is_options(self) -> bool:
        """Whether it lists the answers to choose from."""
        return self.kind is OPTIONS

    @property
    def is_share(self) -> bool:
        """Whether it is a part of one: 0.75 for three quarters."""
        return self.kind is RATE

    @property
    def is_percentage(self) -> bool:
        """Whether it is a number of hundredths: 21 for 21 per cent."""
        return self.kind is PERCENTAGE

    @property
    def topic(self) -> str:
        """What the value is about, whichever row of a list it stands in: ``session.applies``."""
        return ".".join(str(step) for step in self.path if not isinstance(step, int))

    @property
    def is_guarded(self) -> bool:
        """Whether another person has to approve: it says where money is paid to, or who guards that."""
        return self.name in _SHOWN[SettingsPart.ACCOUNT]

    @property
    def is_frozen(self) -> bool:
        """Whether whoever has sent an application keeps the value that held then."""
        return self.path[0] in _IN_TERMS or self.topic in _IN_TERMS_TOO


def list_settings(edition: EditionFile, part: SettingsPart) -> tuple[SettingEntry, ...]:
    """Return the values of one part, in the order of the file's tables."""
    if part is SettingsPart.WORDS:
        return tuple(_texts(edition))
    if part is SettingsPart.MAILS:
        return tuple(_mail_texts(edition))
    setting = Setting(edition.tariff.currency, edition.edition.zone)
    return tuple(entry for shown in _SHOWN[part] for entry in _entries(edition, shown, setting))


def lists_of(part: SettingsPart) -> tuple[str, ...]:
    """Return the lists of a part whose rows are added, taken out and moved on its page."""
    return tuple(shown for shown in _SHOWN[part] if shown in KNOWN_BY)


def part_of(name: str) -> SettingsPart | None:
    """Return the part in which a name such as ``tariff.member`` is edited; None when no page has it."""
    table = name.partition(".")[0].partition("[")[0]
    if table == "text":
        return SettingsPart.MAILS if is_mail_block(name.rpartition(".")[2]) else SettingsPart.WORDS
    return next((part for part, shown in _SHOWN.items() if table in shown or name in shown), None)


def find_setting(edition: EditionFile, name: str) -> SettingEntry | None:
    """Return the value that a name means; None when no page has it."""
    part = part_of(name)
    entries = list_settings(edition, part) if part else ()
    return next((entry for entry in entries if entry.name == name), None)


def find_value(edition: EditionFile, name: str) -> Any:
    """Return what the file says under a name, be it edited on a page or not; None when it says nothing."""
    setting = Setting(edition.tariff.currency, edition.edition.zone)
    for each in fields(edition):
        below: Part | None = each.metadata.get("part")
        if below and not below.many and name.startswith(f"{toml_name(each)}."):
            entries = _keys(below, getattr(edition, each.name), (toml_name(each),), setting)
            return next((entry.value for entry in entries if entry.name == name), None)
    found = find_setting(edition, name)
    return found.value if found else None


def _texts(edition: EditionFile) -> Iterator[SettingEntry]:
    """Yield each block in every language next to one another, as translators read them."""
    languages = [text.language for text in edition.texts]
    blocks = {text.language: dict(text.blocks) for text in edition.texts}
    for block in dict.fromkeys(key for text in edition.texts for key, _ in text.blocks if not is_mail_block(key)):
        is_list = any(isinstance(blocks[language].get(block), tuple) for language in languages)
        for language in languages:
            said = blocks[language].get(block)
            kind = several(TEXT) if is_list else TEXT
            value: Any = (
                [said] if is_list and isinstance(said, str) else list(said) if isinstance(said, tuple) else said
            )
            yield SettingEntry(("text", language, block), kind, value, required=False, group=block)


def _mail_texts(edition: EditionFile) -> Iterator[SettingEntry]:
    """Yield what is said in each mail, in every language of the edition, said or not."""
    for kind in MAIL_KINDS:
        for language in edition.edition.languages:
            said = edition.text_in(block_of(kind), language) or None
            yield SettingEntry(("text", language, block_of(kind)), TEXT, said, required=False, group=kind)


def _entries(edition: EditionFile, shown: str, setting: Setting) -> Iterator[SettingEntry]:
    table, _, only = shown.partition(".")
    each = next(each for each in fields(edition) if each.metadata and toml_name(each) == table)
    value, below = getattr(edition, each.name), each.metadata["part"]
    rows = [((table, n), row) for n, row in enumerate(value)] if below.many else [((table,), value)]
    for path, row in rows:
        yield from (entry for entry in _keys(below, row, path, setting) if only in ("", entry.path[-1]))


def _keys(below: Part, row: Any, path: KeyPath, setting: Setting) -> Iterator[SettingEntry]:
    group = str(getattr(row, KNOWN_BY[str(path[0])])) if below.many else str(path[0])
    for each in fields(below.of):
        key: Key | None = each.metadata.get("key")
        name = toml_name(each)
        if isinstance(row, Question) and row.asks_choice and name == "options":
            options = [write_row(option, setting) for option in row.options]
            yield SettingEntry((*path, name), OPTIONS, options, required=True, group=group)
        if key is None or (below.many and name in IDENTIFYING):
            continue
        current = getattr(row, each.name)
        written = None if current is None else key.kind.write(current, setting)
        yield SettingEntry((*path, name), key.kind, written, required=key.default is REQUIRED, group=group)
