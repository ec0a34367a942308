"""Sessions as an iCalendar file (RFC 5545)."""

from datetime import UTC, datetime

from chancery.interfaces.public.tracing import ShownSession

LINE_OCTETS = 75


def calendar_file(name: str, host: str, edition: str, sessions: list[ShownSession], now: datetime) -> str:
    """Return the dated sessions as calendar text; instants are UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chancery//Sessions//EN", f"X-WR-CALNAME:{_text(name)}"]
    for session in sessions:
        if session.starts_at and session.ends_at:
            lines += _event(session, session.starts_at, session.ends_at, f"{session.key}.{edition}@{host}", now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(session: ShownSession, starts_at: datetime, ends_at: datetime, uid: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_instant(now)}",
        f"DTSTART:{_instant(starts_at)}",
        f"DTEND:{_instant(ends_at)}",
        f"SUMMARY:{_text(f'{session.key} {session.title}')}",
        *([f"LOCATION:{_text(session.place)}"] if session.place else []),
        "END:VEVENT",
    ]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line into pieces of 75 octets, never inside a character; the rest begins with a space."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(piece)
            piece, size = "", 1
        piece, size = piece + character, size + octets
    return "\r\n ".join([*pieces, piece])
