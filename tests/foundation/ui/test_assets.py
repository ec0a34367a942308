"""Fonts and style sheet come out of installed packages, once."""

from pathlib import Path

import pytest

from chancery.foundation.ui import fonts
from chancery.foundation.ui.assets import prepare_assets, static_folders
from chancery.foundation.ui.fonts import FACES, cut_fonts

FACE = "source-sans-3-italic.woff2"


def test_a_first_start_lays_out_fonts_and_style_sheet_and_a_second_touches_nothing(tmp_path: Path):
    prepare_assets(tmp_path)
    made = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}
    prepare_assets(tmp_path)

    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()} == made
    assert {file.name for file in (tmp_path / "fonts").iterdir()} == set(FACES)
    assert b"sourceMappingURL" not in (tmp_path / "vendor" / "bootstrap.min.css").read_bytes()


def test_the_folders_are_there_before_anything_is_in_them(tmp_path: Path):
    assert [prefix for prefix, folder in static_folders(tmp_path) if folder.is_dir()] == ["fonts", "vendor"]


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return where fonts were cut to; one font, and really cut the first time only."""
    made: list[Path] = []
    cut = fonts.cut_font

    def counted(source: Path, target: Path) -> None:
        made.append(target)
        cut(source, target) if len(made) == 1 else target.write_bytes(b"cut again")

    monkeypatch.setattr(fonts, "FACES", {FACE: FACES[FACE]})
    monkeypatch.setattr(fonts, "cut_font", counted)
    return made


def test_a_font_is_cut_once_and_copied_for_the_next_instance(tmp_path: Path, cuts: list[Path]):
    for instance in ("one", "two"):
        cut_fonts(tmp_path / instance, kept_in=tmp_path / "kept")

    assert cuts == [tmp_path / "one" / FACE]
    one, two = ((tmp_path / instance / FACE).read_bytes() for instance in ("one", "two"))
    assert one == two
    assert one.startswith(b"wOF2")
    assert [file.name for file in (tmp_path / "two").iterdir()] == [FACE]


def test_other_letters_are_another_cut(tmp_path: Path, cuts: list[Path], monkeypatch: pytest.MonkeyPatch):
    cut_fonts(tmp_path / "one", kept_in=tmp_path / "kept")
    monkeypatch.setattr(fonts, "LETTERS", (0x20,))
    cut_fonts(tmp_path / "two", kept_in=tmp_path / "kept")

    assert len(cuts) == 2


def test_where_nothing_can_be_kept_each_instance_has_its_own(tmp_path: Path, cuts: list[Path]):
    (tmp_path / "kept").write_text("no folder")
    for instance in ("one", "two"):
        cut_fonts(tmp_path / instance, kept_in=tmp_path / "kept")

    assert len(cuts) == 2
