"""Compare a mail with the copy that is kept beside its test; SNAPSHOTS=write writes the copies anew."""

import os
import re
from pathlib import Path

from chancery.foundation.mail.services import Mail


def assert_looks_like(mail: Mail, copy: Path) -> None:
    """Compare subject, text and html of a mail with its copy as a whole; the style sheet is left out."""
    html = re.sub(r"<style>.*?</style>\n", "", mail.html, flags=re.DOTALL).strip()
    now = f"Subject: {mail.subject}\n\n{mail.text}\n----- html\n{html}\n"
    if os.environ.get("SNAPSHOTS") == "write":
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(now, encoding="utf-8")
    assert now == copy.read_text(encoding="utf-8")
