"""Run the production web server."""

import argparse
import os

from chancery.interfaces.cli import children
from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready


def register(nouns: Nouns) -> None:
    """Add ``serve``."""
    parser = nouns.add_parser("serve", help="run the web server, configured by environment")
    parser.set_defaults(run=serve)


def serve(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; refuse a database that lacks a migration."""
    django_ready()
    from chancery.interfaces.cli import preparing

    if preparing.migrations_are_due():
        tell("The database lacks migrations. Back it up, then run: ./chancery manage migrate")
        return 1
    preparing.prepare_pages()
    host, _, port = os.environ.get("CHANCERY_LISTEN", "127.0.0.1:8000").rpartition(":")
    workers = int(os.environ.get("CHANCERY_WEB_WORKERS", "2"))
    with children.running([children.web_server(host, int(port), workers)]) as started:
        say(f"Chancery serves on {host}:{port}")
        return children.wait_for_end(started)
