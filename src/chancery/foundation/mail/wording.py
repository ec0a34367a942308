"""What each kind of mail says, in any language, without sending one: the sentences of its templates."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Node
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext, override

FOLDER = "mails"


@dataclass(frozen=True, slots=True)
class MailWording:
    """The words of a mail in one language; what is filled in when it is sent stands in ``{braces}``."""

    language: str
    subject: str
    sentences: tuple[str, ...]


@cache
def mail_kinds() -> tuple[str, ...]:
    """Return the name of every kind of mail, such as ``enrollment/place_reserved``."""
    folders = [Path(each) / FOLDER for each in get_app_template_dirs("templates")]
    return tuple(
        sorted(
            file.parent.relative_to(folder).as_posix() for folder in folders for file in folder.glob("*/*/subject.txt")
        )
    )


def wording_of(kind: str, language: str) -> MailWording:
    """Return what a kind of mail says; sentences that exclude each other stand one after the other."""
    with override(language):
        subject = " · ".join(_sentences(f"{FOLDER}/{kind}/subject.txt"))
        return MailWording(language, subject, tuple(_sentences(f"{FOLDER}/{kind}/body.txt")))


def _sentences(name: str) -> Iterator[str]:
    template: Any = get_template(name)  # the engine's own wrapper around a template with nodes
    for node in template.template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            yield _said(node.filter_expression.var.literal)
        elif isinstance(node, BlockTranslateNode):
            yield _said(node.render_token_list(node.singular)[0])


def _said(words: Any) -> str:
    if not isinstance(words, str):
        return ""
    return gettext(words).replace("%(", "{").replace(")s", "}").replace("%%", "%")
