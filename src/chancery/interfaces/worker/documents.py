"""Which room renders which kind of document."""

from collections.abc import Callable, Mapping
from typing import Any

from chancery.foundation.documents.models import Document

type Renderer = Callable[[Mapping[str, Any]], bytes]


def render_document(document: Document) -> bytes:
    """Return the PDF of a document from its frozen facts.

    :raises KeyError: when no room renders this kind.
    """
    return renderers()[document.kind](document.facts)
