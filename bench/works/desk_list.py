"""The desk list at 10,000 and 100,000 applications: its filters, its pages, its search."""

from pathlib import Path
from urllib.parse import urlencode

from bench.applications import add_applications
from bench.load import Page, percentile, seconds_each
from bench.servers import SITE, serving
from bench.table import Row
from bench.worlds import cookie_of

SLUG = "metropolis-2024"
OFFICER = "aina@metropolis.example"
TURNS = 4
MOST_QUERIES = 8
SIZES = ((10_000, 25), (100_000, 50))
CLOCK_OF_THE_DEMO = "tasks_democlock"  # asked for in a demo only
NOBODY = {"q": "nobodyofthatname"}
ASKED: tuple[dict[str, str], ...] = (
    {},
    {"page": "2"},
    {"page": "40"},
    {"page": "9999"},
    {"stage": "submitted"},
    {"stage": "declined"},
    {"stage": "in dialogue", "page": "3"},
    {"group": "late"},
    {"group": "closed", "page": "5"},
    {"region": "Europe"},
    {"region": "Latin America & Caribbean", "stage": "submitted"},
    {"income": "L"},
    {"income": "H", "group": "to do"},
    {"desk": "mine"},
    {"q": "xaloc"},
    {"q": "ada brisa"},
    {"q": "b004242"},
    {"q": "medell"},
    {"q": "applicant77@", "stage": "submitted"},
    {"q": "lodos", "region": "Europe"},
)


def measure(var: Path, *, large: bool) -> list[Row]:
    """Grow the list and ask for it as a busy desk does; the limit is the same page when it finds nobody."""
    rows, there = [], 0
    cookie = cookie_of(OFFICER)
    for size, target in SIZES:
        _grow(there, size)
        there = size
        with serving(SITE) as port:
            _seconds(port, cookie, ASKED)
            took = _seconds(port, cookie, ASKED * TURNS)
            empty = _seconds(port, cookie, (NOBODY,) * len(ASKED))
        rows.append(_row(size, target, took, empty))
        rows.append(_row_of_queries(size))
    return rows


def _grow(there: int, size: int) -> None:
    from django.db import connection

    from chancery.domain.programme.models import Edition
    from chancery.foundation import clock

    edition = Edition.objects.get(slug=SLUG)
    add_applications(edition, number=size - there, start=there, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _row(size: int, target: int, took: list[float], empty: list[float]) -> Row:
    ours, limit = percentile(took, 0.95) * 1000, percentile(empty, 0.95) * 1000
    return Row(
        f"desk list of {size:,}: filters, pages, search",
        f"p95 {ours:.0f} ms",
        f"p95 {limit:.0f} ms nobody found",
        ours / limit,
        f"p95 <= {target} ms",
        ours <= target,
    )


def _row_of_queries(size: int) -> Row:
    """Count in a process that has served a page before, as a server has: regions, banners and contents are kept."""
    _count_queries({})
    most = max(_count_queries(asked) for asked in ASKED)
    return Row(f"desk list of {size:,}: queries", str(most), "", None, f"<= {MOST_QUERIES}", most <= MOST_QUERIES)


def _count_queries(asked: dict[str, str]) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    name, _, key = cookie_of(OFFICER).partition("=")
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[name] = key
    with CaptureQueriesContext(connection) as queries:
        response = client.get(_path(asked))
    if response.status_code != 200:
        raise RuntimeError(f"{_path(asked)} answered {response.status_code}")
    return sum(CLOCK_OF_THE_DEMO not in each["sql"] for each in queries.captured_queries)


def _seconds(port: int, cookie: str, asked: tuple[dict[str, str], ...]) -> list[float]:
    return seconds_each([Page(port, _path(each), cookie) for each in asked])


def _path(asked: dict[str, str]) -> str:
    return f"/office/{SLUG}/applications/?{urlencode(asked)}"
