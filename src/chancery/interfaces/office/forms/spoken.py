"""What is said in several languages: between the fields of a form and the writing of the edition's file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import slugify


def words_from(before: Any, texts: Mapping[str, str]) -> Any:
    """Return what was typed in each language in the file's writing: one text for all where it was one and still is."""
    if isinstance(before, str) and len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    kept = before if isinstance(before, dict) else {}
    said = {**kept, **texts}
    return {language: text for language, text in said.items() if text}


def in_language(words: Any, language: str) -> str:
    """Return what words in the file's writing say in a language; blank where they say nothing in it."""
    texts = words if isinstance(words, dict) else {"": words or ""}
    return str(texts.get(language, texts.get("", "")))


def options_as_lines(options: Iterable[Mapping[str, Any]], language: str) -> str:
    """Return the answers to choose from as people write them in a language: ``key = what it says``, one a line."""
    return "\n".join(f"{each['key']} = {in_language(each['label'], language)}".rstrip() for each in options)


def options_from_lines(texts: Mapping[str, str], before: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers to choose from, in the file's writing, from what was typed in each language.

    The first language gives the order. A line without a key belongs to the key of the same line in the first language,
    which is made from its words where nobody gave one.
    """
    labels = {each["key"]: each["label"] for each in before}
    said: dict[str, dict[str, str]] = {}
    for language, text in texts.items():
        keys = list(said)
        for place, line in enumerate(filter(None, map(str.strip, text.split("\n")))):
            key, label = _option(line) or (keys[place] if place < len(keys) else _key_for(line, place), line)
            said.setdefault(key, {})[language] = label
    blank = dict.fromkeys(texts, "")
    return [{"key": key, "label": words_from(labels.get(key), blank | words)} for key, words in said.items()]


def _option(line: str) -> tuple[str, str] | None:
    key, sign, label = (each.strip() for each in line.partition("="))
    return (key, label) if sign and key else None


def _key_for(line: str, place: int) -> str:
    return slugify(line)[:40].strip("-") or f"answer-{place + 1}"
