"""The settings of tests: the mode and a folder of its own, set before the one settings file is read."""

import os
from pathlib import Path

os.environ["CHANCERY_MODE"] = "test"
os.environ.setdefault("CHANCERY_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("CHANCERY_SECRET_KEY", "only-for-tests")
os.environ.setdefault("CHANCERY_MAIL_THREAD_KEY", "only-for-tests")
for folder in ("fonts", "static"):
    Path(os.environ["CHANCERY_VAR"], folder).mkdir(parents=True, exist_ok=True)

from chancery.config.settings import *  # noqa: E402, F403 (the mode must stand first)
