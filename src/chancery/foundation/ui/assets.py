"""Files of other projects that pages load: taken out of the installed packages, never copied into this one."""

import sys
from importlib.metadata import distribution
from pathlib import Path

from chancery.foundation.ui.fonts import cut_fonts

BOOTSTRAP = "bootstrap-wrapper"
STYLE_SHEET = "bootstrap/css/bootstrap.min.css"
SOURCE_MAP_MARK = b"/*# sourceMappingURL="


def static_folders(var: Path) -> list[tuple[str, Path]]:
    """Return the prepared folders with their prefixes, for ``STATICFILES_DIRS``; empty ones are made."""
    folders = [("fonts", var / "fonts"), ("vendor", var / "vendor")]
    for _, folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return folders


def prepare_assets(var: Path) -> None:
    """Cut the fonts and lay out the style sheet of the installed Bootstrap; the second time costs nothing."""
    cut_fonts(var / "fonts")
    _lay_out_bootstrap(var / "vendor")


def _lay_out_bootstrap(folder: Path) -> None:
    package = distribution(BOOTSTRAP)
    stamp = folder / ".version"
    if stamp.exists() and stamp.read_text() == package.version:
        return
    folder.mkdir(parents=True, exist_ok=True)
    sheet = Path(str(package.locate_file(STYLE_SHEET))).read_bytes()
    # The map it names is not served; a named file that is missing stops collectstatic.
    (folder / "bootstrap.min.css").write_bytes(sheet.split(SOURCE_MAP_MARK)[0])
    stamp.write_text(package.version)


if __name__ == "__main__":
    prepare_assets(Path(sys.argv[1]))
