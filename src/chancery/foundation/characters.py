"""Characters that nobody sees and that papers and messages cannot hold, such as Word's line break when it is pasted."""

import re
from typing import Final

SEEN: Final = "\t\n\r"  # of the control characters
_CONTROLS: Final = {code: " " for code in (*range(1, 32), *range(127, 160)) if chr(code) not in SEEN} | {0: ""}
# XML 1.0 has no way to write these, not even as a reference (its production Char).
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_controls(text: str) -> str:
    """Return text with a blank for each control character; tabs and line breaks stay, null characters are dropped."""
    return text.translate(_CONTROLS)


def on_one_line(text: str) -> str:
    """Return text on one line, with single blanks, and without what nobody sees."""
    return " ".join(without_controls(text).split())


def not_in_xml(text: str) -> str:
    """Return the characters of ``text`` that no XML can hold, as they come."""
    return "".join(_NOT_IN_XML.findall(text))
