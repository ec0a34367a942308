"""What our own receiving server says of a sender (SPF, DKIM, DMARC), by the header that RFC 8601 describes.

Words of the sender stand in that header too, such as the envelope's address. So it is read strictly: one that is not
plainly what a server writes says nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chancery.foundation.accounts.addresses import is_same_address
from chancery.foundation.mail.states import SenderStanding, Verdict

# A blank, the end of a part, words in marks, a comment, a word, or a sign of those that stands alone.
PIECE = re.compile(r"""\s+|;|"[^"\\]*"|\([^()"\\]*\)|[^\s;()"\\]+|.""")
PROPERTY = re.compile(r"""\s+([a-z][\w.-]*)\s*=\s*((?:"[^"]*"|[^\s"])+)""", re.IGNORECASE)
RESULT = re.compile(rf"\s*([a-z][\w.-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)((?:{PROPERTY.pattern})*)\s*", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class _Result:
    """One result of a header, with its properties as they stand in it."""

    method: str
    verdict: Verdict
    properties: str


def sender_checks(headers: Sequence[str], *, server: str, sender: str) -> SenderChecks:
    """Return what ``server`` says in the topmost header that bears its name; without a name nobody is believed.

    Anybody can write such a header into a mail, with any name. A server adds its own above what came and removes those
    that bear its name (RFC 8601, section 5); so only the topmost counts. DMARC is what the one result says that names
    the sender's domain; two results of it are none.
    """
    ours = next((header for header in headers if server and _named(header) == server.lower()), "")
    results = _results(ours)
    spf, dkim = ([each.verdict for each in results if each.method == method] for method in ("spf", "dkim"))
    dmarc = [each for each in results if each.method == "dmarc"]
    is_said = len(dmarc) == 1 and _is_about(dmarc[0], sender)
    return SenderChecks(_best(spf), _best(dkim), dmarc[0].verdict if is_said else Verdict.UNKNOWN)


def standing_of(checks: SenderChecks) -> SenderStanding:
    """Return what the checks say of the domain that a reader sees as the sender's.

    Only DMARC speaks of that domain: SPF and DKIM may pass for another one.
    """
    if checks.dmarc == Verdict.PASS:
        return SenderStanding.CONFIRMED
    if checks.dmarc == Verdict.UNKNOWN and Verdict.FAIL not in (checks.spf, checks.dkim):
        return SenderStanding.NOT_SAID
    return SenderStanding.NOT_CONFIRMED


def _named(header: str) -> str:
    """Return the name with which a header begins."""
    words = header.partition(";")[0].split()
    return words[0].lower() if words else ""


def _results(header: str) -> list[_Result]:
    """Return the results of a header; of one that is not plainly what a server writes none."""
    read = [RESULT.fullmatch(part) for part in _parts(header)[1:] if part.strip()]
    told = [_Result(each[1].lower(), VERDICTS.get(each[2].lower(), Verdict.UNKNOWN), each[3]) for each in read if each]
    return told if len(told) == len(read) else []


def _parts(header: str) -> list[str]:
    """Return the parts between semicolons, without comments; none where a bracket or a mark stands alone."""
    parts = [""]
    for piece in PIECE.findall(header):
        if piece in {"(", ")", '"', "\\"}:
            return []
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += " " if piece.startswith("(") else piece
    return parts


def _is_about(result: _Result, sender: str) -> bool:
    """Tell whether a result names the sender's domain as that of the From header."""
    named = [value for key, value in PROPERTY.findall(result.properties) if key.lower() == "header.from"]
    domains = [f"x@{value.strip('"').rpartition('@')[2]}" for value in named]
    return len(domains) == 1 and is_same_address(domains[0], f"x@{sender.rpartition('@')[2]}")


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what several results of one method come to: of the signatures of a mail one suffices."""
    found = set(verdicts)
    return next((each for each in (Verdict.PASS, Verdict.FAIL, Verdict.NONE) if each in found), Verdict.UNKNOWN)
