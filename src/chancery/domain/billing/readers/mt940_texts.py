"""What the text of an MT940 transaction (:86:) says: the styles of German, Dutch and other banks, and free text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stdnum import iban, iso11649

FULL_LINE = 61  # a line of that many signs goes on in the next without a blank: 65 with its tag
FULL_CODE = 27  # signs of a line in German style
# German style: a code of three figures, then ?20 to ?29 and ?60 to ?63 for the text, ?31 account, ?32 and ?33 name.
_CODED = re.compile(r"^\d{3}(?P<mark>[^\w\s/])(?=\d{2})")
TEXT_CODES = (*(f"{code}" for code in range(20, 30)), *(f"{code}" for code in range(60, 64)))
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
# Dutch and Belgian style: words between slashes.
_SLASHED = (
    "TRCD TRTP EREF MARF PREF RTRN BENM ORDP CNTP NAME IBAN BIC REMI CSID ISDT ADDR PURP ULTB ULTD ULTC SVCL USTD STRD "
    "CHGS OCMT EXCH BUSP TRTY ACCW OTPY"
)
_TAGGED = re.compile(rf"/({'|'.join(_SLASHED.split())})(?=/)")
_REFERENCE = re.compile(r"\bRF\d{2}[A-Z0-9]{1,21}\b")


@dataclass(frozen=True, slots=True)
class Told:
    """What a text says of the other party and the purpose."""

    name: str | None = None
    account: str | None = None
    remittance: str = ""
    end_to_end_id: str | None = None
    references: tuple[str, ...] = ()


def read_text(lines: Sequence[str]) -> Told:
    """Read the lines of a text in whichever style they are."""
    whole = "".join(lines).strip()
    if coded := _CODED.match(whole):
        return _read_coded(whole[coded.end() :], coded["mark"])
    if _TAGGED.match(whole):
        return _read_tagged(whole)
    return Told(remittance=_joined(lines))


def _read_coded(text: str, mark: str) -> Told:
    parts: dict[str, str] = {}
    for piece in re.split(rf"{re.escape(mark)}(?=\d{{2}})", text):
        parts[piece[:2]] = parts.get(piece[:2], "") + piece[2:]
    # A full line goes on in the next; a shorter one has said what it says.
    lines = [parts[code] for code in TEXT_CODES if code in parts]
    words = "".join(line if len(line) >= FULL_CODE else f"{line}\n" for line in lines)
    sepa = _between(_SEPA, words)
    end_to_end, _, rest = sepa.get("EREF", "").partition("\n")
    return Told(
        name=_clean(parts.get("32", "") + parts.get("33", "")) or _clean(sepa.get("ABWA", "")),
        account=_account(parts.get("31", "")) or _account(sepa.get("IBAN", "")),
        remittance=_clean(sepa.get("SVWZ") or f"{sepa.get('', '')} {rest}") or "",
        end_to_end_id=_clean(end_to_end),
    )


def _read_tagged(text: str) -> Told:
    parts = _between(_TAGGED, text)
    counterparty = [*parts.get("CNTP", "").split("/"), "", "", ""]
    words = " ".join(filter(None, (parts.get("REMI", ""), parts.get("USTD", ""), parts.get("STRD", ""))))
    return Told(
        name=_clean(parts.get("NAME", "")) or _clean(counterparty[2]),
        account=_account(parts.get("IBAN", "")) or _account(counterparty[0]),
        remittance=_clean(words.replace("/", " ")) or "",
        end_to_end_id=_clean(parts.get("EREF", "")),
        references=tuple(found for found in _REFERENCE.findall(parts.get("STRD", "")) if iso11649.is_valid(found)),
    )


def _between(mark: re.Pattern[str], text: str) -> Mapping[str, str]:
    """Return the words behind each mark, the first time it stands; those before the first mark under a blank."""
    first, *rest = mark.split(text)
    found = {"": first}
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        found.setdefault(name, words.strip("/"))
    return found


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of a free text: a full one was broken where it stood."""
    text = "".join(line if len(line) >= FULL_LINE else f"{line} " for line in lines)
    return _clean(text) or ""


def _clean(text: str) -> str | None:
    return " ".join(text.split()) or None


def _account(text: str) -> str | None:
    packed = "".join(text.split()).upper()
    return packed if packed and iban.is_valid(packed) else None
