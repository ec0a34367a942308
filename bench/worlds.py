"""A world to measure in: a folder with a database in which the story of the demo was played."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SESSION_DAYS = 1


def environment(var: Path, mode: str = "demo") -> dict[str, str]:
    """Return the environment of a process that lives in a world."""
    return {
        **os.environ,
        "CHANCERY_MODE": mode,
        "CHANCERY_VAR": str(var),
        "CHANCERY_DATABASE_URL": f"sqlite:///{var}/chancery.sqlite3",
        "CHANCERY_MAIL_URL": "file://",
        "CHANCERY_APPLY_RATE": "100000/3600",  # everybody comes from one address here
        "DJANGO_SETTINGS_MODULE": "chancery.config.settings",
    }


def make_world(var: Path) -> None:
    """Make tables, pages and the story in an empty folder."""
    var.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "bench.worlds"], env=environment(var), cwd=ROOT, check=True)


def copy_world(source: Path, target: Path) -> Path:
    """Copy a world that nobody is writing to."""
    shutil.copytree(source, target)
    return target


def cookie_of(email: str) -> str:
    """Return the cookie of a session that is open for the account with this address, by every factor."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from chancery.foundation.accounts.factors import Factor, open_session
    from chancery.foundation.accounts.services import account_for

    request = HttpRequest()
    request.session = SessionStore()
    open_session(request, account_for(email=email), *Factor)
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


def _play() -> None:
    import django

    django.setup()
    from chancery.interfaces.cli import preparing
    from chancery.interfaces.demo import story

    preparing.migrate()
    preparing.prepare_pages()
    story.play(lambda _title: None)


if __name__ == "__main__":
    _play()
