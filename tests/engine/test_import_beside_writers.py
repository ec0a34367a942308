"""An import of ten thousand lines does not keep applicants waiting."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench.statements import Bill, write_statement

from tests.engine import findings, seeds
from tests.engine.databases import Scratch
from tests.engine.processes import PATIENCE, run
from tests.engine.servers import Writer, serving, writing

pytestmark = [pytest.mark.engine, pytest.mark.waits]
LINES, BILLS, APPLICANTS = 10_000, 10, 8
WARM = 8  # saves of each
LONGEST = 1.5  # seconds that 95 of 100 saves may take


def test_applicants_write_on_while_ten_thousand_lines_are_imported(scratch: Scratch, folder: Path) -> None:
    bills, drafts = run(scratch, seeds.bill_places_and_open_drafts, BILLS, APPLICANTS)
    file = write_statement(folder / "beside.xml", lines=LINES, bills=[Bill(*bill) for bill in bills])

    with serving(scratch, workers=2) as port:
        writers = [Writer(port, *draft) for draft in drafts]
        with writing(writers):
            _let_the_server_warm_up(writers)
            imported = subprocess.run(
                [sys.executable, "-m", "chancery", "statement", "import", str(file), "--json"],
                env=scratch.environment,
                capture_output=True,
                text=True,
                check=False,
            )

    assert imported.returncode == 0, imported.stderr
    counts = json.loads(imported.stdout)
    assert (counts["entries"], counts["new"], counts["booked"]) == (LINES, LINES, BILLS)
    assert [writer.failures for writer in writers] == [[]] * APPLICANTS
    seconds = sorted(second for writer in writers for second in writer.seconds)
    assert len(seconds) > 2 * APPLICANTS, "everybody wrote"
    assert seconds[len(seconds) * 95 // 100] <= LONGEST
    assert run(scratch, findings.of_money)["guaranteed"] == BILLS


def _let_the_server_warm_up(writers: list[Writer]) -> None:
    """Forget the first saves: each web process loads its pages with them."""
    until = time.monotonic() + PATIENCE
    while min(len(writer.seconds) for writer in writers) < WARM and time.monotonic() < until:
        time.sleep(0.05)
    for writer in writers:
        writer.seconds.clear()
