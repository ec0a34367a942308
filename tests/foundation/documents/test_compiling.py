"""Compiling here and beside: the same bytes, the same refusals; a compiler that ended is started again."""

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.domain.billing.papers import ISSUED_AT, invoice_for

from chancery.domain.billing.documents import render_invoice
from chancery.foundation.documents import compiling, typesetting
from chancery.foundation.documents.compiling import Job, NotCompiled, compile_beside, compile_here
from chancery.foundation.documents.fonts import font_folders

FONTS = [str(folder) for folder in font_folders()]
JOB = Job(
    '#set document(title: "One")\n#set text(font: "Noto Sans CJK SC")\n林季风', "/", FONTS, ["a-2a", "ua-1"], 86_400
)


def test_a_page_with_the_heavy_font_has_the_same_bytes_from_a_process_of_its_own() -> None:
    page = compile_beside(JOB, is_heavy=True)
    assert page == compile_here(JOB)

    os.kill(process_beside(compiling.IDLE_SECONDS_HEAVY), signal.SIGKILL)
    assert compile_beside(JOB, is_heavy=True) == page


def test_pages_made_beside_have_the_same_bytes() -> None:
    assert [compile_beside(JOB), compile_beside(JOB)] == [compile_here(JOB)] * 2


def test_a_compiler_that_was_killed_is_started_again() -> None:
    page = compile_beside(JOB)
    killed = process_beside()
    os.kill(killed, signal.SIGKILL)

    assert compile_beside(JOB) == page
    assert process_beside() != killed


def test_a_page_that_takes_too_long_is_none_and_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(compiling, "SECONDS", 0.5)
        with pytest.raises(NotCompiled, match=r"no page after 0.5 seconds"):
            compile_beside(replace(JOB, program="#for a in range(99999) { for b in range(99999) { let c = a * b } }"))

    assert compile_beside(JOB)


def test_a_compiler_whose_asker_has_ended_ends() -> None:
    with subprocess.Popen([*compiling.PROGRAM, "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as compiler:
        assert compiler.stdin
        compiler.stdin.close()

        assert compiler.wait(timeout=20) == 0


def test_a_compiler_that_nobody_asks_for_its_time_ends() -> None:
    with subprocess.Popen([*compiling.PROGRAM, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as compiler:
        assert compiler.wait(timeout=20) == 0


def process_beside(idle_seconds: int = compiling.IDLE_SECONDS) -> int:
    """Return the one child of this process that compiles until nobody asks for so long."""
    tasks = Path("/proc/self/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    program = [*compiling.PROGRAM, str(idle_seconds)]
    words = {child: Path(f"/proc/{child}/cmdline").read_text().split("\0")[:-1] for child in children}
    (found,) = [child for child in children if words[child] == program]
    return found


@pytest.mark.parametrize("compile_it", [compile_here, compile_beside])
def test_a_program_that_makes_no_page_is_refused_in_the_words_of_the_compiler(
    compile_it: Callable[[Job], bytes],
) -> None:
    with pytest.raises(NotCompiled, match="unknown variable: nowhere"):
        compile_it(replace(JOB, program="#nowhere"))


@pytest.mark.parametrize(
    ("name", "heavy"), [("Lê Gió Nồm", 0), ("ياسمين الشهيلي", 0), ("林季风", 1), ("やまじ さくら", 1), ("한하늬", 1)]
)
def test_only_names_of_the_heavy_font_are_set_by_its_process(
    name: str, heavy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = []

    def counted(job: Job, *, is_heavy: bool) -> bytes:
        jobs.append(is_heavy)
        return compile_here(job)

    monkeypatch.setattr(typesetting, "compile_beside", counted)
    render_invoice(invoice_for(name), language="en", issued_at=ISSUED_AT)
    assert sum(jobs) == heavy
