"""Memory stays flat and reading is quick however long the file is."""

import time
import tracemalloc
from itertools import chain, repeat

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


def peak_of(count: int) -> int:
    tracemalloc.start()
    for event in read_statements(Endless(count)):
        last = event
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(last, StatementClosed)
    assert last.balanced is True
    return peak


def test_memory_is_flat():
    peak_of(10)
    small, large = peak_of(200), peak_of(4000)

    assert large < small * 1.2


def test_ten_thousand_lines_are_read_in_seconds():
    started = time.process_time()
    count = sum(1 for _ in read_statements(Endless(10_000)))

    assert count == 10_003
    assert time.process_time() - started < 5  # about 0.7 s; the speed table measures it, this catches a slip
