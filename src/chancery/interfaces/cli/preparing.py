"""What an instance needs before it serves: database tables, words, fonts and static files."""

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Files of packages that no page of ours asks for; each would be hashed and packed twice.
UNUSED = ["htmax-*", "htmx-2*", "htmx-4.js", "ext"]


def migrations_are_due() -> bool:
    """Say whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Bring the database to the code's shape."""
    from chancery.interfaces.cli import first_tables

    if connection.vendor == "sqlite" and first_tables.is_empty(connection):
        first_tables.make_tables(connection)
        return
    call_command("migrate", verbosity=0, interactive=False)


def prepare_pages() -> None:
    """Compile words, cut fonts and collect static files; costs nothing when nothing changed."""
    from chancery.foundation.ui.assets import prepare_assets
    from chancery.foundation.ui.words import compile_words

    compile_words()
    prepare_assets(settings.VAR)
    stamp, wanted = Path(settings.VAR) / "static.stamp", _static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).exists():
        return
    call_command(
        "collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED, stdout=io.StringIO()
    )
    stamp.write_text(wanted)


def _static_fingerprint() -> str:
    folders = [
        settings.PACKAGE,
        *(Path(entry[1] if isinstance(entry, tuple) else entry) for entry in settings.STATICFILES_DIRS),
    ]
    files = sorted(
        file
        for folder in folders
        for file in Path(folder).rglob("*")
        if "static" in file.parts or "fonts" in file.parts
    )
    facts = "".join(f"{file}{file.stat().st_size}{file.stat().st_mtime_ns}" for file in files if file.is_file())
    lock = (settings.ROOT / "uv.lock").read_bytes() if (settings.ROOT / "uv.lock").exists() else b""
    return hashlib.sha256(facts.encode() + lock).hexdigest()
