"""The programme page for visitors: from memory, and made anew."""

from pathlib import Path

from bench.load import Page, answers_a_second, median
from bench.servers import BARE, SITE, serving
from bench.table import Row

PATH = "/en/metropolis-2024/"
ANEW = f"{PATH}?anew=1"  # a page with a query is never taken from memory
ROUNDS, SECONDS = 5, 1.2
MOST_QUERIES = 5


def measure(var: Path, *, large: bool) -> list[Row]:
    """Ask in turns for ours and for the bare view, so that both meet the same machine."""
    with serving(SITE) as ours, serving(BARE, path="/kept/") as bare:
        kept = _in_turns(Page(ours, PATH), Page(bare, "/kept/"))
        anew = _in_turns(Page(ours, ANEW), Page(bare, "/templated/"))
    queries = _count_queries()
    return [
        _row("public page, from memory, 1 worker", kept, "bare cached view", 0.6),
        _row("public page, made anew, 1 worker", anew, "bare 3-query template view", 0.65),
        Row(
            "public page, made anew: queries",
            str(queries),
            "",
            None,
            f"<= {MOST_QUERIES}",
            queries <= MOST_QUERIES,
        ),
    ]


def _in_turns(ours: Page, bare: Page) -> list[tuple[float, float]]:
    for page in (ours, bare):
        answers_a_second(page, SECONDS / 2)
    return [(answers_a_second(ours, SECONDS), answers_a_second(bare, SECONDS)) for _ in range(ROUNDS)]


def _row(work: str, turns: list[tuple[float, float]], limit: str, target: float) -> Row:
    ratio = median([ours / bare for ours, bare in turns])
    ours, bare = (median([turn[side] for turn in turns]) for side in (0, 1))
    return Row(work, f"{ours:,.0f}/s", f"{bare:,.0f}/s {limit}", ratio, f">= {target}", ratio >= target)


def _count_queries() -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.get(ANEW)
    with CaptureQueriesContext(connection) as queries:
        client.get(ANEW)
    return len(queries)
