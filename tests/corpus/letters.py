"""Build raw messages: what a person writes, in the layout and encoding of a mail program."""

from base64 import b64encode
from email.header import Header

SENDER = "Andrés Terral <andres.terral@medellin.example>"
OUR_SUBJECT = "Your place is reserved: M2-0024"
OURS = """Place reserved, not yet guaranteed

You are admitted to the Metropolis Diploma in Internationalization for Local Authorities.

Course: Metropolis Diploma in Internationalization for Local Authorities, edition 2
Name and surname: Andrés Terral
Date of registration: Wed 2 Oct 2024
Contact: andres.terral@medellin.example"""
OURS_MARKED = "\n".join(f"> {line}".rstrip() for line in OURS.splitlines())
OURS_IN_HTML = OURS.replace("\n", "<br>\n")


def letter(
    body: str,
    *,
    subject: str = f"Re: {OUR_SUBJECT}",
    sender: str = SENDER,
    kind: str = "text/plain",
    charset: str = "utf-8",
    encoding: str = "8bit",
    headers: tuple[str, ...] = (),
) -> bytes:
    """Return a message of one part."""
    head = [
        *headers,
        *([f"From: {_address(sender)}"] if sender else []),
        "To: Metropolis Diploma <diploma+abcdefghij234567klmn@chancery.example>",
        f"Subject: {Header(subject, 'utf-8').encode()}",
        "Date: Mon, 14 Oct 2024 11:02:00 +0200",
        "Message-ID: <letter@medellin.example>",
        "In-Reply-To: <reserved@chancery.example>",
        "MIME-Version: 1.0",
        f'Content-Type: {kind}; charset="{charset}"',
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + _encoded(body, charset, encoding)


def parts(kind: str, *inner: bytes, headers: tuple[str, ...] = (), subject: str = f"Re: {OUR_SUBJECT}") -> bytes:
    """Return a message of several parts."""
    head = [
        *headers,
        f"From: {_address(SENDER)}",
        f"Subject: {Header(subject, 'utf-8').encode()}",
        "In-Reply-To: <reserved@chancery.example>",
        f'Content-Type: {kind}; boundary="=_cut"',
    ]
    body = b"".join(b"--=_cut\r\n" + each + b"\r\n" for each in inner)
    return "\r\n".join([*head, "", ""]).encode() + body + b"--=_cut--\r\n"


def part(
    body: str, kind: str = "text/plain", *, charset: str = "utf-8", encoding: str = "8bit", disposition: str = ""
) -> bytes:
    """Return a part of a message."""
    head = [f'Content-Type: {kind}; charset="{charset}"', f"Content-Transfer-Encoding: {encoding}"]
    head += [f"Content-Disposition: {disposition}"] if disposition else []
    return "\r\n".join([*head, "", ""]).encode() + _encoded(body, charset, encoding)


def _address(sender: str) -> str:
    name, mark, address = sender.partition(" <")
    return f"{Header(name, 'utf-8').encode()}{mark}{address}" if mark else sender


def _encoded(body: str, charset: str, encoding: str) -> bytes:
    raw = body.replace("\n", "\r\n").encode(charset if charset != "no-such-charset" else "utf-8")
    if encoding == "base64":
        return b64encode(raw)
    if encoding == "quoted-printable":
        return b"".join(b"=%02X" % byte if byte > 126 or byte == 61 else bytes([byte]) for byte in raw)
    return raw
