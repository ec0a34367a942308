"""Check an edition file, and describe its format to editors."""

import argparse
from pathlib import Path

from chancery.domain.programme.readers import Finding, Severity, check_edition
from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say
from chancery.interfaces.cli.nouns import Nouns


def register(nouns: Nouns) -> None:
    """Add ``edition check FILE [--json]`` and ``edition schema``."""
    parser = nouns.add_parser("edition", help="check, load or write back an edition file")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    checking = acts.add_parser("check", help="validate a file, with line numbers and contradictions")
    checking.add_argument("file", type=Path)
    checking.add_argument("--json", action="store_true", help="answer with one JSON document")
    checking.set_defaults(run=check)
    describing = acts.add_parser("schema", help="print the JSON Schema of edition files, for editors")
    describing.set_defaults(run=schema)


def check(arguments: argparse.Namespace) -> int:
    """Say what is to mend; 1 when the file has errors or contradicts itself."""
    findings = check_edition(read_file(arguments.file), arguments.file.name)
    counts = {level: sum(each.severity is level for each in findings) for level in Severity}
    fails = counts[Severity.ERROR] + counts[Severity.CONTRADICTION] > 0
    if arguments.json:
        counted = {f"{level.value}s": count for level, count in counts.items()}
        answer({"ok": not fails, **counted, "findings": [_as_json(each) for each in findings]})
        return int(fails)
    for each in findings:
        say(f"{arguments.file}:{each.line}: {each.severity}: {each.key}: {each.sentence}")
    told = ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items())
    say(f"{arguments.file}: {told}")
    return int(fails)


def schema(_: argparse.Namespace) -> int:
    """Print the schema that ``editions/edition.schema.json`` holds."""
    from chancery.domain.programme.readers.schema import edition_schema

    answer(edition_schema())
    return 0


def read_file(path: Path) -> bytes:
    """Return the bytes of a file.

    :raises Refused: when it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(refusal("file_unreadable"), f"{path}: {error.strerror}") from error


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "line": finding.line,
        "key": finding.key,
        "sentence": finding.sentence,
    }
