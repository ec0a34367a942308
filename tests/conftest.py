"""What every test stands on: the test mode, set before Django reads its settings."""

import os
from pathlib import Path

os.environ["CHANCERY_MODE"] = "test"
os.environ.setdefault("CHANCERY_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("CHANCERY_SECRET_KEY", "only-for-tests")
os.environ.setdefault("CHANCERY_MAIL_THREAD_KEY", "only-for-tests")
Path(os.environ["CHANCERY_VAR"], "fonts").mkdir(parents=True, exist_ok=True)

from tests.engine import allow_flush  # noqa: E402 (the mode must stand first)

allow_flush()
