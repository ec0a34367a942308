"""Fonts and style sheet come out of installed packages, once."""

from pathlib import Path

from chancery.foundation.ui.assets import prepare_assets, static_folders
from chancery.foundation.ui.fonts import FACES


def test_a_first_start_lays_out_fonts_and_style_sheet_and_a_second_touches_nothing(tmp_path: Path):
    prepare_assets(tmp_path)
    made = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}
    prepare_assets(tmp_path)

    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()} == made
    assert {file.name for file in (tmp_path / "fonts").iterdir()} == set(FACES)
    assert b"sourceMappingURL" not in (tmp_path / "vendor" / "bootstrap.min.css").read_bytes()


def test_the_folders_are_there_before_anything_is_in_them(tmp_path: Path):
    assert [prefix for prefix, folder in static_folders(tmp_path) if folder.is_dir()] == ["fonts", "vendor"]
