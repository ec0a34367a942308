"""Start the demo: everything that a first start needs, then web server and worker."""

import argparse
import os
import threading

from chancery.interfaces.cli import children
from chancery.interfaces.cli.console import say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

REAL_KEYS = ("CHANCERY_SECRET_KEY", "CHANCERY_MAIL_THREAD_KEY", "CHANCERY_MAIL_URL", "CHANCERY_SITE_URL")
HEARTBEAT = 5.0  # seconds


def register(nouns: Nouns) -> None:
    """Add ``up [--port] [--fresh]``."""
    parser = nouns.add_parser("up", help="start the demo: web server and worker")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fresh", action="store_true", help="start the story again")
    parser.set_defaults(run=up)


def up(arguments: argparse.Namespace) -> int:
    """Make the demo ready and serve it until told to stop."""
    real = [name for name in REAL_KEYS if os.environ.get(name)]
    if real:
        tell(
            f"chancery up is always the demo and takes no real keys: unset {', '.join(real)}, or use `chancery serve`."
        )
        return 1
    if not children.port_is_free(arguments.port):
        port = arguments.port
        tell(f"Port {port} is taken, perhaps by another `chancery up`. Stop it, or: ./chancery up --port {port + 1}")
        return 1
    site = f"http://127.0.0.1:{arguments.port}"
    os.environ["CHANCERY_SITE_URL"] = site
    from chancery.interfaces.cli import demo_instance

    if refusal := demo_instance.claim(site):
        tell(refusal)
        return 1
    django_ready("demo")
    demo_instance.make_ready(fresh=arguments.fresh)
    return _serve(arguments.port)


def _serve(port: int) -> int:
    from chancery.interfaces.cli import demo_instance
    from chancery.interfaces.demo import clockwork
    from chancery.interfaces.worker import loop

    clockwork.start()
    stop = threading.Event()
    beat = threading.Thread(target=clockwork.keep_beating, args=(stop, HEARTBEAT), daemon=True)
    acts = [children.web_server("127.0.0.1", port, workers=2), loop.run_until_stopped]
    try:
        with children.running(acts) as started:
            beat.start()
            if not children.wait_until_answering(port, started):
                tell("The web server did not start; what it said stands above.")
                return 1
            say(f"Chancery: http://127.0.0.1:{port}/")
            for line in demo_instance.introductions():
                say(line)
            return children.wait_for_end(started)
    finally:
        stop.set()
        clockwork.stop()
