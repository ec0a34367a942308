"""The words of the screens and mails in four languages: collect them, compile them, say which are wanting.

``python -m chancery.foundation.ui.words extract|compile|missing``. The ``.po`` files are kept, the ``.mo`` files are
made from them at first start. No tool outside Python is needed.
"""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
LOCALE = PACKAGE / "locale"
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ca": "nplurals=2; plural=(n != 1);",
}
WITH_APOSTROPHE = {"fr", "ca"}
_TYPED_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w%{<\u00ab])")
KEYWORDS: dict[str, None] = dict.fromkeys(
    (
        "_",
        "gettext",
        "gettext_lazy",
        "gettext_noop",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
        "phrase",  # the findings of an edition file
    )
)
TEMPLATES = {".html", ".txt"}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(gettext|ngettext|pgettext|_)\(\s*({_LITERAL})(?:\s*,\s*({_LITERAL}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """Something to translate: its words, its plural and its context where it has them."""

    words: str
    plural: str = ""
    context: str = ""


def extract_words() -> None:
    """Bring the ``.po`` files to what the code and the templates say; translations stay, unused ones leave."""
    found = _found(PACKAGE)
    for language in PLURALS:
        _update(_path(language), language, found)


def compile_words() -> None:
    """Write each ``.mo`` file that is older than its ``.po`` file."""
    for language in PLURALS:
        source = _path(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            continue
        passing = target.with_suffix(f".{os.getpid()}")  # two runs of the tests may begin at once
        catalogue = polib.pofile(str(source))
        for entry in catalogue:
            entry.msgstr = typeset(entry.msgstr, language)
            entry.msgstr_plural = {key: typeset(text, language) for key, text in entry.msgstr_plural.items()}
        catalogue.save_as_mofile(str(passing))
        passing.replace(target)


def typeset(text: str, language: str) -> str:
    """Return a translation with the apostrophe of its language, whichever one was typed."""
    return _TYPED_APOSTROPHE.sub("\u2019", text) if language in WITH_APOSTROPHE else text


def missing_words() -> dict[str, list[str]]:
    """Return, by language, what has no translation."""
    found = _found(PACKAGE)
    return {language: _missing(_path(language), found) for language in PLURALS}


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _found(package: Path) -> dict[Message, set[str]]:
    found: dict[Message, set[str]] = {}
    for file in sorted(package.rglob("*")):
        if "locale" in file.parts or "static" in file.parts:
            continue
        for message in _messages(file):
            found.setdefault(message, set()).add(file.relative_to(package).as_posix())
    return found


def _messages(file: Path) -> Iterable[Message]:
    if file.suffix == ".py":
        return _messages_of_code(file)
    if file.suffix in TEMPLATES:
        return _messages_of_template(file)
    return ()


def _messages_of_code(file: Path) -> Iterator[Message]:
    with file.open("rb") as lines:
        for _, keyword, said, _ in extract_python(lines, KEYWORDS, [], {}):
            words = [said] if isinstance(said, str) else [each for each in said or () if each]
            if words:
                yield _message(str(keyword), words)


def _messages_of_template(file: Path) -> Iterator[Message]:
    for keyword, first, second in _CALL.findall(templatize(file.read_text(), origin=str(file))):
        yield _message(keyword, [ast.literal_eval(each) for each in (first, second) if each])


def _message(keyword: str, words: list[str]) -> Message:
    if keyword.startswith("ngettext"):
        return Message(words[0], plural=words[1])
    if keyword.startswith("pgettext"):
        return Message(words[1], context=words[0])
    return Message(words[0])


def _update(path: Path, language: str, found: dict[Message, set[str]]) -> None:
    known = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS[language],
    }
    for message in sorted(found, key=lambda each: (each.words, each.plural, each.context)):
        catalogue.append(known.get(message) or _entry(message))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _entry(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: "", 1: ""}} if message.plural else {}
    context = {"msgctxt": message.context} if message.context else {}
    return polib.POEntry(msgid=message.words, **plural, **context)


def _missing(path: Path, found: dict[Message, set[str]]) -> list[str]:
    done = {_key(entry) for entry in polib.pofile(str(path)) if entry.translated()} if path.exists() else set()
    return [f"{message.words}  ({', '.join(sorted(found[message]))})" for message in found if message not in done]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(act: str) -> int:
    """Run one act; ``missing`` answers 1 when anything is wanting."""
    if not settings.configured:
        # Reading templates needs nothing of the instance's settings.
        settings.configure(USE_I18N=True, FILE_CHARSET="utf-8")
    if act == "extract":
        extract_words()
    elif act == "compile":
        compile_words()
    elif act == "missing":
        wanting = missing_words()
        for language, words in wanting.items():
            _say(f"{language}: {len(words)} missing")
            for each in words:
                _say(f"  {each}")
        return int(any(wanting.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "missing"))
