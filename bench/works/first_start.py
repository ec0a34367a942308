"""``chancery up`` on an empty disk and again, until the programme page is served; and what the children weigh."""

import subprocess
import sys
import time
from pathlib import Path

from bench.servers import BARE, end, free_port, serving, wait_for_page
from bench.table import Row
from bench.worlds import ROOT, environment

PATH = "/en/metropolis-2024/"
HEAVIEST = 130  # megabytes
SETTLING = 3.0  # seconds after the start in which the worker renders what the story asked for


def measure(var: Path, *, large: bool) -> list[Row]:
    """Start twice; the limit is the start of a bare view with the same program around it."""
    empty = var / "empty"
    first, heaviest = _start(empty)
    second, _ = _start(empty, settling=0)
    bare = _start_bare()
    return [
        Row(
            "first start on an empty disk",
            f"{first:.1f} s",
            f"{bare:.1f} s bare view",
            first / bare,
            "<= 5 s",
            first <= 5,
        ),
        Row("second start", f"{second:.1f} s", f"{bare:.1f} s bare view", second / bare, "< 2 s", second < 2),
        Row(
            "heaviest process after the first start",
            f"{heaviest:.0f} MB",
            "",
            None,
            f"<= {HEAVIEST} MB",
            heaviest <= HEAVIEST,
        ),
    ]


def _row(work: str, took: float, bare: float, target: int) -> Row:
    return Row(work, f"{took:.1f} s", f"{bare:.1f} s bare view", took / bare, f"<= {target} s", took <= target)


def _start(var: Path, *, settling: float = SETTLING) -> tuple[float, float]:
    """Return the seconds until the page is served, and the weight of the heaviest process in megabytes."""
    port, started = free_port(), time.monotonic()
    settings = {
        name: value
        for name, value in environment(var).items()
        if name not in {"CHANCERY_MAIL_URL", "CHANCERY_DATABASE_URL", "CHANCERY_MODE", "DJANGO_SETTINGS_MODULE"}
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "chancery", "up", "--port", str(port)],
        env=settings,
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port, PATH, child)
        took = time.monotonic() - started
        return took, _heaviest(child.pid, settling)
    finally:
        end(child)


def _start_bare() -> float:
    started = time.monotonic()
    with serving(BARE):
        return time.monotonic() - started


def _heaviest(pid: int, seconds: float) -> float:
    heaviest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        heaviest = max(heaviest, *(_megabytes(each) for each in _family(pid)))
        time.sleep(0.05)
    return heaviest


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in _family(int(child)))]


def _megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024
