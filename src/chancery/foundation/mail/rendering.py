"""Build a mail from the three templates of its folder, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from chancery.foundation.audit.refs import Ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.services import Mail

FOOT = "\n--\n"


def render_mail(
    kind: str,
    *,
    about: Ref,
    to: str,
    language: str,
    dedupe_key: str,
    context: Mapping[str, Any],
    thread: MailThread | None = None,
    document_ids: tuple[int, ...] = (),
    own_words: str = "",
) -> Mail:
    """Render ``subject.txt``, ``body.txt`` and ``body.html`` of ``mails/<kind>``; a kind is ``<room>/<mail>``.

    ``own_words`` are paragraphs of plain text that the office says besides: after our sentences, before our foot.
    """
    with override(language):
        words = {**context, "language": language, "site_url": settings.SITE_URL, "own_words": own_words}
        subject = " ".join(render_to_string(f"mails/{kind}/subject.txt", words).split())
        return Mail(
            kind=kind,
            about=about,
            to=to,
            language=language,
            subject=subject,
            text=_with(own_words, render_to_string(f"mails/{kind}/body.txt", words).strip() + "\n"),
            html=render_to_string(f"mails/{kind}/body.html", {**words, "subject": subject}),
            dedupe_key=dedupe_key,
            thread=thread,
            document_ids=document_ids,
        )


def _with(own_words: str, text: str) -> str:
    """Put words above the foot of a mail, which says why somebody gets it."""
    if not own_words:
        return text
    body, mark, foot = text.rpartition(FOOT)
    return f"{body.rstrip()}\n\n{own_words}\n{mark}{foot}" if mark else f"{text}\n{own_words}\n"


def reader_mark(to: str) -> str:
    """Return what tells one reader of a mail from another in its key: no address, since the key is never deleted."""
    return salted_hmac("chancery.mail-reader", to.lower(), algorithm="sha256").hexdigest()[:16]


def link(name: str, *args: str) -> str:
    """Return the full address of a page by its URL name, for use in a mail."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
