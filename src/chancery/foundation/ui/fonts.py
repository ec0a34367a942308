"""The screen fonts: cut to the letters of the four languages and packed as woff2, once for an environment.

Cutting takes some seconds of a core, and what comes of it depends on the installed packages only: it is kept with them,
so that the next instance on the machine copies it.
"""

import hashlib
import logging
import os
import shutil
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

# What the four languages and the names of most people need; other scripts are left to the reader's own fonts.
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2050),
    *range(0x2190, 0x2196),
    ord("€"),
    0x2122,
    0x2212,
)
FEATURES = ("kern", "liga", "ccmp", "locl", "lnum", "tnum")
# Headings are set in one weight and one optical size, text in all weights.
HEADING = {"wght": 600, "opsz": 20}
FACES = {
    "source-sans-3.woff2": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    "source-sans-3-italic.woff2": ("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf"),
    "source-serif-4.woff2": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
}
KEPT_IN = Path(sys.prefix) / "share" / "chancery" / "fonts"


def cut_fonts(folder: Path, *, kept_in: Path = KEPT_IN) -> None:
    """Write the woff2 files into ``folder`` unless they stand there already.

    ``kept_in`` holds those that were cut before; where nothing can be written there, each folder gets its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (package, file) in FACES.items():
        target, source = folder / name, _source(package, file)
        if target.exists():
            continue
        kept = kept_in / _fingerprint(source) / name
        if kept.exists():
            _copy(kept, target)
            continue
        cut_font(source, target)
        with suppress(OSError):  # an environment that others installed
            _copy(target, kept)


def _fingerprint(source: Path) -> str:
    """Return what tells one cut from another: the font, and what is left of it."""
    wanted = repr((LETTERS, FEATURES, HEADING)).encode()
    return hashlib.sha256(wanted + source.read_bytes()).hexdigest()[:16]


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that the target is whole or not there, also where two processes do it at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, passing)
    passing.replace(target)


def _source(package: str, file: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the font package {package} is not installed")
    return Path(spec.submodule_search_locations[0]) / "files" / file


def cut_font(source: Path, target: Path) -> None:
    """Cut one font to the letters and pack it."""
    # Imported here: only the first start cuts fonts, and the import costs a quarter of a second.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = TTFont(source)
    subsetter = subset.Subsetter(subset.Options(layout_features=list(FEATURES), hinting=False))
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    if "opsz" in source.name:
        font = instantiateVariableFont(font, HEADING, inplace=True)
    font.flavor = "woff2"
    passing = target.with_suffix(f".{os.getpid()}")
    font.save(passing)
    passing.replace(target)
