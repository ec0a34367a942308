"""Check, load or write back an edition file, and describe its format to editors."""

import argparse
import sys
from pathlib import Path

from chancery.domain.programme.policies import TermsRule
from chancery.domain.programme.readers import (
    EditionFile,
    Finding,
    Severity,
    check_edition,
    dump_edition,
    parse_edition,
    terms_from,
)
from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say, tell
from chancery.interfaces.cli.nouns import Nouns


def register(nouns: Nouns) -> None:
    """Add ``edition check FILE``, ``load FILE``, ``dump SLUG``, ``brochure SLUG`` and ``schema``."""
    parser = nouns.add_parser("edition", help="check, load or write back an edition file")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    checking = acts.add_parser("check", help="validate a file, with line numbers and contradictions")
    checking.add_argument("file", type=Path)
    checking.add_argument("--json", action="store_true", help="answer with one JSON document")
    checking.set_defaults(run=check)
    loading = acts.add_parser("load", help="take a file in; the same file again changes nothing")
    loading.add_argument("file", type=Path)
    loading.add_argument("--json", action="store_true", help="answer with one JSON document")
    loading.set_defaults(run=load)
    dumping = acts.add_parser("dump", help="write the file of a loaded edition back")
    dumping.add_argument("slug")
    dumping.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of standard output")
    dumping.set_defaults(run=dump)
    printing = acts.add_parser("brochure", help="the brochure of a loaded edition as PDF")
    printing.add_argument("slug")
    printing.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf")
    printing.add_argument("--language", choices=("en", "es", "fr", "ca"), default="en")
    printing.set_defaults(run=brochure)
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


def load(arguments: argparse.Namespace) -> int:
    """Take the file in; what is to mend goes to standard error and only errors stop it."""
    content = read_file(arguments.file)
    _database_ready()
    from chancery.domain.programme.services import load_edition
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM

    loaded = load_edition(content=content, name=arguments.file.name, actor=SYSTEM, now=clock.now())

    for each in loaded.findings:
        tell(f"{arguments.file}:{each.line}: {each.severity}: {each.key}: {each.sentence}")
    slug, version = loaded.edition.slug, loaded.terms_version
    if arguments.json:
        answer({"edition": slug, "changed": loaded.changed, "terms_version": version})
        return 0
    what = "loaded" if loaded.changed else "unchanged: the same file stands there already"
    say(f"{slug}: {what}; terms version {version}")
    return 0


def dump(arguments: argparse.Namespace) -> int:
    """Write the file back: the same bytes, unless the office has moved the dates since."""
    _database_ready()
    from chancery.domain.programme.models import Edition
    from chancery.domain.programme.queries import as_settled, get_content, get_edition, get_source

    try:
        row = get_edition(arguments.slug)
    except Edition.DoesNotExist as error:
        raise Refused(refusal("no_such_edition"), f"no edition {arguments.slug} is loaded") from error
    content = dump_edition(as_settled(row, get_content(row)), get_source(row))

    if arguments.output:
        arguments.output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
    return 0


def brochure(arguments: argparse.Namespace) -> int:
    """Write the brochure of a loaded edition.

    :raises Refused: when there is no such edition, or the file cannot be written.
    """
    _database_ready()
    from chancery.domain.programme.models import Edition
    from chancery.interfaces.public.brochure import brochure_pdf

    edition = Edition.objects.filter(slug=arguments.slug).first()
    if edition is None:
        raise Refused(refusal("edition_unknown"), f"there is no edition {arguments.slug}; load its file first")
    try:
        arguments.output.write_bytes(brochure_pdf(edition, arguments.language))
    except OSError as error:
        raise Refused(refusal("file_unwritable"), f"{arguments.output}: {error.strerror or error}") from error
    say(f"{arguments.output}: {edition.slug}, {arguments.language}")
    return 0


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


def read_terms(path: Path) -> tuple[EditionFile, TermsRule]:
    """Return an edition file and the terms that it sets.

    :raises Refused: when the file cannot be read or its terms contradict one another; with the place.
    """
    edition = parse_edition(read_file(path), path.name)
    try:
        return edition, terms_from(edition)
    except ValueError as error:
        line = edition.line("tariff", "member")
        raise Refused(refusal("contradictory_terms"), f"{path.name}:{line}: {error}") from error


def _database_ready() -> None:
    """Get Django ready; an empty database gets its tables, so that a first edition can be loaded into it."""
    # Imported here: a check or a fee quote shall not wait for Django.
    from chancery.interfaces.cli.running import django_ready

    django_ready()
    from django.db import connection

    from chancery.interfaces.cli import preparing

    if not connection.introspection.table_names():
        tell("Making the tables of an empty database")
        preparing.migrate()


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "line": finding.line,
        "key": finding.key,
        "sentence": finding.sentence,
    }
