"""A PostgreSQL server for tests: started on loopback in a folder of its own, removed afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

# Durability is no test of ours: what must survive a kill is tested with the defaults in tests/engine.
FAST = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=120",
)


def find_programs() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``: ``$CHANCERY_PG_BIN``, PATH, then the newest Debian one."""
    on_path = shutil.which("postgres")
    candidates = [
        Path(os.environ.get("CHANCERY_PG_BIN", "/nonexistent")),
        *([Path(on_path).resolve().parent] if on_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name)),
    ]
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "postgres").exists()),
        None,
    )


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Run a fresh server and yield its URL; as root it runs as the ``postgres`` user, since it refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="chancery-pg-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user="postgres")
    port = _free_port()
    data = folder / "data"
    subprocess.run(
        _as_user(
            user,
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "chancery",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ),
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        _as_user(
            user,
            str(programs / "postgres"),
            "-D",
            str(data),
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            str(folder),
            *FAST,
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(programs, port)
        yield f"postgresql://chancery@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            _as_user(user, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"),
            check=False,
            capture_output=True,
        )
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def make_database(url: str, name: str) -> None:
    """Make an empty database on the server that a URL names."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _as_user(user: str, *command: str) -> list[str]:
    return (
        ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", *command]
        if os.geteuid() == 0
        else list(command)
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(programs: Path, port: int) -> None:
    command = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-t", "30"]
    for _ in range(300):
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")
