"""What is kept about people, and what would go."""

import argparse
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from chancery.interfaces.cli.console import answer, say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.journey.retain import Due


def register(nouns: Nouns) -> None:
    """Add ``privacy due [--on DAY] [--json]``."""
    acts = nouns.add_parser("privacy", help="what is kept about people, and for how long").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    parser = acts.add_parser("due", help="what the nightly sweep would delete, and what is held back; deletes nothing")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="as of the end of a day, instead of now")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=due)


def due(arguments: argparse.Namespace) -> int:
    """Say what is over and would go, by which rule and since when, and what is held back and why; change nothing."""
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.privacy.wording import held_words
    from chancery.journey.retain import list_over

    at = datetime.combine(arguments.on, time.max, UTC) if arguments.on else clock.now()
    found = list(list_over(now=at))
    goes, held = [each for each in found if each.ruling], [each for each in found if not each.ruling]
    if arguments.json:
        answer({"at": at.isoformat(), "goes": [_json(each) for each in goes], "held": [_json(each) for each in held]})
        return 0
    for each in goes:
        say(f"{each.over_at:%Y-%m-%d}  {each.what} {each.label} ({each.rule})")
    for each in held:
        say(f"held: {each.what} {each.label} ({each.rule}, {each.over_at:%Y-%m-%d})")
        for reason in each.ruling.reasons:
            say(f"      {held_words(reason)}")
    say(f"{len(goes)} would go, {len(held)} held back")
    return 0


def _json(each: "Due") -> dict[str, Any]:
    return {
        "what": each.what,
        "label": each.label,
        "rule": each.rule,
        "over_at": each.over_at.isoformat(),
        "reasons": list(each.ruling.reasons),
    }
