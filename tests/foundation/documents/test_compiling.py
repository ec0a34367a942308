"""Compiling here and apart: the same bytes, the same refusals."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.domain.billing.papers import ISSUED_AT, invoice_for

from chancery.domain.billing.documents import render_invoice
from chancery.foundation.documents import typesetting
from chancery.foundation.documents.compiling import Job, NotCompiled, compile_apart, compile_here
from chancery.foundation.documents.fonts import font_folders

FONTS = [str(folder) for folder in font_folders()]
JOB = Job(
    '#set document(title: "One")\n#set text(font: "Noto Sans CJK SC")\n林季风', "/", FONTS, ["a-2a", "ua-1"], 86_400
)


def test_a_page_made_apart_has_the_same_bytes() -> None:
    assert compile_apart(JOB) == compile_here(JOB)


@pytest.mark.parametrize("compile_it", [compile_here, compile_apart])
def test_a_program_that_makes_no_page_is_refused_in_the_words_of_the_compiler(
    compile_it: Callable[[Job], bytes],
) -> None:
    with pytest.raises(NotCompiled, match="unknown variable: nowhere"):
        compile_it(replace(JOB, program="#nowhere"))


@pytest.mark.parametrize(
    ("name", "apart"), [("Lê Gió Nồm", 0), ("ياسمين الشهيلي", 0), ("林季风", 1), ("やまじ さくら", 1), ("한하늬", 1)]
)
def test_only_names_of_the_heavy_font_are_set_apart(name: str, apart: int, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = []

    def counted(job: Job) -> bytes:
        jobs.append(job)
        return compile_here(job)

    monkeypatch.setattr(typesetting, "compile_apart", counted)
    render_invoice(invoice_for(name), language="en", issued_at=ISSUED_AT)
    assert len(jobs) == apart
