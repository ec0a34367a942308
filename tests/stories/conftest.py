"""The stage of the browser stories: a database, a site and a browser of their own, and a clock that the story sets."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core import mail as mailbox
from django.db import connection, connections
from django.test.utils import override_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.stories.telling import BARCELONA, Telling

from chancery.foundation import clock
from chancery.foundation.ui.assets import prepare_assets
from chancery.foundation.ui.words import compile_words
from chancery.interfaces.cli.browser import find_browser
from chancery.interfaces.demo import acts, story
from chancery.interfaces.worker.sweeps import sweep_everything

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the stories of a file; each reader has a context of their own."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in this thread, beside our queries
    prepare_assets(configured.VAR)
    compile_words()
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def books(tmp_path_factory, django_db_setup, django_db_blocker) -> Callable[[str], Path]:
    """Return what makes database files: ``empty``, ``office`` (open, nobody has applied) and ``demo`` (played)."""
    folder = tmp_path_factory.mktemp("books")
    scenes = {"office": story.open_the_office, "demo": lambda: story.play(lambda title: None)}
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # before any test has opened its transaction
        cursor.execute("VACUUM INTO %s", [str(folder / "empty.sqlite3")])

    def book(name: str) -> Path:
        path = folder / f"{name}.sqlite3"
        if path.exists():
            return path
        shutil.copy(book("empty"), path)
        with opened(path), override_settings(DEMO=True, FILES_ROOT=folder / f"{name}-files"):
            acts.account.cache_clear()
            scenes[name]()
            sweep_everything()
        return path

    return book


class opened:  # noqa: N801 (reads as a word of the story)
    """Let Django use a database file, in this thread and in those of the site, for as long as the block lasts."""

    def __init__(self, path: Path) -> None:
        self.path, self.before = path, connections["default"]

    def __enter__(self) -> None:
        # A dict of its own: a thread of the site that ends late must still know which file it has open.
        self.settings = connections.settings["default"]
        connections.settings["default"] = {**self.settings, "NAME": str(self.path)}
        connections["default"] = connections.create_connection("default")

    def __exit__(self, *unused: object) -> None:
        connections["default"].close()
        connections["default"] = self.before
        connections.settings["default"] = self.settings


@pytest.fixture
def tell(request, db, chromium, books, tmp_path, settings, monkeypatch) -> Iterator[Telling]:
    """The story that a test tells, on a copy of the book that its marker names (``office`` without one)."""
    named = request.node.get_closest_marker("book")
    kind = named.args[0] if named else "office"
    path = tmp_path / "story.sqlite3"
    shutil.copy(books(kind), path)
    settings.FILES_ROOT = tmp_path / "files"
    settings.DEMO = kind == "demo"
    if kind == "demo":
        shutil.copytree(books(kind).parent / "demo-files", settings.FILES_ROOT, dirs_exist_ok=True)
    with opened(path):
        site = LiveServer("127.0.0.1")
        settings.SITE_URL = site.url
        telling = Telling(chromium, site.url, _clock(monkeypatch, settings.DEMO))
        mailbox.outbox = []
        try:
            yield telling
            telling.nobody_heard_a_complaint()
        finally:
            telling.leave()
            site.stop()


def _clock(monkeypatch, is_demo: bool) -> Callable[[str], datetime]:
    """Return what sets the story's clock; in the demo it stands where the story ended."""
    stands: list[datetime] = []
    if not is_demo:
        monkeypatch.setattr(clock, "machine_now", lambda: stands[-1])

    def set_to(text: str) -> datetime:
        stands.append(datetime.fromisoformat(text).replace(tzinfo=BARCELONA))
        return stands[-1]

    return set_to
