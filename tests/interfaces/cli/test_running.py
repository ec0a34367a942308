"""Every command gets ready in the same way."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chancery.__main__ import main
from chancery.interfaces.cli import check
from chancery.interfaces.cli.running import django_ready

RARELY_NEEDED = "{'anymail', 'fido2', 'requests'}"


@pytest.fixture
def collecting_often() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700)
    yield
    gc.set_threshold(*before)


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        django_ready()
        (tmp_path / "paper").touch()
    finally:
        os.umask(before)

    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("collecting_often")
def test_a_command_looks_for_garbage_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check", lambda _: 0)
    monkeypatch.setattr(sys, "argv", ["chancery", "check"])

    with pytest.raises(SystemExit):
        main()

    assert gc.get_threshold()[0] >= 10_000


def test_reading_all_pages_reads_no_library_that_few_of_them_need() -> None:
    look = "import django, sys; django.setup(); from chancery.interfaces.cli import children; children.read_pages(); "
    look += "from django.urls import get_resolver; get_resolver().url_patterns; "
    look += f"print(sorted({RARELY_NEEDED} & sys.modules.keys()))"

    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
