"""What is kept about people: what would go, a copy for the person, and erasing them."""

import argparse
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say, tell
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.journey.retain import Due


def register(nouns: Nouns) -> None:
    """Add ``privacy due [--on DAY]``, ``privacy export EMAIL -o FILE.zip`` and ``privacy erase EMAIL``."""
    acts = nouns.add_parser("privacy", help="what is kept about people, and for how long").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    parser = acts.add_parser("due", help="what the nightly sweep would delete, and what is held back; deletes nothing")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="as of the end of a day, instead of now")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=due)
    parser = acts.add_parser("export", help="all that is kept about a person, as a ZIP with a page to read")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=export)
    parser = acts.add_parser("erase", help="erase a person for good; what the law keeps is named with its end")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.set_defaults(run=erase)


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


def export(arguments: argparse.Namespace) -> int:
    """Write the copy for a person; the file is its owner's alone on this machine.

    :raises Refused: when nobody signs in by that address.
    """
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.foundation.privacy.archive import write_archive
    from chancery.journey import disclose

    subject = disclose.find_subject(arguments.email)
    if not arguments.output.parent.is_dir():
        raise Refused(refusal("no_such_folder"), f"there is no folder {arguments.output.parent}")
    copy = disclose.disclose(user_id=subject.user.pk, actor=SYSTEM, now=clock.now())
    write_archive(copy, arguments.output)
    if arguments.json:
        answer({"file": str(arguments.output), "records": copy.rows, "files": len(copy.files)})
    else:
        say(f"{arguments.output}: {copy.rows} records, {len(copy.files)} files")
    return 0


def erase(arguments: argparse.Namespace) -> int:
    """Erase a person and say what the law keeps; 1 with the reasons while something needs the data.

    :raises Refused: when nobody signs in by that address.
    """
    django_ready()
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.foundation.privacy.wording import data_words, held_words
    from chancery.journey import disclose
    from chancery.journey.erase import StillNeeded, erase_person

    subject = disclose.find_subject(arguments.email)
    try:
        erased = erase_person(user_id=subject.user.pk, actor=SYSTEM, now=clock.now())
    except StillNeeded as no:
        if arguments.json:
            answer({"erased": False, "reasons": list(no.ruling.reasons), "applications": 0, "kept": []})
        for reason in no.ruling.reasons:
            tell(f"chancery: not erased: {held_words(reason)}")
        return 1
    if arguments.json:
        kept = [
            {"rule": each.rule, "label": each.label, "until": each.until.date().isoformat()} for each in erased.kept
        ]
        answer({"erased": True, "reasons": [], "applications": erased.applications, "kept": kept})
        return 0
    say(f"erased: account {subject.user.pk}, {erased.applications} applications with their mails and files")
    for each in erased.kept:
        say(f"kept by law until {each.until:%Y-%m-%d} at least: {data_words(each.rule)}, {each.label}")
    return 0


def _json(each: "Due") -> dict[str, Any]:
    return {
        "what": each.what,
        "label": each.label,
        "rule": each.rule,
        "over_at": each.over_at.isoformat(),
        "reasons": list(each.ruling.reasons),
    }
