"""Read a PDF the way somebody else's software does."""

import subprocess
from pathlib import Path


def text_of(pdf: bytes, folder: Path) -> str:
    """Return the text as poppler reads it, with every run of blanks as one space."""
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", folder / "paper.pdf", "-"]
    return " ".join(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
