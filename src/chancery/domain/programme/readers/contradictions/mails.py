"""What an edition says in mails: of mails there are, naming what holds for every reader, and never an account."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import Finding, Severity, phrase
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.mail_words import MAIL_KINDS, MAIL_PLACEHOLDERS, block_of, is_mail_block
from chancery.domain.programme.readers.parsing import dotted
from chancery.domain.programme.readers.prose import PLACEHOLDER, PLACEHOLDERS

BLOCKS: Final = tuple(block_of(kind) for kind in MAIL_KINDS)
# Two letters, two figures and at least eleven more signs, spaced or not: what a bank would take for an account.
_ACCOUNT = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ \u00a0\u202f.-]?[A-Za-z0-9]){11,30}\b")
FEWEST_FIGURES: Final = 10


def mail_words(edition: EditionFile) -> Iterator[Finding]:
    """Words for a mail that there is, without terms that a reader may have otherwise, and without an account."""
    for text in edition.texts:
        for block, value in text.blocks:
            if is_mail_block(block):
                path: KeyPath = ("text", text.language, block)
                yield from _of_block(edition, path, "\n\n".join(value) if isinstance(value, tuple) else value)


def _of_block(edition: EditionFile, path: KeyPath, said: str) -> Iterator[Finding]:
    line, key, block = edition.line(*path), dotted(path), str(path[-1])
    if block not in BLOCKS:
        near = get_close_matches(block, BLOCKS, n=1)
        right = (
            phrase("did you mean %(near)s?", near=near[0]) if near else phrase("see the list of mails in the settings")
        )
        yield Finding(Severity.ERROR, line, key, phrase("there is no such mail"), right)
    for match in PLACEHOLDER.finditer(said):
        if match[1] in PLACEHOLDERS and match[1] not in MAIL_PLACEHOLDERS:
            wrong = phrase("%(word)s may be another for whoever gets the mail", word=match[0])
            right = phrase("leave it to the program, or use one of %(words)s", words=", ".join(MAIL_PLACEHOLDERS))
            yield Finding(Severity.ERROR, line, key, wrong, right)
    if any(sum(sign.isdigit() for sign in match[0]) >= FEWEST_FIGURES for match in _ACCOUNT.finditer(said)):
        wrong = phrase("this looks like a bank account, which another person has to approve")
        right = phrase("take it out: the account stands on the bill, and is changed on its own page")
        yield Finding(Severity.ERROR, line, key, wrong, right)
