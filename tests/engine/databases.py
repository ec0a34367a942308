"""Databases of their own: made once as a template, copied for each test, on the engine of the run."""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

RUN_URL = os.environ.get("CHANCERY_DATABASE_URL", "")
ON_POSTGRESQL = RUN_URL.startswith("postgres")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database and a folder for files, mails and secrets."""

    url: str
    var: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to run on this database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "chancery.config.settings",
            "CHANCERY_MODE": "demo",
            "CHANCERY_SECRET_KEY": "only-for-tests",
            "CHANCERY_MAIL_THREAD_KEY": "only-for-tests",
            "CHANCERY_DATABASE_URL": self.url,
            "CHANCERY_VAR": str(self.var),
            "CHANCERY_MAIL_URL": "file://",
        }


def new_database(folder: Path, template: Scratch | None = None) -> Scratch:
    """Make an empty database, or a copy of one that nobody is connected to."""
    var = folder / secrets.token_hex(6)
    if template is None:
        var.mkdir(parents=True)
    else:
        shutil.copytree(template.var, var)
    if not ON_POSTGRESQL:
        return Scratch(f"sqlite:///{var}/engine.sqlite3", var)
    name = f"engine_{secrets.token_hex(6)}"
    source = f" TEMPLATE {_name(template.url)}" if template else ""
    _as_owner(f"CREATE DATABASE {name}{source}")
    return Scratch(RUN_URL.replace(urlsplit(RUN_URL).path, f"/{name}"), var)


def drop_database(scratch: Scratch) -> None:
    """Remove it with everything in it."""
    if ON_POSTGRESQL:
        _as_owner(f"DROP DATABASE IF EXISTS {_name(scratch.url)} WITH (FORCE)")
    shutil.rmtree(scratch.var, ignore_errors=True)


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _as_owner(statement: str) -> None:
    with psycopg.connect(RUN_URL, autocommit=True) as connection:
        connection.execute(statement.encode())
