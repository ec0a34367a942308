"""What our own receiving server says of a sender (SPF, DKIM, DMARC), by the header that RFC 8601 describes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chancery.foundation.mail.states import SenderStanding, Verdict

RESULT = re.compile(r"^\s*(spf|dkim|dmarc)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*(?:[^\s;]*@)?([^\s;@]+)", re.IGNORECASE)
# Results by which a server neither confirms nor denies stand with "none"; an error is no word about the sender.
VERDICTS = {
    "pass": Verdict.PASS,
    "fail": Verdict.FAIL,
    "hardfail": Verdict.FAIL,
    "softfail": Verdict.FAIL,
    "policy": Verdict.FAIL,
    "none": Verdict.NONE,
    "neutral": Verdict.NONE,
}


@dataclass(frozen=True, slots=True)
class SenderChecks:
    """The three results as our server gave them; unknown is what it did not say."""

    spf: Verdict = Verdict.UNKNOWN
    dkim: Verdict = Verdict.UNKNOWN
    dmarc: Verdict = Verdict.UNKNOWN


def sender_checks(headers: Sequence[str], *, server: str, sender: str) -> SenderChecks:
    """Return what ``server`` says in the topmost header that bears its name; without a name nobody is believed.

    Anybody can write such a header into a mail, with any name. A server adds its own above what came and removes those
    that bear its name (RFC 8601, section 5); so only the topmost counts, and a DMARC result about another domain than
    the sender's is none.
    """
    ours = next((parts for parts in map(_parts, headers) if server and _named(parts) == server.lower()), None)
    if ours is None:
        return SenderChecks()
    found: dict[str, Verdict] = {}
    for part in ours[1:]:
        told = RESULT.match(part)
        if told and _is_about(part, sender):
            method, verdict = told[1].lower(), VERDICTS.get(told[2].lower(), Verdict.UNKNOWN)
            found[method] = Verdict.PASS if Verdict.PASS in (verdict, found.get(method)) else verdict
    return SenderChecks(**found)


def standing_of(checks: SenderChecks) -> SenderStanding:
    """Return what the checks say of the domain that a reader sees as the sender's.

    Only DMARC speaks of that domain: SPF and DKIM may pass for another one.
    """
    if checks.dmarc == Verdict.PASS:
        return SenderStanding.CONFIRMED
    if checks.dmarc == Verdict.UNKNOWN and Verdict.FAIL not in (checks.spf, checks.dkim):
        return SenderStanding.NOT_SAID
    return SenderStanding.NOT_CONFIRMED


def _is_about(part: str, sender: str) -> bool:
    """Tell whether a result speaks of the sender's domain, or names no domain of a From header."""
    domain = sender.rpartition("@")[2].lower()
    return all(named.lower() == domain for named in HEADER_FROM.findall(part))


def _named(parts: Sequence[str]) -> str:
    words = parts[0].split()
    return words[0].lower() if words else ""


def _parts(header: str) -> list[str]:
    """Return the parts between semicolons, without comments; what stands in quotation marks ends no part."""
    parts, depth, quoted, escaped = [""], 0, False, False
    for sign in header:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
        elif not quoted and not depth and sign == ";":
            parts.append("")
        elif not depth:
            parts[-1] += sign
    return parts
