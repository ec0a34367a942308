"""The demo's database: claimed once, made ready at every start."""

import gc
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from chancery.config.environment import database_url, demo_marker
from chancery.foundation.ruling import Refused
from chancery.interfaces.cli.console import Progress, tell


class NotReady(Refused):
    """The pages could not be prepared, or the story not be played."""


def claim(site: str) -> str:
    """Mark the database as a demo at this address; return why not where it holds a real instance, else nothing."""
    url, marker = database_url(), demo_marker()
    if not marker.exists() and url.startswith("sqlite:///") and _holds_anything(Path(url.removeprefix("sqlite:///"))):
        return (
            f"{url} holds an instance that is not the demo; `chancery up` will not touch it. "
            "Name another database: CHANCERY_DATABASE_URL=sqlite:////tmp/demo.sqlite3 ./chancery up"
        )
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(site)
    return ""


def _holds_anything(path: Path) -> bool:
    """Say whether a file is more than the empty database that a command leaves which only looks, such as ``check``."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except sqlite3.DatabaseError:
        return True


def make_ready(*, fresh: bool) -> None:
    """Migrate, prepare pages and play the story if this database has not seen it; tell what is going on.

    Files of pages and story are children's work at the same time, and this process stays small for the servers that
    are forked from it. The story writes the addresses of pages into its mails, so their code is read before the forks.

    :raises NotReady: when a child failed; what went wrong was printed by it.
    """
    from chancery.interfaces.cli import children, preparing
    from chancery.interfaces.demo import story

    children.read_pages()
    if fresh:
        _forget()
    work = [children.fork(preparing.prepare_pages)]
    if preparing.migrations_are_due():
        tell("Making the database ...")
        preparing.migrate()
    if not story.is_played():
        work.append(children.fork(_play))
    for child in work:
        child.join()
    if any(child.exitcode for child in work):
        raise NotReady(detail="the demo could not be made ready; what went wrong stands above")


def introductions() -> list[str]:
    """Return one line a role: who, e-mail and password."""
    from chancery.interfaces.demo import cast

    return [f"  {person.role:<22} {person.email:<40} {cast.PASSWORD}" for person in cast.OFFICE]


def _play() -> None:
    from chancery.interfaces.demo import story

    gc.disable()  # this child ends with the story; collecting takes a tenth of the time
    progress = Progress("Playing the story", len(story.SCENES))
    story.play(progress.step)
    progress.end()


def _forget() -> None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{ending}").unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    for folder in (settings.FILES_ROOT, settings.MAIL_FILES):
        shutil.rmtree(folder, ignore_errors=True)
    os.sync()
