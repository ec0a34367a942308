"""``python -m bench [--only NAME] [--json] [--large]``: make a world, measure each work in a copy of it, print."""

import argparse
import gc
import importlib
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.table import Row, as_json, as_text, from_json
from bench.worlds import ROOT, copy_world, environment, make_world

# Each work and the mode in which it is measured: what a production instance does, without the bar of the demo, where
# the story's clock is not needed.
WORKS = {
    "public_page": "production",
    "apply_at_once": "production",
    "desk_list": "production",
    "statement_import": "demo",
    "matching": "demo",
    "invoice_pdf": "demo",
    "first_start": "demo",
}


def main() -> int:
    """Print the table; 0 even where a target is missed: the table says so."""
    arguments = _arguments()
    if arguments.inside:
        sys.stdout.write(json.dumps(as_json(_measure_here(arguments.inside, large=arguments.large))))
        return 0
    rows: list[Row] = []
    with TemporaryDirectory(prefix="chancery-bench-") as folder:
        world = Path(folder) / "world"
        _tell("making a world ...")
        make_world(world)
        for work in arguments.only or WORKS:
            _tell(f"measuring {work} ...")
            rows += _measure_in_copy(work, world, Path(folder) / work, large=arguments.large)
    if arguments.json:
        json.dump(as_json(rows), sys.stdout, indent=2)
    else:
        sys.stdout.write(as_text(rows))
    sys.stdout.write("\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chancery bench")
    parser.add_argument("--only", action="append", choices=WORKS, help="measure this work only; may be repeated")
    parser.add_argument("--large", action="store_true", help="also what takes minutes: a statement of 100,000 lines")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", choices=WORKS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure_in_copy(work: str, world: Path, copy: Path, *, large: bool) -> list[Row]:
    command = [sys.executable, "-m", "bench", "--inside", work, *(["--large"] if large else [])]
    told = subprocess.run(
        command, env=environment(copy_world(world, copy), WORKS[work]), cwd=ROOT, check=False, stdout=subprocess.PIPE
    )
    if told.returncode:
        return [Row(f"{work}: could not be measured; see above", "", "", None, "", met=False)]
    rows = from_json(json.loads(told.stdout))
    for row in rows:
        _tell("  " + " | ".join(row.cells()))
    return rows


def _measure_here(work: str, *, large: bool) -> list[Row]:
    import django
    from django.conf import settings

    from chancery.__main__ import OBJECTS_BETWEEN_COLLECTIONS

    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as every command of chancery runs
    django.setup()
    rows: list[Row] = importlib.import_module(f"bench.works.{work}").measure(Path(settings.VAR), large=large)
    return rows


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
