"""What lies in the folders of a scratch database after a test."""

import re
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE | re.IGNORECASE)


def sent_message_ids(var: Path) -> list[str]:
    """Return the Message-ID of every mail that left, in the order of the files; twice where it left twice."""
    found: list[str] = []
    for file in sorted((var / "mail").glob("*")):
        found += [each.decode() for each in MESSAGE_ID.findall(file.read_bytes())]
    return found
