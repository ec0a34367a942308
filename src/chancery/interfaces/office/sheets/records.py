"""The lists that all desks read as sheets: clocks, mail, the trail, and the network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chancery.domain.network.models import LocalAuthority
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import role_label
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.sheets import Row
from chancery.foundation.ui.parts import DueItem
from chancery.interfaces.office.events_shown import shown_events
from chancery.interfaces.office.sheets import Sheet

CHUNK = 500


def clocks_sheet(items: Iterable[DueItem]) -> Sheet:
    """Return the promises that run, the earliest first."""
    return Sheet(
        (_("Promise"), _("Who"), _("Due"), _("State")),
        ((item.detail, item.label, item.when, item.state) for item in items),
    )


def kept_sheet(rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Return what is kept longer than promised, with what holds it back; no person is named."""
    return Sheet(
        (_("Data"), _("Which"), _("Over since"), _("Why")),
        ((str(row["what"]), row["label"], row["over_on"], " ".join(map(str, row["reasons"]))) for row in rows),
    )


def mail_sheet(mails: QuerySet[OutgoingMail], states: Mapping[str, Promise]) -> Sheet:
    """Return mails, newest first; one whose words are erased keeps its kind."""
    head = (_("Subject"), _("To"), _("State"), _("Asked for"), _("Sent"))

    def cells(mail: OutgoingMail) -> Row:
        content = getattr(mail, "content", None)
        return (
            content.subject if content else mail.kind,
            content.to if content else "",
            str(states[mail.delivery.state]),
            mail.queued_at,
            mail.delivery.sent_at,
        )

    return Sheet(head, (cells(mail) for mail in mails.iterator(chunk_size=CHUNK)))


def events_sheet(events: QuerySet[AuditEvent], roles: frozenset[Role]) -> Sheet:
    """Return the trail as these roles read it, newest first, read in pieces."""
    return Sheet((_("When"), _("What happened"), _("Who"), _("Subject"), _("Note"), _("Text")), _events(events, roles))


def people_sheet(accounts: QuerySet[User]) -> Sheet:
    """Return who may enter the office, and as what."""
    rows = (
        (
            account.name,
            account.email,
            ", ".join(str(role_label(Role(grant.role))) for grant in account.current_grants),  # type: ignore[attr-defined]  # prefetched
            account.last_login,
        )
        for account in accounts.iterator(chunk_size=CHUNK)
    )
    return Sheet((_("Name"), _("Address"), _("Roles"), _("Last signed in")), rows)


def network_sheet(
    authorities: QuerySet[LocalAuthority],
    years: Sequence[str],
    classes: Mapping[tuple[int, str], str],
) -> Sheet:
    """Return authorities with membership, the years whose contribution is paid, and the income class of each year."""
    head = (_("Authority"), _("City"), _("Country"), _("Member"), _("Contributions"), *years)
    return Sheet(head, _authorities(authorities, years, classes))


def _events(events: QuerySet[AuditEvent], roles: frozenset[Role]) -> Iterator[Row]:
    rest = events
    while shown := shown_events(rest, roles, most=CHUNK):
        yield from ((row.at, row.what, row.by, row.subject, row.facts, row.words) for row in shown)
        rest = events.filter(pk__lt=shown[-1].id)


def _authorities(
    authorities: QuerySet[LocalAuthority],
    years: Sequence[str],
    classes: Mapping[tuple[int, str], str],
) -> Iterator[Row]:
    for authority in authorities.iterator(chunk_size=CHUNK):
        country, members = authority.city.country, authority.city.open_memberships  # type: ignore[attr-defined]  # prefetched
        paid = [each.year for member in members for each in member.contributions.all() if each.paid_on]
        yield (
            authority.name,
            authority.city.name,
            country.name,
            _("since %(year)s") % {"year": members[0].joined_on.year} if members else _("no"),
            ", ".join(str(year) for year in sorted(paid)),
            *(classes.get((country.pk, year), "") for year in years),
        )
