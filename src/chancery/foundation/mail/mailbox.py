"""A mailbox that is read over IMAP: what lies in it, a message as it came, and the mark that it was taken in."""

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import unquote, urlsplit

PATIENCE = 20  # seconds
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxNotReadable(Exception):
    """The server does not answer, the account is refused, or there is no such folder; says which."""


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox is: ``imaps://`` (TLS from the start), ``imap+tls://`` (STARTTLS) or ``imap://`` (loopback)."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """How the mailbox is called beside what was taken from it; without the password."""
        return f"{self.user}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came; ``received_at`` is the instant at which the server took it in (INTERNALDATE), if told."""

    raw: bytes
    received_at: datetime | None


def mailbox_from_url(url: str) -> MailboxAddress:
    """Return the address of a mailbox, such as ``imaps://user:password@host/INBOX``.

    :raises ValueError: when the scheme is another one, or no host is named.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps", "imap+tls"} or not parts.hostname:
        raise ValueError(f"CHANCERY_IMAP_URL: use imaps://user:password@host/folder, not {parts.scheme}://")
    return MailboxAddress(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


class Mailbox:
    """An open mailbox; ``validity`` changes when the server counts its messages anew."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        """Keep the connection."""
        self.client, self.validity = client, validity

    def numbers(self, since: date) -> list[int]:
        """Return the numbers of the messages that came on a day or later, read or not."""
        told = self._asked("SEARCH", "SINCE", f"{since.day:02d}-{MONTHS[since.month - 1]}-{since.year}")
        return sorted(int(number) for part in told if isinstance(part, bytes) for number in part.split())

    def message(self, number: int) -> Message | None:
        """Return a message without marking it as read; None where it is gone by now."""
        for part in self._asked("FETCH", str(number), "(INTERNALDATE BODY.PEEK[])"):
            if isinstance(part, tuple):
                stamp = imaplib.Internaldate2tuple(part[0])
                at = datetime.fromtimestamp(time.mktime(stamp), UTC) if stamp else None
                return Message(bytes(part[1]), at)
        return None

    def mark_read(self, number: int) -> None:
        """Mark a message as read, once it is ours."""
        self._asked("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, *words: str) -> list[bytes | tuple[bytes, bytes]]:
        status, told = self.client.uid(*words)
        if status != "OK":
            raise MailboxNotReadable(f"the server refused {words[0]}")
        return told


@contextmanager
def opened(address: MailboxAddress) -> Iterator[Mailbox]:
    """Open a mailbox for as long as the block lasts.

    :raises MailboxNotReadable: when the server does not answer, refuses the account, or has no such folder.
    """
    try:
        client = _connected(address)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxNotReadable(f"{address.host}:{address.port} does not answer: {error}") from error
    try:
        _enter(client, address)
        validity = client.response("UIDVALIDITY")[1][0]
        yield Mailbox(client, int(validity or 0))
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxNotReadable(f"{address.name}: {error}") from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _connected(address: MailboxAddress) -> imaplib.IMAP4:
    if address.scheme == "imaps":
        secure = ssl.create_default_context()
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=secure, timeout=PATIENCE)
    client = imaplib.IMAP4(address.host, address.port, timeout=PATIENCE)
    if address.scheme == "imap+tls":
        client.starttls(ssl.create_default_context())
    return client


def _enter(client: imaplib.IMAP4, address: MailboxAddress) -> None:
    try:
        client.login(address.user, address.password)
    except imaplib.IMAP4.error as error:
        raise MailboxNotReadable(f"{address.name}: user or password is refused") from error
    if client.select(f'"{address.folder}"')[0] != "OK":
        raise MailboxNotReadable(f"{address.name}: there is no such folder")
