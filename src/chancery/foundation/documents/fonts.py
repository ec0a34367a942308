"""The fonts that documents are set in, and which characters they can print.

All fonts come as dependencies; those of the machine are never used,
so that a document has the same bytes everywhere.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

FONT_PACKAGES = (
    "fontpkg_source_serif_4",
    "fontpkg_source_sans_3",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_thai",
    "fontpkg_noto_sans_tamil",
    "fontpkg_noto_sans_telugu",
    "fontpkg_noto_sans_khmer",
    "manimgx_fonts_cjk",
)
CODE_POINTS = 0x110000
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}
PRIVATE_OR_UNASSIGNED = {"Cn", "Co", "Cs"}
MARKS = {"Mn", "Mc", "Me"}
CARRIES_A_MARK = {"L", "M", "N", "S"}  # and joiners, which stand between a letter and its mark
WITHOUT_INK = {"Cc", "Cf", "Zl", "Zp"}
# In the fonts, yet the accessibility standard forbids it.
BYTE_ORDER_MARK = "\ufeff"
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


class FontsMissing(Exception):  # exceptions are named as facts
    """A font package that documents need is not installed."""


@dataclass(frozen=True, slots=True)
class PrintableName:
    """A name as a document can print it; ``fell_back`` asks the office to look at it.

    ``lacking`` are the signs that no font has; ``latin_wanted`` says that no printable Latin form is on file.
    """

    text: str
    fell_back: bool
    native: str = ""
    lacking: str = ""
    latin_wanted: bool = False


@cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders that hold the font files, in the order of ``FONT_PACKAGES``.

    :raises FontsMissing: when a package is not installed.
    """
    return tuple(_folder_of(package) for package in FONT_PACKAGES)


def covers(text: str) -> bool:
    """Tell whether every character of ``text`` can be printed."""
    return not uncovered(text)


def uncovered(text: str) -> str:
    """Return the characters of ``text`` that no font can print, each once, in the order met."""
    if text.isascii():
        return ""
    composed = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(character for character in composed if not _is_printable(character)))


def legible(text: str) -> str:
    """Return ``text`` with each unprintable character as its code point, such as ``[U+1F642]``.

    Nothing is lost and nothing guessed: whoever reads the sheet sees that a character stood there, and which.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        f"[U+{ord(sign):04X}]" if _stands_on_nothing(sign, before) else _legible_character(sign)
        for before, sign in pairwise(f" {composed}")
    )


def printable_name(native: str, latin: str) -> PrintableName:
    """Return the name in its own script where the fonts have it, else in its Latin form."""
    lacking = uncovered(native)
    if not lacking:
        return PrintableName(native, fell_back=False, native=native)
    wanted = not (latin and covers(latin))
    return PrintableName(legible(latin or native), True, native=native, lacking=lacking, latin_wanted=wanted)


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FontsMissing(f"the font package {package} is not installed")
    folder = Path(spec.submodule_search_locations[0])
    return folder / "files" if (folder / "files").is_dir() else folder


def _stands_on_nothing(sign: str, before: str) -> bool:
    """Tell whether a mark has no letter that it belongs to, so that no font can set it."""
    under = unicodedata.category(before)
    return unicodedata.category(sign) in MARKS and under[0] not in CARRIES_A_MARK and under != "Cf"


def _legible_character(character: str) -> str:
    if character == "\n":
        return character
    if character == BYTE_ORDER_MARK:
        return ""
    if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        return " "
    if _has_glyph(character) and unicodedata.category(character) not in PRIVATE_OR_UNASSIGNED:
        return character
    return "" if _needs_no_ink(character) else f"[U+{ord(character):04X}]"


def _is_printable(character: str) -> bool:
    if _needs_no_ink(character):
        return True
    return unicodedata.category(character) not in PRIVATE_OR_UNASSIGNED and _has_glyph(character)


def _needs_no_ink(character: str) -> bool:
    return unicodedata.category(character) in WITHOUT_INK or ord(character) in VARIATION_SELECTORS


def _has_glyph(character: str) -> bool:
    place, bit = divmod(ord(character), 8)
    return bool(_code_points()[place] >> bit & 1)


def _font_files() -> Iterator[Path]:
    for folder in font_folders():
        yield from sorted(file for file in folder.iterdir() if file.suffix in FONT_SUFFIXES)


@cache
def _code_points() -> bytes:
    """Return a bit for every code point, set where a font has it: 136 kilobytes instead of sets of 26 megabytes."""
    # Imported here: most processes never meet a name beyond ASCII, and the import costs a tenth of a second.
    from fontTools.ttLib import TTFont

    bits = bytearray(CODE_POINTS // 8)
    for file in _font_files():
        with TTFont(file, lazy=True, fontNumber=0) as font:
            font.setGlyphOrder([])  # glyphs need no names here; reading those of 65,000 takes most of the time
            for code_point in font["cmap"].getBestCmap():
                bits[code_point // 8] |= 1 << code_point % 8
    return bytes(bits)
