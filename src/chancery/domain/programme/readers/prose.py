"""Numbers in prose: a rule has one home, so a text names it by {placeholder} and never repeats the figure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from functools import reduce

from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import Finding, Phrase, Severity, phrase
from chancery.domain.programme.readers.kinds import Words
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.parsing import dotted, toml_name
from chancery.foundation.money import exponent

# What a text may name; pages, mails and documents give the values, in the reader's language.
PLACEHOLDERS = (
    "name",
    "organiser",
    "place",
    "starts_on",
    "ends_on",
    "opens_at",
    "closes_at",
    "capacity",
    "network",
    "reference_year",
    "fiscal_year",
    "currency",
    "standard",
    "member",
    "group_from",
    "group_rate",
    "days_before",
    "last_refundable",
    "refund_rate",
    "refund_within_days",
    "free_exit_days",
    "due_days",
    "answer_within_days",
    "offer_days",
    "quantity",
)
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

_NUMBER = r"(?<![\w.,{])(?P<number>\d[\d.,\u00a0\u202f']*\d|\d)"
_GAP = r"[\s\u00a0\u202f]*"
_PERCENT = re.compile(_NUMBER + _GAP + r"(?:%|per\s?cent\b|por\sciento\b|pour\scent\b)", re.IGNORECASE)
_DAYS = re.compile(
    _NUMBER + _GAP + r"(?:(?:calendar|working|business|full)[\s-])?(?:days?|d[ií]as?|jours?|dies)\b",
    re.IGNORECASE,
)
_CURRENCY_WORD = r"(?:EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|KWD|CLP|BRL|MXN|INR|ZAR|XOF|€|\$|£|¥|euros?|dollars?|pounds?|yen)"


class _Measure(StrEnum):
    PERCENT = "percent"
    DAYS = "days"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A value of the file that prose might repeat, and the words that tell that a sentence is about it."""

    placeholder: str
    measure: _Measure
    value: Decimal
    about: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Prose:
    path: KeyPath
    text: str


# Where the value stands that a text contradicts.
_HOME: Mapping[str, str] = {
    "refund_rate": "cancellation.refund_rate",
    "group_rate": "group.rate",
    "days_before": "cancellation.days_before",
    "refund_within_days": "cancellation.refund_within_days",
    "standard": "tariff.standard",
    "member": "tariff.member",
}
_REFUND = re.compile(r"refund|cancel|reembols|reemborsa|rembours|annul", re.IGNORECASE)
_GROUP = re.compile(r"group|discount|grupo|descuento|groupe|remise|grup|descompte", re.IGNORECASE)
_FEE = re.compile(r"\bfees?\b|\brates?\b|tarif|cuota|quota|\bfrais\b|precio|preu|\bprix\b", re.IGNORECASE)


def prose_findings(edition: EditionFile) -> Iterator[Finding]:
    """Find figures in prose that a rule carries, contradicts, or might; and placeholders that do not exist."""
    rules = _rules(edition)
    patterns = _patterns(edition.tariff.currency)
    for prose in _all_prose(edition):
        yield from _placeholder_findings(edition, prose)
        for sentence in re.split(r"(?<=[.!?;])\s+|\n", prose.text):
            yield from _sentence_findings(edition, prose.path, sentence, rules, patterns)


def _rules(edition: EditionFile) -> tuple[_Rule, ...]:
    percent, days, money = _Measure.PERCENT, _Measure.DAYS, _Measure.MONEY
    digits = exponent(edition.tariff.currency)

    def major(minor: int) -> Decimal:
        return Decimal(minor).scaleb(-digits)

    return (
        _Rule("refund_rate", percent, edition.cancellation.refund_rate * 100, _REFUND),
        _Rule("group_rate", percent, edition.group.rate * 100, _GROUP),
        _Rule("days_before", days, Decimal(edition.cancellation.days_before), _REFUND),
        _Rule("refund_within_days", days, Decimal(edition.cancellation.refund_within_days), _REFUND),
        _Rule("standard", money, major(edition.tariff.standard_minor), _FEE),
        _Rule("member", money, major(edition.tariff.member_minor), _FEE),
    )


def _patterns(currency: str) -> Mapping[_Measure, tuple[re.Pattern[str], ...]]:
    word = _CURRENCY_WORD.replace("EUR|", f"EUR|{currency}|", 1)
    return {
        _Measure.PERCENT: (_PERCENT,),
        _Measure.DAYS: (_DAYS,),
        _Measure.MONEY: (
            re.compile(_NUMBER + _GAP + word + r"(?!\w)"),
            re.compile(r"(?<!\w)" + word + _GAP + _NUMBER.replace(r"(?<![\w.,{])", "")),
        ),
    }


