"""Mails of an edition: the program's sentences, and what the office says besides (decision 73)."""

from typing import Any

from django.utils.translation import override

from chancery.domain.programme.documents.prose import fill
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.domain.programme.readers import EditionFile
from chancery.domain.programme.readers.mail_words import block_of
from chancery.foundation.mail.rendering import render_mail
from chancery.foundation.mail.services import Mail
from chancery.foundation.ui import wording


def edition_mail(edition: Edition, kind: str, *, language: str, **mail: Any) -> Mail:
    """Render a mail as :func:`render_mail` does, with the words that the edition has for its kind and language."""
    words = own_words(edition, get_content(edition), kind, language)
    return render_mail(kind, language=language, own_words=words, **mail)


def own_words(edition: Edition, file: EditionFile, kind: str, language: str) -> str:
    """Return what the edition says in a kind of mail besides the program's sentences; blank where it says nothing.

    Words of another language never stand in a mail: what is not translated is left out.
    """
    said = file.text_in(block_of(kind), language)
    with override(language):
        return fill(said, _values(edition, file)).strip()


def _values(edition: Edition, file: EditionFile) -> dict[str, str]:
    """Return what the placeholders of :data:`MAIL_PLACEHOLDERS` stand for, in the active language."""
    return {
        "name": file.programme.name,
        "organiser": file.programme.organiser,
        "place": edition.place,
        "starts_on": wording.day_text(edition.starts_on),
        "ends_on": wording.day_text(edition.ends_on),
        "opens_at": wording.deadline_text(edition.opens_at, edition),
        "closes_at": wording.deadline_text(edition.closes_at, edition),
        "network": file.membership.network,
    }
