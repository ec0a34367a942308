"""Texts of the edition file as safe HTML."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "br", "h3", "h4", "blockquote", "code"}
_reader = MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=512)
def as_html(text: str) -> SafeString:
    """Return markdown as HTML of a few harmless tags; links lead to the web or to a mail address."""
    cleaned = nh3.clean(
        _reader.render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(cleaned)  # noqa: S308  # nh3 has just made it safe
