"""A kind of mail as the settings show it: the program's sentences in a language, and what the edition says besides."""

from collections.abc import Iterable
from dataclasses import dataclass

from chancery.domain.programme.mails import own_words
from chancery.domain.programme.models import Edition
from chancery.domain.programme.readers import EditionFile, SettingEntry
from chancery.domain.programme.readers.mail_words import MAIL_KINDS, block_of
from chancery.foundation.mail.wording import wording_of


@dataclass(frozen=True, slots=True)
class ShownMail:
    """The words of a mail in one language, in the order in which they are sent; ``foot`` says why one gets it."""

    language: str
    subject: str
    sentences: tuple[str, ...]
    own: str
    foot: str


def mails_of(edition: Edition, file: EditionFile, entries: Iterable[SettingEntry]) -> list[ShownMail]:
    """Return the mail that the entries say something in, in every language of the edition."""
    kind = next((entry.group for entry in entries), "")
    return [mail_shown(edition, file, kind, language) for language in file.edition.languages] if kind else []


def mail_shown(edition: Edition, file: EditionFile, kind: str, language: str) -> ShownMail:
    """Return one mail in one language."""
    words = wording_of(kind, language)
    *said, foot = words.sentences or ("",)
    return ShownMail(language, words.subject, tuple(said), own_words(edition, file, kind, language), foot)


def kinds_with_words(file: EditionFile) -> frozenset[str]:
    """Return the kinds of mail in which the edition says something, in whichever language."""
    blocks = {block for text in file.texts for block, said in text.blocks if said}
    return frozenset(kind for kind in MAIL_KINDS if block_of(kind) in blocks)
