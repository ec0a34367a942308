"""Memory stays flat and reading is quick however long the file is."""

import resource
import time
from collections import deque
from itertools import chain, islice, repeat
from pathlib import Path

import pytest
from tests.domain.billing.readers.test_camt_entries import DAY
from tests.factories.camt import ACCOUNT

from chancery.domain.billing.readers import StatementClosed, read_statements
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file


class Endless:
    """A statement of ``count`` equal entries that never is in memory as a whole."""

    def __init__(self, count: int) -> None:
        told = CamtEntry(100, DAY, payer_name="City", remittance=("x" * 400,))
        content = camt_file(CamtStatement(ACCOUNT, [told], closing_cents=100 * count))
        start, end = content.index(b"<Ntry>"), content.index(b"</Ntry>") + len(b"</Ntry>")
        self.entry = content[start:end]
        self.pieces = chain([content[:start]], repeat(self.entry, count), [content[end:]])

    def read(self, size: int = -1) -> bytes:
        gathered: list[bytes] = []
        length = 0
        while length < size and (piece := next(self.pieces, b"")):
            gathered.append(piece)
            length += len(piece)
        return b"".join(gathered)


def memory() -> int:
    """Return how much memory this process holds now; the parser's trees are not in Python's own count."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells a process its memory")
def test_memory_is_flat():
    events = read_statements(Endless(20_000))
    deque(islice(events, 4_000), maxlen=1)
    held_early = memory()
    (last,) = deque(events, maxlen=1)
    held_late = memory()

    assert isinstance(last, StatementClosed)
    assert held_late - held_early < 8_000_000  # the tree of what was read meanwhile would be over 100 MB


def test_ten_thousand_lines_are_read_in_seconds():
    started = time.process_time()
    count = sum(1 for _ in read_statements(Endless(10_000)))

    assert count == 10_003
    assert time.process_time() - started < 5  # about 0.7 s; the speed table measures it, this catches a slip
