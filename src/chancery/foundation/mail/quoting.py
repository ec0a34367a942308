"""Tell a writer's own words from the message that is quoted below, above or between them.

Mail programs quote in many ways; what one rule misses another finds. In doubt a line counts as quoted: a fact that
was not found is asked for, while one that was only quoted would be somebody else's word.
"""

import re
from dataclasses import dataclass

# "On Monday ... wrote:" as mail programs write it; the line may be wrapped.
_VERBS = (
    r"wrote|writes|escribió|escribio|va escriure|ha escrit|escrigué|a écrit|a ecrit|schrieb|geschrieben|escreveu|"
    r"ha scritto|scrisse|schreef|skrev|napisał\S*|написал\S*|έγραψε|写道|寫道|のメール|님이 작성"
)
_VERB = re.compile(_VERBS, re.IGNORECASE)
_NAMED_ATTRIBUTION = re.compile(
    rf"^\W{{0,3}}((on|le|el|em|il|am|op|den|dnia|στις|в)\b.{{3,300}}({_VERBS})"
    r"|missatge de\b.{3,300}\bdel dia\b.{3,60})\s*[:\uff1a]\s*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^\W{0,3}[-_=*\u2013\u2014]{2,}\s*(original message|forwarded message|mensaje original|"
    r"mensaje reenviado|message d.origine|message original|message transféré|message transmis|"
    r"missatge original|missatge reenviat|"
    r"ursprüngliche nachricht|weitergeleitete nachricht|mensagem original|mensagem encaminhada|messaggio originale|"
    r"messaggio inoltrato|oorspronkelijk bericht|原始邮件|原始郵件)\b.*$"
    r"|^\W{0,3}(begin forwarded message|inicio del mensaje reenviado|inici del missatge reenviat|"
    r"début du message (réexpédié|transféré)|anfang der weitergeleiteten nachricht)\s*[:\uff1a]?\s*$",
    re.IGNORECASE,
)
# Labels of the header block that Outlook puts above a quoted message, in the languages in which cities have it.
_SENDERS = (
    r"from|de|de la|von|da|van|expéditeur|remitente|remitent|från|fra|lähettäjä|od|feladó|odesílatel|από|от|від|"
    r"kimden|gönderen|发件人|寄件者|差出人|보낸 사람|من"
)
_SUBJECTS = (
    r"subject|asunto|assumpte|tema|objet|betreff|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|tárgy|předmět|θέμα|"
    r"тема|konu|subiect|主题|主旨|件名|제목|الموضوع"
)
_OTHERS = (
    r"sent|date|to|cc|reply-to|enviado( el)?|enviat( el)?|fecha|data|para|per a|a|a/c|envoyé|à|gesendet|datum|an|"
    r"enviada|inviato|verzonden|aan|skickat|till|sendt|til|lähetetty|vastaanottaja|wysłano|do|elküldve|címzett|"
    r"odesláno|komu|στάλθηκε|εστάλη|προς|отправлено|кому|надіслано|gönderildi|gönderme tarihi|kime|trimis|către|"
    r"发送时间|收件人|寄件日期|收件者|送信日時|宛先|보낸 날짜|받는 사람|تم الإرسال|إلى"
)
_SENDER = re.compile(rf"^\W{{0,3}}({_SENDERS})\W{{0,2}}\s*[:\uff1a]", re.IGNORECASE)
_SUBJECT = re.compile(rf"^\W{{0,3}}({_SUBJECTS})\W{{0,2}}\s*[:\uff1a]", re.IGNORECASE)
_OTHER_LABELS = re.compile(rf"^\W{{0,3}}({_SUBJECTS}|{_OTHERS})\W{{0,2}}\s*[:\uff1a]", re.IGNORECASE)
HEADER_BLOCK = 8  # lines in which the labels of a header block stand
COLONS = (":", "\uff1a")
LONGEST_ATTRIBUTION, AFTER_VERB = 400, 82  # signs; of the whole, and behind the verb
WRAPPED = 3  # lines over which an attribution may be wrapped


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and what they quoted."""

    own: str
    quoted: str


def split_quoted(text: str) -> Words:
    """Return own and quoted words of plain text, each in its order."""
    lines = text.split("\n")
    is_quoted = _marked(lines)
    own = [line for line, quoted in zip(lines, is_quoted, strict=True) if not quoted]
    theirs = [_unmarked(line) for line, quoted in zip(lines, is_quoted, strict=True) if quoted]
    return Words("\n".join(own).strip(), "\n".join(theirs).strip())


def _marked(lines: list[str]) -> list[bool]:
    """Say of each line whether it is quoted."""
    marks = [line.lstrip().startswith(">") for line in lines]
    goes_on = _next_marked(lines, marks)
    at = 0
    while at < len(lines):
        if marks[at]:
            at += 1
            continue
        if _SEPARATOR.match(lines[at]) or _opens_header_block(lines, at):
            return marks[:at] + [True] * (len(lines) - at)
        wide = _attribution_at(lines, at, goes_on)
        if wide:
            after = at + wide
            marks[at:after] = [True] * wide
            if not goes_on[after]:
                return marks[:at] + [True] * (len(lines) - at)
            at = after
            continue
        at += 1
    return marks


def _next_marked(lines: list[str], marks: list[bool]) -> list[bool]:
    """Say of each line, and of the end, whether the next words from there on carry the mark of a quotation."""
    found = [False]
    for line, marked in zip(reversed(lines), reversed(marks), strict=True):
        found.append(marked if line.strip() else found[-1])
    return found[::-1]


def _attribution_at(lines: list[str], at: int, goes_on: list[bool]) -> int:
    """Return over how many lines an attribution stands here; 0 where there is none.

    In any language it is one that holds an address and goes before marks of a quotation (``goes_on``).
    """
    if not lines[at].strip():
        return 0
    for wide in range(1, WRAPPED + 1):
        piece = lines[at : at + wide]
        if len(piece) < wide or not piece[-1].strip() or piece[-1].lstrip().startswith(">"):
            return 0
        joined = " ".join(line.strip() for line in piece)
        if not joined.endswith(COLONS) or len(joined) > LONGEST_ATTRIBUTION:
            continue
        if (wide == 1 and _says_when_and_wrote(joined)) or _NAMED_ATTRIBUTION.match(joined):
            return wide
        if "@" in joined and goes_on[at + wide]:
            return wide
    return 0


def _says_when_and_wrote(line: str) -> bool:
    """Tell whether a line holds a figure, then a verb of writing near its end; without a search within a search."""
    verbs = list(_VERB.finditer(line))
    return (
        bool(verbs) and len(line) - verbs[-1].end() <= AFTER_VERB and any(map(str.isdigit, line[: verbs[-1].start()]))
    )


def _opens_header_block(lines: list[str], at: int) -> bool:
    if not _SENDER.match(lines[at]):
        return False
    block = [line for line in lines[at + 1 : at + HEADER_BLOCK] if line.strip()]
    labels = sum(bool(_OTHER_LABELS.match(line)) for line in block)
    return labels >= 2 and any(_SUBJECT.match(line) for line in block)


def _unmarked(line: str) -> str:
    return re.sub(r"^\s*(>\s?)+", "", line)