def _sentence_findings(
    edition: EditionFile,
    path: KeyPath,
    sentence: str,
    rules: tuple[_Rule, ...],
    patterns: Mapping[_Measure, tuple[re.Pattern[str], ...]],
) -> Iterator[Finding]:
    for measure, searches in patterns.items():
        for match in (found for search in searches for found in search.finditer(sentence)):
            value = _value(match["number"])
            if value is not None:
                yield _judged(
                    edition, path, match[0].strip(), value, [r for r in rules if r.measure is measure], sentence
                )


def _judged(
    edition: EditionFile, path: KeyPath, shown: str, value: Decimal, rules: list[_Rule], sentence: str
) -> Finding:
    about = [rule for rule in rules if rule.about.search(sentence)]
    equal = [rule for rule in about or rules if rule.value == value]
    line, key = edition.line(*path), dotted(path)
    if equal:
        wrong = phrase(
            'the text repeats "%(shown)s", which %(placeholder)s carries', shown=shown, placeholder=equal[0].placeholder
        )
        return Finding(
            Severity.WARNING,
            line,
            key,
            wrong,
            phrase("write {%(placeholder)s} instead", placeholder=equal[0].placeholder),
        )
    if about:
        values = reduce(_both, map(_carried, about))
        wrong = phrase('the text says "%(shown)s", but %(values)s', shown=shown, values=values)
        right = phrase("write {%(placeholder)s} in the text", placeholder=about[0].placeholder)
        return Finding(Severity.CONTRADICTION, line, key, wrong, right, _HOME[about[0].placeholder])
    return Finding(
        Severity.WARNING,
        line,
        key,
        phrase('the text holds the figure "%(shown)s", which no rule of this file carries', shown=shown),
        phrase("say it without a figure, or give it a key"),
    )


def _carried(rule: _Rule) -> Phrase:
    plain = Decimal(f"{rule.value.normalize():f}")
    return phrase("%(placeholder)s is %(value)s", placeholder=rule.placeholder, value=plain)


def _both(one: Phrase, other: Phrase) -> Phrase:
    return phrase("%(one)s and %(other)s", one=one, other=other)


def _placeholder_findings(edition: EditionFile, prose: _Prose) -> Iterator[Finding]:
    for match in PLACEHOLDER.finditer(prose.text):
        if match[1] in PLACEHOLDERS:
            continue
        near = get_close_matches(match[1], PLACEHOLDERS, n=1)
        right = (
            phrase("did you mean {%(near)s}?", near=near[0])
            if near
            else phrase("use one of %(words)s", words=", ".join(PLACEHOLDERS))
        )
        wrong = phrase("%(word)s is no placeholder", word=match[0])
        yield Finding(Severity.ERROR, edition.line(*prose.path), dotted(prose.path), wrong, right)


def _value(number: str) -> Decimal | None:
    """Read a figure as people write it: 1,500.00, 1.500,00, 1 500 or 0,75."""
    digits = re.sub(r"[\s\u00a0\u202f']", "", number)
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark, tail = digits[last], digits[last + 1 :]
        is_grouping = len(tail) == 3 and (digits.count(mark) > 1 or ("." in digits) != ("," in digits))
        whole = re.sub(r"[.,]", "", digits[:last])
        digits = whole + tail if is_grouping else f"{whole}.{tail}"
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _all_prose(edition: EditionFile) -> Iterator[_Prose]:
    """Yield every text of the file that people will read as ours; quotations and testimonials are others' words."""
    for text in edition.texts:
        for block, value in text.blocks:
            for each in (value,) if isinstance(value, str) else value:
                yield _Prose(("text", text.language, block), each)
    yield _Prose(("programme", "accreditation", "text"), edition.programme.accreditation.text)
    for section in fields(edition):
        if section.metadata and section.name != "testimonials":
            yield from _words_below(getattr(edition, section.name), (toml_name(section),))


def _words_below(value: object, path: KeyPath) -> Iterator[_Prose]:
    if isinstance(value, Words):
        for language, text in value.by_language:
            yield _Prose((*path, language) if language else path, text)
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _words_below(each, (*path, place))
    elif is_dataclass(value) and not isinstance(value, type):
        for below in fields(value):
            if below.metadata:
                yield from _words_below(getattr(value, below.name), (*path, toml_name(below)))
