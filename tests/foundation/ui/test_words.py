"""Words are collected from code and templates, compiled, and missing ones are named."""

import gettext
from pathlib import Path

import polib
import pytest

from chancery.foundation.ui import words
from chancery.foundation.ui.words import Message


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mails.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        '_("A receipt")\nngettext("%(n)s day", "%(n)s days", 2)\n'
    )
    (tmp_path / "page.html").write_text(
        '{% load i18n %}{% translate "Your turn" %}{% blocktranslate with n=x %}Lesson {{ n }}{% endblocktranslate %}'
    )
    monkeypatch.setattr(words, "PACKAGE", tmp_path)
    monkeypatch.setattr(words, "LOCALE", tmp_path / "locale")
    return tmp_path


def translate(package: Path, **said: str) -> None:
    path = package / "locale" / "ca" / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = said.get(entry.msgid.replace(" ", "_"), "")
    catalogue.save()


def entries(package: Path) -> set[Message]:
    catalogue = polib.pofile(str(package / "locale" / "ca" / "LC_MESSAGES" / "django.po"))
    return {Message(entry.msgid, entry.msgid_plural or "") for entry in catalogue}


def test_words_of_code_and_templates_are_found(package):
    words.extract_words()

    assert entries(package) == {
        Message("A receipt"),
        Message("%(n)s day", "%(n)s days"),
        Message("Your turn"),
        Message("Lesson %(n)s"),
    }


def test_a_translation_survives_the_next_collection_and_unused_words_leave(package):
    words.extract_words()
    translate(package, Your_turn="Us toca a vós")
    (package / "mails.py").write_text("")
    words.extract_words()

    assert entries(package) == {Message("Your turn"), Message("Lesson %(n)s")}
    assert "Your turn" not in " ".join(words.missing_words()["ca"])


def test_compiled_words_can_be_read_by_gettext(package):
    words.extract_words()
    translate(package, Your_turn="Us toca a vós")
    words.compile_words()

    with (package / "locale" / "ca" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Your turn") == "Us toca a vós"


def test_missing_words_are_named_with_their_place(package):
    words.extract_words()

    assert "Your turn  (page.html)" in words.missing_words()["fr"]
