"""Find the browser that stories are told in."""

import os
import shutil
import subprocess

# Chromium's own program for machines without a screen goes first: it draws the same pages and no window around them.
CANDIDATES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """Return the path of a browser that answers: ``$CHANCERY_CHROMIUM``, else the usual names; else nothing."""
    named = os.environ.get("CHANCERY_CHROMIUM", "")
    for candidate in (named, *(shutil.which(name) or "" for name in CANDIDATES)):
        if candidate and _answers(candidate):
            return candidate
    return ""


def _answers(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
