"""Read editions: which one is open, what its file says, which terms hold now."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import CharField, F, Max, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from chancery.domain.programme.models import DateChange, Edition, EditionRevision, SettingsProposal, Terms
from chancery.domain.programme.policies import FourEyes, TermsRule, terms_from_json
from chancery.domain.programme.readers import EditionFile, parse_edition
from chancery.domain.programme.readers.edition_file import Question
from chancery.domain.programme.states import ProposalState

_READ = "content_read"


def get_edition(slug: str) -> Edition:
    """Return an edition with its programme.

    :raises Edition.DoesNotExist: when there is none of that name.
    """
    return Edition.objects.select_related("programme").get(slug=slug)


def get_open_edition() -> Edition | None:
    """Return the edition that visitors are led to: the one that starts last; None before any is loaded."""
    return Edition.objects.select_related("programme").order_by("-starts_on", "-id").first()


def list_editions_after(edition: Edition, *, today: date) -> QuerySet[Edition]:
    """Return the later editions of the same programme that have not begun, the next one first."""
    later = Edition.objects.filter(programme=edition.programme_id, starts_on__gt=max(today, edition.starts_on))
    return later.select_related("programme").order_by("starts_on", "id")


def get_content(edition: Edition) -> EditionFile:
    """Return what the newest revision of the edition's file said when this row was first asked for it.

    The dates, their time zone and the provisional flag may have been settled since: those of the row hold.
    A row remembers the answer, so that one act reads one revision; a row read anew asks again.

    :raises EditionRevision.DoesNotExist: when no file was loaded.
    """
    kept: EditionFile | None = vars(edition).get(_READ)
    if kept is None:
        revisions = EditionRevision.objects.filter(edition_id=edition.pk).order_by("-id")
        revision_id, sha256 = revisions.values_list("id", "sha256")[:1].get()
        kept = vars(edition)[_READ] = _parsed(revision_id, sha256, edition.slug)
    return kept


def as_settled(edition: Edition, file: EditionFile) -> EditionFile:
    """Return a file of the edition with the days that hold, which the office may have settled since."""
    dates = replace(file.edition, starts_on=edition.starts_on, ends_on=edition.ends_on, provisional=edition.provisional)
    return replace(file, edition=dates)


def get_seen(edition: Edition, revision_id: int) -> EditionFile | None:
    """Return what a revision of the edition said, which may hold no more; None when it is none of this edition."""
    revisions = EditionRevision.objects.filter(pk=revision_id, edition_id=edition.pk)
    sha256 = revisions.values_list("sha256", flat=True).first()
    return None if sha256 is None else _parsed(revision_id, sha256, edition.slug)


def newest_revision(edition: Edition) -> int:
    """Return the id of the revision that holds, to be compared: who saw another one saw other values."""
    return EditionRevision.objects.filter(edition_id=edition.pk).aggregate(newest=Max("id"))["newest"] or 0


def find_earlier_question(edition: Edition, key: str) -> Question | None:
    """Return the question that had a key last, in any revision of the edition's file; None when none ever had it."""
    revisions = EditionRevision.objects.filter(edition_id=edition.pk).order_by("-id")
    for pk, sha256, content in revisions.values_list("id", "sha256", "content").iterator(chunk_size=8):
        if key.encode() not in bytes(content):
            continue
        for asked in _parsed(pk, sha256, edition.slug).questions:
            if asked.key == key:
                return asked
    return None


def editions_without_four_eyes() -> list[str]:
    """Return the slugs of the editions whose newest file lets one person alone move money."""
    newest = EditionRevision.objects.values("edition").annotate(newest=Max("id")).values("newest")
    rows = EditionRevision.objects.filter(pk__in=newest).values_list("id", "sha256", "edition__slug")
    return [slug for pk, sha256, slug in rows if _parsed(pk, sha256, slug).payment.four_eyes is FourEyes.NONE]


def get_source(edition: Edition) -> bytes:
    """Return the bytes of the newest revision, as they were loaded."""
    newest = EditionRevision.objects.filter(edition_id=edition.pk).order_by("-id")[:1].get()
    return bytes(newest.content)


def open_proposal(edition: Edition) -> SettingsProposal | None:
    """Return the change of the account that waits for another person; None when none does."""
    return SettingsProposal.objects.filter(edition=edition, state=ProposalState.PROPOSED).first()


def list_open_proposals() -> list[SettingsProposal]:
    """Return what waits for another person in all editions, oldest first."""
    rows = SettingsProposal.objects.filter(state=ProposalState.PROPOSED)
    return list(rows.select_related("edition__programme").order_by("id"))


def current_terms(edition: Edition) -> Terms:
    """Return the newest version of the terms, which an application sent now is frozen with.

    :raises Terms.DoesNotExist: when no file was loaded.
    """
    return Terms.objects.filter(edition=edition).order_by("-version")[:1].get()


def current_rule(edition: Edition) -> TermsRule:
    """Return the rule of :func:`current_terms`."""
    return terms_from_json(current_terms(edition).rule)


def waiver_fiscal_year(edition: Edition) -> Subquery:
    """Return the fiscal year of :func:`current_rule` as an expression, for a query that filters by income class."""
    newest = Terms.objects.filter(edition=edition).order_by("-version")
    return Subquery(newest.values(year=KT("rule__waiver_fiscal_year"))[:1], output_field=CharField())


def get_page_mark(edition_slug: str) -> tuple[int, date, bool, datetime | None] | None:
    """Return what a page of the edition is made from, to be compared: revision, first day, provisional, called off."""
    row = (
        Edition.objects.filter(slug=edition_slug)
        .annotate(revision=Max("revisions"))
        .values_list("revision", "starts_on", "provisional", "called_off_at")
        .first()
    )
    return (row[0] or 0, *row[1:]) if row else None


@lru_cache(maxsize=32)
def _parsed(revision_id: int, sha256: str, slug: str) -> EditionFile:
    content = EditionRevision.objects.values_list("content", flat=True).get(pk=revision_id)
    return parse_edition(bytes(content), slug)


def last_move(edition: Edition) -> DateChange | None:
    """Return the last change of dates that moved a day; a mere confirmation moves none."""
    moved = ~Q(starts_before=F("starts_on")) | ~Q(ends_before=F("ends_on"))
    return DateChange.objects.filter(moved, edition=edition).order_by("-id").first()
