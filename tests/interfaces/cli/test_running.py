"""Every command gets ready in the same way."""

import os
from pathlib import Path

from chancery.interfaces.cli.running import django_ready


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        django_ready()
        (tmp_path / "paper").touch()
    finally:
        os.umask(before)

    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o600
