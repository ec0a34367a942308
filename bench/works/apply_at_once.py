"""Fifty people apply at once: start, eight parts, check, send; then with every page between, as browsers ask."""

import http.client
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench.load import Asking, Page, people_at_once, percentile
from bench.servers import BARE, SITE, serving
from bench.table import Row
from bench.worlds import cookie_of

SLUG = "metropolis-2024"
PEOPLE, WORKERS = 50, 2
TARGET = 1.5  # seconds
LIKE_WHOM = "M2-0022"  # their answers are everybody's


def measure(var: Path, *, large: bool) -> list[Row]:
    """Let all come at once, twice; the limit is as many bare views of three queries and a template."""
    _open_the_call()
    form = _form()
    sending = [_Visitor(cookie_of(f"sender{number}@city.example"), form, pages=False) for number in range(PEOPLE)]
    looking = [_Visitor(cookie_of(f"looker{number}@city.example"), form, pages=True) for number in range(PEOPLE)]
    with serving(SITE, workers=WORKERS) as port:
        for number in range(2 * WORKERS):  # each worker sees its templates once, as on any day but the first
            _Visitor(cookie_of(f"early{number}@city.example"), form, pages=True).apply(port)
        sent = people_at_once([partial(visitor.apply, port) for visitor in sending])
        looked = people_at_once([partial(visitor.apply, port) for visitor in looking])
    with serving(BARE, workers=WORKERS, path="/templated/") as port:
        bare = [_bare(port, visitors[0].asked) for visitors in (sending, looking)]
    return [
        _row(f"apply and send, {PEOPLE} at once: {sending[0].asked} requests each", sent, bare[0], TARGET),
        _row(f"the same with every page: {looking[0].asked} requests each", looked, bare[1], None),
        *_rows_of_errors([*sent[1], *looked[1]]),
    ]


def _row(work: str, done: tuple[list[float], list[str]], bare: float, target: float | None) -> Row:
    took, errors = done
    ours = percentile(took, 0.95)
    return Row(
        work,
        f"p95 {ours:.1f} s, {len(errors)} errors",
        f"p95 {bare:.1f} s bare views",
        ours / bare,
        f"p95 <= {target} s, 0 errors" if target else "0 errors",
        not errors and (target is None or ours <= target),
    )


def _bare(port: int, asked: int) -> float:
    took, _ = people_at_once([lambda: _ask_bare(port, asked)] * PEOPLE)
    return percentile(took, 0.95)


def _open_the_call() -> None:
    from datetime import UTC, datetime

    from chancery.domain.programme.models import Edition

    Edition.objects.filter(slug=SLUG).update(closes_at=datetime(2999, 1, 1, tzinfo=UTC))


@dataclass(slots=True)
class _Visitor:
    """A browser with an open session."""

    cookie: str
    form: dict[str, dict[str, str]]
    pages: bool  # whether every page between two sendings is asked for
    asked: int = 0
    csrf: str = "c" * 32
    connection: http.client.HTTPConnection = field(init=False)

    def apply(self, port: int) -> None:
        """Go the whole way; an unexpected answer raises."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        start = f"/my/start/{SLUG}/"
        self._look(start)
        page = self._post(start, {})
        self._look(page)
        for part, texts in self.form.items():
            self._look(f"{page}{part}/")
            self._post(f"{page}{part}/", texts)
        self._get(f"{page}check/")
        sent = self._post(f"{page}check/", {"accept": "on", "terms": "1"})
        if not sent.endswith("/sent/"):
            raise RuntimeError(f"not sent: {sent}")
        self._look(sent)
        self.connection.close()

    def _look(self, path: str) -> None:
        if self.pages:
            self._get(path)

    def _get(self, path: str) -> None:
        status, _ = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}")

    def _post(self, path: str, texts: dict[str, str]) -> str:
        status, location = self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.csrf, **texts}))
        if status != 302:
            raise RuntimeError(f"POST {path} answered {status}")
        return location

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        self.asked += 1
        headers = {"Cookie": f"{self.cookie}; csrf={self.csrf}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, headers)
        response = self.connection.getresponse()
        response.read()
        return response.status, response.headers.get("Location", "")


def _form() -> dict[str, dict[str, str]]:
    from chancery.interfaces.demo import acts
    from chancery.interfaces.demo.cast import applicants

    return acts.answers(applicants()[LIKE_WHOM])


def _ask_bare(port: int, times: int) -> None:
    asking = Asking(port)
    for _ in range(times):
        asking.ask(Page(port, "/templated/").question)
    asking.close()


def _rows_of_errors(errors: list[str]) -> list[Row]:
    return [Row(f"  {error[:90]}", "", "", None, "", met=False) for error in sorted(set(errors))[:3]]
