"""Invoices as PDF, all in, beside a bare page of the same typesetter."""

import time
from collections.abc import Callable
from pathlib import Path

from bench.load import median
from bench.table import Row

TARGET = 120
ROUNDS, SECONDS = 5, 1.0
BARE_PAGE = '#set page(margin: 2cm)\n#set text(font: "Source Sans 3")\nA bare page: {number}'


def measure(var: Path, *, large: bool) -> list[Row]:
    """Render the story's invoices in turns with bare pages, in one process."""
    ours, bare = _invoices(), _bare_pages()
    ours(), bare()
    turns = [(_a_second(ours), _a_second(bare)) for _ in range(ROUNDS)]
    rate, limit = (median([turn[side] for turn in turns]) for side in (0, 1))
    ratio = median([ours / bare for ours, bare in turns])
    return [
        Row("invoice PDF, all in", f"{rate:.0f}/s", f"{limit:.0f}/s bare page", ratio, f">= {TARGET}/s", rate >= TARGET)
    ]


def _invoices() -> Callable[[], object]:
    from itertools import cycle

    from chancery.foundation.documents.models import Document
    from chancery.interfaces.worker.documents import render_document

    documents = cycle(list(Document.objects.filter(kind="billing/invoice")))
    return lambda: render_document(next(documents))


def _bare_pages() -> Callable[[], object]:
    import typst

    from chancery.foundation.documents.fonts import font_folders

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(font_folders()))
    compiler = typst.Compiler(font_paths=fonts)
    numbers = iter(range(1_000_000))
    return lambda: compiler.compile(BARE_PAGE.format(number=next(numbers)).encode(), format="pdf")


def _a_second(act: Callable[[], object]) -> float:
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        act()
        done += 1
    return done / (time.perf_counter() - started)
