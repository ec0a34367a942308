"""The file with which a bank pays approved refunds."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import say
from chancery.interfaces.cli.nouns import Nouns
from chancery.interfaces.cli.running import django_ready

if TYPE_CHECKING:
    from chancery.domain.programme.models import Edition


def register(nouns: Nouns) -> None:
    """Add ``refund file [--edition SLUG] [--batch ID] -o FILE.xml``."""
    acts = nouns.add_parser("refund", help="pay approved refunds").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    file = acts.add_parser("file", help="pain.001.001.09 of the approved refunds, or the same bytes of a batch again")
    file.add_argument("--edition", metavar="SLUG", help="only what leaves from this edition's account")
    file.add_argument("--batch", type=int, metavar="ID", help="a file that was made before")
    file.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.xml")
    file.set_defaults(run=write_file)


def write_file(arguments: argparse.Namespace) -> int:
    """Write a new file, or one that was made before.

    :raises Refused: when there is nothing to pay, no such batch or edition, or the file cannot be written.
    """
    django_ready()
    from chancery.domain.billing.models import RefundBatch
    from chancery.foundation import clock
    from chancery.foundation.audit.actors import SYSTEM
    from chancery.journey.repay import make_refund_file

    if arguments.batch is not None:
        batch = RefundBatch.objects.filter(pk=arguments.batch).first()
        if batch is None:
            raise Refused(refusal("batch_unknown"), f"there is no batch {arguments.batch}")
    else:
        if not arguments.output.parent.is_dir():  # before anything is marked as paid
            raise Refused(refusal("file_unwritable"), f"{arguments.output}: there is no such folder")
        batch = make_refund_file(actor=SYSTEM, now=clock.now(), edition=_edition(arguments.edition))
    try:
        arguments.output.write_bytes(bytes(batch.content))
    except OSError as error:
        again = f"the batch is kept: --batch {batch.pk} writes it again"
        raise Refused(refusal("file_unwritable"), f"{arguments.output}: {error.strerror or error}; {again}") from error
    say(f"{arguments.output}: batch {batch.pk}, {batch.refunds.count()} refunds, message {batch.message_id}")
    return 0


def _edition(slug: str | None) -> "Edition | None":
    from chancery.domain.programme.models import Edition

    if slug is None:
        return None
    edition = Edition.objects.filter(slug=slug).first()
    if edition is None:
        raise Refused(refusal("edition_unknown"), f"there is no edition {slug}")
    return edition
