"""Turn environment variables into what Django's settings need."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from chancery.foundation.mail.mailbox import mailbox_from_url

SQLITE_OPTIONS = {
    # Measured: Django's defaults lose writes to lock errors with 16 writers, these lose none.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
}

SHORTEST_PASSWORD = 16


ROOT = Path(os.environ.get("CHANCERY_ROOT", Path(__file__).resolve().parents[3]))
VAR = Path(os.environ.get("CHANCERY_VAR", ROOT / "var"))


def database_url() -> str:
    """Return the database's address: the environment's, else a SQLite file under ``var``."""
    return os.environ.get("CHANCERY_DATABASE_URL", f"sqlite:///{VAR}/chancery.sqlite3")


def demo_marker() -> Path:
    """Return the file by which this database is the demo's; ``chancery up`` writes its address into it."""
    return VAR / "demo" / hashlib.sha256(database_url().encode()).hexdigest()[:16]


def mode() -> str:
    """Return the mode of this instance: the environment's, else demo for the demo's database, else production."""
    return os.environ.get("CHANCERY_MODE") or ("demo" if demo_marker().exists() else "production")


def site_url() -> str:
    """Return the address that readers see: the environment's, else that of the last ``chancery up`` of the demo."""
    kept = demo_marker().read_text().strip() if mode() == "demo" and demo_marker().exists() else ""
    return (os.environ.get("CHANCERY_SITE_URL") or kept or "http://127.0.0.1:8000").rstrip("/")


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's database settings for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.

    :raises ValueError: when the scheme is another one.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.removeprefix("sqlite:///")),
            "OPTIONS": dict(SQLITE_OPTIONS),
            "CONN_MAX_AGE": 600,
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"CHANCERY_DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite:/// or postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**query, **({} if os.environ.get("CHANCERY_MODE") == "test" else {"pool": True})},
    }


def mailer_from_url(url: str, files: Path) -> dict[str, Any]:
    """Return a mailer's settings for ``file://`` or ``smtp[s]://user:password@host:port``.

    :raises ValueError: when the scheme is another one.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(files)},
        }
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ValueError(
            f"CHANCERY_MAIL_URL: unknown scheme {parts.scheme!r}; use smtp://, smtp+tls://, smtps:// or file://"
        )
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or (465 if parts.scheme == "smtps" else 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp+tls",
            "timeout": 20,
        },
    }


def mailbox_url() -> str:
    """Return the address of the mailbox of replies, blank where none is set.

    :raises SystemExit: when it is none; the sentence leaves the address out, which holds a password.
    """
    url = os.environ.get("CHANCERY_IMAP_URL", "")
    try:
        if url:
            mailbox_from_url(url)
    except ValueError:
        raise SystemExit(
            "CHANCERY_IMAP_URL is no address of a mailbox. Write imaps://user:password@host/folder, with any of"
            " : / ? # @ % in the user or the password as %3A %2F %3F %23 %40 %25, and start again."
        ) from None
    return url


def inbound_mail() -> tuple[str, dict[str, str]]:
    """Return the provider that posts mail to us and what proves that it is the provider; blank where none is set.

    :raises SystemExit: when the provider is unknown or a secret is missing or short.
    """
    provider = os.environ.get("CHANCERY_INBOUND_MAIL", "")
    secret, key = (os.environ.get(name, "") for name in ("CHANCERY_INBOUND_SECRET", "CHANCERY_MAILGUN_SIGNING_KEY"))
    if not provider:
        return "", {}
    if provider not in {"mailgun", "postmark"}:
        raise SystemExit("CHANCERY_INBOUND_MAIL names no provider that we take mail from: write mailgun or postmark.")
    user, _, password = secret.partition(":")
    if not user or len(password) < SHORTEST_PASSWORD:
        raise SystemExit(
            "CHANCERY_INBOUND_MAIL needs CHANCERY_INBOUND_SECRET, user:password with a password of at least"
            f" {SHORTEST_PASSWORD} characters; the provider posts to https://user:password@host/api/inbound-mail/."
        )
    if provider == "mailgun" and not key:
        raise SystemExit("CHANCERY_INBOUND_MAIL=mailgun needs CHANCERY_MAILGUN_SIGNING_KEY, the webhook signing key.")
    return provider, {"WEBHOOK_SECRET": secret, **({"MAILGUN_WEBHOOK_SIGNING_KEY": key} if key else {})}


def secret_from_file(path: Path) -> str:
    """Return the secret kept in ``path``; make it on the first start, readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
