"""Loaded once in the process that the others are forked from; never imported by the tests themselves.

The processes run as a demo does: real mailer (files), real clock of the story, the engine's production options.
"""

import os
import tempfile

os.environ.update(
    DJANGO_SETTINGS_MODULE="chancery.config.settings",
    CHANCERY_MODE="demo",
    CHANCERY_SECRET_KEY="only-for-tests",
    CHANCERY_MAIL_THREAD_KEY="only-for-tests",
    CHANCERY_VAR=tempfile.gettempdir(),
)
os.environ.setdefault("CHANCERY_DATABASE_URL", "sqlite:///nowhere.sqlite3")  # each process names its own

import django

django.setup()

# What a process reads when it first needs it, and every process here would: addresses, what writes papers, their signs.
import facturx  # noqa: E402, F401
import pikepdf  # noqa: E402, F401
import pypdf  # noqa: E402, F401
import typst  # noqa: E402, F401
from django.urls import reverse  # noqa: E402

import chancery.interfaces.worker.sweeps  # noqa: E402, F401
import tests.engine.acts  # noqa: E402
import tests.engine.findings  # noqa: E402
import tests.engine.seeds  # noqa: E402
import tests.engine.tasks  # noqa: E402, F401
from chancery.foundation.documents.fonts import covers  # noqa: E402

reverse("front-door")
covers("\N{LATIN SMALL LETTER E WITH ACUTE}")
