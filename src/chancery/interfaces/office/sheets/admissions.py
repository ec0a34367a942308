"""The lists of the admissions desk as sheets."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application, Decision, GroupRegistration
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.admissions.wording import OUTCOMES, STATES
from chancery.domain.enrollment.models import CancellationNotice, Substitution, WaitingEntry
from chancery.domain.enrollment.states import NoticeState
from chancery.domain.enrollment.words import notice_words, way_words
from chancery.foundation.money import Money
from chancery.interfaces.office.sheets import Sheet

CHUNK = 500
type Who = tuple[str, str, str, str]


def notices_sheet(notices: QuerySet[CancellationNotice]) -> Sheet:
    """Return what came about leaving, newest first."""
    head = (_("Reference"), _("Who"), _("Received"), _("Kind"), _("State"), _("Refund"), _("Currency"))
    rows = (
        (
            notice.place.application.reference,
            notice.place.person.name,
            notice.received_at,
            str(way_words(notice.way)),
            str(notice_words(NoticeState(notice.state))),
            Money(notice.refund_minor, notice.currency).decimal if notice.refund_minor else None,
            notice.currency,
        )
        for notice in notices.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def waiting_sheet(entries: QuerySet[WaitingEntry]) -> Sheet:
    """Return who waits for a place, in the order in which places are offered, with the end of an offer."""
    head = (_("Rank"), *_who_head(), _("Since"), _("Offer"))
    rows = (
        (entry.rank, *_who(entry.application), entry.joined_at, entry.offered_until)
        for entry in entries.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def decisions_sheet(decisions: QuerySet[Decision]) -> Sheet:
    """Return the drafted decisions, in the order of drafting."""
    head = (*_who_head(), _("Decision"), _("Drafted"))
    rows = (
        (*_who(decision.application), str(OUTCOMES[Outcome(decision.outcome)]), decision.drafted_at)
        for decision in decisions.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def groups_sheet(groups: QuerySet[GroupRegistration]) -> Sheet:
    """Return the members of every group whose application is sent; a draft names nobody, as on the page."""
    head = (_("group"), _("Name"), *_who_head(), _("State"))
    rows = (
        (group.code, group.name, *_who(member), str(STATES[ApplicationState(member.state)]))
        for group in groups.iterator(chunk_size=CHUNK)
        for member in group.applications.all()
        if member.submitted_at
    )
    return Sheet(head, rows)


def substitutions_sheet(wishes: QuerySet[Substitution], states: Mapping[str, Promise]) -> Sheet:
    """Return who was named to come instead, those first who wait for the office."""
    head = (_("Reference"), _("Participant"), _("Authority"), _("Colleague"), _("Address"), _("State"), _("Since"))
    rows = (
        (
            wish.place.application.reference,
            wish.place.person.name,
            wish.place.application.authority.name if wish.place.application.authority else "",
            wish.name,
            wish.email,
            str(states[wish.state]),
            wish.proposed_at,
        )
        for wish in wishes.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def _who_head() -> Who:
    return _("Reference"), _("Applicant"), _("City"), _("Country")


def _who(application: Application) -> Who:
    city = application.authority.city if application.authority else None
    return application.reference, application.person.name, city.name if city else "", city.country.name if city else ""
